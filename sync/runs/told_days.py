"""The day that the runner typed for a recording whose clock was wrong: kept by its content, a rebuild has it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta, tzinfo

from rules.facts.recorded import Recording
from sync.formats.clock import CLOCK
from sync.storage import housekeeping
from sync.storage.database import Store

NOTES = "told-days"


def note(store: Store, athlete_id: str, sha256: str, day: date) -> None:
    housekeeping.upsert_source_state(store, athlete_id, NOTES, sha256, day.isoformat())


def day_of(store: Store, athlete_id: str, sha256: str) -> date | None:
    """None where nothing was typed."""
    told = housekeeping.source_state(store, athlete_id, NOTES).get(sha256)
    return date.fromisoformat(told) if isinstance(told, str) else None


def on_day(recordings: Sequence[Recording], day: date | None, zone: tzinfo) -> tuple[Recording, ...]:
    """The recordings of one content moved by whole days, the first of them to ``day``; their time of day stays."""
    if day is None or not recordings:
        return tuple(recordings)
    first = min(recordings, key=lambda one: one.start_utc)
    try:
        if first.utc_offset_s is not None:
            local = first.start_utc + timedelta(seconds=first.utc_offset_s)
        else:
            local = first.start_utc.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return tuple(_moved(one, day - local.date()) for one in recordings)
    except OverflowError:
        return tuple(recordings)


def _moved(recording: Recording, by: timedelta) -> Recording:
    if not by:
        return recording
    laps = tuple(replace(lap, start_utc=lap.start_utc + by) for lap in recording.laps)
    return replace(
        recording, start_utc=recording.start_utc + by, laps=laps, extra={**recording.extra, CLOCK: "told-day"}
    )
