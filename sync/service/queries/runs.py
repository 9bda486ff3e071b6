"""Runs: the list, one run's page, and why it was called what it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from rules.facts.kinds import Facet
from rules.text import Language, load_language
from rules.units import RunnerUnits, pace
from sync.errors import PersonMustAct, Unknown
from sync.runs import sport_rules
from sync.service.queries.context import QueryContext, query
from sync.service.queries.curves import course, curves
from sync.service.queries.dates import day_param
from sync.service.queries.label_views import (
    because_says,
    confidences,
    evidence_by_facet,
    facet_line,
    facet_value,
    is_long,
    jsonable,
    more_says,
    named_kind,
    run_says,
    surface_shares,
)
from sync.service.queries.run_feet import foot_work, next_morning
from sync.storage import labels as stored_labels
from sync.storage import recordings as stored_recordings
from sync.storage import runs as stored
from sync.storage.rows.arrived import RecordingRow, RunDetailRow, RunRow
from sync.storage.serialize.labels import labels_of
from sync.wire.pages import RunList
from sync.wire.runs import RecordingLine, RunLine, RunPage, SegmentLine

MOST = 200


@query("runs")
def runs(asking: QueryContext, params: Mapping[str, str]) -> RunList:
    """``first`` and ``last`` are days; ``kind``, ``surface`` … filter by label; ``limit`` and ``offset`` page."""
    limit = _number(params, "limit", MOST)
    offset = _number(params, "offset", 0)
    first, last, labelled = day_param(params, "first"), day_param(params, "last"), _labelled(params)
    language, store, who = load_language(asking.athlete.language), asking.store, asking.athlete.id
    rows = stored.runs(store, who, first_day=first, last_day=last, labelled=labelled, limit=limit, offset=offset)
    return RunList(
        runs=[run_line(row, language, units=asking.athlete.units) for row in rows],
        total=stored.count_runs(store, who, first_day=first, last_day=last, labelled=labelled),
    )


@query("run")
def run(asking: QueryContext, params: Mapping[str, str]) -> RunPage:
    """``id`` is a run's id, a prefix of it, or ``last``."""
    language = load_language(asking.athlete.language)
    row = find_run(asking, params.get("id", "last"))
    labels = labels_of(row)
    detail = stored_labels.run_detail(asking.store, asking.athlete.id, row.run_id)
    neighbours = stored.adjacent_runs(asking.store, asking.athlete.id, row.run_id)
    recordings = stored_recordings.recordings_of(asking.store, asking.athlete.id, row.run_id)
    by_id = {recording.recording_id: recording for recording in recordings}
    return RunPage(
        run=run_line(row, language, units=asking.athlete.units),
        why="" if row.removed else more_says(labels, language, units=asking.athlete.units),
        facets=[facet_line(label, language, units=asking.athlete.units) for label in labels.facets.values()]
        if labels
        else [],
        segments=_segments(detail),
        zone_s={name: round(seconds, 1) for name, seconds in detail.zone_s.items()} if detail else {},
        lines=curves(asking.store, recordings, row),
        course=course(asking.store, recordings, row) if asking.config.dashboard.maps else None,
        recordings=[_recording(recording, row) for recording in recordings],
        provenance={field: _source(by_id.get(holder), holder) for field, holder in sorted(row.provenance.items())},
        thresholds=_thresholds(asking, detail, language),
        previous_id=neighbours.previous_id if neighbours else None,
        next_id=neighbours.next_id if neighbours else None,
        because="" if row.removed else because_says(labels, language, units=asking.athlete.units),
        work=foot_work(asking, row, language),
        morning=next_morning(asking, row.day),
    )


def find_run(asking: QueryContext, said: str) -> RunRow:
    """The run that ``said`` means: an id, a prefix, ``last``, or the id of a recording it holds. Raises Unknown."""
    athlete = asking.athlete.id
    if said in ("last", ""):
        newest = stored.runs(asking.store, athlete, limit=1)
        if not newest:
            raise Unknown("service.no_run_yet")
        return newest[0]
    if (row := stored.run(asking.store, athlete, said)) is not None:
        return row
    held = {match.activity_id for match in stored.activities_starting_with(asking.store, athlete, said) if match.is_run}
    if not held:
        raise Unknown("service.no_run", run=said)
    if len(held) > 1:
        raise Unknown("service.many_runs", run=said, count=len(held))
    found = stored.run(asking.store, athlete, held.pop())
    if found is None:
        raise Unknown("service.no_run", run=said)
    return found


def run_line(row: RunRow, language: Language, *, units: RunnerUnits = "km") -> RunLine:
    labels = labels_of(row)
    return RunLine(
        id=row.run_id,
        start_utc=row.start_utc,
        start_local=local(row.start_utc, row.utc_offset_s),
        offset_assumed=row.offset_assumed,
        day=row.day,
        title=row.title,
        source_files=list(row.source_files),
        sources=list(row.sources),
        distance_m=_round(row.distance_m, 1),
        duration_s=None if row.removed else _round(row.timer_s if row.timer_s is not None else row.elapsed_s, 1),
        moving_s=_round(row.moving_s, 1),
        ascent_m=_round(row.ascent_m, 1),
        mean_heart_rate_bpm=_round(row.mean_heart_rate_bpm, 1),
        primary=labels.primary.value if labels and labels.primary else None,
        intensity=facet_value(labels, Facet.INTENSITY),
        long=is_long(labels),
        hills=facet_value(labels, Facet.HILLS),
        surface=facet_value(labels, Facet.SURFACE),
        surface_shares=surface_shares(labels),
        confidence=confidences(labels),
        evidence=evidence_by_facet(labels, language, units=units),
        asked=bool(row.asks),
        corrected=bool(row.corrected),
        partial=row.partial,
        sport_inferred=row.sport_inferred,
        owed=row.owed,
        clock_weeks=row.clock == "1024-weeks",
        clock_told=row.clock == "told-day",
        mended=row.mended is not None,
        kind_says=named_kind(labels, language),
        says=language.say("answer.sport_word", word=sport_rules.readable(row.sport_word))
        if row.sport_word is not None
        else run_says(labels, language, removed=row.removed, units=units),
        removed=row.removed,
    )


def local(instant_utc: datetime, offset_s: int) -> datetime:
    return instant_utc + timedelta(seconds=offset_s)


def _labelled(params: Mapping[str, str]) -> stored.Labelled:
    """``kind``, ``intensity``, ``hills``, ``surface``, ``long`` and ``asked`` as the store is asked for them."""
    long, asked = params.get("long") or None, params.get("asked") or None
    return stored.Labelled(
        **{name: params.get(name) or None for name in ("kind", "intensity", "hills", "surface")},
        long={"true": "yes", "false": "no"}.get(long, long) if long else None,
        asked=asked == "true" if asked else None,
    )


def _recording(recording: RecordingRow, row: RunRow) -> RecordingLine:
    return RecordingLine(
        recording_id=recording.recording_id,
        source=recording.source,
        names=list(recording.names),
        device=recording.device,
        start_utc=recording.start_utc,
        distance_m=_round(recording.distance_m, 1),
        duration_s=_round(recording.timer_s if recording.timer_s is not None else recording.elapsed_s, 1),
        partial=recording.partial,
        lead=recording.recording_id == row.run_id,
    )


def _source(recording: RecordingRow | None, holder: str) -> str:
    """ "file evening.fit", so that the page can say where a number comes from."""
    if recording is None:
        return holder
    return " ".join((recording.source, *list(recording.names)[:1]))


def _segments(detail: RunDetailRow | None) -> list[SegmentLine]:
    return [
        SegmentLine(**{name: jsonable(segment.get(name)) for name in SegmentLine.model_fields})
        for segment in (detail.segments if detail else ())
    ]


def _thresholds(asking: QueryContext, detail: RunDetailRow | None, language: Language) -> list[str]:
    said = []
    for threshold in detail.thresholds if detail else ():
        value = threshold["value"]
        shown = pace(value, asking.athlete.units) if threshold["name"] == "threshold_mps" else f"{value:.0f}"
        key = f"answer.thr_{threshold['name']}"
        source = f"threshold_source.{threshold['source']}"
        named = language.say(source) if source in language else threshold["source"]
        if key in language:
            said.append(language.say(key, value=shown, source=named, day=threshold["day"]))
    return said


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    said = params.get(name)
    if said is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", said):
        raise PersonMustAct("service.not_a_number", name=name, given=said)
    return int(said)
