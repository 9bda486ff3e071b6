"""Zones that are found after a run was stored: for what just arrived at once, for older runs when the runner says so.

The ids of runs, what was issued, sessions and typed entries keep their day: only runs and their labels are remade.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sync.formats.where import offset_in, zone_at
from sync.runs import activities, activity_clusters
from sync.runs.zones import NOTES, OPEN, WALL_CLOCK, KnownZone, home_offset_s, nearest_zone
from sync.settings.config import Athlete
from sync.storage import housekeeping, recording_zones, recordings
from sync.storage.database import Store
from sync.storage.recording_zones import ZonedRow

LOOKED, PROPOSED = "looked", "proposed"
"""Notes: that the runs from before places were known were looked at, and what was found (id: offset, zone, from)."""


@dataclass(frozen=True, slots=True)
class ZoneQuestion:
    """Runs that lie in another zone than they were stored with; ``day`` and ``zone`` are the newest one's.

    ``zone`` is an IANA name, or an offset such as "UTC-05:00" where only that is known.
    """

    runs: int
    day: date
    zone: str
    newest: str
    """The newest one's recording id."""


def settle(store: Store, athlete: Athlete) -> None:
    """What arrived without any sign of its zone takes that of the recordings near it in time, else it stays at home's.

    Called after each import and looked at again with the next one, so that the order of files is no matter.
    """
    if OPEN not in housekeeping.source_state(store, athlete.id, NOTES):
        return
    with store.transaction():
        rows = recording_zones.zoned(store, athlete.id)
        known = _known(rows)
        moved = []
        for row in rows:
            if row.zone_from not in ("open", "nearby"):
                continue
            found = nearest_zone(known, row.start_utc, athlete.zone)
            told = (None, None, "open") if found is None else (found.offset_s, found.zone, "nearby")
            if told != (row.utc_offset_s, row.zone, row.zone_from):
                recording_zones.set_zone(store, athlete.id, row.recording_id, *told)
                moved.append(row.recording_id)
        activity_clusters.recluster(store, athlete, moved)
        housekeeping.delete_source_state(store, athlete.id, NOTES, OPEN)


def look_at_stored(store: Store, athlete: Athlete) -> None:
    """Once, what was stored before places were known: nothing changes, but the runner is asked."""
    if LOOKED in housekeeping.source_state(store, athlete.id, NOTES):
        return
    with store.transaction():
        rows = recording_zones.zoned(store, athlete.id)
        unknown = [row for row in rows if _is_assumed(row)]
        places = recording_zones.first_places(store, athlete.id, [row.recording_id for row in unknown])
        here: dict[str, KnownZone] = {}
        for row in unknown:
            zone = zone_at(*places[row.recording_id]) if row.recording_id in places else None
            offset_s = offset_in(zone, row.start_utc) if zone else None
            if offset_s is not None:
                here[row.recording_id] = KnownZone(row.start_utc, offset_s, zone)
        known = sorted([*_known(rows), *here.values()], key=lambda one: one.start_utc)
        proposed = {}
        for row in unknown:
            found = here.get(row.recording_id) or nearest_zone(known, row.start_utc, athlete.zone)
            if found is not None and found.offset_s != home_offset_s(athlete.zone, row.start_utc):
                source = "position" if row.recording_id in here else "nearby"
                proposed[row.recording_id] = [found.offset_s, found.zone, source]
        if proposed:
            housekeeping.upsert_source_state(store, athlete.id, NOTES, PROPOSED, proposed)
        housekeeping.upsert_source_state(store, athlete.id, NOTES, LOOKED, True)


def question(store: Store, athlete: Athlete) -> ZoneQuestion | None:
    """What to ask of stored runs; None when nothing is open."""
    proposed = housekeeping.source_state(store, athlete.id, NOTES).get(PROPOSED, {})
    if not proposed:
        return None
    rows = recording_zones.assumed_runs(store, athlete.id, list(proposed))
    open_ = [row for row in rows if proposed[row.recording_id][0] != row.utc_offset_s]
    if not open_:
        return None
    newest = open_[-1]
    offset_s, zone, _ = proposed[newest.recording_id]
    day = (newest.start_utc + timedelta(seconds=offset_s)).date()
    return ZoneQuestion(len({row.run_id for row in open_}), day, zone or offset_name(offset_s), newest.recording_id)


def answer(store: Store, athlete: Athlete, *, correct: bool) -> int:
    """The runner's word on what was asked: those runs move, or stay where they are for good. Gives how many."""
    asked = question(store, athlete)
    proposed = housekeeping.source_state(store, athlete.id, NOTES).get(PROPOSED, {})
    rows = {row.recording_id: row for row in recording_zones.zoned(store, athlete.id) if row.recording_id in proposed}
    open_ = [row for row in rows.values() if _is_assumed(row)]
    for row in open_:
        if correct:
            offset_s, zone, source = proposed[row.recording_id]
            _set(store, athlete, row, KnownZone(row.start_utc, offset_s, zone), source)
        else:
            recording_zones.set_zone(store, athlete.id, row.recording_id, None, None, "home")
    if correct:
        activity_clusters.recluster(store, athlete, [row.recording_id for row in open_])
    housekeeping.delete_source_state(store, athlete.id, NOTES, PROPOSED)
    return asked.runs if asked is not None else 0


def offset_name(offset_s: int) -> str:
    """ "UTC-05:00": a zone of which only the offset is known."""
    hours, minutes = divmod(abs(offset_s) // 60, 60)
    return f"UTC{'-' if offset_s < 0 else '+'}{hours:02}:{minutes:02}"


def _is_assumed(row: ZonedRow) -> bool:
    return row.utc_offset_s is None and row.zone_from is None and row.format not in WALL_CLOCK


def _known(rows: Iterable[ZonedRow]) -> list[KnownZone]:
    """What files and places say, in order of time; what was itself taken from others says nothing."""
    return [
        KnownZone(row.start_utc, row.utc_offset_s, row.zone)
        for row in rows
        if row.utc_offset_s is not None and row.zone_from in (None, "position")
    ]


def _set(store: Store, athlete: Athlete, row: ZonedRow, found: KnownZone, source: str) -> None:
    recording_zones.set_zone(store, athlete.id, row.recording_id, found.offset_s, found.zone, source)
    refs = activities.clock_refs(row.start_utc, found.offset_s)
    recordings.insert_refs(store, athlete.id, row.recording_id, row.source, refs)
