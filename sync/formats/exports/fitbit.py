"""Fitbit's exercises, ``exercise-*.json`` of a Google Takeout.

Instants are UTC as month/day/year; durations are milliseconds; the distance names its unit beside it. Built from public
readers of such files (fitbit2garmin, endurain).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.exports.document import Document
from sync.formats.services.json_fields import json_instant, json_number, json_positive, json_text
from sync.formats.sport_words import Named, sport_of_type
from sync.formats.tables.header_words import unit_named
from sync.formats.tables.sheets import FEET_M, METRES, TableRead, TableRow

TYPES: dict[int, Named] = {
    90009: ("running", None), 20049: ("running", "treadmill"), 90013: ("walking", None), 90012: ("hiking", None),
    90001: ("cycling", None), 90024: ("swimming", None),
}  # fmt: skip
"""Fitbit's numbers: the words beside them are in the account's language."""
LENGTHS = {"km": METRES["km"], "mi": METRES["mi"], "m": 1.0, "ft": FEET_M, "yd": 0.9144}


def read(document: Document) -> TableRead | None:
    """``None`` when no item has Fitbit's id, type and start."""
    rows, problems = [], []
    for item in document.items():
        if not {"logId", "startTime"} <= item.keys() or not {"activityTypeId", "activityName"} & item.keys():
            continue
        recording = _recording(item)
        if recording is None:
            problems.append(Problem(f"{document.name}:{item['logId']}", "row-without-start"))
        else:
            rows.append(TableRow(recording, external_id=str(item["logId"])))
    return TableRead("fitbit_json", tuple(rows), tuple(problems)) if rows or problems else None


def _recording(item: Mapping[str, Any]) -> Recording | None:
    start_utc = _instant(json_text(item.get("startTime"))) or json_instant(item.get("startTime"))
    elapsed_s = _thousandth(item.get("duration")) or _thousandth(item.get("activeDuration"))
    if start_utc is None or elapsed_s is None:
        return None
    kind = item.get("activityTypeId")
    number = json_number(kind)
    sport, sub_sport = (None, None) if number is None else TYPES.get(int(number), (None, None))
    if sport is None:
        sport, sub_sport = sport_of_type(json_text(item.get("activityName")))
    metres, distance = _metres_a_unit(item, elapsed_s), json_positive(item.get("distance"))
    steps, climbed = json_positive(item.get("steps")), json_positive(item.get("elevationGain"))
    return Recording(
        sport=sport or json_text(item.get("activityName")),
        sub_sport=sub_sport,
        start_utc=start_utc,
        elapsed_s=elapsed_s,
        timer_s=_thousandth(item.get("activeDuration")),
        distance_m=distance * metres if distance is not None and metres is not None else None,
        ascent_m=None if climbed is None else climbed * (FEET_M if metres == METRES["mi"] else 1.0),
        mean_heart_rate_bpm=json_positive(item.get("averageHeartRate")),
        decoder="fitbit_json",
        extra={} if steps is None else {"steps": steps},
    )


def _metres_a_unit(item: Mapping[str, Any], elapsed_s: float) -> float | None:
    """By the unit's name; kilometres where the unit is not named and the speed beside it does not speak for miles."""
    named = json_text(item.get("distanceUnit"))
    if named is not None:
        return LENGTHS.get(unit_named(named.casefold()) or "")
    far, kmh = json_positive(item.get("distance")), json_positive(item.get("speed"))
    if far is None or kmh is None:
        return METRES["km"]
    # The speed is always in kilometres an hour.
    return METRES["mi"] if kmh * elapsed_s / 3600 > far * 1.3 else METRES["km"]


def _instant(text: str | None) -> datetime | None:
    for form in ("%m/%d/%y %H:%M:%S", "%m/%d/%Y %H:%M:%S"):
        try:
            return datetime.strptime(text or "", form)
        except ValueError:
            continue
    return None


def _thousandth(value: object) -> float | None:
    found = json_positive(value)
    return None if found is None else found / 1000
