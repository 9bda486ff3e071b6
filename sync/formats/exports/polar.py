"""Polar Flow: ``training-session-*.json`` of the account export, and one session as CSV.

The JSON has the wall clock with the zone's minutes beside it, ISO durations and metres. The CSV has a row of totals,
then a table of samples, and names no zone. Built from public readers (tapiriik, niimpy) and public session files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.exports.document import Document
from sync.formats.exports.series import samples_of
from sync.formats.samples import last_finite, max_finite, mean_finite, moving_time_s
from sync.formats.services.json_fields import json_number, json_positive, json_table, json_text
from sync.formats.sport_words import Named, sport_of_type
from sync.formats.tables.cells import cell_number, cell_seconds, decimal_mark, utc_of
from sync.formats.tables.dates import moment
from sync.formats.tables.header_words import heading
from sync.formats.tables.sheets import FEET_M, METRES, Sheet, TableRead, TableRow

SERIES = {
    "heartRate": "heart_rate_bpm", "speed": "speed_mps", "distance": "distance_m", "altitude": "altitude_m",
    "cadence": "cadence_spm", "temperature": "temperature_c",
}  # fmt: skip
NUMBERS: dict[str, Named] = {
    "1": ("running", None), "17": ("running", "treadmill"), "27": ("running", "trail"), "2": ("cycling", None),
    "3": ("walking", None), "11": ("hiking", None), "23": ("swimming", None),
}  # fmt: skip
"""Polar's own numbers of sports, in its newer exports."""
LASTING = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
KMH = 3.6
LEAST_OF_BOTH_FEET = 120.0


# --- JSON -----------------------------------------------------------------------------------------


def read_json(document: Document) -> TableRead | None:
    """``None`` when this is no training session."""
    rows, problems = [], []
    for session in document.items():
        if not isinstance(session.get("exercises"), list) or not {"startTime", "duration"} & session.keys():
            continue
        for exercise in session["exercises"]:
            recording = _exercise(json_table(exercise), session, document.zone, single=len(session["exercises"]) == 1)
            if recording is None:
                problems.append(Problem(document.name, "row-without-start"))
            else:
                rows.append(TableRow(recording))
    return TableRead("polar_json", tuple(rows), tuple(problems)) if rows or problems else None


def _exercise(
    exercise: Mapping[str, Any], session: Mapping[str, Any], zone: tzinfo, *, single: bool
) -> Recording | None:
    whole = (
        {**session, **{name: value for name, value in exercise.items() if value is not None}} if single else exercise
    )
    minutes = json_number(exercise.get("timezoneOffset", session.get("timeZoneOffset")))
    began = _began(json_text(whole.get("startTime")), minutes, zone)
    local = _wall(whole.get("startTime"))
    elapsed_s = _lasting_s(json_text(whole.get("duration"))) or _thousandth(whole.get("durationMillis"))
    if local is None or began is None or elapsed_s is None:
        return None
    rate = json_table(exercise.get("heartRate"))
    samples = samples_of(_series(exercise.get("samples"), local))
    named = exercise.get("sport")
    kind = json_text(json_table(named).get("id") if isinstance(named, Mapping) else named)
    sport, sub_sport = NUMBERS.get(kind or "") or sport_of_type(kind)
    measured = samples is not None
    return Recording(
        sport=sport or (f"polar_{kind}" if kind and kind.isdigit() else kind),
        sub_sport=sub_sport,
        start_utc=began[0],
        utc_offset_s=began[1],
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


def _began(text: str | None, minutes: float | None, zone: tzinfo) -> tuple[datetime, int | None] | None:
    """Naive UTC and the offset, as far as it is given: in the instant, beside it, or not at all."""
    try:
        found = datetime.fromisoformat(text or "")
        if found.tzinfo is not None:
            offset_s = round(minutes * 60) if minutes is not None else round((found.utcoffset() or timedelta()).seconds)
            return found.astimezone(UTC).replace(tzinfo=None), offset_s or None
        if minutes is None:
            return utc_of(found, zone), None
        return found - timedelta(minutes=minutes), round(minutes * 60)
    except (ValueError, OverflowError):
        return None


def _thousandth(value: object) -> float | None:
    found = json_positive(value)
    return None if found is None else found / 1000


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
    if sheet is None or not sheet.rows or not all(map(sheet.places, ("Sport", "Date", "Start time", "Duration"))):
        return None
    if len(sheet.rows) > 1 and sheet.rows[1][:1] != ("Sample rate",):
        return None
    recording = _session(sheet, document)
    if recording is None:
        return TableRead("polar_csv", (), (Problem(document.name, "row-without-start"),))
    return TableRead("polar_csv", (TableRow(recording),))


def _session(sheet: Sheet, document: Document) -> Recording | None:
    totals, above, rows = sheet.rows[0], sheet.rows[1] if len(sheet.rows) > 1 else (), sheet.rows[2:]
    elapsed_s = cell_seconds(sheet.cell(totals, "Duration"))
    local = _day_and_clock(sheet.cell(totals, "Date"), sheet.cell(totals, "Start time"))
    if local is None or not elapsed_s:
        return None
    miles = next(iter(sheet.places("Total distance (mi)")), None)
    mark = decimal_mark([cell for row in (totals, *rows[:1000]) for cell in row])
    height_m = FEET_M if sheet.places("Ascent (ft)") else 1.0

    def number(*names: str) -> float | None:
        return cell_number(sheet.cell(totals, *names), mark)

    far = number("Total distance (km)", "Total distance (mi)")
    up, down = number("Ascent (m)", "Ascent (ft)"), number("Descent (m)", "Descent (ft)")
    samples = samples_of(_columns(above, rows, mark))
    kind = sheet.cell(totals, "Sport")
    sport, sub_sport = sport_of_type(kind)
    return Recording(
        sport=sport or kind,
        sub_sport=sub_sport,
        start_utc=utc_of(local, document.zone),
        elapsed_s=elapsed_s,
        moving_s=None if samples is None else moving_time_s(samples),
        distance_m=None if far is None else far * METRES["km" if miles is None else "mi"],
        ascent_m=None if up is None else up * height_m,
        descent_m=None if down is None else down * height_m,
        mean_heart_rate_bpm=number("Average heart rate (bpm)")
        or (None if samples is None else mean_finite(samples.heart_rate_bpm)),
        max_heart_rate_bpm=None if samples is None else max_finite(samples.heart_rate_bpm),
        description=sheet.cell(totals, "Notes"),
        samples=samples,
        decoder="polar_csv",
    )


def _day_and_clock(day: str | None, clock: str | None) -> datetime | None:
    """Polar writes the day first; a number that no month has says otherwise."""
    found = re.fullmatch(r"(\d{1,2})[-./](\d{1,2})[-./]\d{4}", day or "")
    return moment(f"{day} {clock}", day_first=found is None or int(found[2]) <= 12)


def _columns(above: Sequence[str], rows: Sequence[Sequence[str]], mark: str) -> dict[str, list[tuple[float, float]]]:
    named = {
        "HR (bpm)": ("heart_rate_bpm", 1.0), "Speed (mph)": ("speed_mps", METRES["mi"] / 3600),
        "Speed (mi/h)": ("speed_mps", METRES["mi"] / 3600), "Altitude (ft)": ("altitude_m", FEET_M),
        "Distances (ft)": ("distance_m", FEET_M),
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
            value = cell_number(row[place], mark) if place < len(row) else None
            if t_s is not None and value is not None:
                column, factor = named[name]
                found.setdefault(column, []).append((t_s, value * factor))
    return found
