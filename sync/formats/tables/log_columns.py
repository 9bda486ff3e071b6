"""Which column of a running log says what, and in which unit: words of several languages, then what the speeds allow.

A name may carry its unit (``distance_km``, ``Distance (miles)``, ``duration_min``). Of a bare distance and a bare time
the reading counts that makes the log one of runs: 10 in "52:10" are kilometres in minutes, 10 in "0:52" are kilometres
in hours and minutes.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from sync.formats.tables.cells import DecimalMark, cell_number, cell_seconds, cell_unit, decimal_mark, metres_of
from sync.formats.tables.header_words import ColumnRole, Heading, heading, heading_by_first_words
from sync.formats.tables.sheets import FEET_M, METRES, Sheet, Units, header_word
from sync.formats.tables.unit_signs import Signs
from sync.formats.tables.which_unit import RUNNING_MPS, Effort, unit_of

UTC_COLUMNS = ("start_date", "activitydate", "activity_date", "starttimegmt")
"""Strava's and Garmin's names for the instant, kept by tools around them; beside the first stands the wall clock."""
FIRST_DATES = ("start_date", "start_date_local", "activitydate", "activity_date", "starttimegmt", "starttimelocal")
"""Before the words of any language."""
LENGTHS = {"m": 1.0, "km": 1000.0, "mi": METRES["mi"], "yd": 0.9144}
LASTING: dict[str, float] = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
NOBODY_MPS = 15.0
BARE_LENGTHS = {
    **dict.fromkeys(("km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"), METRES["km"]),
    **dict.fromkeys(("mi", "mile", "miles"), METRES["mi"]),
    **dict.fromkeys(("meter", "meters", "metre", "metres"), 1.0),
}
ELAPSED = re.compile(r"elapsed|verstrich|écoulé|transcurr|trascors|decorrid|verstreken|forløb|förflut", re.IGNORECASE)
A_DAY = re.compile(r"\d{4}|[\d元]年|\d[./-]\d{1,2}[./-]\d|\d[\s./-]+[^\W\d_]{3,}")
SERIAL = re.compile(r"[2-5]\d{4}(?:\.\d+)?")
"""A spreadsheet's day as it counts them, saved without its form: 1954 to 2064."""
BARE_TIMES = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
"""A unit alone is a header, too."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand, and what a number there means; ``metres`` and the factors turn cells into metres and seconds.

    ``told_by`` says how the distance got its unit: ``override``, ``name``, ``speed``, ``record`` or ``runner``.
    ``ask_units`` is the usual pace, in seconds a unit, that makes it doubtful.
    """

    date: int
    date_word: str
    clock: int | None
    distance: int
    moving: int | None
    elapsed: int | None
    mark: DecimalMark
    metres: float = 1.0
    told_by: str = "name"
    moving_s: float = 1.0
    elapsed_s: float = 1.0
    hours_and_minutes: bool = False
    """Whether "0:52" means 52 minutes."""
    by_pace: bool = False
    """Whether the time is only told as the time of a kilometre or a mile."""
    ask_units: float | None = None
    sure: float = 1.0
    """How likely the unit of the distances is right."""
    at: Mapping[ColumnRole, tuple[int, Heading]] = field(default_factory=dict)
    """The first column of every other role."""
    marks: Mapping[int, DecimalMark] = field(default_factory=dict)
    """The decimal mark of each column but that of the distances, whose mark is ``mark``."""

    def text(self, row: Sequence[str], role: ColumnRole) -> str | None:
        return _cell(row, self.at[role][0]) if role in self.at else None

    def number(self, row: Sequence[str], role: ColumnRole) -> float | None:
        """A number of the role's column; feet as metres."""
        cell = self.text(row, role)
        value = cell_number(cell, self._mark(self.at[role][0])) if role in self.at else None
        return value * FEET_M if value is not None and "ft" in (self.at[role][1].unit, cell_unit(cell)) else value

    def far_m(self, row: Sequence[str]) -> float | None:
        cell = _cell(row, self.distance)
        far = cell_number(cell, self.mark)
        if far is None or far < 0:
            return None
        if (beside := LENGTHS.get(cell_unit(cell) or "")) is not None:
            # What stands beside the number itself is nearer than what stands above the column.
            return far * beside
        took_s = None if self.by_pace else self.moving_time_s(row) or self.elapsed_time_s(row)
        return metres_of(far, self.metres, took_s)

    def moving_time_s(self, row: Sequence[str]) -> float | None:
        return self._took_s(row, self.moving, self.moving_s)

    def elapsed_time_s(self, row: Sequence[str]) -> float | None:
        if self.by_pace:
            pace_s, far = cell_seconds(_cell(row, self.elapsed)), cell_number(_cell(row, self.distance), self.mark)
            return None if pace_s is None or far is None else pace_s * far
        return self._took_s(row, self.elapsed, self.elapsed_s)

    def _mark(self, place: int | None) -> DecimalMark:
        return self.mark if place is None else self.marks.get(place, self.mark)

    def _took_s(self, row: Sequence[str], place: int | None, unit_s: float) -> float | None:
        cell = _cell(row, place)
        took = cell_seconds(cell)
        if took is None:
            plain = cell_number(cell, self._mark(place))
            return None if plain is None else plain * unit_s
        return took * 60 if self.hours_and_minutes and cell is not None and cell.count(":") == 1 else took


def columns_of(
    sheet: Sheet, units: Units | None, runner_counts: Units = "km", usual_mps: float | None = None
) -> Columns | None:
    """``None`` when there is no date, no distance or no time. Where miles and kilometres fit, `unit_of` decides."""
    date, distance = next(_dates(sheet), None), next(_measured(sheet, "distance", LENGTHS, BARE_LENGTHS), None)
    moving, elapsed = next(_measured(sheet, "moving", LASTING, {}), (None, None)), next(_lasting(sheet), (None, None))
    pace = _paced(sheet) if moving[0] is elapsed[0] is None else None
    if date is None or distance is None or moving[0] is elapsed[0] is pace is None:
        return None
    if pace is not None:
        elapsed = (pace, 1.0)
    taken = {date[0], distance[0], moving[0], elapsed[0]}
    bare = Columns(
        date=date[0],
        date_word=date[1],
        clock=next((place for place in _clocks(sheet) if place not in taken), None),
        distance=distance[0],
        moving=moving[0],
        elapsed=elapsed[0],
        by_pace=pace is not None,
        mark=(mark := decimal_mark(_column(sheet, distance[0]))),
        at=(others := _others(sheet, taken)),
        marks={
            place: decimal_mark(_column(sheet, place), mark)
            for place in (moving[0], elapsed[0], *(place for place, _ in others.values()))
            if place is not None
        },
    )
    named = distance[1] or _unit_in_cells(sheet, distance[0])
    told, told_by = (METRES[units], "override") if units else (named, "name" if named else "speed")
    found = _fitting(sheet, replace(bare, told_by=told_by), told, moving[1], elapsed[1])
    best = found[0]
    miles = next((one for one in found if one.metres == METRES["mi"]), None)
    if miles is None or best.metres != METRES["km"]:
        return best
    decided = unit_of(_efforts(sheet, best), runner_counts, Signs(tuple(sheet.header), usual_mps))
    told_by = "speed" if decided.by == "pace" else decided.by
    return replace(
        miles if decided.units == "mi" else best, told_by=told_by, ask_units=decided.asked_s, sure=decided.probability
    )


def _unit_in_cells(sheet: Sheet, place: int) -> float | None:
    """Metres of the unit that most cells of a column name beside their number."""
    told = Counter(LENGTHS.get(cell_unit(_cell(row, place)) or "") for row in sheet.rows if _cell(row, place))
    return told.most_common(1)[0][0] if told else None


def _places(sheet: Sheet, *roles: ColumnRole) -> Iterator[tuple[int, Heading]]:
    """The columns of each role, role by role."""
    named = list(enumerate(headings(sheet)))
    return ((place, found) for role in roles for place, found in named if found.role == role)


def headings(sheet: Sheet) -> list[Heading]:
    """What each column says: by its whole words, and by their first ones what no column says wholly."""
    found = [heading(name) for name in sheet.header]
    roles = {one.role for one in found}
    roles |= {"elapsed", "moving"} if roles & {"elapsed", "moving"} or sheet.places("time") else set()
    loose = [one if one.role else heading_by_first_words(name) for one, name in zip(found, sheet.header, strict=True)]
    return [strict if one.role in roles else one for strict, one in zip(found, loose, strict=True)]


def impossible(sheet: Sheet, columns: Columns) -> bool:
    """Whether the middle row is faster than any runner or rider: the columns mean something else."""
    return _usual_mps(sheet, columns) > NOBODY_MPS


def is_log(sheet: Sheet) -> bool:
    """Whether the header alone says that this is a list of activities: a day, a distance and a time."""
    roles = {one.role for one in headings(sheet)}
    lasting = roles & {"elapsed", "moving"} or sheet.places("time")
    return "date" in roles and "distance" in roles and bool(lasting)


def _dates(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """The columns called like a date whose cells could be one; a wall clock alone is none."""
    first = [place for word in FIRST_DATES for place in sheet.places(word)]
    for place in (*first, *(place for place, _ in _places(sheet, "date", "clock"))):
        if any(A_DAY.search(row[place]) for row in sheet.rows if place < len(row)):
            yield place, header_word(sheet.header[place])


def _clocks(sheet: Sheet) -> Iterator[int]:
    """The columns that a time of day may stand in: what is called so, and a start beside a date."""
    return (place for place, _ in _places(sheet, "clock", "date"))


def _measured(
    sheet: Sheet, role: ColumnRole, units: Mapping[str, float], bare: Mapping[str, float]
) -> Iterator[tuple[int, float | None]]:
    """The role's columns with what one of their unit is, ``None`` where they do not say; those that say stand first."""
    found = [(place, units.get(one.unit or "")) for place, one in _places(sheet, role)]
    found = [(place, unit or bare.get(header_word(sheet.header[place]))) for place, unit in found]
    return iter(sorted(found, key=lambda one: one[1] is None))


def _lasting(sheet: Sheet) -> Iterator[tuple[int, float | None]]:
    """The columns of a run's whole time; "time" alone is one where no other column is."""
    found = sorted(_measured(sheet, "elapsed", LASTING, {}), key=lambda one: not ELAPSED.search(sheet.header[one[0]]))
    yield from found
    yield from ((place, unit) for word, unit in BARE_TIMES.items() for place in sheet.places(word))
    for place in sheet.places("time"):
        cells = [row[place] for row in sheet.rows if place < len(row)]
        if any(cell_seconds(cell) is not None or cell_number(cell, ".") is not None for cell in cells):
            yield place, None


def _paced(sheet: Sheet) -> int | None:
    """The column of paces as m:ss, of the mean one rather than the best."""
    for place, _ in sorted(_places(sheet, "pace"), key=lambda one: "best" in sheet.header[one[0]].casefold()):
        cells = [_cell(row, place) for row in sheet.rows]
        if any(cell_seconds(cell) for cell in cells) and not any(cell_number(cell, ".") for cell in cells):
            return place
    return None


def _others(sheet: Sheet, taken: set[int | None]) -> dict[ColumnRole, tuple[int, Heading]]:
    found: dict[ColumnRole, tuple[int, Heading]] = {}
    for place, one in enumerate(headings(sheet)):
        if one.role is not None and place not in taken and any(_cell(row, place) for row in sheet.rows):
            found.setdefault(one.role, (place, one))
    return found


def _fitting(
    sheet: Sheet, bare: Columns, metres: float | None, moving_s: float | None, elapsed_s: float | None
) -> list[Columns]:
    """The readings of the bare names under which the middle row moves like a runner; else kilometres, as read."""
    lengths = [1.0, *METRES.values()] if metres is None else [metres]
    readings = [
        replace(bare, metres=far, moving_s=moving_s or took, elapsed_s=elapsed_s or took, hours_and_minutes=took == 60)
        for took, far in product(_times_of(sheet, bare), lengths)
    ]
    slow, fast = RUNNING_MPS
    fit = [one for one in readings if slow <= _usual_mps(sheet, one) <= fast]
    return fit or [next(one for one in readings if one.metres in (metres, METRES["km"]))]


def _times_of(sheet: Sheet, bare: Columns) -> list[float]:
    """What one of a bare time may be: seconds, minutes where no row is above ten hours, hours below a day; days alone
    where a spreadsheet's days stand beside it as it counts them."""
    place = bare.elapsed if bare.elapsed is not None else bare.moving
    cells = [_cell(row, place) for row in sheet.rows]
    mark = bare.marks.get(place or 0, bare.mark)
    plain = [value for cell in cells if cell_seconds(cell) is None and (value := cell_number(cell, mark)) is not None]
    most = max(plain, default=0.0)
    if 0 < most < 1 and any(SERIAL.fullmatch(cell) for cell in _column(sheet, bare.date)):
        return [86_400.0]
    return [1.0, *([60.0] if most <= 600 else []), *([3600.0] if 0 < most < 24 else [])]


def _usual_mps(sheet: Sheet, columns: Columns) -> float:
    speeds = [far_m / took_s for far_m, took_s in _ran(sheet, columns)]
    return statistics.median(speeds) if speeds else 0.0


def _efforts(sheet: Sheet, columns: Columns) -> Iterator[Effort]:
    """The rows as `unit_of` weighs them: distances as written."""
    for row in sheet.rows:
        took_s = columns.moving_time_s(row) or columns.elapsed_time_s(row)
        if (far_m := columns.far_m(row)) and took_s:
            yield Effort(far_m / columns.metres, took_s, None, columns.number(row, "cadence"))


def _ran(sheet: Sheet, columns: Columns) -> Iterator[tuple[float, float]]:
    """Metres and seconds of each row that has both."""
    for row in sheet.rows:
        took_s = columns.moving_time_s(row) or columns.elapsed_time_s(row)
        if (far_m := columns.far_m(row)) and took_s:
            yield far_m, took_s


def _column(sheet: Sheet, place: int) -> list[str]:
    return [cell for row in sheet.rows if (cell := _cell(row, place)) is not None]


def _cell(row: Sequence[str], place: int | None) -> str | None:
    return row[place] or None if place is not None and place < len(row) else None
