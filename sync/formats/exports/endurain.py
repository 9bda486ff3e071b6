"""Endurain's and FitTrackee's own lists, which lie beside the recorded files in the ZIPs of their profile's export.

Both keep instants in UTC. Endurain writes its table as it is: seconds, metres, a number for the sport. FitTrackee
writes h:mm:ss, kilometres, and the name of each GPX file. Built from those programs (Endurain's profile export
and its table of activities, FitTrackee's export of user data).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.exports.document import Document
from sync.formats.services.json_fields import json_instant, json_number, json_positive, json_text
from sync.formats.sport_words import Named, sport_of_type
from sync.formats.tables.cells import cell_seconds
from sync.formats.tables.sheets import METRES, TableRead, TableRow

ENDURAIN = {"start_time", "total_elapsed_time", "total_timer_time", "activity_type", "visibility"}
FITTRACKEE = {"workout_date", "sport_label", "duration", "moving"}
TYPES: dict[int, Named] = {
    1: ("running", None), 2: ("running", "trail"), 3: ("running", "virtual_activity"), 4: ("cycling", None),
    5: ("cycling", "gravel_cycling"), 6: ("cycling", "mountain"), 7: ("cycling", "virtual_activity"),
    8: ("swimming", "lap_swimming"), 9: ("swimming", "open_water"), 10: ("training", None), 11: ("walking", None),
    12: ("hiking", None), 13: ("rowing", None), 14: ("training", "yoga"), 15: ("alpine_skiing", None),
    16: ("cross_country_skiing", None), 19: ("training", "strength_training"), 27: ("cycling", None),
    28: ("cycling", "indoor_cycling"), 29: ("cycling", None),
}  # fmt: skip
"""Endurain's numbers of sports."""


def read(document: Document) -> TableRead | None:
    """``None`` when no item has the one's or the other's names."""
    rows, problems = [], []
    for place, item in enumerate(document.items(), start=1):
        if item.keys() >= ENDURAIN:
            recording = _of_endurain(item)
        elif item.keys() >= FITTRACKEE:
            recording = _of_fittrackee(item)
        else:
            continue
        if recording is None:
            problems.append(Problem(f"{document.name}:{item.get('id') or place}", "row-without-start"))
        else:
            name = json_text(item.get("gpx"))
            rows.append(TableRow(recording, external_id=str(item.get("id") or place), file_name=name))
    return TableRead("endurain_json", tuple(rows), tuple(problems)) if rows or problems else None


def _of_endurain(item: Mapping[str, Any]) -> Recording | None:
    start_utc, elapsed_s = json_instant(item.get("start_time")), json_positive(item.get("total_elapsed_time"))
    if start_utc is None or elapsed_s is None:
        return None
    kind = json_number(item.get("activity_type"))
    sport, sub_sport = TYPES.get(int(kind or 0), (f"endurain_{int(kind or 0)}", None))
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=start_utc,
        utc_offset_s=_offset_s(start_utc, json_text(item.get("timezone"))),
        elapsed_s=elapsed_s,
        timer_s=json_positive(item.get("total_timer_time")),
        distance_m=json_positive(item.get("distance")),
        ascent_m=json_number(item.get("elevation_gain")),
        descent_m=json_number(item.get("elevation_loss")),
        mean_heart_rate_bpm=json_positive(item.get("average_hr")),
        max_heart_rate_bpm=json_positive(item.get("max_hr")),
        title=json_text(item.get("name")),
        description=json_text(item.get("description")),
        decoder="endurain_json",
    )


def _of_fittrackee(item: Mapping[str, Any]) -> Recording | None:
    start_utc, elapsed_s = json_instant(item.get("workout_date")), cell_seconds(json_text(item.get("duration")))
    if start_utc is None or not elapsed_s:
        return None
    kind, far_km = json_text(item.get("sport_label")), json_positive(item.get("distance"))
    sport, sub_sport = sport_of_type(kind)
    return Recording(
        sport=sport or kind,
        sub_sport=sub_sport,
        start_utc=start_utc,
        elapsed_s=elapsed_s,
        moving_s=cell_seconds(json_text(item.get("moving"))),
        distance_m=None if far_km is None else far_km * METRES["km"],
        ascent_m=json_number(item.get("ascent")),
        descent_m=json_number(item.get("descent")),
        mean_heart_rate_bpm=json_positive(item.get("ave_hr")),
        max_heart_rate_bpm=json_positive(item.get("max_hr")),
        title=json_text(item.get("title")),
        description=json_text(item.get("notes")),
        decoder="endurain_json",
    )


def _offset_s(start_utc: datetime, zone: str | None) -> int | None:
    try:
        offset = start_utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone or "")).utcoffset()
    except (ValueError, KeyError, OSError):
        return None
    return None if offset is None else round(offset.total_seconds())
