"""The activities of GarminDB, ``garmin_activities.db``: an SQLite file with one row an activity.

Starts are local, durations "HH:MM:SS", distances kilometres or miles and climbs metres or feet, as its owner chose.
Built from GarminDB's own description of its tables (``activities``, table version 3).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, tzinfo
from typing import Any

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.services.json_fields import json_positive, json_text
from sync.formats.tables.cells import utc_of
from sync.formats.tables.sheets import METRES, TableRead, TableRow, Units
from sync.formats.tables.which_unit import Effort, unit_of

BEGINS = b"SQLite format 3\0"
WRITE_AHEAD, ROLLBACK = b"\2\2", b"\1\1"
"""Bytes 18 and 19: a file that is read from memory has no write-ahead log beside it."""
NEEDED = frozenset({"activity_id", "start_time", "elapsed_time", "sport", "distance"})
FEET_M = 0.3048
MOST_ROWS = 200_000
STEPS = 50_000_000
"""Instructions of SQLite that one file may cost: a made-up schema must not hold the house."""


def is_database(data: bytes) -> bool:
    return data.startswith(BEGINS)


def read_database(
    data: bytes, name: str, zone: tzinfo, units: Units | None = None, runner_counts: Units = "km"
) -> TableRead | None:
    """``None`` when it has no table of activities with GarminDB's columns."""
    try:
        items = _rows(data)
    except (sqlite3.Error, MemoryError, OverflowError):
        return None
    if items is None:
        return None
    told = unit_of(_efforts(items), runner_counts)
    chosen = units or told.units
    rows, problems = [], []
    for item in items:
        recording = _recording(item, zone, chosen)
        if recording is None:
            problems.append(Problem(f"{name}:{item['activity_id']}", "row-without-start"))
        else:
            rows.append(TableRow(recording, external_id=str(item["activity_id"])))
    taken = {"units": chosen, "units_by": "override" if units else told.by}
    return TableRead("garmindb", tuple(rows), tuple(problems), taken, None if units else told.asked_s)


def _rows(data: bytes) -> list[dict[str, Any]] | None:
    if data[18:20] == WRITE_AHEAD:
        data = data[:18] + ROLLBACK + data[20:]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.set_progress_handler(lambda: 1, STEPS)
        kind = connection.execute("SELECT type FROM sqlite_master WHERE name = 'activities'").fetchone()
        # A view could compute anything.
        if kind is None or kind[0] != "table":
            return None
        if not {row[1] for row in connection.execute("PRAGMA table_info(activities)")} >= NEEDED:
            return None
        connection.row_factory = sqlite3.Row
        found = connection.execute("SELECT * FROM activities ORDER BY start_time LIMIT ?", (MOST_ROWS,))
        return [dict(row) for row in found]


def _efforts(items: list[dict[str, Any]]) -> list[Effort]:
    runs = [item for item in items if item.get("sport") == "running"]
    timed = [(json_positive(item.get("distance")), _seconds(item.get("elapsed_time"))) for item in runs]
    return [Effort(distance, took_s) for distance, took_s in timed if distance and took_s]


def _recording(item: Mapping[str, Any], zone: tzinfo, units: Units) -> Recording | None:
    elapsed_s = _seconds(item.get("elapsed_time"))
    try:
        local = datetime.fromisoformat(json_text(item.get("start_time")) or "")
    except ValueError:
        return None
    if not elapsed_s or local.tzinfo is not None:
        return None
    far, climb_m = json_positive(item.get("distance")), FEET_M if units == "mi" else 1.0
    rise, fall = json_positive(item.get("ascent")), json_positive(item.get("descent"))
    sport, finer = json_text(item.get("sport")), json_text(item.get("sub_sport"))
    return Recording(
        sport=sport,
        sub_sport=None if finer == "generic" else finer,
        start_utc=utc_of(local, zone),
        elapsed_s=elapsed_s,
        moving_s=_seconds(item.get("moving_time")),
        distance_m=None if far is None else far * METRES[units],
        ascent_m=None if rise is None else rise * climb_m,
        descent_m=None if fall is None else fall * climb_m,
        mean_heart_rate_bpm=json_positive(item.get("avg_hr")),
        max_heart_rate_bpm=json_positive(item.get("max_hr")),
        title=json_text(item.get("name")),
        description=json_text(item.get("description")),
        training_effect_aerobic=json_positive(item.get("training_effect")),
        training_effect_anaerobic=json_positive(item.get("anaerobic_training_effect")),
        decoder="garmindb",
    )


def _seconds(text: object) -> float | None:
    parts = (json_text(text) or "").split(":")
    try:
        hours, minutes, seconds = (float(part) for part in parts)
    except ValueError:
        return None
    return (hours * 60 + minutes) * 60 + seconds or None
