"""Which column of a running log says what, and in which unit: words of several languages, then what the speeds allow.

A name may carry its unit (``distance_km``, ``Distance (miles)``, ``duration_min``). Of a bare distance and a bare time
the reading counts that makes the log one of runs: 10 in "52:10" are kilometres in minutes, 10 in "0:52" are kilometres
in hours and minutes.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from sync.formats.tables.sheets import METRES, Sheet, Units, cell_number, cell_seconds, decimal_mark
from sync.formats.tables.which_unit import RUNNING_MPS, Effort, unit_of

UTC_COLUMNS = ("start_date", "activitydate", "activity_date")
"""Strava's names for the instant, kept by the tools around it; beside the first stands the wall clock."""
DATES = (
    "start_date", "start_date_local", "activitydate", "activity_date", "start_time", "start", "datetime", "date_time",
    "date", "day", "datum", "tag", "fecha", "data", "dato", "dag",
)  # fmt: skip
CLOCKS = ("start_time", "starttime", "time_of_day", "start", "startzeit", "uhrzeit", "hora", "heure", "ora", "time")
_FAR = ("distance", "dist", "distanz", "strecke", "distancia", "distanza", "afstand", "distans", "dystans")
_LENGTHS = {
    1.0: ("m", "meter", "meters", "metre", "metres"),
    1000.0: ("km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"),
    METRES["mi"]: ("mi", "mile", "miles"),
}
DISTANCES: dict[str, float | None] = {
    **{f"{stem}_{unit}": metres for stem in _FAR for metres, words in _LENGTHS.items() for unit in words},
    **{unit: metres for metres, words in _LENGTHS.items() for unit in words if len(unit) > 1},
    **dict.fromkeys(_FAR),
}
"""Name -> metres in one of its units, None where the name does not say; what says more stands first."""
MOVING_STEMS = ("moving_time", "movingtime", "moving", "mov")
ELAPSED_STEMS = (
    "elapsed_time", "elapsedtime", "elapsed", "duration", "dur", "finish_time", "run_time", "zeit", "dauer", "laufzeit",
    "temps", "durée", "tiempo", "duración", "durata", "duração", "tid", "tijd", "czas", "time",
)  # fmt: skip
_TIMES = {
    1.0: ("s", "sec", "secs", "seconds", "sekunden"),
    60.0: ("min", "mins", "minutes", "minuten"),
    3600.0: ("h", "hr", "hrs", "hours", "stunden"),
    None: ("mmss", "hhmmss", "hms", "mm_ss", "hh_mm_ss", "h_mm_ss"),
}


def _timed(stems: Sequence[str]) -> dict[str, float | None]:
    named = {f"{stem}_{unit}": s for stem in stems for s, words in _TIMES.items() for unit in words}
    return {**named, **dict.fromkeys(stems)}


MOVING, ELAPSED = (
    _timed(MOVING_STEMS),
    {**_timed(ELAPSED_STEMS), "seconds": 1.0, "minutes": 60.0, "hours": 3600.0},
)
"""Name -> seconds in one of its units, None where the name does not say."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand, and what a number there means; ``metres`` and the factors turn cells into metres and seconds.

    ``told_by`` says how the unit of the distance was told: ``override``, ``name``, ``speed``, ``record`` or ``runner``.
    ``ask_units`` is the usual pace, in seconds a unit, that makes it doubtful.
    """

    date: int
    date_word: str
    clock: int | None
    distance: int
    moving: int | None
    elapsed: int | None
    mark: str
    metres: float = 1.0
    told_by: str = "name"
    moving_s: float = 1.0
    elapsed_s: float = 1.0
    hours_and_minutes: bool = False
    """Whether "0:52" means 52 minutes."""
    ask_units: float | None = None

    def far_m(self, row: Sequence[str]) -> float | None:
        far = cell_number(_cell(row, self.distance), self.mark)
        return None if far is None else far * self.metres

    def moving_time_s(self, row: Sequence[str]) -> float | None:
        return self._took_s(_cell(row, self.moving), self.moving_s)

    def elapsed_time_s(self, row: Sequence[str]) -> float | None:
        return self._took_s(_cell(row, self.elapsed), self.elapsed_s)

    def _took_s(self, cell: str | None, unit_s: float) -> float | None:
        took = cell_seconds(cell)
        if took is None:
            plain = cell_number(cell, self.mark)
            return None if plain is None else plain * unit_s
        return took * 60 if self.hours_and_minutes and cell is not None and cell.count(":") == 1 else took


def columns_of(sheet: Sheet, units: Units | None, runner_counts: Units = "km") -> Columns | None:
    """``None`` when there is no date, no distance or no time. Where miles and kilometres fit, `unit_of` decides."""
    date, distance = next(_dates(sheet), None), next(_named(sheet, DISTANCES), None)
    moving, elapsed = next(_named(sheet, MOVING), (None, None)), next(_named(sheet, ELAPSED), (None, None))
    if date is None or distance is None or moving[0] is elapsed[0] is None:
        return None
    taken = {date[0], moving[0], elapsed[0]}
    bare = Columns(
        date=date[0],
        date_word=date[1],
        clock=next((place for word in CLOCKS for place in sheet.places(word) if place not in taken), None),
        distance=distance[0],
        moving=moving[0],
        elapsed=elapsed[0],
        mark=decimal_mark([cell for row in sheet.rows if (cell := _cell(row, distance[0])) is not None]),
    )
    told, told_by = (METRES[units], "override") if units else (distance[1], "name" if distance[1] else "speed")
    found = _fitting(sheet, replace(bare, told_by=told_by), told, moving[1], elapsed[1])
    best = found[0]
    miles = next((one for one in found if one.metres == METRES["mi"]), None)
    if miles is None or best.metres != METRES["km"]:
        return best
    decided = unit_of((Effort(far_m / METRES["km"], took_s) for far_m, took_s in _ran(sheet, best)), runner_counts)
    told_by = "speed" if decided.by == "pace" else decided.by
    return replace(miles if decided.units == "mi" else best, told_by=told_by, ask_units=decided.asked_s)


def _dates(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """The columns called like a date whose cells could be one; a wall clock alone is none."""
    for word in DATES:
        for place in sheet.places(word):
            if any(re.search(r"\d{4}|\d[./-]\d{1,2}[./-]\d", row[place]) for row in sheet.rows if place < len(row)):
                yield place, word


def _named(sheet: Sheet, words: dict[str, float | None]) -> Iterator[tuple[int, float | None]]:
    return ((place, unit) for word, unit in words.items() for place in sheet.places(word))


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
    """What one of a bare time may be: seconds, minutes where no row is above ten hours, hours below a day."""
    place = bare.elapsed if bare.elapsed is not None else bare.moving
    cells = [_cell(row, place) for row in sheet.rows]
    plain = [
        value for cell in cells if cell_seconds(cell) is None and (value := cell_number(cell, bare.mark)) is not None
    ]
    most = max(plain, default=0.0)
    return [1.0, *([60.0] if most <= 600 else []), *([3600.0] if 0 < most < 24 else [])]


def _usual_mps(sheet: Sheet, columns: Columns) -> float:
    speeds = [far_m / took_s for far_m, took_s in _ran(sheet, columns)]
    return statistics.median(speeds) if speeds else 0.0


def _ran(sheet: Sheet, columns: Columns) -> Iterator[tuple[float, float]]:
    """Metres and seconds of each row that has both."""
    for row in sheet.rows:
        took_s = columns.moving_time_s(row) or columns.elapsed_time_s(row)
        if (far_m := columns.far_m(row)) and took_s:
            yield far_m, took_s


def _cell(row: Sequence[str], place: int | None) -> str | None:
    return row[place] or None if place is not None and place < len(row) else None
