"""GPX bytes -> recordings: one for each track that has times.

A track without times is a route that somebody drew or that lost its times: no run can be made of it, so it is a
problem. A document without any track (way-points, routes) is no activity at all and is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from xml.etree.ElementTree import Element

import numpy as np

from rules.facts.recorded import Floats, Recording
from sync.formats.clock import believed_instants, with_week_of
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
from sync.formats.sport_heard import is_running
from sync.formats.sport_words import sport_named
from sync.formats.xml import text
from sync.formats.xml.text import child, children, local, number, words, xml_instant, xml_number

ROOT = "gpx"
POSITION = {"lat": "latitude_deg", "lon": "longitude_deg"}
READINGS = {
    "ele": "altitude_m",
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
    if parsed is None or local(parsed.root) != ROOT:
        return text.unreadable(data)
    tracks = [(track, _points(track)) for track in children(parsed.root, "trk")]
    if not any(points for _, points in tracks):
        return Ignored("route")
    found = [
        replace(recording, partial=not parsed.whole, extra={**recording.extra, **parsed.marks})
        for track, points in tracks
        if (recording := _recording(parsed.root, track, points)) is not None
    ]
    if not found:
        return Unreadable("no-times")
    named = xml_instant(words(child(parsed.root, "metadata", "time")) or words(child(parsed.root, "time")))
    found = [with_week_of(one, [named[0].date()] if named else []) for one in found]
    found.sort(key=lambda recording: recording.start_utc)
    offset_s = _offset_s(tracks)
    return Read(tuple(replace(one, leg=leg, utc_offset_s=offset_s) for leg, one in enumerate(found)))


def _points(track: Element) -> list[tuple[int, Element]]:
    """The track points in the file's order, each with its segment's number: a pause parts segments, not runs."""
    segments = enumerate(children(track, "trkseg"))
    return [(number, point) for number, segment in segments for point in children(segment, "trkpt")]


def _offset_s(tracks: list[tuple[Element, list[tuple[int, Element]]]]) -> int | None:
    """The offset that the first track point's time names."""
    first = next(point for _, points in tracks for _, point in points)
    named = xml_instant(words(child(first, "time")))
    return named[1] if named else None


def _recording(document: Element, track: Element, points: list[tuple[int, Element]]) -> Recording | None:
    timed = [(number, point, when) for number, point in points if (when := _utc(point)) is not None]
    believed = believed_instants([when for *_, when in timed])
    timed = [one for one, kept in zip(timed, believed, strict=True) if kept is not None]
    start_utc = min((when for *_, when in timed), default=EARLIEST)
    t_s = np.array([(when - start_utc).total_seconds() for *_, when in timed])
    if len(timed) < FEWEST_POINTS or not t_s.any():
        return None
    kind = words(child(track, "type"))
    sport, sub_sport = sport_named(kind)
    if sport is None and is_running(kind):
        sport = kind
    columns = _columns([point for _, point, _ in timed])
    columns["cadence_spm"] = both_feet(
        columns["cadence_spm"], np.zeros(len(timed)), "running" if is_running(sport) else sport
    )
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
        title=words(child(track, "name")) or _document_name(document),
        description=words(child(track, "desc")) or words(child(track, "cmt")),
        device=document.get("creator") or None,
        samples=samples,
        decoder="gpx",
    )


def _document_name(document: Element) -> str | None:
    """GPX 1.1 keeps it in the metadata, GPX 1.0 in the document itself."""
    return words(child(document, "metadata", "name")) or words(child(document, "name"))


def _utc(point: Element) -> datetime | None:
    named = xml_instant(words(child(point, "time")))
    return named[0] if named and named[0] >= EARLIEST else None


def _columns(points: list[Element]) -> dict[str, Floats]:
    columns = {name: np.full(len(points), np.nan) for name in {*POSITION.values(), *READINGS.values()}}
    for row, point in enumerate(points):
        for name, value in _readings(point):
            columns[name][row] = value
    return columns


def _readings(point: Element) -> Iterator[tuple[str, float]]:
    """What a point measured, wherever its writer put it: the namespaces of the extensions are many, their words few."""
    for name, column in POSITION.items():
        if (degrees := number(point.get(name))) is not None:
            yield column, degrees
    for element in point.iter():
        measured = READINGS.get(local(element).lower())
        if measured is not None and (value := xml_number(element)) is not None:
            yield measured, value
