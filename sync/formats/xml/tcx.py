"""TCX bytes -> recordings: one for each activity, legs of a multisport session included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

import numpy as np

from rules.facts.recorded import Lap, LapIntensity, LapTrigger, Recording, Samples
from sync.formats.clock import NEAR_ITS_LAPS_S, believed_instants
from sync.formats.fit.records import both_feet
from sync.formats.outcome import Ignored, Outcome, Read, Unreadable
from sync.formats.samples import (
    ENOUGH_WAY_M,
    STANDING_MPS,
    distance_along,
    last_finite,
    max_finite,
    mean_finite,
    moving_time_s,
    recording_time_s,
    samples_from,
)
from sync.formats.sport_heard import is_running
from sync.formats.sport_words import sport_named
from sync.formats.xml import text
from sync.formats.xml.text import child, local, words, xml_instant, xml_number

ROOT = "TrainingCenterDatabase"
INTENSITIES = {"Active": LapIntensity.ACTIVE, "Resting": LapIntensity.REST}
TRIGGERS = {
    "Manual": LapTrigger.MANUAL,
    "Distance": LapTrigger.DISTANCE,
    "Location": LapTrigger.POSITION,
    "Time": LapTrigger.TIME,
}
MOST_APART = 2.0
"""Laps and positions of one run differ by less: no sensor on a foot is so far off."""
EARLY_S = 30.0
"""A lap's own time may end some readings before its last point."""
COLUMNS = {
    "latitude_deg": ("Position", "LatitudeDegrees"),
    "longitude_deg": ("Position", "LongitudeDegrees"),
    "altitude_m": ("AltitudeMeters",),
    "distance_m": ("DistanceMeters",),
    "heart_rate_bpm": ("HeartRateBpm", "Value"),
    "speed_mps": ("Extensions", "TPX", "Speed"),
    "power_w": ("Extensions", "TPX", "Watts"),
}


def read_tcx(data: bytes) -> Outcome:
    """Every activity in the document; ``Ignored`` when it holds courses or workouts only."""
    try:
        parsed = text.parse(data, "Trackpoint")
    except text.Dangerous as error:
        return Unreadable("xml-dangerous", str(error))
    if parsed is None or local(parsed.root) != ROOT:
        return text.unreadable(data)
    activities = [element for element in parsed.root.iter() if local(element) == "Activity"]
    if not activities:
        holds = sorted({local(element) for element in parsed.root.iter()} & {"Course", "Workout"})
        return Ignored("route", ", ".join(holds)) if holds else Unreadable("nothing-recorded")
    found = [recording for element in activities if (recording := _recording(element, whole=parsed.whole))]
    if not found:
        return Unreadable("no-times")
    found.sort(key=lambda recording: recording.start_utc)
    return Read(
        tuple(
            replace(recording, leg=leg, extra={**recording.extra, **parsed.marks})
            for leg, recording in enumerate(found)
        )
    )


def _recording(activity: Element, *, whole: bool) -> Recording | None:
    lap_elements = [element for element in activity if local(element) == "Lap"]
    points = [point for point in activity.iter() if local(point) == "Trackpoint"]
    times = [xml_instant(words(child(point, "Time"))) for point in points]
    starts = [xml_instant(element.get("StartTime")) for element in lap_elements]
    read = believed_instants([one and one[0] for one in (*starts, *times)])
    lap_starts, instants = read[: len(starts)], read[len(starts) :]
    began = _began(xml_instant(words(child(activity, "Id"))), [*starts, *times], read)
    if began is None:
        return None
    start_utc = min([began[0], *(start for start in lap_starts if start)])
    kind = activity.get("Sport")
    sport, sub_sport = sport_named(kind)
    if sport is None and is_running(kind):
        sport = kind
    samples = _samples(points, instants, start_utc, sport, _told_m(lap_elements))
    laps = tuple(_laps(lap_elements, lap_starts, samples, start_utc))
    timer_s = sum(lap.timer_s or 0.0 for lap in laps) or None
    reached_s = float(samples.t_s[-1]) if samples is not None else 0.0
    lap_distance_m = sum(lap.distance_m or 0.0 for lap in laps)
    if samples is not None and _end_early(laps, samples, start_utc):
        timer_s, lap_distance_m = recording_time_s(samples), 0.0
    if _contradicted(lap_distance_m, samples):
        lap_distance_m = 0.0
    heart_rates = [lap.max_heart_rate_bpm for lap in laps if lap.max_heart_rate_bpm]
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=start_utc,
        elapsed_s=max(reached_s, timer_s or 0.0),
        utc_offset_s=began[1],
        timer_s=timer_s,
        moving_s=None if samples is None else moving_time_s(samples),
        distance_m=lap_distance_m or (None if samples is None else last_finite(samples.distance_m)),
        mean_heart_rate_bpm=_mean_heart_rate(samples, laps),
        max_heart_rate_bpm=max(heart_rates, default=None if samples is None else max_finite(samples.heart_rate_bpm)),
        mean_cadence_spm=None if samples is None else mean_finite(samples.cadence_spm[samples.cadence_spm > 0]),
        description=words(child(activity, "Notes")),
        workout_name=words(child(activity, "Training", "Plan", "Name")),
        device=words(child(activity, "Creator", "Name")),
        laps=laps,
        samples=samples,
        partial=not whole,
        decoder="tcx",
    )


Instant = tuple[datetime, int | None]


def _began(named: Instant | None, stated: list[Instant | None], believed: list[datetime | None]) -> Instant | None:
    """The Id's instant where it is near the laps and points, else theirs: portals write a wall clock with a Z there."""
    found = [one for one, kept in zip(stated, believed, strict=True) if one is not None and kept is not None]
    if not found:
        return named
    first = min(found, key=lambda one: one[0])
    if named is not None and abs((named[0] - first[0]).total_seconds()) <= NEAR_ITS_LAPS_S:
        return named
    return found[0][0], found[0][1]


def _end_early(laps: tuple[Lap, ...], samples: Samples, start_utc: datetime) -> bool:
    """Whether the laps' own times and ways end before the points do: they do not speak for the whole run then."""
    if not laps:
        return False
    told_s = sum(lap.timer_s or 0.0 for lap in laps)
    ends = [(lap.start_utc - start_utc).total_seconds() + (lap.timer_s or 0.0) for lap in laps]
    after = samples.t_s > max(ends) + EARLY_S
    if not after.any() or not told_s:
        return False
    with np.errstate(invalid="ignore"):
        going = bool((samples.speed_mps[after] >= STANDING_MPS).mean() > 0.5)
    return going and recording_time_s(samples) > told_s + EARLY_S


def _told_m(laps: list[Element]) -> float | None:
    return sum(xml_number(child(lap, "DistanceMeters")) or 0.0 for lap in laps) or None


def _contradicted(told_m: float, samples: Samples | None) -> bool:
    """Whether the positions say that the laps' own ways are in another unit, or count an earlier leg."""
    if samples is None:
        return False
    went_m = last_finite(distance_along(samples.t_s, samples.latitude_deg, samples.longitude_deg)) or 0.0
    return went_m > ENOUGH_WAY_M and not went_m / MOST_APART <= told_m <= went_m * MOST_APART


def _samples(
    points: list[Element],
    times: list[datetime | None],
    start_utc: datetime,
    sport: str | None,
    told_m: float | None,
) -> Samples | None:
    if not points:
        return None
    t_s = np.array([np.nan if time is None else (time - start_utc).total_seconds() for time in times])
    columns = {
        name: np.array([_or_nan(xml_number(child(point, *path))) for point in points]) for name, path in COLUMNS.items()
    }
    wheel = np.array([_or_nan(xml_number(child(point, "Cadence"))) for point in points])
    steps = np.array([_or_nan(xml_number(child(point, "Extensions", "TPX", "RunCadence"))) for point in points])
    per_leg = np.where(np.isfinite(steps), steps, wheel)
    columns["cadence_spm"] = both_feet(per_leg, np.zeros(len(points)), sport)
    return samples_from(t_s, columns, told_m=told_m)


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _laps(
    elements: list[Element], starts: list[datetime | None], samples: Samples | None, start_utc: datetime
) -> Iterator[Lap]:
    for index, (element, start) in enumerate(zip(elements, starts, strict=True)):
        if start is None:
            continue
        timer_s = xml_number(child(element, "TotalTimeSeconds"))
        following = starts[index + 1] if index + 1 < len(starts) else None
        if following is None and samples is not None:
            following = start_utc + timedelta(seconds=float(samples.t_s[-1]))
        until_next_s = 0.0 if following is None else (following - start).total_seconds()
        yield Lap(
            start_utc=start,
            elapsed_s=max(until_next_s, timer_s or 0.0),
            timer_s=timer_s,
            distance_m=xml_number(child(element, "DistanceMeters")),
            mean_heart_rate_bpm=xml_number(child(element, "AverageHeartRateBpm", "Value")),
            max_heart_rate_bpm=xml_number(child(element, "MaximumHeartRateBpm", "Value")),
            intensity=INTENSITIES.get(words(child(element, "Intensity")) or ""),
            trigger=TRIGGERS.get(words(child(element, "TriggerMethod")) or ""),
        )


def _mean_heart_rate(samples: Samples | None, laps: tuple[Lap, ...]) -> float | None:
    measured = None if samples is None else mean_finite(samples.heart_rate_bpm)
    if measured is not None:
        return measured
    rated = [(lap.mean_heart_rate_bpm, lap.timer_s or lap.elapsed_s) for lap in laps if lap.mean_heart_rate_bpm]
    total_s = sum(seconds for _, seconds in rated)
    return sum(rate * seconds for rate, seconds in rated) / total_s if total_s else None
