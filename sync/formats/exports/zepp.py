"""The sport table of a Zepp (Amazfit, Mi Fit) account's export, ``SPORT_*.csv``.

A row has a number for the sport, an instant in UTC, seconds and metres. Built from public readers of such exports.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.exports.document import Document
from sync.formats.sport_words import Named
from sync.formats.tables.cells import cell_number
from sync.formats.tables.sheets import Sheet, TableRead, TableRow

TYPES: dict[str, Named] = {
    "1": ("running", None), "6": ("walking", None), "7": ("running", "trail"), "8": ("running", "treadmill"),
    "9": ("cycling", None), "10": ("cycling", "indoor_cycling"), "12": ("fitness_equipment", "elliptical"),
    "14": ("swimming", "lap_swimming"), "15": ("swimming", "open_water"), "16": ("training", None),
}  # fmt: skip
MARKS = ("type", "startTime", "sportTime(s)", "distance(m)")


def read(document: Document) -> TableRead | None:
    """``None`` when the header is another one."""
    sheet = document.sheet
    if sheet is None or not all(sheet.places(name) for name in MARKS):
        return None
    rows, problems = [], []
    for line, row in enumerate(sheet.rows, start=2):
        recording = _recording(sheet, row)
        if recording is None:
            problems.append(Problem(f"{document.name}:{line}", "row-without-start"))
        else:
            rows.append(TableRow(recording))
    return TableRead("zepp_csv", tuple(rows), tuple(problems))


def _recording(sheet: Sheet, row: Sequence[str]) -> Recording | None:
    elapsed_s = cell_number(sheet.cell(row, "sportTime(s)"))
    try:
        began = datetime.fromisoformat(sheet.cell(row, "startTime") or "")
    except ValueError:
        return None
    if not elapsed_s:
        return None
    kind = sheet.cell(row, "type") or ""
    sport, sub_sport = TYPES.get(kind, (f"zepp_{kind}", None))
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=began.astimezone(UTC).replace(tzinfo=None) if began.tzinfo else began,
        elapsed_s=elapsed_s,
        distance_m=cell_number(sheet.cell(row, "distance(m)")),
        decoder="zepp_csv",
    )
