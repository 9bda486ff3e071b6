"""Running logs that people and small tools keep, as CSV or flat JSON: a date, a distance and a time by any name.

A name may carry its unit (``distance_km``, ``dist_m``); a bare ``distance`` is told by the speeds it would mean. A log
of days only has no start: noon stands for it, one o'clock for the day's second row and so on, and
``extra["time_of_day"]`` says that it is not known.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from rules.facts import Problem, Recording
from sync.formats.sheets import METRES, Row, Sheet, TableRead, Units, decimal_mark, number, seconds, utc_of
from sync.formats.sport_words import sport_in_words, sport_named
from sync.formats.strava_export import moment

DATES = ("start_date", "start_date_local", "activitydate", "start_time", "start", "datetime", "date", "day")
UTC_COLUMN = "start_date"
"""Strava's name for the instant, kept by the tools around it; beside it stands the wall clock."""
DISTANCES = {
    "distance_m": 1.0, "dist_m": 1.0, "distance (m)": 1.0, "meters": 1.0, "metres": 1.0,
    "distance_km": 1000.0, "dist_km": 1000.0, "distance (km)": 1000.0, "km": 1000.0, "kilometers": 1000.0,
    "distance_mi": METRES["mi"], "distance (mi)": METRES["mi"], "miles": METRES["mi"],
    "distance": None, "dist": None,
}  # fmt: skip
MOVING = ("moving_time", "movingtime", "mov_s", "moving_s", "moving_time_s")
ELAPSED = (
    "elapsed_time", "elapsedtime", "elapsed_s", "duration_s", "dur_s", "duration", "time_mmss", "time", "time_s",
)  # fmt: skip
NAMES = ("name", "title", "activityname", "activity name")
KINDS = ("sport_type", "type", "activity_type", "activity type", "sport", "class_type")
HEART_RATES = ("average_heartrate", "avg_hr", "hr", "mean_hr", "heart_rate", "avg heart rate")
ASCENTS = ("total_elevation_gain", "elevationgain", "elev_m", "ascent_m", "elevation_gain", "ascent")
IDENTITIES = ("id", "activity_id", "run_id")
PARTS = ("lap_index", "start_index", "segment")
"""Columns of a run's laps or stretches, each of which has a start, a distance and a time as well."""
RUNNING_MPS = (1.2, 7.0)
NOON = 12


def read_running_log(sheet: Sheet, name: str, zone: tzinfo, units: Units | None = None) -> TableRead | None:
    """``None`` when there is no date, no distance or no time. A row of no named sport is a run: it is a running log."""
    if sheet.places(*PARTS):
        return None
    date = next((word for word in DATES if sheet.places(word)), None)
    distance = next((word for word in DISTANCES if sheet.places(word)), None)
    if date is None or distance is None or not sheet.places(*MOVING, *ELAPSED):
        return None
    mark = decimal_mark([cell for row in sheet.rows for cell in _cells(sheet, row, distance)])
    factor, told_by = _factor(sheet, distance, mark, units)
    day_first = any(int(found[1]) > 12 for row in sheet.rows if (found := _numbers(sheet.cell(row, date))))
    rows, problems = [], []
    days: Counter[datetime] = Counter()
    for line, row in enumerate(sheet.rows, start=2):
        recording = _recording(sheet, row, date, distance, mark, factor, zone, day_first=day_first)
        if recording is None:
            problems.append(Problem(f"{name}:{line}", "row-without-start"))
            continue
        if "time_of_day" in recording.extra:
            noon = recording.start_utc
            recording = replace(recording, start_utc=noon + timedelta(hours=days[noon]))
            days[noon] += 1
        rows.append(Row(recording, external_id=sheet.cell(row, *IDENTITIES)))
    if len(problems) * 2 > len(sheet.rows):
        return None
    return TableRead(
        "running_log",
        tuple(rows),
        tuple(problems),
        {"metres_a_unit": factor, "units_by": told_by, "decimal_mark": mark},
    )


def _cells(sheet: Sheet, row: Sequence[str], name: str) -> Iterator[str]:
    return (row[place] for place in sheet.places(name) if place < len(row))


def _numbers(cell: str | None) -> re.Match[str] | None:
    return re.match(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})", cell or "")


def _factor(sheet: Sheet, distance: str, mark: str, units: Units | None) -> tuple[float, str]:
    """Metres in one unit of the distance column, and what told it."""
    if units is not None:
        return METRES[units], "override"
    named = DISTANCES[distance]
    if named is not None:
        return named, "name"
    speeds = [
        far / took
        for row in sheet.rows
        if (far := number(sheet.cell(row, distance), mark)) and (took := _duration_s(sheet, row, *MOVING, *ELAPSED))
    ]
    usual = statistics.median(speeds) if speeds else 0.0
    slow, fast = RUNNING_MPS
    return (1.0 if slow <= usual <= fast else METRES["km"]), "speed"


def _duration_s(sheet: Sheet, row: Sequence[str], *names: str) -> float | None:
    cell = sheet.cell(row, *names)
    return seconds(cell) if cell is not None and ":" in cell else number(cell)


def _recording(
    sheet: Sheet,
    row: Sequence[str],
    date: str,
    distance: str,
    mark: str,
    factor: float,
    zone: tzinfo,
    *,
    day_first: bool,
) -> Recording | None:
    started = _start(sheet.cell(row, date) or "", date, zone, day_first=day_first)
    moving_s, elapsed_s = _duration_s(sheet, row, *MOVING), _duration_s(sheet, row, *ELAPSED)
    far = number(sheet.cell(row, distance), mark)
    if started is None or not (elapsed_s or moving_s):
        return None
    start_utc, timed = started
    kind, title = sheet.cell(row, *KINDS), sheet.cell(row, *NAMES)
    sport, sub_sport = sport_named(kind)
    if sport is None:
        sport = sport_in_words(kind) if kind else sport_in_words(title) or "running"
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        sport_inferred=kind is None,
        start_utc=start_utc,
        utc_offset_s=_offset_s(sheet, row, start_utc) if timed and date == UTC_COLUMN else None,
        elapsed_s=elapsed_s or moving_s or 0.0,
        moving_s=moving_s,
        distance_m=None if far is None else far * factor,
        ascent_m=number(sheet.cell(row, *ASCENTS)),
        mean_heart_rate_bpm=number(sheet.cell(row, *HEART_RATES)),
        title=title,
        decoder="running_log",
        extra={} if timed else {"time_of_day": "unknown"},
    )


def _offset_s(sheet: Sheet, row: Sequence[str], start_utc: datetime) -> int | None:
    try:
        local = datetime.fromisoformat(sheet.cell(row, "start_date_local") or "").replace(tzinfo=None)
    except ValueError:
        return None
    offset_s = round((local - start_utc).total_seconds())
    return offset_s if abs(offset_s) <= 14 * 3600 and offset_s % 900 == 0 else None


def _start(cell: str, column: str, zone: tzinfo, *, day_first: bool) -> tuple[datetime, bool] | None:
    """Naive UTC and whether the cell told a time of day."""
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        stated = moment(cell, day_first=day_first)
        if stated is not None:
            # "Feb 22, 2016, 2:48:17 PM" is how Strava's export writes UTC.
            return stated, True
        day = moment(f"{cell} {NOON}:00:00", day_first=day_first)
        return None if day is None else (utc_of(day, zone), False)
    if len(cell) <= len("2026-03-14"):
        return utc_of(found.replace(hour=NOON), zone), False
    if found.tzinfo is not None and "local" not in column:
        return found.astimezone(UTC).replace(tzinfo=None), True
    if column == UTC_COLUMN:
        return found, True
    # "start_date_local" is the wall clock, marked as UTC all the same.
    return utc_of(found.replace(tzinfo=None), zone), True
