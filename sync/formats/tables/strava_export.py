"""Strava's ``activities.csv``, from a bulk export or alone.

Headers repeat (the first ``Distance`` is kilometres, the second metres; either ``Max Heart Rate`` may be the filled
one) and may be in the account's language, so columns without an English name are taken by their place. Older exports
have ten columns, the oldest of them in small letters and metres. Dates are UTC. Kilometres may have a decimal comma
where the metres beside them have a point. ``Weather Observation Time`` is a rounded epoch and never a start.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.sport_heard import is_running
from sync.formats.sport_words import sport_of_type
from sync.formats.tables.cells import cell_number, decimal_mark
from sync.formats.tables.dates import moment
from sync.formats.tables.header_words import ColumnRole, heading
from sync.formats.tables.sheets import Sheet, TableRead, TableRow, header_word

ID, DATE, NAME, TYPE, DESCRIPTION, ELAPSED, KILOMETRES = range(7)
FILES = (12, 9)
"""Where the recording's name stands, today and in exports of ten columns; the gear stands before it."""
OLDEST = ("id", "date", "name", "type", "description", "elapsed_time", "distance", "commute", "gear", "filename")
FASTEST_MPS = 60.0
RECORDED = re.compile(r"activities/\S+\.(fit|tcx|gpx)(\.gz)?$", re.IGNORECASE)

PLACES: dict[str, tuple[int, ...]] = {
    "Elapsed Time": (15,), "Moving Time": (16,), "Elevation Gain": (20,), "Elevation Loss": (21,),
    "Average Cadence": (29,), "Max Heart Rate": (30, 7), "Average Heart Rate": (31,), "Perceived Exertion": (43,),
}  # fmt: skip
"""Where the English export of today has them; every language has the same order."""
SECOND_DISTANCE = 17
FIRST_ROLES: dict[int, ColumnRole] = {
    1: "date", 2: "title", 3: "kind", 5: "elapsed", 6: "distance", 7: "max_heart_rate", 12: "file",
}  # fmt: skip
ENOUGH_AGREE = 4
"""So many of those words must be known, and none may say anything else."""
NEAR_SHARE = 0.02


def read_strava_csv(sheet: Sheet, name: str) -> TableRead | None:
    """``None`` when this is not Strava's table."""
    if not _is_strava(sheet):
        return None
    columns = _Columns(_file_place(sheet), _metres_a_unit(sheet), _mark(sheet), _by_place(sheet))
    day_first = _day_first([row[DATE] for row in sheet.rows if len(row) > DATE])
    rows, problems = [], []
    for line, row in enumerate(sheet.rows, start=2):
        recording = _recording(sheet, row, columns, day_first=day_first)
        if recording is None:
            problems.append(Problem(f"{name}:{line}", "row-without-start"))
            continue
        rows.append(TableRow(recording, external_id=row[ID] or None, file_name=_place(row, columns.file)))
    return TableRead("strava_csv", tuple(rows), tuple(problems))


def _is_strava(sheet: Sheet) -> bool:
    if sheet.header[0] == "Activity ID" and "Activity Date" in sheet.header:
        return True
    if tuple(header_word(name) for name in sheet.header[: len(OLDEST)]) == OLDEST:
        return True
    # Another language: a number, a date, a name, and the file in the archive.
    if any(_names_a_file(row, place) for row in sheet.rows for place in FILES):
        return True
    wide = max(map(len, sheet.rows), default=0) > SECOND_DISTANCE
    return wide and _says_strava(sheet.header) and sum(row[ID].isdigit() for row in sheet.rows) * 2 > len(sheet.rows)


def _says_strava(header: Sequence[str]) -> bool:
    """Whether the words at the first places say what Strava has there, for a table that names no files."""
    said = {place: heading(header[place]).role if place < len(header) else None for place in FIRST_ROLES}
    agree = sum(said[place] == role for place, role in FIRST_ROLES.items())
    return agree >= ENOUGH_AGREE and all(said[place] in (role, None) for place, role in FIRST_ROLES.items())


def _names_a_file(row: Sequence[str], place: int) -> bool:
    return len(row) > place and row[ID].isdigit() and RECORDED.search(row[place]) is not None


@dataclass(frozen=True, slots=True)
class _Columns:
    """What differs between exports: the place of the file's name, the unit of the first distance and its mark."""

    file: int
    metres: float
    mark: str
    by_place: bool = False
    """Whether the rows have the places of the English export without its names."""


def _file_place(sheet: Sheet) -> int:
    named = next(iter(sheet.places("Filename")), None)
    if named is not None:
        return named
    return next((place for place in FILES for row in sheet.rows if _names_a_file(row, place)), FILES[0])


def _by_place(sheet: Sheet) -> bool:
    """Whether an export in another language has today's places: its second distance is the first in metres."""
    if sheet.places("Average Heart Rate", "Moving Time", "Elevation Gain"):
        return False
    mark = _mark(sheet)
    pairs = [
        (far * 1000, metres)
        for row in sheet.rows
        if len(row) > SECOND_DISTANCE
        and (far := cell_number(_place(row, KILOMETRES), mark))
        and (metres := cell_number(_place(row, SECOND_DISTANCE)))
    ]
    near = sum(abs(far - metres) <= max(NEAR_SHARE * metres, 20.0) for far, metres in pairs)
    return bool(pairs) and near * 2 > len(pairs)


def _mark(sheet: Sheet) -> str:
    return decimal_mark([row[KILOMETRES] for row in sheet.rows if len(row) > KILOMETRES])


def _metres_a_unit(sheet: Sheet) -> float:
    """Kilometres, unless everybody would have flown."""
    mark = _mark(sheet)
    speeds = [
        far * 1000 / took
        for row in sheet.rows
        if (far := cell_number(_place(row, KILOMETRES), mark)) and (took := cell_number(_place(row, ELAPSED)))
    ]
    return 1.0 if speeds and statistics.median(speeds) > FASTEST_MPS else 1000.0


def _place(row: Sequence[str], place: int) -> str | None:
    return row[place] or None if place < len(row) else None


@dataclass(frozen=True, slots=True)
class _Cells:
    sheet: Sheet
    row: Sequence[str]
    columns: _Columns

    def number(self, *names: str) -> float | None:
        """By its English name; in an export of another language by the place of that name in the English one."""
        found = cell_number(self.sheet.cell(self.row, *names))
        if found is not None or not self.columns.by_place:
            return found
        places = (place for name in names for place in PLACES.get(name, ()))
        return next((value for place in places if (value := cell_number(_place(self.row, place))) is not None), None)

    def metres(self) -> float | None:
        """The second Distance, in metres, else the first, in kilometres."""
        places = self.sheet.places("Distance")
        second = SECOND_DISTANCE if self.columns.by_place else places[1] if len(places) > 1 else None
        in_metres = None if second is None else cell_number(_place(self.row, second))
        far = cell_number(_place(self.row, KILOMETRES), self.columns.mark)
        return far * self.columns.metres if in_metres is None and far is not None else in_metres

    def flag(self, *names: str) -> bool:
        return (self.sheet.cell(self.row, *names) or "").casefold() in ("1", "1.0", "true", "yes")


def _recording(sheet: Sheet, row: Sequence[str], columns: _Columns, *, day_first: bool) -> Recording | None:
    cells = _Cells(sheet, row, columns)
    start_utc = moment(_place(row, DATE) or "", day_first=day_first)
    elapsed_s = cells.number("Elapsed Time") or cell_number(_place(row, ELAPSED))
    if start_utc is None or elapsed_s is None:
        return None
    sport, sub_sport = _sport(_place(row, TYPE), sheet.cell(row, "Sport Type", "Type"))
    cadence = cells.number("Average Cadence")
    on_foot = is_running(sport) or sport in ("walking", "hiking")
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=start_utc,
        elapsed_s=elapsed_s,
        moving_s=cells.number("Moving Time"),
        distance_m=cells.metres(),
        ascent_m=cells.number("Elevation Gain"),
        descent_m=cells.number("Elevation Loss"),
        mean_heart_rate_bpm=cells.number("Average Heart Rate"),
        max_heart_rate_bpm=cells.number("Max Heart Rate"),
        # Strava counts one leg.
        mean_cadence_spm=cadence * 2 if cadence is not None and on_foot else cadence,
        title=_place(row, NAME),
        description=_place(row, DESCRIPTION),
        gear=_place(row, columns.file - 1) or _name(sheet.cell(row, "Gear")),
        rpe=cells.number("Perceived Exertion"),
        workout_type=_workout_type(cells),
        dirt_distance_m=cells.number("Dirt Distance"),
        decoder="strava_csv",
        extra=_extra(cells),
    )


def _name(cell: str | None) -> str | None:
    # The last Gear column holds a number in some exports.
    return None if cell is None or cell_number(cell) is not None else cell


def _sport(kind: str | None, finer: str | None) -> tuple[str | None, str | None]:
    for name in (finer, kind):
        named = sport_of_type(name)
        if named[0] is not None:
            return named
    return finer or kind, None


def _workout_type(cells: _Cells) -> Literal["race", "long", "workout"] | None:
    """A human's mark; empty and 0 mean that nobody set one, never "easy"."""
    if cells.flag("Competition"):
        return "race"
    if cells.flag("Long Run"):
        return "long"
    types: dict[float, Literal["race", "long", "workout"]] = {1: "race", 2: "long", 3: "workout"}
    return types.get(cells.number("Workout Type") or 0)


def _extra(cells: _Cells) -> dict[str, Any]:
    wanted = {
        "grade_adjusted_distance_m": cells.number("Grade Adjusted Distance"),
        "relative_effort": cells.number("Relative Effort"),
        "calories": cells.number("Calories"),
        "from_upload": cells.number("From Upload"),
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _day_first(dates: Sequence[str]) -> bool:
    """Of all-number dates: whether the day comes first, told by a number that no month has."""
    pairs = [re.match(r"\s*(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?\d{4}", date) for date in dates]
    if any(pair and int(pair[2]) > 12 for pair in pairs):
        return False
    return any("." in date[:6] for date in dates) or any(pair and int(pair[1]) > 12 for pair in pairs)
