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
from sync.formats.services.json_fields import json_positive, json_text
from sync.formats.sport_words import Named, sport_of_type
from sync.formats.tables.sheets import METRES, TableRead, TableRow

TYPES: dict[int, Named] = {
    90009: ("running", None), 20049: ("running", "treadmill"), 90013: ("walking", None), 90012: ("hiking", None),
    90001: ("cycling", None), 90024: ("swimming", None),
}  # fmt: skip
"""Fitbit's numbers: the words beside them are in the account's language."""
UNITS = {"kilometer": METRES["km"], "mile": METRES["mi"], "meter": 1.0, "km": METRES["km"], "mi": METRES["mi"]}


def read(document: Document) -> TableRead | None:
    """``None`` when no item has Fitbit's id, type and start."""
    rows, problems = [], []
    for item in document.items():
        if not {"logId", "activityTypeId", "startTime"} <= item.keys():
            continue
        recording = _recording(item)
        if recording is None:
            problems.append(Problem(f"{document.name}:{item['logId']}", "row-without-start"))
        else:
            rows.append(TableRow(recording, external_id=str(item["logId"])))
    return TableRead("fitbit_json", tuple(rows), tuple(problems)) if rows or problems else None


def _recording(item: Mapping[str, Any]) -> Recording | None:
    start_utc = _instant(json_text(item.get("startTime")))
    elapsed_s = _thousandth(item.get("duration")) or _thousandth(item.get("activeDuration"))
    if start_utc is None or elapsed_s is None:
        return None
    kind = item.get("activityTypeId")
    sport, sub_sport = TYPES.get(kind, (None, None)) if isinstance(kind, int) else (None, None)
    if sport is None:
        sport, sub_sport = sport_of_type(json_text(item.get("activityName")))
    metres = UNITS.get((json_text(item.get("distanceUnit")) or "").lower())
    distance = json_positive(item.get("distance"))
    steps = json_positive(item.get("steps"))
    return Recording(
        sport=sport or json_text(item.get("activityName")),
        sub_sport=sub_sport,
        start_utc=start_utc,
        elapsed_s=elapsed_s,
        timer_s=_thousandth(item.get("activeDuration")),
        distance_m=distance * metres if distance is not None and metres is not None else None,
        ascent_m=json_positive(item.get("elevationGain")) if metres == METRES["km"] else None,
        mean_heart_rate_bpm=json_positive(item.get("averageHeartRate")),
        decoder="fitbit_json",
        extra={} if steps is None else {"steps": steps},
    )


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
