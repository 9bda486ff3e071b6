"""GPX bytes -> recordings: one for each track that has times.

A track without times is a route that somebody drew or that lost its times: no run can be made of it, so it is a
problem. A document without any track (way-points, routes) is no activity at all and is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import gpxpy
import numpy as np
from gpxpy.gpx import GPX, GPXException, GPXTrack, GPXTrackPoint

from rules.facts import Floats, Recording
from sync.formats.clock import believed_instants
from sync.formats.fit.records import both_feet
from sync.formats.outcome import Ignored, Outcome, Read, Unreadable
from sync.formats.samples import (
    last_finite,
    max_finite,
    mean_finite,
    moving_time_s,
    recording_time_s,
    samples_from,
)
from sync.formats.sport_words import sport_named
from sync.formats.xml import text

ROOT = "gpx"
EXTENSIONS = {
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "runcadence": "cadence_spm",
    "atemp": "temperature_c",
    "temp": "temperature_c",
    "power": "power_w",
    "powerinwatts": "power_w",
    "watts": "power_w",
    "speed": "speed_mps",
    "distance": "distance_m",
}
FEWEST_POINTS = 2
EARLIEST = datetime(1980, 1, 6)
"""GPS time began here: an earlier time is a receiver without a clock."""


def read_gpx(data: bytes) -> Outcome:
    """Every track with times, in order of time."""
    try:
        parsed = text.parse(data, "trkpt")
    except text.Dangerous as error:
        return Unreadable("xml-dangerous", str(error))
    if parsed is None or text.local(parsed.root) != ROOT:
        return text.unreadable(data)
    try:
        document = gpxpy.parse(parsed.text)
    except (GPXException, ValueError, OverflowError, AttributeError) as error:
        return Unreadable("xml-damaged", type(error).__name__)
    if not any(track.segments and track.get_points_no() for track in document.tracks):
        return Ignored("route")
    offset_s = _offset_s(parsed.root)
    found = [
        replace(recording, partial=not parsed.whole, utc_offset_s=offset_s)
        for track in document.tracks
        if (recording := _recording(document, track)) is not None
    ]
    if not found:
        return Unreadable("no-times")
    found.sort(key=lambda recording: recording.start_utc)
    return Read(tuple(replace(recording, leg=leg) for leg, recording in enumerate(found)))


def _offset_s(root: Element) -> int | None:
    """The offset that the first track point's time names (gpxpy turns it into UTC)."""
    for point in root.iter():
        if text.local(point) == "trkpt":
            named = text.xml_instant(text.words(text.child(point, "time")))
            return named[1] if named else None
    return None


def _recording(document: GPX, track: GPXTrack) -> Recording | None:
    timed = [
        (number, point, when)
        for number, segment in enumerate(track.segments)
        for point in segment.points
        if (when := _utc(point)) is not None
    ]
    believed = believed_instants([when for *_, when in timed])
    timed = [one for one, kept in zip(timed, believed, strict=True) if kept is not None]
    start_utc = min((when for *_, when in timed), default=EARLIEST)
    points = [point for _, point, _ in timed]
    t_s = np.array([(when - start_utc).total_seconds() for *_, when in timed])
    if len(points) < FEWEST_POINTS or not t_s.any():
        return None
    sport, sub_sport = sport_named(track.type)
    columns = _columns(points)
    columns["cadence_spm"] = both_feet(columns["cadence_spm"], np.zeros(len(points)), sport)
    samples = samples_from(t_s, columns, np.array([number for number, *_ in timed], dtype=int))
    if samples is None:
        return None
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=start_utc,
        elapsed_s=float(samples.t_s[-1]),
        timer_s=recording_time_s(samples),
        moving_s=moving_time_s(samples),
        distance_m=last_finite(samples.distance_m),
        mean_heart_rate_bpm=mean_finite(samples.heart_rate_bpm),
        max_heart_rate_bpm=max_finite(samples.heart_rate_bpm),
        mean_cadence_spm=mean_finite(samples.cadence_spm[samples.cadence_spm > 0]),
        title=track.name or document.name or None,
        description=track.description or track.comment or None,
        device=document.creator or None,
        samples=samples,
        decoder="gpx",
    )


def _utc(point: GPXTrackPoint) -> datetime | None:
    when = point.time
    if when is None:
        return None
    when = when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
    return when if when >= EARLIEST else None


def _columns(points: list[GPXTrackPoint]) -> dict[str, Floats]:
    columns = {name: np.full(len(points), np.nan) for name in {*EXTENSIONS.values()}}
    columns["latitude_deg"] = np.array([point.latitude for point in points], dtype=float)
    columns["longitude_deg"] = np.array([point.longitude for point in points], dtype=float)
    columns["altitude_m"] = np.array([np.nan if point.elevation is None else point.elevation for point in points])
    for row, point in enumerate(points):
        if point.speed is not None:
            columns["speed_mps"][row] = point.speed
        for name, value in _readings(point.extensions):
            columns[name][row] = value
    return columns


def _readings(extensions: list[Element]) -> Iterator[tuple[str, float]]:
    for extension in extensions:
        for element in extension.iter():
            column = EXTENSIONS.get(text.local(element).lower())
            value = None if column is None else text.xml_number(element)
            if column is not None and value is not None:
                yield column, value
