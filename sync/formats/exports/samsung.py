"""Samsung Health's exercises, ``com.samsung.shealth.exercise.*.csv`` of "Download personal data".

The first line names the data type, the second the columns; durations are milliseconds, distances metres. Built from
public readers of such files (migrate-csv of a health server, import-samsung-health.mjs, a swim log). They differ on
whether the instants are UTC; an offset stands beside them, so this one takes them as UTC. That was seen on no real
file: where recordings stand beside the rows, those tell the truth.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.exports.document import Document
from sync.formats.sport_words import Named
from sync.formats.tables.cells import cell_number
from sync.formats.tables.sheets import Sheet, TableRead, TableRow

BEGINS = b"com.samsung.shealth.exercise,"
TYPES: dict[str, Named] = {
    "1001": ("walking", None), "1002": ("running", None), "9002": ("training", "yoga"), "11007": ("cycling", None),
    "13001": ("hiking", None), "14001": ("swimming", None), "15002": ("training", "strength_training"),
    "15003": ("cycling", "indoor_cycling"), "15005": ("running", "treadmill"),
}  # fmt: skip
"""Samsung's numbers of exercises."""
PREFIX = "com.samsung.health.exercise."
OFFSET = re.compile(r"UTC([+-])(\d{2}):?(\d{2})")


def without_type_line(data: bytes) -> bytes:
    """The table alone: the line above it has three cells and would be taken for the header."""
    bare = data.removeprefix(b"\xef\xbb\xbf")
    return bare.partition(b"\n")[2] if bare.startswith(BEGINS) else data


def read(document: Document) -> TableRead | None:
    """``None`` when the header is another one."""
    sheet = document.sheet
    if sheet is None or not all(sheet.places(PREFIX + name) for name in ("start_time", "exercise_type", "duration")):
        return None
    rows, problems = [], []
    for line, row in enumerate(sheet.rows, start=3):
        recording = _recording(sheet, row)
        if recording is None:
            problems.append(Problem(f"{document.name}:{line}", "row-without-start"))
        else:
            rows.append(TableRow(recording, external_id=sheet.cell(row, f"{PREFIX}datauuid", "datauuid")))
    return TableRead("samsung_csv", tuple(rows), tuple(problems))


def _recording(sheet: Sheet, row: Sequence[str]) -> Recording | None:
    def cell(name: str) -> str | None:
        return sheet.cell(row, PREFIX + name)

    def positive(name: str) -> float | None:
        found = cell_number(cell(name))
        return found if found is not None and found > 0 else None

    start_utc, end_utc = _instant(cell("start_time")), _instant(cell("end_time"))
    lasted_ms = positive("duration")
    timer_s = None if lasted_ms is None else lasted_ms / 1000
    elapsed_s = (end_utc - start_utc).total_seconds() if start_utc and end_utc and end_utc > start_utc else timer_s
    if start_utc is None or not elapsed_s:
        return None
    kind = cell("exercise_type") or ""
    sport, sub_sport = TYPES.get(kind, (f"samsung_{kind}", None))
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=start_utc,
        utc_offset_s=_offset_s(cell("time_offset")),
        elapsed_s=elapsed_s,
        timer_s=timer_s,
        distance_m=positive("distance"),
        ascent_m=positive("altitude_gain"),
        descent_m=positive("altitude_loss"),
        mean_heart_rate_bpm=positive("mean_heart_rate"),
        max_heart_rate_bpm=positive("max_heart_rate"),
        title=sheet.cell(row, "title"),
        description=cell("comment"),
        decoder="samsung_csv",
    )


def _instant(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text or "").replace(tzinfo=None)
    except ValueError:
        return None


def _offset_s(text: str | None) -> int | None:
    found = OFFSET.fullmatch(text or "")
    if found is None:
        return None
    seconds = int(found[2]) * 3600 + int(found[3]) * 60
    return -seconds if found[1] == "-" else seconds
