"""Apple Health's ``export.xml``: running workouts, and the pulse that was read while they lasted.

The file's name is translated, its root element is not. It holds everything the phone ever counted, gigabytes of it, so
it is streamed twice: first the running workouts, then the pulse inside their times. What is kept is one small bundle a
run, the same for the same run, so that next month's export adds only what is new.

Built from public readers (applehealth,
workout-tracker).
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import IO, Any
from xml.parsers import expat

import numpy as np

from rules.facts.recorded import Recording
from sync.formats.outcome import Outcome, Read, Unreadable
from sync.formats.samples import samples_from
from sync.formats.services.json_fields import json_number, json_text

HEAD_BYTES = 64 << 10
ROOT = re.compile(rb"<HealthData[\s>]")
BLANKS = b"\xef\xbb\xbf \t\r\n"
RUNNING = "HKWorkoutActivityTypeRunning"
PULSE = "HKQuantityTypeIdentifierHeartRate"
WAY = "HKQuantityTypeIdentifierDistanceWalkingRunning"
MARK = b'{"apple_health_workout":'
BLOCK = 1 << 20
LONGEST_TAG = 8 << 20
"""Bytes that one tag may take: a parser keeps what is open, so an endless one would fill the memory."""
MOST_WORKOUTS, MOST_READINGS = 50_000, 8_000_000
"""Ten runs a week for ninety years, and 64 MB of their pulse."""
LENGTHS_M = {"km": 1000.0, "m": 1.0, "mi": 1609.344, "cm": 0.01, "ft": 0.3048}
LASTING_S = {"min": 60.0, "s": 1.0, "sec": 1.0, "hr": 3600.0}
Open = Callable[[], IO[bytes]]


class TooLong(Exception):
    """More bytes than were allowed, or more workouts and readings than a life has."""


def is_health(head: bytes) -> bool:
    """Whether the beginning of a file has Apple's root element."""
    # An archive that packs nothing shows its members' beginnings as well.
    return head.lstrip(BLANKS)[:1] == b"<" and ROOT.search(head[:HEAD_BYTES]) is not None


@dataclass(slots=True)
class Workout:
    """One running workout as it grows: what its elements said, and the pulse within its time."""

    start: datetime
    end: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    pulse_s: array[float] = field(default_factory=lambda: array("f"))
    pulse_bpm: array[float] = field(default_factory=lambda: array("f"))

    def bundle(self) -> bytes:
        """What is known of it: the same bytes for the same run."""
        offset = self.start.utcoffset() or timedelta()
        pulse = sorted(zip(self.pulse_s, self.pulse_bpm, strict=True))
        facts = {
            "start_utc": self.start.astimezone(UTC).replace(tzinfo=None).isoformat(),
            "utc_offset_s": round(offset.total_seconds()),
            "elapsed_s": (self.end - self.start).total_seconds(),
            "pulse": [[round(t_s, 1), round(bpm, 1)] for t_s, bpm in pulse],
            **self.facts,
        }
        text = json.dumps({"apple_health_workout": 1, "run": facts}, sort_keys=True, separators=(",", ":"))
        return text.encode()


def running_workouts(opened: Open, most_bytes: int) -> list[Workout]:
    """Every running workout with its pulse, in order of time. Raises ExpatError, ValueError and TooLong.

    A file that breaks off gives those before the break, as its last workout is the newest: `ExpatError` is only raised
    when there is none.
    """
    found = _Workouts()
    try:
        _stream(opened, most_bytes, found.begin, found.end)
    except expat.ExpatError:
        if not found.workouts:
            raise
    workouts = sorted(found.workouts, key=lambda one: one.start)
    if workouts:
        pulse = _Pulse(workouts)
        with suppress(expat.ExpatError):
            _stream(opened, most_bytes, pulse.begin, None)
    return workouts


def _stream(
    opened: Open, most_bytes: int, begin: Callable[[str, Mapping[str, str]], None], end: Callable[[str], None] | None
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.EntityDeclHandler = _forbid
    parser.ExternalEntityRefHandler = _forbid
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    taken = 0
    with opened() as file:
        while block := file.read(BLOCK):
            taken += len(block)
            if taken > most_bytes:
                raise TooLong
            parser.Parse(block, False)
            if taken - parser.CurrentByteIndex > LONGEST_TAG:
                raise ValueError("tag")
    parser.Parse(b"", True)


def _forbid(*_: object) -> int:
    raise ValueError("entity")


class _Workouts:
    def __init__(self) -> None:
        self.workouts: list[Workout] = []
        self.inside: Workout | None = None

    def begin(self, name: str, at: Mapping[str, str]) -> None:
        if name == "Workout":
            self.inside = _workout(at) if at.get("workoutActivityType") == RUNNING else None
        elif self.inside is None:
            return
        elif name == "WorkoutStatistics":
            _statistics(self.inside.facts, at)
        elif name == "MetadataEntry":
            _metadata(self.inside.facts, at)
        elif name == "FileReference" and at.get("path"):
            self.inside.facts["route"] = at["path"].rsplit("/", 1)[-1]

    def end(self, name: str) -> None:
        if name == "Workout" and self.inside is not None:
            if len(self.workouts) >= MOST_WORKOUTS:
                raise TooLong
            self.workouts.append(self.inside)
            self.inside = None


class _Pulse:
    """Adds each reading to the workout that it was taken in."""

    def __init__(self, workouts: list[Workout]) -> None:
        self.workouts = workouts
        self.left = MOST_READINGS
        self.starts = [one.start.timestamp() for one in workouts]
        self.days = {
            (one.start + timedelta(days=day)).astimezone(UTC).date().isoformat()
            for one in workouts
            for day in (-1, 0, 1)
        }

    def begin(self, name: str, at: Mapping[str, str]) -> None:
        # Most records are of days without a run: a look at the day spares reading the instant.
        if name != "Record" or at.get("type") != PULSE or at.get("startDate", "")[:10] not in self.days:
            return
        taken, value = _instant(at.get("startDate")), json_number(at.get("value"))
        if taken is None or value is None:
            return
        place = bisect_right(self.starts, taken.timestamp()) - 1
        if place >= 0 and taken <= self.workouts[place].end:
            if not self.left:
                raise TooLong
            self.left -= 1
            one = self.workouts[place]
            one.pulse_s.append((taken - one.start).total_seconds())
            one.pulse_bpm.append(value)


def _workout(at: Mapping[str, str]) -> Workout | None:
    start, end = _instant(at.get("startDate")), _instant(at.get("endDate"))
    if start is None or end is None or end <= start:
        return None
    made = Workout(start, end)
    if (lasted := json_number(at.get("duration"))) is not None:
        made.facts["timer_s"] = round(lasted * LASTING_S.get(at.get("durationUnit", "min"), 60.0), 1)
    _length(made.facts, "distance_m", at.get("totalDistance"), at.get("totalDistanceUnit"))
    if at.get("sourceName"):
        made.facts["device"] = at["sourceName"]
    return made


def _statistics(facts: dict[str, Any], at: Mapping[str, str]) -> None:
    if at.get("type") == WAY:
        _length(facts, "distance_m", at.get("sum"), at.get("unit"))
    elif at.get("type") == PULSE:
        for name, key in (("mean_heart_rate_bpm", "average"), ("max_heart_rate_bpm", "maximum")):
            if (value := json_number(at.get(key))) is not None:
                facts[name] = value


def _metadata(facts: dict[str, Any], at: Mapping[str, str]) -> None:
    key, value = at.get("key"), at.get("value", "")
    if key == "HKIndoorWorkout" and value == "1":
        facts["sub_sport"] = "treadmill"
    elif key == "HKElevationAscended":
        number, _, unit = value.partition(" ")
        _length(facts, "ascent_m", number, unit)


def _length(facts: dict[str, Any], name: str, value: str | None, unit: str | None) -> None:
    number, metres = json_number(value), LENGTHS_M.get(unit or "")
    if number is not None and number > 0 and metres is not None:
        facts[name] = round(number * metres, 1)


def _instant(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(re.sub(r"\s+([+-]\d{2}):?(\d{2})$", r"\1:\2", text or ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


# --- the bundle, once it is an original -----------------------------------------------------------


def is_bundle(data: bytes) -> bool:
    return data.startswith(MARK)


def read_bundle(data: bytes) -> Outcome:
    """The run of one bundle, now and when everything is made again."""
    try:
        run = json.loads(data)["run"]
        return Read((_recording(run),))
    except (ValueError, LookupError, TypeError):
        return Unreadable("xml-damaged")


def route_of(data: bytes) -> str | None:
    """The name of the route file that the workout refers to."""
    return json_text(json.loads(data)["run"].get("route"))


def _recording(run: Mapping[str, Any]) -> Recording:
    pulse = np.array(run["pulse"], dtype=float).reshape(-1, 2)
    samples = samples_from(pulse[:, 0], {"heart_rate_bpm": pulse[:, 1]}) if len(pulse) > 1 else None
    mean = json_number(run.get("mean_heart_rate_bpm"))
    return Recording(
        sport="running",
        sub_sport=json_text(run.get("sub_sport")),
        start_utc=datetime.fromisoformat(run["start_utc"]),
        utc_offset_s=int(run["utc_offset_s"]),
        elapsed_s=float(run["elapsed_s"]),
        timer_s=json_number(run.get("timer_s")),
        distance_m=json_number(run.get("distance_m")),
        ascent_m=json_number(run.get("ascent_m")),
        mean_heart_rate_bpm=float(pulse[:, 1].mean()) if mean is None and len(pulse) else mean,
        max_heart_rate_bpm=json_number(run.get("max_heart_rate_bpm")),
        device=json_text(run.get("device")),
        samples=samples,
        decoder="apple_health",
    )


def bundles(opened: Open, most_bytes: int) -> Iterator[bytes]:
    """One bundle a running workout; each is let go before the next is made."""
    workouts = running_workouts(opened, most_bytes)
    workouts.reverse()
    while workouts:
        yield workouts.pop().bundle()
