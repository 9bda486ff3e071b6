"""Polar Flow: ``training-session-*.json`` of the account export, and one session as CSV.

The JSON has the wall clock with the zone's minutes beside it, ISO durations and metres. The CSV has a row of totals,
then a table of samples, and names no zone. Built from public readers (tapiriik, niimpy) and public session files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.exports.document import Document
from sync.formats.exports.series import samples_of
from sync.formats.samples import last_finite, max_finite, mean_finite, moving_time_s
from sync.formats.services.json_fields import json_number, json_positive, json_table, json_text
from sync.formats.sport_words import sport_of_type
from sync.formats.tables.cells import cell_number, cell_seconds, utc_of
from sync.formats.tables.header_words import heading
from sync.formats.tables.sheets import METRES, Sheet, TableRead, TableRow

SERIES = {
    "heartRate": "heart_rate_bpm", "speed": "speed_mps", "distance": "distance_m", "altitude": "altitude_m",
    "cadence": "cadence_spm", "temperature": "temperature_c",
}  # fmt: skip
LASTING = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
KMH = 3.6
LEAST_OF_BOTH_FEET = 120.0


# --- JSON -----------------------------------------------------------------------------------------


def read_json(document: Document) -> TableRead | None:
    """``None`` when this is no training session."""
    session = document.value
    if not isinstance(session, Mapping) or not isinstance(session.get("exercises"), list):
        return None
    if not {"startTime", "duration"} & session.keys():
        return None
    rows, problems = [], []
    for exercise in session["exercises"]:
        recording = _exercise(json_table(exercise), session, single=len(session["exercises"]) == 1)
        if recording is None:
            problems.append(Problem(document.name, "row-without-start"))
        else:
            rows.append(TableRow(recording))
    return TableRead("polar_json", tuple(rows), tuple(problems)) if rows or problems else None


def _exercise(exercise: Mapping[str, Any], session: Mapping[str, Any], *, single: bool) -> Recording | None:
    whole = (
        {**session, **{name: value for name, value in exercise.items() if value is not None}} if single else exercise
    )
    minutes = json_number(exercise.get("timezoneOffset", session.get("timeZoneOffset")))
    local = _wall(whole.get("startTime"))
    elapsed_s = _lasting_s(json_text(whole.get("duration")))
    if local is None or elapsed_s is None:
        return None
    offset_s = 0 if minutes is None else round(minutes * 60)
    rate = json_table(exercise.get("heartRate"))
    samples = samples_of(_series(exercise.get("samples"), local))
    sport, sub_sport = sport_of_type(json_text(exercise.get("sport")))
    measured = samples is not None
    return Recording(
        sport=sport or json_text(exercise.get("sport")),
        sub_sport=sub_sport,
        start_utc=local - timedelta(seconds=offset_s),
        utc_offset_s=None if minutes is None else offset_s,
        elapsed_s=elapsed_s,
        moving_s=moving_time_s(samples) if samples is not None else None,
        distance_m=json_positive(whole.get("distance")) or (last_finite(samples.distance_m) if samples else None),
        ascent_m=json_number(exercise.get("ascent")),
        descent_m=json_number(exercise.get("descent")),
        mean_heart_rate_bpm=json_positive(rate.get("avg")) or json_positive(session.get("averageHeartRate")),
        max_heart_rate_bpm=json_positive(rate.get("max")) or json_positive(session.get("maximumHeartRate")),
        title=json_text(session.get("name")),
        description=json_text(session.get("note")),
        samples=samples if measured else None,
        decoder="polar_json",
    )


def _series(samples: object, local: datetime) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    parts = samples if isinstance(samples, list) else [samples]
    for name, readings in ((name, value) for part in parts for name, value in json_table(part).items()):
        if name == "recordedRoute":
            for column, key in (("latitude_deg", "latitude"), ("longitude_deg", "longitude")):
                found[column] = list(_readings(readings, key, local))
        elif name in SERIES:
            found[SERIES[name]] = list(_readings(readings, "value", local))
    if "speed_mps" in found:
        found["speed_mps"] = [(t_s, kmh / KMH) for t_s, kmh in found["speed_mps"]]
    if "cadence_spm" in found:
        found["cadence_spm"] = [
            (t_s, one * 2 if one < LEAST_OF_BOTH_FEET else one) for t_s, one in found["cadence_spm"]
        ]
    return found


def _readings(listed: object, key: str, local: datetime) -> Iterator[tuple[float, float]]:
    for one in listed if isinstance(listed, list) else ():
        at, value = _wall(json_table(one).get("dateTime")), json_number(json_table(one).get(key))
        if at is not None and value is not None:
            yield round((at - local).total_seconds()), value


def _wall(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(json_text(value) or "").replace(tzinfo=None)
    except ValueError:
        return None


def _lasting_s(text: str | None) -> float | None:
    found = LASTING.fullmatch(text or "")
    if found is None or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


# --- CSV ------------------------------------------------------------------------------------------


def read_csv(document: Document) -> TableRead | None:
    """``None`` when this is not a row of totals above a table of samples."""
    sheet = document.sheet
    if sheet is None or len(sheet.rows) < 2 or sheet.rows[1][:1] != ("Sample rate",):
        return None
    recording = _session(sheet, document)
    if recording is None:
        return TableRead("polar_csv", (), (Problem(document.name, "row-without-start"),))
    return TableRead("polar_csv", (TableRow(recording),))


def _session(sheet: Sheet, document: Document) -> Recording | None:
    totals, above, rows = sheet.rows[0], sheet.rows[1], sheet.rows[2:]
    elapsed_s = cell_seconds(sheet.cell(totals, "Duration"))
    local = _day_and_clock(sheet.cell(totals, "Date"), sheet.cell(totals, "Start time"))
    if local is None or not elapsed_s:
        return None
    miles = next(iter(sheet.places("Total distance (mi)")), None)
    far = cell_number(sheet.cell(totals, "Total distance (km)", "Total distance (mi)"))
    samples = samples_of(_columns(above, rows))
    kind = sheet.cell(totals, "Sport")
    sport, sub_sport = sport_of_type(kind)
    return Recording(
        sport=sport or kind,
        sub_sport=sub_sport,
        start_utc=utc_of(local, document.zone),
        elapsed_s=elapsed_s,
        moving_s=None if samples is None else moving_time_s(samples),
        distance_m=None if far is None else far * METRES["km" if miles is None else "mi"],
        ascent_m=cell_number(sheet.cell(totals, "Ascent (m)")),
        descent_m=cell_number(sheet.cell(totals, "Descent (m)")),
        mean_heart_rate_bpm=cell_number(sheet.cell(totals, "Average heart rate (bpm)"))
        or (None if samples is None else mean_finite(samples.heart_rate_bpm)),
        max_heart_rate_bpm=None if samples is None else max_finite(samples.heart_rate_bpm),
        description=sheet.cell(totals, "Notes"),
        samples=samples,
        decoder="polar_csv",
    )


def _day_and_clock(day: str | None, clock: str | None) -> datetime | None:
    """Polar writes the day first; a number that no month has says otherwise."""
    found = re.fullmatch(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", day or "")
    seconds = cell_seconds(clock)
    if found is None or seconds is None:
        return None
    first, second, year = map(int, found.groups())
    try:
        noon = datetime(year, first, second) if second > 12 else datetime(year, second, first)
    except ValueError:
        return None
    return noon + timedelta(seconds=seconds)


def _columns(above: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list[tuple[float, float]]]:
    named = {
        "HR (bpm)": ("heart_rate_bpm", 1.0),
        "Speed (km/h)": ("speed_mps", 1 / KMH), "Altitude (m)": ("altitude_m", 1.0),
        "Distances (m)": ("distance_m", 1.0), "Temperatures (C)": ("temperature_c", 1.0), "Power (W)": ("power_w", 1.0),
        "Cadence": ("cadence_spm", 2.0),
    }  # fmt: skip
    at = {name: place for place, name in enumerate(above) if name in named}
    clock = next((place for place, name in enumerate(above) if heading(name).role == "clock"), None)
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        t_s = cell_seconds(row[clock]) if clock is not None and clock < len(row) else None
        for name, place in at.items():
            value = cell_number(row[place]) if place < len(row) else None
            if t_s is not None and value is not None:
                column, factor = named[name]
                found.setdefault(column, []).append((t_s, value * factor))
    return found
