"""Several copies of one activity into one recording: which copy gives which field. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from rules.facts.recorded import Recording, Samples
from rules.facts.sports import CHOSEN
from sync.formats.services import garmin_json, intervals_json, strava_json
from sync.runs.field_words import INDOOR, WORDS, distance_differs

ZONE = ("utc_offset_s", "zone", "zone_from")
ZONE_TRUST = {None: 0, "position": 1, "nearby": 2}
"""What a copy tells of its zone itself goes before what was found for one."""
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("training_effect_label", "training_effect_aerobic", "training_effect_anaerobic", "training_load"),
    ("steps", "workout_name"),
    ("mean_heart_rate_bpm", "max_heart_rate_bpm"),
    ("lap_count", "best_lap_s"),
    ("watch_hr_max_bpm", "watch_lthr_bpm"),
    ("ascent_m", "descent_m", "has_barometer"),
    ZONE,
)
"""Fields that come from one copy or not at all: halves of two would contradict each other."""
WORDED = ("strava", "strava-export", "garmin", "garmin-export", "garmin-csv", "intervals", "running-log")
"""Where a runner edits titles, the likeliest first; a file's own title is the watch's."""
SERVICE_FORMS = (garmin_json.FORM, strava_json.FORM, intervals_json.FORM)
FILLED = ("heart_rate_bpm", "cadence_spm", "power_w")
FILL_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class SourceRecord:
    """One recording of an activity, with its source."""

    recording_id: str
    source: str
    recording: Recording


def combine(copies: Sequence[SourceRecord]) -> tuple[Recording, dict[str, str]]:
    """One recording out of several copies, the lead first, and for every field the copy that it came from.

    The lead gives what it has; what it lacks comes from the next copy that has it. Heart rate, steps and power that the
    lead did not measure are read from a copy that did, second by second.
    """
    lead = copies[0]
    worded = sorted(copies, key=lambda copy: WORDED.index(copy.source) if copy.source in WORDED else len(WORDED))
    sources: dict[str, str] = {"samples": lead.recording_id} if lead.recording.samples is not None else {}
    values: dict[str, Any] = {}
    grouped = {name: names for names in TOGETHER for name in names}
    for name in Recording.__dataclass_fields__:
        if WORDS[name] == "lead":
            continue
        order = worded if WORDS[name] == "person" else copies
        order = sorted(copies, key=_zone_trust) if name in ZONE else order
        names = grouped.get(name, (name,))
        giver = next((copy for copy in order if _has(copy.recording, names[0])), None)
        giver = giver or next((copy for copy in order if any(_has(copy.recording, each) for each in names)), None)
        if giver is not None:
            values[name] = getattr(giver.recording, name)
            if _has(giver.recording, name) and name not in ZONE[1:]:
                sources[name] = giver.recording_id
    corrected = next((copy for copy in worded if _sport_corrected(copy, copies)), None)
    sure = corrected or next(
        (copy for copy in copies if copy.recording.sport is not None and not copy.recording.sport_inferred), None
    )
    if sure is not None:
        values |= {"sport": sure.recording.sport, "sport_inferred": False}
        sources["sport"] = sure.recording_id
        told = copies if corrected is None else [one for one in copies if one.recording.sport == sure.recording.sport]
        detailed = next((copy for copy in told if copy.recording.sub_sport not in (None, "generic")), None)
        if corrected is not None:
            values["sub_sport"] = None
        if detailed is not None:
            values["sub_sport"] = detailed.recording.sub_sport
            sources["sub_sport"] = detailed.recording_id
    samples, borrowed = _fill_gaps(lead, copies[1:])
    whole = replace(lead.recording, **values, samples=samples)
    measured = next((copy for copy in worded if _distance_corrected(copy, copies, whole.sub_sport)), None)
    if measured is not None and (said_m := measured.recording.distance_m) is not None:
        sources["distance_m"] = measured.recording_id
        whole = with_distance(whole, said_m)
    return whole, dict(sorted({**sources, **borrowed}.items()))


def with_distance(recording: Recording, distance_m: float) -> Recording:
    """The recording with another distance; where no position contradicts, its way, speed and laps grow with it."""
    was_m, samples = recording.distance_m, recording.samples
    corrected = replace(recording, distance_m=distance_m)
    if not was_m or recording.partial or (samples is not None and np.isfinite(samples.latitude_deg).any()):
        return corrected
    factor = distance_m / was_m
    if samples is not None:
        samples = replace(samples, distance_m=samples.distance_m * factor, speed_mps=samples.speed_mps * factor)
    laps = tuple(
        lap if lap.distance_m is None else replace(lap, distance_m=lap.distance_m * factor) for lap in recording.laps
    )
    return replace(corrected, samples=samples, laps=laps)


def _distance_corrected(copy: SourceRecord, copies: Sequence[SourceRecord], sub_sport: str | None) -> bool:
    """Whether a service says another distance than the recorded file: than its own, or indoors than anyone's."""
    said_m, indoors = copy.recording.distance_m, sub_sport in INDOOR
    if copy.recording.decoder not in SERVICE_FORMS or not said_m:
        return False
    files = [
        one.recording
        for one in copies
        if one.recording.decoder not in SERVICE_FORMS
        and one.recording.samples is not None
        and one.recording.distance_m
        and not one.recording.partial
        and (indoors or one.source == copy.source)
    ]
    return bool(files) and all(distance_differs(said_m, one.distance_m or 0.0, indoors=indoors) for one in files)


def _sport_corrected(copy: SourceRecord, copies: Sequence[SourceRecord]) -> bool:
    """Whether a service says another sport than the file it hands out: a person's later word, which beats a watch's."""
    said = copy.recording
    if said.decoder not in SERVICE_FORMS or said.sport not in CHOSEN or said.sport_inferred:
        return False
    files = [
        one.recording.sport
        for one in copies
        if one.source == copy.source and one.recording.decoder not in SERVICE_FORMS and one.recording.sport is not None
    ]
    return bool(files) and said.sport not in files


def _zone_trust(copy: SourceRecord) -> int:
    recording = copy.recording
    return len(ZONE_TRUST) if recording.utc_offset_s is None else ZONE_TRUST.get(recording.zone_from, len(ZONE_TRUST))


def _has(recording: Recording, name: str) -> bool:
    return getattr(recording, name) not in (None, (), "", {})


def _fill_gaps(lead: SourceRecord, others: Sequence[SourceRecord]) -> tuple[Samples | None, dict[str, str]]:
    samples, borrowed = lead.recording.samples, {}
    if samples is None:
        return None, {}
    for column in FILLED:
        if np.isfinite(getattr(samples, column)).any():
            continue
        for copy in others:
            found = _read_from(samples, lead.recording.start_utc, copy.recording, column)
            if found is not None:
                samples = replace(samples, **{column: found})
                borrowed[f"samples.{column}"] = copy.recording_id
                break
    return samples, borrowed


def _read_from(samples: Samples, start_utc: datetime, other: Recording, column: str) -> Any:
    if other.samples is None:
        return None
    values = getattr(other.samples, column)
    known = np.isfinite(values)
    if known.sum() < 2:
        return None
    at_s = other.samples.t_s[known] + (other.start_utc - start_utc).total_seconds()
    nearest = np.clip(np.searchsorted(at_s, samples.t_s), 1, len(at_s) - 1)
    nearest -= samples.t_s - at_s[nearest - 1] < at_s[nearest] - samples.t_s
    close = np.abs(at_s[nearest] - samples.t_s) <= FILL_WITHIN_S
    return np.where(close, values[known][nearest], np.nan) if close.any() else None
