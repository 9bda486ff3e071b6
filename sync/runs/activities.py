"""Recordings into activities and runs: kept, grouped with their twins, measured. Always inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from rules.classify.what_is_a_run import RunVerdict, is_run
from rules.facts.recorded import Recording
from rules.measure.features import FEATURES_VERSION, RunFeatures, measure
from sync.runs import field_merge, matching
from sync.runs.identity import identity
from sync.settings.config import Athlete
from sync.storage import runs, typed
from sync.storage.database import Store, to_json
from sync.storage.rows.arrived import HeldRow, IdentityRow, IdRow, RecordingRow
from sync.storage.rows.typed import CorrectionRow
from sync.storage.serialize.recordings import (
    from_row,
    laps_to_facts,
    plain,
    recording_id,
    richness,
    steps_to_facts,
    to_facts,
    to_table,
)

ActivityOutcome = Literal["run", "joined", "other"]
MANY = 100
"""From here on it is quicker to look at everything once than to follow the links."""


@dataclass(frozen=True, slots=True, eq=False)
class IncomingContent:
    """One content with what was read from it, and how it came."""

    source: str
    """``file``, or the service's name."""
    source_ref: str | None
    sha256: str
    format: str
    size_bytes: int
    recordings: Sequence[Recording]
    names: Sequence[str] = ()
    refs: frozenset[str] = frozenset()
    """Further ids of the same activity: ``garmin:123`` in what Strava says of it."""


def keep(store: Store, athlete: Athlete, arrival: IncomingContent, *, now_utc: datetime) -> dict[str, ActivityOutcome]:
    """Keep a content's recordings and group them with their twins: what became of each, by recording id.

    Keeping the same again changes nothing but adds its name and source.
    """
    return recluster(store, athlete, _put(store, athlete, arrival, now_utc))


def keep_together(store: Store, athlete: Athlete, arrivals: Iterable[IncomingContent], *, now_utc: datetime) -> bool:
    """Keep all that one source gives of one activity, and group it once; tells whether any content is new.

    A content that is known came by another way: its names and ids grow, and may link it to others.
    """
    names: list[str] = []
    fresh = False
    for arrival in arrivals:
        known = [row.recording_id for row in held(store, athlete.id, arrival.sha256)]
        if not known:
            fresh = True
            names += _put(store, athlete, arrival, now_utc)
            continue
        add_names(store, athlete.id, arrival.sha256, arrival.names)
        for name in known:
            add_refs(store, athlete, name, arrival.source, (own_ref(arrival), *sorted(arrival.refs)))
        names += known
    recluster(store, athlete, names, again=fresh)
    return fresh


def _put(store: Store, athlete: Athlete, arrival: IncomingContent, now_utc: datetime) -> list[str]:
    store.execute(
        "put_original",
        athlete=athlete.id,
        sha256=arrival.sha256,
        format=arrival.format,
        size_bytes=arrival.size_bytes,
        first_seen_utc=now_utc,
    )
    add_names(store, athlete.id, arrival.sha256, arrival.names)
    return [_keep_one(store, athlete.id, arrival, recording, now_utc) for recording in arrival.recordings]


def add_names(store: Store, athlete_id: str, sha256: str, names: Iterable[str]) -> None:
    """A content was seen under these names."""
    for name in names:
        store.execute("put_original_name", athlete=athlete_id, sha256=sha256, name=name)


def add_refs(store: Store, athlete: Athlete, name: str, source: str, refs: Iterable[str]) -> None:
    """A recording was seen at a source under these ids."""
    for ref in refs:
        store.execute("put_recording_ref", athlete=athlete.id, recording_id=name, source=source, ref=ref)


def held(store: Store, athlete_id: str, sha256: str) -> list[HeldRow]:
    """The recordings of a content, in order of their legs."""
    return store.fetch_all("recordings_of_content", HeldRow, athlete=athlete_id, sha256=sha256)


def own_ref(arrival: IncomingContent) -> str:
    """The id under which a source knows an activity; a file is known by its content."""
    return f"{arrival.source}:{arrival.source_ref or arrival.sha256}"


def clock_refs(recording: Recording) -> tuple[str, ...]:
    """The wall clock at its start, where the recording tells it: what a table without a zone can be matched by."""
    if recording.utc_offset_s is None:
        return ()
    return (f"local:{(recording.start_utc + timedelta(seconds=recording.utc_offset_s)).isoformat()}",)


def delete(store: Store, athlete: Athlete, source: str, ref: str) -> None:
    """A source has an activity no more: recordings that no other source knows go for good."""
    names = [row.recording_id for row in store.fetch_all("recordings_of_ref", HeldRow, athlete=athlete.id, ref=ref)]
    store.execute("forget_refs_of_source", athlete=athlete.id, source=source, ref=ref)
    known = {
        row.recording_id for row in store.fetch_all("recordings_known_elsewhere", IdRow, athlete=athlete.id, ids=names)
    }
    drop(store, athlete, [name for name in names if name not in known])
    recluster(store, athlete, sorted(known), again=False)


def drop(store: Store, athlete: Athlete, names: Sequence[str]) -> None:
    """Take recordings out for good and regroup what they leave behind."""
    if not names:
        return
    around = set(_connected(store, athlete.id, names)) - set(names)
    left = store.fetch_all("identities_of", IdentityRow, athlete=athlete.id, ids=list(names))
    for name in names:
        store.execute("forget_samples", athlete=athlete.id, recording_id=name)
        store.execute("forget_recording", athlete=athlete.id, recording_id=name)
        store.execute("forget_recording_refs", athlete=athlete.id, recording_id=name)
    _delete_runs(store, athlete.id, {row.activity_id for row in left})
    recluster(store, athlete, sorted(around), again=True)


def _keep_one(store: Store, athlete_id: str, arrival: IncomingContent, recording: Recording, now_utc: datetime) -> str:
    name = recording_id(
        athlete_id,
        content_format=arrival.format,
        sha256=arrival.sha256,
        source=arrival.source,
        source_ref=arrival.source_ref,
        leg=recording.leg,
    )
    key = {"athlete": athlete_id, "recording_id": name}
    arrived_utc = store.fetch_value("recording_arrived", **key)
    if arrived_utc is not None:
        store.execute("forget_samples", **key)
        store.execute("forget_recording", **key)
    number = int(store.fetch_value("next_recording_number"))
    samples = recording.samples if recording.samples is not None and len(recording.samples) else None
    file_id = recording.file_id
    store.execute(
        "put_recording",
        **key,
        number=number,
        source=arrival.source,
        source_ref=arrival.source_ref,
        sha256=arrival.sha256,
        format=arrival.format,
        leg=recording.leg,
        sport=recording.sport,
        sub_sport=recording.sub_sport,
        sport_inferred=recording.sport_inferred,
        start_utc=recording.start_utc,
        elapsed_s=float(recording.elapsed_s),
        timer_s=recording.timer_s,
        distance_m=recording.distance_m,
        serial_number=file_id.serial_number if file_id else None,
        time_created_utc=file_id.time_created_utc if file_id else None,
        device=recording.device,
        partial=recording.partial,
        sample_count=len(samples) if samples is not None else 0,
        richness=richness(recording),
        arrived_utc=arrived_utc or now_utc,
        removed=False,
        facts=to_json(to_facts(recording)),
        laps=to_json(laps_to_facts(recording)),
        steps=to_json(steps_to_facts(recording)),
    )
    for one in (own_ref(arrival), *sorted(arrival.refs), *clock_refs(recording)):
        store.execute("put_recording_ref", **key, source=arrival.source, ref=one)
    if samples is not None:
        store.insert_arrow("put_samples", to_table(samples), athlete=athlete_id, number=number)
    return name


# --- groups ---------------------------------------------------------------------------------------


def recluster(
    store: Store, athlete: Athlete, names: Sequence[str], *, again: bool = True
) -> dict[str, ActivityOutcome]:
    """Cluster everything that could hang together with ``names``; make anew the runs whose copies changed.

    ``again`` makes the runs of ``names`` anew even if their copies are the same ones. Gives the fates of ``names``.
    """
    mine = set(names)
    if len(mine) > MANY:
        rows = store.fetch_all("identities", IdentityRow, athlete=athlete.id)
    else:
        rows = store.fetch_all(
            "identities_of", IdentityRow, athlete=athlete.id, ids=_connected(store, athlete.id, names)
        )
    decisions = [
        matching.PairDecision(row.recording_a, row.recording_b, row.verdict == "same")
        for row in typed.decisions(store, athlete.id)
    ]
    groups = matching.cluster([identity(row) for row in rows], decisions)
    was = {row.recording_id: row.activity_id for row in rows}
    members_before: dict[str, set[str]] = {}
    for name, activity_id in was.items():
        members_before.setdefault(activity_id, set()).add(name)
    touched = {
        group
        for group in groups
        if (again and not mine.isdisjoint(group)) or members_before.get(group[0]) != set(group)
    }
    runs_before = _run_ids(store, athlete.id, set(was.values()))
    for group in touched:
        for name in group:
            if was[name] != group[0]:
                store.execute("set_activity", athlete=athlete.id, recording_id=name, activity_id=group[0])
    _delete_runs(store, athlete.id, {was[name] for group in touched for name in group})
    said = _user_overrides(store, athlete.id)
    fates: dict[str, ActivityOutcome] = {}
    sports = {row.recording_id: row.sport for row in rows}
    made = []
    for group in groups:
        ran = _is_run(group, sports, said)
        if group in touched and ran:
            made.append(group)
        known = any(was[name] in runs_before for name in group if name not in mine)
        fates.update(_outcomes([name for name in group if name in mine], is_run=ran, known=known))
    make_runs(store, athlete, made)
    return fates


def _outcomes(names: Sequence[str], *, is_run: bool, known: bool) -> dict[str, ActivityOutcome]:
    """Of the new copies of one activity the first makes the run, unless a run was there; the others join it."""
    fates: dict[str, ActivityOutcome] = dict.fromkeys(names, "joined" if is_run else "other")
    if is_run and not known and names:
        fates[names[0]] = "run"
    return fates


def _connected(store: Store, athlete_id: str, names: Sequence[str]) -> list[str]:
    """Everything that a chain of possible links leads to: clustering it is clustering all, seen from here."""
    reached = set(names)
    edge = set(names)
    while edge:
        found = store.fetch_all("neighbours", IdRow, athlete=athlete_id, ids=sorted(edge), within_s=matching.NEAR_S)
        edge = {one.recording_id for one in found} - reached
        reached |= edge
    return sorted(reached)


def _run_ids(store: Store, athlete_id: str, activity_ids: set[str]) -> set[str]:
    return {row.run_id for row in runs.run_starts(store, athlete_id, sorted(activity_ids))}


def _delete_runs(store: Store, athlete_id: str, run_ids: set[str]) -> None:
    for row in runs.run_starts(store, athlete_id, sorted(run_ids)):
        store.execute("mark_dirty", athlete=athlete_id, from_utc=row.start_utc)
        store.execute("forget_run", athlete=athlete_id, run_id=row.run_id)
        store.execute("forget_label", athlete=athlete_id, run_id=row.run_id)


def _user_overrides(store: Store, athlete_id: str) -> dict[str, CorrectionRow]:
    return {row.recording_id: row for row in typed.corrections(store, athlete_id) if row.is_run is not None}


def _is_run(group: Sequence[str], sports: dict[str, str | None], said: dict[str, CorrectionRow]) -> bool:
    words = [RunVerdict(said[name].seq, bool(said[name].is_run)) for name in group if name in said]
    return is_run(words, [sports[name] for name in group])


# --- runs -----------------------------------------------------------------------------------------


def make_runs(store: Store, athlete: Athlete, groups: Sequence[Sequence[str]]) -> None:
    """Write the runs that these groups of copies make, each group's lead first."""
    if not groups:
        return
    leads = [group[0] for group in groups]
    rows = {
        row.recording_id: row
        for row in store.fetch_all("recordings_of_activities", RecordingRow, athlete=athlete.id, ids=leads)
    }
    made = [_run_facts(store, athlete, [rows[name] for name in group]) for group in groups]
    store.insert_rows("put_runs", made, athlete=athlete.id)
    store.execute("mark_dirty", athlete=athlete.id, from_utc=min(run["start_utc"] for run in made))


def _run_facts(store: Store, athlete: Athlete, ordered: Sequence[RecordingRow]) -> dict[str, Any]:
    """The columns of the run that these copies make, the lead first."""
    recording, provenance = combined(store, ordered)
    offset_s, assumed = local_offset(recording, athlete)
    found = measure(recording, utc_offset_s=offset_s)
    lead = ordered[0]
    return dict(
        run_id=lead.recording_id,
        start_utc=recording.start_utc,
        utc_offset_s=offset_s,
        offset_assumed=assumed,
        day=(recording.start_utc + timedelta(seconds=offset_s)).date(),
        title=recording.title,
        sub_sport=recording.sub_sport,
        device=recording.device,
        gear=recording.gear,
        **_totals(recording, found),
        partial=recording.partial,
        sport_inferred=recording.sport_inferred,
        removed=lead.removed,
        arrived_utc=min(row.arrived_utc for row in ordered),
        provenance=to_json(provenance),
        features=to_json(plain(found.to_json())),
        features_version=str(FEATURES_VERSION),
    )


def recompute(store: Store, athlete: Athlete, run_ids: Sequence[str]) -> None:
    """Measure runs again from what is stored of them."""
    for run_id in run_ids:
        group = _source_records(store, athlete, run_id)
        store.execute("forget_run", athlete=athlete.id, run_id=run_id)
        make_runs(store, athlete, [group])


def recording_of(store: Store, athlete: Athlete, run_id: str) -> Recording:
    """What all copies of a run together recorded."""
    found = store.fetch_all("recordings_of_activities", RecordingRow, athlete=athlete.id, ids=[run_id])
    rows = {row.recording_id: row for row in found}
    return combined(store, [rows[name] for name in _source_records(store, athlete, run_id)])[0]


def _source_records(store: Store, athlete: Athlete, activity_id: str) -> list[str]:
    """The recordings of an activity, the lead first."""
    rows = store.fetch_all("identities_of_activity", IdentityRow, athlete=athlete.id, activity_id=activity_id)
    return [one.recording_id for one in sorted((identity(row) for row in rows), key=matching.primary_first)]


def combined(store: Store, rows: Sequence[RecordingRow]) -> tuple[Recording, dict[str, str]]:
    """One recording out of the copies in ``rows``, the lead first, and each field's giver."""
    copies = []
    for row in rows:
        samples = runs.samples(store, row.number) if row.sample_count else None
        copies.append(field_merge.SourceRecord(row.recording_id, row.source, from_row(row, samples)))
    return field_merge.combine(copies)


def local_offset(recording: Recording, athlete: Athlete) -> tuple[int, bool]:
    """Seconds east of UTC and whether they are assumed: the file's own, else the athlete's zone at that instant."""
    if recording.utc_offset_s is not None:
        return recording.utc_offset_s, False
    offset = recording.start_utc.replace(tzinfo=UTC).astimezone(athlete.zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0, True


def _totals(recording: Recording, found: RunFeatures) -> dict[str, float | None]:
    """What the source told, else what was measured."""
    told = {
        "distance_m": (recording.distance_m, found.distance_m),
        "moving_s": (recording.moving_s, found.moving_s),
        "ascent_m": (recording.ascent_m, found.climb.ascent_m),
        "descent_m": (recording.descent_m, found.climb.descent_m),
        "mean_heart_rate_bpm": (recording.mean_heart_rate_bpm, found.pulse.mean_bpm),
        "max_heart_rate_bpm": (recording.max_heart_rate_bpm, found.pulse.max_bpm),
    }
    totals = {name: first if first is not None else second for name, (first, second) in told.items()}
    return {**totals, "elapsed_s": float(recording.elapsed_s), "timer_s": recording.timer_s}
