"""Where the clock stood on each recording: what it says itself, and what was found for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.storage.database import Store, to_json


@dataclass(frozen=True, slots=True)
class ZonedRow:
    recording_id: str
    source: str
    format: str
    start_utc: datetime
    utc_offset_s: int | None
    zone: str | None
    zone_from: str | None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    recording_id: str
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class AssumedRow:
    """A recording and its run, of which nobody told the offset."""

    recording_id: str
    run_id: str
    start_utc: datetime
    utc_offset_s: int


def zoned(store: Store, athlete: str) -> list[ZonedRow]:
    """Every recording that has its details, in order of time."""
    return store.fetch_all("zoned_recordings", ZonedRow, athlete=athlete)


def first_places(store: Store, athlete: str, ids: Sequence[str]) -> dict[str, tuple[float, float]]:
    """The first known latitude and longitude of each of these recordings that has a track."""
    rows = store.fetch_all("first_places", PlaceRow, athlete=athlete, ids=list(ids)) if ids else []
    return {row.recording_id: (row.latitude_deg, row.longitude_deg) for row in rows}


def assumed_runs(store: Store, athlete: str, ids: Sequence[str]) -> list[AssumedRow]:
    """Those of these recordings whose run has an assumed offset, in order of time."""
    return store.fetch_all("assumed_runs", AssumedRow, athlete=athlete, ids=list(ids))


def set_zone(
    store: Store, athlete: str, recording_id: str, offset_s: int | None, zone: str | None, zone_from: str | None
) -> None:
    """In place of what was there; None takes a value out."""
    patch = to_json({"utc_offset_s": offset_s, "zone": zone, "zone_from": zone_from})
    store.execute("set_zone", athlete=athlete, recording_id=recording_id, patch=patch)
