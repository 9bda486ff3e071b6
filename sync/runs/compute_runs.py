"""The run that the recordings of one activity make: one recording out of all copies, measured.

Always inside one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from rules.facts.recorded import Recording
from rules.measure.features import FEATURES_VERSION, RunFeatures, measure
from sync.formats.sport_heard import SPORT_WORD
from sync.runs import field_merge, matching, sport_rules, zones
from sync.runs.identity import identity
from sync.settings.config import Athlete
from sync.storage import labels, recordings, runs, typed
from sync.storage.database import Store, to_json
from sync.storage.rows.arrived import RecordingRow
from sync.storage.serialize.recordings import (
    from_row,
    plain,
)


def make_runs(store: Store, athlete: Athlete, groups: Sequence[Sequence[str]]) -> None:
    """Write the runs that these groups of copies make, each group's lead first."""
    if not groups:
        return
    leads = [group[0] for group in groups]
    rows = {row.recording_id: row for row in recordings.recordings_of_activities(store, athlete.id, leads)}
    told = {row.recording_id for row in typed.corrections(store, athlete.id) if row.is_run}
    said = sport_rules.said_words(store, athlete.id)
    made = [
        _run_facts(store, athlete, [rows[name] for name in group], said, told=not told.isdisjoint(group))
        for group in groups
    ]
    runs.insert_runs(store, athlete.id, made)
    labels.mark_dirty(store, athlete.id, from_utc=min(run["start_utc"] for run in made))


def _run_facts(
    store: Store, athlete: Athlete, ordered: Sequence[RecordingRow], said: sport_rules.Said, *, told: bool
) -> dict[str, Any]:
    """The columns of the run that these copies make, the lead first. ``told``: the runner said that it is a run."""
    copies = source_records(store, ordered, said)
    recording, provenance = field_merge.combine(copies)
    word = None if told else sport_rules.open_word(recording, (one.recording for one in copies))
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
        features=to_json({**plain(found.to_json()), **({} if word is None else {SPORT_WORD: word})}),
        features_version=str(FEATURES_VERSION),
    )


def recompute(store: Store, athlete: Athlete, run_ids: Sequence[str]) -> None:
    """Measure runs again from what is stored of them."""
    for run_id in run_ids:
        group = _source_records(store, athlete, run_id)
        runs.delete_run(store, athlete.id, run_id)
        make_runs(store, athlete, [group])


def recording_of(store: Store, athlete: Athlete, run_id: str) -> Recording:
    """What all copies of a run together recorded."""
    rows = {row.recording_id: row for row in recordings.recordings_of(store, athlete.id, run_id)}
    said = sport_rules.said_words(store, athlete.id)
    copies = source_records(store, [rows[name] for name in _source_records(store, athlete, run_id)], said)
    return field_merge.combine(copies)[0]


def _source_records(store: Store, athlete: Athlete, activity_id: str) -> list[str]:
    """The recordings of an activity, the lead first."""
    rows = recordings.identities_of_activity(store, athlete.id, activity_id)
    return [one.recording_id for one in sorted((identity(row, {}) for row in rows), key=matching.primary_first)]


def source_records(
    store: Store, rows: Sequence[RecordingRow], said: sport_rules.Said
) -> list[field_merge.SourceRecord]:
    """The copies in ``rows`` with their samples, their sports as the runner has said."""
    copies = []
    for row in rows:
        samples = recordings.samples(store, row.number) if row.sample_count else None
        recording = sport_rules.recording_by(from_row(row, samples), said)
        copies.append(field_merge.SourceRecord(row.recording_id, row.source, recording))
    return copies


def local_offset(recording: Recording, athlete: Athlete) -> tuple[int, bool]:
    """Seconds east of UTC and whether they are assumed: by file or place, else by runs near in time, else home's.

    A place that has home's clock adds nothing to home's: the file still names no zone, and the run says so.
    """
    home_s = zones.home_offset_s(athlete.zone, recording.start_utc)
    if recording.utc_offset_s is None:
        return home_s, True
    at_home = recording.zone_from == "position" and recording.utc_offset_s == home_s
    return recording.utc_offset_s, at_home or recording.zone_from == "nearby"


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
