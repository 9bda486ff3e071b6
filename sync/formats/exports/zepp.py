"""The sport table of a Zepp (Amazfit, Mi Fit) account's export, ``SPORT_*.csv``.

A row has a number for the sport, an instant in UTC, seconds and metres. Built from public readers of such exports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.exports.document import Document
from sync.formats.sport_words import Named, sport_of_type
from sync.formats.tables.cells import cell_number, decimal_mark
from sync.formats.tables.sheets import Sheet, TableRead, TableRow

TYPES: dict[str, Named] = {
    "1": ("running", None), "6": ("walking", None), "7": ("running", "trail"), "8": ("running", "treadmill"),
    "9": ("cycling", None), "10": ("cycling", "indoor_cycling"), "12": ("fitness_equipment", "elliptical"),
    "14": ("swimming", "lap_swimming"), "15": ("swimming", "open_water"), "16": ("training", None),
}  # fmt: skip
START, LASTED, FAR, TYPE = "startTime", ("sportTime(s)", "sportTime"), ("distance(m)", "distance"), "type"


def read(document: Document) -> TableRead | None:
    """``None`` when the header is another one."""
    sheet = document.sheet
    if sheet is None or not all(map(sheet.places, (TYPE, START))):
        return None
    if not sheet.places(*LASTED) or not sheet.places(*FAR):
        return None
    mark = decimal_mark([cell for row in sheet.rows if (cell := sheet.cell(row, *FAR))])
    rows, problems = [], []
    for line, row in enumerate(sheet.rows, start=2):
        recording = _recording(sheet, row, mark)
        if recording is None:
            problems.append(Problem(f"{document.name}:{line}", "row-without-start"))
        else:
            rows.append(TableRow(recording))
    return TableRead("zepp_csv", tuple(rows), tuple(problems))


def _recording(sheet: Sheet, row: Sequence[str], mark: str) -> Recording | None:
    elapsed_s, start_utc = cell_number(sheet.cell(row, *LASTED), mark), _instant(sheet.cell(row, START) or "")
    if not elapsed_s or start_utc is None:
        return None
    kind = sheet.cell(row, TYPE) or ""
    named = TYPES.get(kind) or (sport_of_type(kind) if not kind.isdigit() else (None, None))
    return Recording(
        sport=named[0] or (f"zepp_{kind}" if kind.isdigit() else kind),
        sub_sport=named[1],
        start_utc=start_utc,
        elapsed_s=elapsed_s,
        distance_m=cell_number(sheet.cell(row, *FAR), mark),
        decoder="zepp_csv",
    )


def _instant(cell: str) -> datetime | None:
    """Naive UTC from ISO, or from epoch seconds or milliseconds."""
    if re.fullmatch(r"\d{10}|\d{13}", cell):
        return datetime.fromtimestamp(int(cell) / (1000 if len(cell) > 10 else 1), UTC).replace(tzinfo=None)
    try:
        began = datetime.fromisoformat(cell)
        return began.astimezone(UTC).replace(tzinfo=None) if began.tzinfo else began
    except (ValueError, OverflowError):
        return None
