"""Running logs that people and small tools keep, as CSV or flat JSON: a date, a distance and a time by any name.

A name may carry its unit (``distance_km``, ``dist_m``); a bare ``distance`` goes by the speeds it would mean. A log
of days only has no start: noon stands for it, one o'clock for the day's second row and so on, and
``extra["time_of_day"]`` says that it is not known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.sport_heard import heard_word
from sync.formats.sport_words import sport_in_words, sport_of_type
from sync.formats.tables.cells import utc_of
from sync.formats.tables.dates import moment
from sync.formats.tables.log_columns import SERIAL, UTC_COLUMNS, Columns, columns_of, impossible, is_log
from sync.formats.tables.sheets import Sheet, TableRead, TableRow, Units

KINDS = ("sport_type", "type", "sport")
"""The finer word before the coarser one; then what is called so in any language. The first that names a sport counts:
"Easy" beside "Running" is what kind of run it was."""
IDENTITIES = ("id", "activity_id", "run_id")
TYPE_KEY = re.compile(r"typeKey\W{1,5}(\w+)")
"""Garmin's answer about a kind, as scripts write it into a cell whole."""
PARTS = ("lap_index", "start_index", "segment")
"""Columns of a run's laps or stretches, each of which has a start, a distance and a time as well."""
RECORDED = re.compile(r"^[^\n]{1,200}\.(fit|tcx|gpx)(\.gz)?$", re.IGNORECASE)
"""A cell that names the recording beside the table."""
LEAST_OF_BOTH_FEET = 120.0
"""Nobody runs with fewer steps of both feet a minute: a lower figure counts one leg."""
NOON = 12
EPOCH = re.compile(r"1\d{9}(?:\d{3}|\.\d+)?")
"""An instant as a computer counts it: seconds from 1970 on, or milliseconds; 2001 to 2033."""
SERIAL_ZERO = datetime(1899, 12, 30)
PULSE_BPM = (25.0, 250.0)
"""No heart that runs beats slower or faster: another figure stands in that column."""
NUMBERS = re.compile(r"\s*(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{2,4})\b")
WEEKDAY = re.compile(r"^\s*[^\W\d_]{2,12}\.?,?\s+(?=\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2})")
NOTHING = re.compile(r"[\s0:.,–—-]*")
ENGLISH = re.compile(
    r"\b(?:time|duration|heart|pace|avg|average|notes?|type|workout|activity|miles?|mi)\b", re.IGNORECASE
)
SHORT_YEAR = re.compile(r"^(\s*\d{1,2}[\s./-]+(?:\d{1,2}|[^\W\d_]{3,})[\s./-]+)(\d{2})(?!\d)")
CLOCK = re.compile(r"\D{0,6}\d{1,2}[:.hH時时시点](\s?\d{2})?\D?([:.]?\d{2})?\D{0,8}")


def read_running_log(
    sheet: Sheet,
    name: str,
    zone: tzinfo,
    units: Units | None = None,
    runner_counts: Units = "km",
    usual_mps: float | None = None,
) -> TableRead | None:
    """``None`` when there is no date, no distance or no time. A row of no named sport is a run: it is a running log."""
    columns = None if sheet.places(*PARTS) else columns_of(sheet, units, runner_counts, usual_mps)
    if columns is None:
        return None if sheet.places(*PARTS) or not is_log(sheet) else _unreadable(sheet, name)
    if impossible(sheet, columns):
        return TableRead("running_log", (), (Problem(name, "table-impossible"),))
    usual = columns.mark == "," or not any(ENGLISH.search(name) for name in sheet.header)
    cells = [_undecorated(row[columns.date]) for row in sheet.rows if columns.date < len(row)]
    day_first = day_comes_first(cells, usual=usual)
    rows, problems = [], []
    days: Counter[datetime] = Counter()
    for line, row in enumerate(sheet.rows, start=2):
        if _no_activity(row, columns):
            continue
        recording = _recording(sheet, row, columns, zone, day_first=day_first)
        if recording is None:
            problems.append(Problem(f"{name}:{line}", "row-without-start"))
            continue
        if "time_of_day" in recording.extra:
            noon = recording.start_utc
            recording = replace(recording, start_utc=noon + timedelta(hours=days[noon]))
            days[noon] += 1
        file_name = next((cell for cell in row if RECORDED.search(cell)), None)
        rows.append(TableRow(recording, external_id=sheet.cell(row, *IDENTITIES), file_name=file_name))
    return TableRead(
        "running_log",
        tuple(rows),
        tuple(problems),
        {"metres_a_unit": columns.metres, "units_by": columns.told_by, "decimal_mark": columns.mark},
        ask_units=columns.ask_units,
        units_sure=columns.sure,
    )


def _unreadable(sheet: Sheet, name: str) -> TableRead:
    """A log by its header of which not one row can be read."""
    return TableRead(
        "running_log", (), tuple(Problem(f"{name}:{2 + row}", "row-without-start") for row in range(len(sheet.rows)))
    )


def _no_activity(row: Sequence[str], columns: Columns) -> bool:
    """Whether the row is a day of rest: neither distance nor time is filled in."""
    places = (columns.distance, columns.moving, columns.elapsed)
    return all(NOTHING.fullmatch(row[place]) for place in places if place is not None and place < len(row)) and (
        columns.date < len(row) and row[columns.date] != ""
    )


def _undecorated(cell: str) -> str:
    """An all-number date without the weekday before it."""
    return WEEKDAY.sub("", cell)


def day_comes_first(cells: Sequence[str], *, usual: bool = False) -> bool:
    """Of all-number dates: whether the day stands before the month, told by a number that no month has.

    Where none has, dots are European, and of two readings the one counts whose days lie closer together; where both do,
    what is ``usual`` there.
    """
    pairs = [(int(found[1]), int(found[2]), int(found[3])) for cell in cells if (found := NUMBERS.match(cell))]
    if any(second > 12 for _, second, _ in pairs):
        return False
    if any(first > 12 for first, _, _ in pairs) or any("." in cell for cell in cells if NUMBERS.match(cell)):
        return True
    by_month = [year * 372 + first * 31 + second for first, second, year in pairs]
    by_day = [year * 372 + second * 31 + first for first, second, year in pairs]
    if not pairs:
        return False
    days, months = max(by_day) - min(by_day), max(by_month) - min(by_month)
    return usual if days == months else days < months


def _recording(
    sheet: Sheet, row: Sequence[str], columns: Columns, zone: tzinfo, *, day_first: bool
) -> Recording | None:
    started = _start(row, columns, zone, day_first=day_first)
    moving_s, elapsed_s = columns.moving_time_s(row), columns.elapsed_time_s(row)
    if started is None or not (elapsed_s or moving_s):
        return None
    start_utc, timed = started
    kind, title = _kind(sheet, row, columns), columns.text(row, "title")
    if kind is not None and (key := TYPE_KEY.search(kind)) is not None:
        kind = key[1]
    if kind is not None and kind.isdecimal():
        # Each program counts sports its own way: the number is a word that nobody knows.
        kind = f"type_{kind}"
    sport, sub_sport = sport_of_type(kind)
    if sport is None:
        sport = _sport_in_words(kind) if kind else sport_in_words(title) or "running"
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        sport_inferred=kind is None,
        start_utc=start_utc,
        utc_offset_s=_offset_s(sheet, row, start_utc) if timed and columns.date_word == UTC_COLUMNS[0] else None,
        elapsed_s=elapsed_s or moving_s or 0.0,
        moving_s=moving_s,
        distance_m=columns.far_m(row),
        ascent_m=columns.number(row, "ascent"),
        mean_heart_rate_bpm=_pulse(columns.number(row, "heart_rate")),
        max_heart_rate_bpm=_pulse(columns.number(row, "max_heart_rate")),
        mean_cadence_spm=_both_feet(columns.number(row, "cadence"), sport),
        title=title,
        description=columns.text(row, "notes"),
        decoder="running_log",
        extra={} if timed else {"time_of_day": "unknown"},
    )


def _kind(sheet: Sheet, row: Sequence[str], columns: Columns) -> str | None:
    told = [word for word in (*(sheet.cell(row, one) for one in KINDS), columns.text(row, "kind")) if word]
    return next((word for word in told if sport_of_type(word)[0] is not None), next(iter(told), None))


def _sport_in_words(kind: str) -> str:
    """A log's own words are a runner's ("Tempo", "Long run"); what no word explains stays as it is written."""
    said = sport_in_words(kind)
    return kind if said is None or (said == "running" and heard_word(kind) == "other") else said


def _pulse(bpm: float | None) -> float | None:
    return bpm if bpm is not None and PULSE_BPM[0] <= bpm <= PULSE_BPM[1] else None


def _both_feet(cadence: float | None, sport: str | None) -> float | None:
    if cadence is None or cadence <= 0:
        return None
    return cadence * 2 if sport == "running" and cadence < LEAST_OF_BOTH_FEET else cadence


def _offset_s(sheet: Sheet, row: Sequence[str], start_utc: datetime) -> int | None:
    try:
        local = datetime.fromisoformat(sheet.cell(row, "start_date_local") or "").replace(tzinfo=None)
    except ValueError:
        return None
    offset_s = round((local - start_utc).total_seconds())
    return offset_s if abs(offset_s) <= 14 * 3600 and offset_s % 900 == 0 else None


def _start(row: Sequence[str], columns: Columns, zone: tzinfo, *, day_first: bool) -> tuple[datetime, bool] | None:
    """Naive UTC and whether the row told a time of day."""
    cell = _undecorated(row[columns.date]) if columns.date < len(row) else ""
    if EPOCH.fullmatch(cell):
        seconds = float(cell[:10]) if "." not in cell else float(cell)
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None), True
    if SERIAL.fullmatch(cell):
        whole, _, part = cell.partition(".")
        day = SERIAL_ZERO + timedelta(days=int(whole))
        if not part.strip("0"):
            return _on_day(day.replace(hour=NOON), row, columns, zone)
        return utc_of(day + timedelta(seconds=round(float(f"0.{part}") * 86_400)), zone), True
    cell = SHORT_YEAR.sub(r"\g<1>20\g<2>", cell)
    in_utc = columns.date_word in UTC_COLUMNS
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        stated = moment(cell, day_first=day_first)
        if stated is not None:
            # "Feb 22, 2016, 2:48:17 PM" below ActivityDate is how Strava's export writes UTC.
            return (stated if in_utc else utc_of(stated, zone)), True
        return _on_day(moment(f"{cell} {NOON}:00:00", day_first=day_first), row, columns, zone)
    if len(cell) <= len("2026-03-14"):
        return _on_day(found.replace(hour=NOON), row, columns, zone)
    if found.tzinfo is not None and "local" not in columns.date_word:
        return found.astimezone(UTC).replace(tzinfo=None), True
    if in_utc:
        return found, True
    # "start_date_local" is the wall clock, marked as UTC all the same.
    return utc_of(found.replace(tzinfo=None), zone), True


def _on_day(noon: datetime | None, row: Sequence[str], columns: Columns, zone: tzinfo) -> tuple[datetime, bool] | None:
    """That day at the time of the clock's column; at noon where there is none."""
    if noon is None:
        return None
    clock = row[columns.clock] if columns.clock is not None and columns.clock < len(row) else ""
    timed = moment(f"{noon.date().isoformat()} {clock}") if CLOCK.fullmatch(clock) else None
    return utc_of(timed or noon, zone), timed is not None
