"""Garmin Connect's ``Activities.csv``, as the activity list's export button gives it.

It names neither an id nor a zone nor a unit, and its headers are in the account's language. The first columns keep
their places in every language; the rest is found by stems of the words. The decimal mark has nothing to do with the
header's language: it is told per file. Units are told by stride and steps, else by what nobody runs, how the runner
counts and the usual pace, or given by the runner.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.sport_heard import is_running
from sync.formats.sport_words import sport_of_type
from sync.formats.tables.cells import cell_number, cell_seconds, decimal_mark, metres_of, utc_of
from sync.formats.tables.header_words import ColumnRole, heading
from sync.formats.tables.sheets import FEET_M, METRES, Sheet, TableRead, TableRow, Units
from sync.formats.tables.unit_signs import Signs
from sync.formats.tables.which_unit import Effort, Told, unit_of

TYPE, DATE, TITLE, DISTANCE, TIME, MEAN_HR, MAX_HR = 0, 1, 3, 4, 6, 7, 8
LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?$")
FIXED: dict[int, tuple[ColumnRole | None, ...]] = {
    TYPE: ("kind", "title", None), DATE: ("date", "clock", None), TITLE: ("title", "kind", "notes", None),
    DISTANCE: ("distance", None), TIME: ("elapsed", "moving", "clock", None), MEAN_HR: ("heart_rate", None),
    MAX_HR: ("max_heart_rate", None),
}  # fmt: skip
"""What the header may say at the fixed places: the right thing, or nothing that we know."""
NOBODY_MPS = 15.0
"""A middle row faster than this, in metres of a kilometre, is a reading of the wrong columns."""
MEAN = r"(ø|durchschn|gns|gj|snitt|śr|átl|moy|media|medio|gem|genoms).*"
STEMS = {
    "pace": rf"avg (pace|speed)|{MEAN}(pace|tempo|allure|ritmo|passo|tempó|fart)",
    "best": r"best (pace|speed)|(best|bedst|bäst|najlepsz|legjobb|meilleur|mejor|miglior|melhor).*"
    r"(pace|tempo|tempó|allure|ritmo|passo|andatura|fart)",
    "cadence": rf"avg (run )?cadence|{MEAN}([ck]ad[eê]n|schritt|lépés|kroków|rytm biegu)|.*rytm biegu",
    "stride": r"avg stride length|.*(schrittl|skridtl|steglengd|stegl|kroku|kroków|lépéshossz|foul[ée]e|zancada|"
    r"falcata|paslengte|passada)",
    "steps": r"(steps|schritte|skridt|steg|skritt|kroki|lépések|pas|pasos|passi|stappen|passos)$",
    "ascent": r"total ascent|elev gain|ascent|.*(anstieg|aufstieg|stigning|emelkedés|wznios|ascenso|ascensi[oó]n|"
    r"dénivelé positif|ascesa|stijging|subida|ascension totale)",
    "descent": r"total descent|elev loss|descent|.*(abstieg|nedstigning|fald|nedgang|süllyedés|spadk|descenso|"
    r"dénivelé négatif|discesa|daling|descida|descente totale)",
    "moving": r"moving time|.*(bewegung|bevæg|bevegelse|rörelse|ruchu|mozgás|mouvement|movimiento|movimento|beweging)",
    "elapsed": r"elapsed time|.*(verstrichen|forløbe|forløpt|förfluten|upłyn|eltelt|écoulé|transcurrido|trascorso|"
    r"verstreken|decorrido)",
    "effect": r"aerobic te|.*aerob",
    "best_lap": r"best lap time|.*(rundenzeit|omgangstid|varvtid|rundetid|tour|vuelta|giro|ronde|volta|okr[aą]ż|kör)",
    "laps": r"number of laps|laps$|(anzahl|antal|antall|liczba|nombre|número|numero|aantal|n[uú]mero).*"
    r"(runden|omgange|varv|runder|okr[aą]ż|tours|vueltas|giri|ronden|rondes|voltas)",
    "hottest": r"max temp|.*(max|maks|högst|hoogste).*temp",
}
"""Beginnings of header words in the languages seen and their neighbours; the first match right of the fixed places."""
BY_ROLE: dict[ColumnRole, str] = {
    "cadence": "cadence", "ascent": "ascent", "descent": "descent", "moving": "moving", "elapsed": "elapsed",
}  # fmt: skip
LONGEST_STRIDE_M = 2.0
HOT_C = 48.0
"""A run's temperature above that is Fahrenheit."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns are that have no fixed place, and the file's decimal mark."""

    at: dict[str, int]
    mark: str

    def number(self, row: Sequence[str], name: str) -> float | None:
        place = self.at.get(name)
        return None if place is None or place >= len(row) else cell_number(row[place], self.mark)

    def seconds(self, row: Sequence[str], name: str) -> float | None:
        place = self.at.get(name)
        return None if place is None or place >= len(row) else cell_seconds(row[place])


def read_garmin_csv(
    sheet: Sheet,
    name: str,
    zone: tzinfo,
    units: Units | None = None,
    runner_counts: Units = "km",
    usual_mps: float | None = None,
) -> TableRead | None:
    """``None`` when this is not Garmin's table. Start times are taken to be in ``zone``."""
    if len(sheet.header) <= MAX_HR or not any(_is_activity(row) for row in sheet.rows):
        return None
    if sum(_is_activity(row) for row in sheet.rows) * 2 < len(sheet.rows):
        return None
    if any(heading(sheet.header[place]).role not in roles for place, roles in FIXED.items()):
        return None
    columns = _Columns(_found(sheet), _mark(sheet))
    if _beyond_anybody(sheet, columns):
        return None
    told = Told(units, "override", sure=True) if units else infer_units(sheet, columns, runner_counts, usual_mps)
    rows, problems = [], []
    for line, row in enumerate(sheet.rows, start=2):
        recording = _recording(row, columns, zone, told.units) if _is_activity(row) else None
        if recording is None:
            problems.append(Problem(f"{name}:{line}", "row-without-start"))
        else:
            rows.append(TableRow(recording))
    taken = {"units": told.units, "units_by": told.by, "decimal_mark": columns.mark}
    return TableRead(
        "garmin_csv", tuple(rows), tuple(problems), taken, ask_units=told.asked_s, units_sure=told.probability
    )


def _is_activity(row: Sequence[str]) -> bool:
    return len(row) > MAX_HR and LOCAL.match(row[DATE]) is not None and cell_seconds(row[TIME]) is not None


def _beyond_anybody(sheet: Sheet, columns: _Columns) -> bool:
    speeds = [
        metres_of(far, METRES["km"], took_s) / took_s
        for row in sheet.rows
        if _is_activity(row) and sport_of_type(row[TYPE])[0] == "running"
        if (far := cell_number(row[DISTANCE], columns.mark)) and (took_s := cell_seconds(row[TIME]))
    ]
    return bool(speeds) and statistics.median(speeds) > NOBODY_MPS


def _found(sheet: Sheet) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, stem in STEMS.items():
        pattern = re.compile(stem, re.IGNORECASE)
        places = (place for place, word in enumerate(sheet.header) if place > MAX_HR and pattern.match(word))
        if (place := next(places, None)) is not None and place not in found.values():
            found[name] = place
    for place, word in enumerate(sheet.header):
        # Languages that have no stem above.
        known = BY_ROLE.get(heading(word).role or "date")
        if place > MAX_HR and known is not None and place not in found.values():
            found.setdefault(known, place)
    if "pace" not in found:
        # A language we do not know: the first column of m:ss.
        for place in range(MAX_HR + 1, len(sheet.header)):
            cells = [row[place] for row in sheet.rows if place < len(row) and any(c.isdigit() for c in row[place])]
            if cells and all(re.fullmatch(r"\d{1,2}:\d{2}", cell) for cell in cells):
                return {**found, "pace": place}
    return found


def _mark(sheet: Sheet) -> str:
    """From the distances, which Garmin writes with two decimals; all other cells only when they are silent."""
    for places in ((DISTANCE,), range(len(sheet.header))):
        cells = [row[place] for row in sheet.rows for place in places if place < len(row)]
        if any(re.search(r"\d[.,]\d{1,2}$", cell) for cell in cells):
            return decimal_mark(cells)
    return "."


def infer_units(sheet: Sheet, columns: _Columns, runner_counts: Units, usual_mps: float | None = None) -> Told:
    """The unit of the distance column and what told it: ``stride``, ``temperature``, or as in `unit_of`.

    Steps times stride are metres whatever the account shows, so their ratio to the distance is about 1000 or 1609.
    """
    ratios = [ratio for row in sheet.rows if _is_activity(row) and (ratio := _metres_a_unit(row, columns))]
    if len(ratios) >= 3:
        return Told("mi" if statistics.median(ratios) > 1270 else "km", "stride", sure=True)
    hottest = [value for row in sheet.rows if (value := columns.number(row, "hottest")) is not None]
    if hottest and max(hottest) > HOT_C:
        return Told("mi", "temperature", sure=True)
    return unit_of(_efforts(sheet, columns), runner_counts, Signs(tuple(sheet.header), usual_mps))


def _efforts(sheet: Sheet, columns: _Columns) -> Iterator[Effort]:
    """The runs alone: a ride's pace is a speed, and a swim's is one for 100 metres. Rows in metres tell no unit."""
    for row in sheet.rows:
        if not _is_activity(row) or sport_of_type(row[TYPE])[0] != "running":
            continue
        distance, timer_s = cell_number(row[DISTANCE], columns.mark), cell_seconds(row[TIME])
        if distance and timer_s and metres_of(distance, METRES["km"], timer_s) != distance:
            yield Effort(distance, timer_s, columns.seconds(row, "best"), columns.number(row, "cadence"))


def _metres_a_unit(row: Sequence[str], columns: _Columns) -> float | None:
    distance, stride = cell_number(row[DISTANCE], columns.mark), columns.number(row, "stride")
    cadence, timer_s = columns.number(row, "cadence"), cell_seconds(row[TIME])
    if not distance or not stride or not cadence or not timer_s:
        return None
    stride_m = stride if stride <= LONGEST_STRIDE_M else stride * FEET_M
    return stride_m * cadence * timer_s / 60 / distance


def _recording(row: Sequence[str], columns: _Columns, zone: tzinfo, units: Units) -> Recording | None:
    try:
        local = datetime.fromisoformat(row[DATE])
    except ValueError:
        return None
    timer_s = cell_seconds(row[TIME])
    distance = cell_number(row[DISTANCE], columns.mark)
    height_m = FEET_M if units == "mi" else 1.0
    sport, sub_sport = sport_of_type(row[TYPE])
    return Recording(
        sport=sport or row[TYPE].strip() or None,
        sub_sport=sub_sport,
        start_utc=utc_of(local, zone),
        elapsed_s=columns.seconds(row, "elapsed") or timer_s or 0.0,
        timer_s=timer_s,
        moving_s=columns.seconds(row, "moving"),
        distance_m=None if distance is None else metres_of(distance, METRES[units], timer_s),
        ascent_m=_times(columns.number(row, "ascent"), height_m),
        descent_m=_times(columns.number(row, "descent"), height_m),
        mean_heart_rate_bpm=cell_number(row[MEAN_HR], columns.mark),
        max_heart_rate_bpm=cell_number(row[MAX_HR], columns.mark),
        mean_cadence_spm=columns.number(row, "cadence") if is_running(sport or row[TYPE]) else None,
        title=row[TITLE] or None,
        training_effect_aerobic=columns.number(row, "effect"),
        lap_count=_laps(columns.number(row, "laps")),
        best_lap_s=columns.seconds(row, "best_lap") or None,
        best_speed_mps=_speed(columns.seconds(row, "best"), METRES[units]) if sport == "running" else None,
        decoder="garmin_csv",
        extra=_extra(row, columns),
    )


def _laps(value: float | None) -> int | None:
    """A count of laps; none at all is an empty cell, not a run without laps."""
    return round(value) if value is not None and value >= 1 else None


def _speed(pace_s: float | None, unit_m: float) -> float | None:
    return unit_m / pace_s if pace_s else None


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _extra(row: Sequence[str], columns: _Columns) -> dict[str, Any]:
    steps = columns.number(row, "steps")
    return {} if steps is None else {"steps": steps}
