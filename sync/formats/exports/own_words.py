"""Exports whose tables and objects have words of their own, put into a running log's and read as one.

WHOOP's and Peloton's workouts, TrainingPeaks' and Withings' tables, Endomondo's files, Google Fit's sessions and the
JSON of Health Auto Export, each by the columns or keys that no other program has. A workout without any duration is
one that was only planned, and no row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sync.formats.exports.document import Document
from sync.formats.services.json_fields import json_instant, json_positive, json_text
from sync.formats.tables.header_words import unit_named
from sync.formats.tables.running_log import read_running_log
from sync.formats.tables.sheets import METRES, Sheet, TableRead, sheet_of_json

Row = Mapping[str, Any]
Line = dict[str, Any]
"""A row in the words of a running log: ``date, type, title, distance_m, duration_s, heart_rate, ascent_m``."""
BESIDE = re.compile(r"\s*\((?:UTC|GMT)?\s*([+-]\d{1,2}(?::?\d{2})?|UTC|GMT|Z|[A-Z]{2,5})\)\s*$")
OFFSETS = {
    "UTC": "+00", "GMT": "+00", "Z": "+00", "CET": "+01", "CEST": "+02", "EDT": "-04", "EST": "-05", "CDT": "-05",
    "MDT": "-06", "MST": "-07", "PDT": "-07", "PST": "-08",
}  # fmt: skip
"""Names of one meaning where such tables come from; what another name means is the runner's own clock."""
OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?")


def read(document: Document) -> TableRead | None:
    """``None`` for a table or an object of another program."""
    lines = _of_table(document.sheet) if document.sheet is not None else _of_json(document.value)
    if lines is None:
        return None
    sheet = sheet_of_json([line for line in lines if line.get("duration_s")])
    return None if sheet is None else read_running_log(sheet, document.name, document.zone)


# --- tables ----------------------------------------------------------------------------------------


def _of_table(sheet: Sheet) -> list[Line] | None:
    found = next((line_of for needs, line_of in TABLES if all(map(sheet.places, needs))), None)
    return None if found is None else [found(_Cells(sheet, row)) for row in sheet.rows]


class _Cells:
    def __init__(self, sheet: Sheet, row: Sequence[str]) -> None:
        self._sheet, self._row = sheet, row

    def text(self, *names: str) -> str | None:
        return self._sheet.cell(self._row, *names)

    def number(self, *names: str) -> float | None:
        return json_positive((self.text(*names) or "").replace(",", "."))


def _whoop(cells: _Cells) -> Line:
    minutes, start = cells.number("Duration (min)"), cells.text("Workout start time") or ""
    return {
        "date": start + _offset(cells.text("Cycle timezone")),
        "type": cells.text("Activity name"),
        "distance_m": cells.number("Distance (meters)"),
        "duration_s": minutes and minutes * 60,
        "heart_rate": cells.number("Average HR (bpm)"),
        "max_heart_rate": cells.number("Max HR (bpm)"),
        "ascent_m": cells.number("Altitude gain (meters)"),
    }


def _peloton(cells: _Cells) -> Line:
    minutes, miles = cells.number("Length (minutes)"), cells.number("Distance (mi)", "Distance (miles)")
    far_km = cells.number("Distance (km)")
    start = cells.text("Workout Timestamp") or ""
    beside = BESIDE.search(start)
    zone = "" if beside is None else _offset(OFFSETS.get(beside[1], beside[1]))
    return {
        "date": BESIDE.sub("", start) + (":00" + zone if zone else ""),
        "type": cells.text("Fitness Discipline"),
        "title": cells.text("Title"),
        "distance_m": miles * METRES["mi"] if miles is not None else far_km and far_km * METRES["km"],
        "duration_s": minutes and minutes * 60,
        "heart_rate": cells.number("Avg. Heartrate"),
    }


def _training_peaks(cells: _Cells) -> Line:
    hours = cells.number("TimeTotalInHours")
    return {
        "date": cells.text("WorkoutDay"),
        "type": cells.text("WorkoutType"),
        "title": cells.text("Title"),
        "distance_m": cells.number("DistanceInMeters"),
        "duration_s": hours and hours * 3600,
        "heart_rate": cells.number("HeartRateAverage"),
        "max_heart_rate": cells.number("HeartRateMax"),
    }


def _withings(cells: _Cells) -> Line:
    try:
        inside = json.loads(cells.text("Data") or "{}")
    except ValueError:
        inside = {}
    data = inside if isinstance(inside, dict) else {}
    start, end = cells.text("from"), cells.text("to")
    return {
        "date": start,
        "type": cells.text("Activity type"),
        "distance_m": json_positive(data.get("distance")),
        "duration_s": _between_s(start, end),
        "heart_rate": json_positive(data.get("hr_average")),
        "max_heart_rate": json_positive(data.get("hr_max")),
        "ascent_m": json_positive(data.get("elevation")),
    }


TABLES: tuple[tuple[tuple[str, ...], Callable[[_Cells], Line]], ...] = (
    (("Workout start time", "Duration (min)", "Activity name"), _whoop),
    (("Workout Timestamp", "Fitness Discipline", "Length (minutes)"), _peloton),
    (("WorkoutDay", "WorkoutType", "TimeTotalInHours"), _training_peaks),
    (("from", "to", "Activity type", "Data"), _withings),
)
"""The columns that tell each program's table, and what makes a line of its rows."""


# --- objects ---------------------------------------------------------------------------------------


def _of_json(value: Any) -> list[Line] | None:
    for line_of, items in ((_endomondo, _joined(value)), (_google_fit, _plain(value)), (_health, _workouts(value))):
        lines = [line for item in items if (line := line_of(item)) is not None]
        if lines:
            return lines
    return None


def _joined(value: Any) -> Iterator[Row]:
    """Endomondo writes an object as a list of objects with one key each."""
    if isinstance(value, list) and value and all(isinstance(one, dict) and len(one) == 1 for one in value):
        yield {key: inside for one in value for key, inside in one.items()}


def _plain(value: Any) -> Iterator[Row]:
    if isinstance(value, dict):
        yield value


def _workouts(value: Any) -> Iterator[Row]:
    data = value.get("data") if isinstance(value, dict) else None
    found = data.get("workouts") if isinstance(data, dict) else None
    yield from (one for one in _listed(found) if isinstance(one, dict))


def _endomondo(item: Row) -> Line | None:
    if not {"sport", "start_time", "duration_s"} <= item.keys():
        return None
    start, far_km = json_text(item["start_time"]), json_positive(item.get("distance_km"))
    return {
        "date": None if start is None else f"{start.split('.')[0]}+00:00",
        "type": json_text(item["sport"]),
        "title": json_text(item.get("name")),
        "distance_m": far_km and far_km * METRES["km"],
        "duration_s": json_positive(item["duration_s"]),
        "heart_rate": json_positive(item.get("heart_rate_avg_bpm")),
        "max_heart_rate": json_positive(item.get("heart_rate_max_bpm")),
        "ascent_m": json_positive(item.get("ascend_m")),
    }


def _google_fit(item: Row) -> Line | None:
    if not {"fitnessActivity", "startTime", "endTime"} <= item.keys():
        return None
    told = [one for one in _listed(item.get("aggregate")) if isinstance(one, dict)]
    far = [json_positive(one.get("floatValue")) for one in told if one.get("metricName") == "com.google.distance.delta"]
    lasting = (json_text(item.get("duration")) or "").removesuffix("s")
    start, end = json_text(item["startTime"]), json_text(item["endTime"])
    return {
        "date": start,
        "type": json_text(item["fitnessActivity"]),
        "distance_m": next(iter(far), None),
        "duration_s": json_positive(lasting) or _between_s(start, end),
    }


def _health(item: Row) -> Line | None:
    if not {"name", "start", "end"} <= item.keys():
        return None
    start, end, pulse = json_text(item["start"]), json_text(item["end"]), item.get("heartRate")
    pulse = pulse if isinstance(pulse, dict) else {}
    return {
        "date": start,
        "type": json_text(item["name"]),
        "distance_m": _measure_m(item.get("distance")),
        "duration_s": _between_s(start, end) or json_positive(item.get("duration")),
        "heart_rate": _quantity(item.get("avgHeartRate")) or _quantity(pulse.get("avg")),
        "max_heart_rate": _quantity(item.get("maxHeartRate")) or _quantity(pulse.get("max")),
        "ascent_m": _measure_m(item.get("elevationUp")),
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _quantity(value: Any) -> float | None:
    return json_positive(value.get("qty") if isinstance(value, dict) else value)


def _measure_m(value: Any) -> float | None:
    found = _quantity(value)
    unit = unit_named((json_text(value.get("units")) or "").casefold()) if isinstance(value, dict) else None
    metres = {**METRES, "m": 1.0, "ft": 0.3048, "yd": 0.9144}.get(unit or "")
    return None if found is None or metres is None else found * metres


def _between_s(start: str | None, end: str | None) -> float | None:
    began, ended = json_instant(start), json_instant(end)
    return None if began is None or ended is None or ended <= began else (ended - began).total_seconds()


def _offset(text: str | None) -> str:
    """ "UTC+02:00" and "-04" as ISO has them; nothing for a zone's name, whose clock is the runner's own."""
    text = (text or "").strip()
    if text in ("UTC", "UTCZ", "Z"):
        return "+00:00"
    found = OFFSET.fullmatch(text)
    return "" if found is None else f"{found[1]}{int(found[2]):02}:{found[3] or '00'}"
