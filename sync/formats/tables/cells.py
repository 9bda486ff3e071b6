"""Numbers and times as people's tables write them: decimal commas, units beside the number, clocks and spelt times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Literal

from sync.formats.tables.header_words import unit_named

HOURS = (
    r"h|hrs?|hours?|heures?|horas?|ore|std|stunden?|t|timer?|timmar|u|uur|uren|tuntia?|godz(?:in[ay]?)?|hod(?:in[ay]?)?|"
    r"óra|sa|saat|ч|час\w*|год\w*|ώρ\w*|時間|小时|小時|시간"
)
MINUTES = r"m|mins?|minut\w*|'|′|’|м|мин\w*|хв\w*|dk|dakika|p|perc|λεπ\w*|分钟?|分鐘|분"
SECONDS = r"s|secs?|se[gc]ond\w*|sek\w*|\"|″|”|''|с|сек\w*|mp|másodperc|sn|saniye|δευτ\w*|秒|초"
SPELT = re.compile(
    rf"(?:(\d+)\s*(?:{HOURS})\.?)?\s*(?:(?:und|and|et|y|e|og|och|ja|i)\s+)?(?:(\d+)\s*(?:{MINUTES})\.?)?\s*"
    rf"(?:(\d+)(?:[.,]\d+)?\s*(?:{SECONDS})\.?)?"
)
"""With each unit named: "1h 50m 33s", "0 Std. 46 Min.", "46'06\\""."""
LAST_UNNAMED = re.compile(rf"(?:(\d+)\s*(?:{HOURS})\.?\s*(\d{{2}})|(\d+)\s*(?:{MINUTES})\.?\s*(\d{{2}})(?:[.,]\d+)?)")
"""The last unit follows from the one before: "0h46", "46'06"."""
A_UNIT = re.compile(r"(?<!\s)\s*(?:min\.?\s*)?/\s*(?:1\s*)?(?:kms?|mi|miles?|k)\.?$")
"""Beside a pace."""
ISO_LASTING = re.compile(r"pt(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)(?:[.,]\d+)?s)?")
DAYS = re.compile(r"^(\d+)\s*(?:d|days?|tage?|jours?|d[ií]as?)[ ,]+(?=\d+:)")
ZERO_DAY = re.compile(r"^(?:1899-12-3[01]|1900-01-0[01]|1970-01-01)[ t](?=\d)")
"""The zero of a spreadsheet's or a computer's clock: a time that was taken for an instant."""
HALF_DAY = re.compile(r"^(\d{1,2})(:\d{2}:\d{2})\s*([ap])\.?\s?m\.?$")
DOTTED = re.compile(r"\d{1,3}\.\d{2}\.\d{2}([.,]\d+)?")
"""A time with three groups; two, as in "46.07", may as well be a number."""
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})(?:[.,](\d+))?")
WITH_UNIT = re.compile(r"^([-+]?\d[\d\s.,'\u00a0\u202f]*?)[\s\u00a0\u202f]*([^\W\d_][^\d]*)$")


DecimalMark = Literal[",", "."]
BEYOND_MPS, ON_FOOT_MPS = 60.0, (0.3, 15.0)
"""Metres a second that nobody covers, by whatever means, and what somebody on foot does."""


def decimal_mark(cells: Sequence[str], otherwise: DecimalMark = ".") -> DecimalMark:
    """The decimal mark of a column, by vote: a mark with one or two digits behind it is one, with three it may group.

    Never decide this cell by cell: one column holds "2.932" steps beside "954". One that is silent has the file's
    (``otherwise``); of two that speak each has its own, as in Strava's tables of other languages.
    """
    bare = [_parted(cell)[0] for cell in cells]
    commas = sum(bool(re.fullmatch(r"-?\d+(\.\d{3})*,\d{1,2}", cell)) for cell in bare)
    dots = sum(bool(re.fullmatch(r"-?\d+(,\d{3})*\.\d{1,2}", cell)) for cell in bare)
    return otherwise if commas == dots else "," if commas > dots else "."


def metres_of(far: float, metres_a_unit: float, took_s: float | None) -> float:
    """Metres of a distance as written: in the table's unit, unless nobody could have covered that and the number is
    one of metres. A round of the track and a pool are written so, in tables of kilometres or miles."""
    slow, fast = ON_FOOT_MPS
    in_metres = took_s and far * metres_a_unit / took_s > BEYOND_MPS and slow <= far / took_s <= fast
    return far if in_metres else far * metres_a_unit


def cell_number(cell: str | None, mark: str = ".") -> float | None:
    """A number with the file's decimal mark, the unit beside it left out; ``None`` for blanks and dashes."""
    if cell is None or not re.search(r"\d", cell):
        return None
    grouping = "." if mark == "," else ","
    plain = re.sub(r"[\s\u00a0\u202f']", "", _parted(cell)[0]).replace(grouping, "").replace(mark, ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def cell_unit(cell: str | None) -> str | None:
    """The unit that stands beside the number of a cell ("8,02 km"), as `unit_named` has it."""
    return None if cell is None else _parted(cell)[1]


def _parted(cell: str) -> tuple[str, str | None]:
    found = WITH_UNIT.match(cell.strip())
    unit = unit_named(found[2].casefold()) if found is not None else None
    return (found[1], unit) if found is not None and unit is not None else (cell, None)


def cell_seconds(cell: str | None) -> float | None:
    """Seconds of "1:02:03", "0.46.07", "31:26.5", "00:01:39,6", "4:58", "1h 50m 33s", "0h46", "46'06\\"" or "PT46M6S";
    ``None`` for dashes."""
    text = A_UNIT.sub("", ZERO_DAY.sub("", (cell or "").strip().casefold()))
    days = DAYS.match(text)
    if days is not None:
        text = text[days.end() :]
    if (half := HALF_DAY.match(text)) is not None:
        # A spreadsheet that takes 46 minutes for a quarter to one at night.
        text = f"{int(half[1]) % 12 + (12 if half[3] == 'p' else 0)}{half[2]}"
    if DOTTED.fullmatch(text):
        text = text.replace(".", ":", 2)
    found = CLOCK.fullmatch(text)
    if found is None:
        return _spelt_s(text)
    hours, minutes, whole, part = found.groups()
    seconds = int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + (float(f"0.{part}") if part else 0.0)
    return seconds + (int(days[1]) * 86_400 if days is not None else 0)


def _spelt_s(text: str) -> float | None:
    if (last := LAST_UNNAMED.fullmatch(text)) is not None:
        hours, minutes, whole, seconds = (int(part or 0) for part in last.groups())
        return float(hours * 3600 + minutes * 60 if last[1] is not None else whole * 60 + seconds)
    spelt = ISO_LASTING.fullmatch(text) or SPELT.fullmatch(text)
    if spelt is None or not any(spelt.groups()):
        return None
    return float(sum(int(part or 0) * unit_s for part, unit_s in zip(spelt.groups(), (3600, 60, 1), strict=True)))


def utc_of(local: datetime, zone: tzinfo) -> datetime:
    """Naive UTC of a wall-clock time in the runner's zone; of a night's doubled hour the first."""
    return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
