"""Where the clock stood on a run: the file's own offset, else the zone of its place, else that of runs near in time.

What arrives or is remade gets its zone here. What was stored before springstep knew places keeps home's until the
runner says that the others are right (`sync/runs/zone_changes.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rules.facts.recorded import Recording
from sync.formats.where import offset_in, zone_of_track
from sync.storage import housekeeping
from sync.storage.database import Store

WALL_CLOCK = frozenset({"garmin_csv", "running_log", "polar_csv"})
"""Tables that tell the clock on the wall, not the instant: home's zone gives back the day and hour that they name."""
NEAR = timedelta(days=14)
"""Farther runs tell nothing of where a runner was: longer than most journeys, shorter than a season. A judgement."""
NOTES, OPEN = "zones", "open"
"""Where the store notes that recordings wait for what those near in time say."""
DERIVED = frozenset({"zone", "zone_from", "utc_offset_s"})


@dataclass(frozen=True, slots=True)
class KnownZone:
    """Where the clock stood at one instant."""

    start_utc: datetime
    offset_s: int
    zone: str | None = None


def home_offset_s(zone: ZoneInfo, at_utc: datetime) -> int:
    offset = at_utc.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def placed(
    recording: Recording, content_format: str, before: Mapping[str, Any] | None = None, home: ZoneInfo | None = None
) -> Recording:
    """As it is kept when it arrives: an offset that is missing comes from its place, or is left open.

    ``before`` is what is stored of it, if it only comes again: whoever said that it was at home is not overruled. A FIT
    file that writes the same instant as local time and as UTC names no zone, but where ``home`` keeps UTC it says so.
    """
    if recording.utc_offset_s is not None or content_format in WALL_CLOCK:
        return recording
    if before is not None and before.get("zone_from") == "home":
        return replace(recording, zone=None, zone_from="home")
    if content_format == "fit" and home is not None and home_offset_s(home, recording.start_utc) == 0:
        return replace(recording, zone=None, zone_from="home")
    zone = recording.zone or zone_of_track(recording.samples)
    offset_s = offset_in(zone, recording.start_utc) if zone else None
    if offset_s is None:
        return replace(recording, zone=None, zone_from="open")
    return replace(recording, zone=zone, zone_from="position", utc_offset_s=offset_s)


def as_read(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a recording itself says: without a zone that was found for it."""
    derived = DERIVED if "zone_from" in facts else frozenset()
    return {name: value for name, value in facts.items() if name not in derived}


def nearest_zone(known: Sequence[KnownZone], at_utc: datetime, home: ZoneInfo) -> KnownZone | None:
    """The zone at ``at_utc`` as the recording nearest in time tells it; ``known`` is in order of time.

    A zone keeps its rules over a change of the clocks; a bare offset that was home's then means home.
    """
    place = bisect_left(known, at_utc, key=lambda one: one.start_utc)
    close = [one for one in known[max(0, place - 1) : place + 1] if abs(one.start_utc - at_utc) <= NEAR]
    if not close:
        return None
    found = min(close, key=lambda one: abs(one.start_utc - at_utc))
    offset_s: int | None = found.offset_s
    if found.zone is not None:
        offset_s = offset_in(found.zone, at_utc)
    elif found.offset_s == home_offset_s(home, found.start_utc):
        offset_s = home_offset_s(home, at_utc)
    return None if offset_s is None else KnownZone(at_utc, offset_s, found.zone)


def note_open(store: Store, athlete_id: str, found: Iterable[Recording]) -> None:
    """Remember that something came whose zone is open, or tells that of others: else nobody needs to look."""
    if any(one.zone_from == "open" or one.utc_offset_s is not None for one in found):
        housekeeping.upsert_source_state(store, athlete_id, NOTES, OPEN, True)
