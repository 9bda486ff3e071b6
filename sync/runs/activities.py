"""Contents and their recordings into the store and out of it: kept, known by further names and ids, deleted.

Always inside one transaction. Whatever changes the recordings clusters them anew before it returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.facts import Recording
from sync.runs import activity_clusters
from sync.runs.activity_clusters import ActivityOutcome
from sync.settings.config import Athlete
from sync.storage.database import Store, to_json
from sync.storage.rows import HeldRow, IdentityRow, IdRow
from sync.storage.serialize.recordings import (
    laps_to_facts,
    recording_id,
    richness,
    steps_to_facts,
    to_facts,
    to_table,
)


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
    return activity_clusters.recluster(store, athlete, _insert_content(store, athlete, arrival, now_utc))


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
            names += _insert_content(store, athlete, arrival, now_utc)
            continue
        add_names(store, athlete.id, arrival.sha256, arrival.names)
        for name in known:
            add_refs(store, athlete, name, arrival.source, (own_ref(arrival), *sorted(arrival.refs)))
        names += known
    activity_clusters.recluster(store, athlete, names, again=fresh)
    return fresh


def _insert_content(store: Store, athlete: Athlete, arrival: IncomingContent, now_utc: datetime) -> list[str]:
    store.execute(
        "put_original",
        athlete=athlete.id,
        sha256=arrival.sha256,
        format=arrival.format,
        size_bytes=arrival.size_bytes,
        first_seen_utc=now_utc,
    )
    add_names(store, athlete.id, arrival.sha256, arrival.names)
    return [_insert_recording(store, athlete.id, arrival, recording, now_utc) for recording in arrival.recordings]


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
    activity_clusters.recluster(store, athlete, sorted(known), again=False)


def drop(store: Store, athlete: Athlete, names: Sequence[str]) -> None:
    """Take recordings out for good and regroup what they leave behind."""
    if not names:
        return
    around = set(activity_clusters.connected(store, athlete.id, names)) - set(names)
    left = store.fetch_all("identities_of", IdentityRow, athlete=athlete.id, ids=list(names))
    for name in names:
        store.execute("forget_samples", athlete=athlete.id, recording_id=name)
        store.execute("forget_recording", athlete=athlete.id, recording_id=name)
        store.execute("forget_recording_refs", athlete=athlete.id, recording_id=name)
    activity_clusters.delete_runs(store, athlete.id, {row.activity_id for row in left})
    activity_clusters.recluster(store, athlete, sorted(around), again=True)


def _insert_recording(
    store: Store, athlete_id: str, arrival: IncomingContent, recording: Recording, now_utc: datetime
) -> str:
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
