"""Huawei Health's workouts, ``motion path detail data*.json`` of its "Request your data".

Instants and durations are milliseconds, distances metres, the zone "+HHMM". Of the packed readings ("attribute") only
the totals count here. Built from public readers (Hitrava's notes on the format, two importers of such exports).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rules.facts.recorded import Recording
from sync.formats.exports.document import Document, read_items
from sync.formats.services.json_fields import json_instant, json_number, json_positive, json_text
from sync.formats.sport_words import Named
from sync.formats.tables.sheets import TableRead

TYPES: dict[int, Named] = {
    2: ("hiking", None), 3: ("cycling", None), 4: ("running", None), 5: ("walking", None),
    101: ("running", "treadmill"), 102: ("swimming", "lap_swimming"), 103: ("cycling", "indoor_cycling"),
    104: ("swimming", "open_water"), 111: ("fitness_equipment", "elliptical"), 118: ("running", "trail"),
    145: ("training", None), 282: ("hiking", None),
}  # fmt: skip
"""Huawei's numbers of sports; 117 is "other"."""
OTHER = 117
ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})")


def read(document: Document) -> TableRead | None:
    """``None`` when no item has Huawei's sport, start and time."""
    return read_items(
        document, "huawei_json", {"sportType", "startTime", "totalTime", "totalDistance"}, _recording, id_key="recordId"
    )


def _recording(item: Mapping[str, Any]) -> Recording | None:
    start_utc, end_utc = json_instant(item.get("startTime")), json_instant(item.get("endTime"))
    lasted_ms, steps = json_positive(item.get("totalTime")), json_positive(item.get("totalSteps"))
    timer_s = None if lasted_ms is None else lasted_ms / 1000
    elapsed_s = (end_utc - start_utc).total_seconds() if start_utc and end_utc and end_utc > start_utc else timer_s
    kind = json_number(item.get("sportType"))
    if start_utc is None or not elapsed_s or kind is None:
        return None
    named = TYPES.get(int(kind), (None if int(kind) == OTHER else f"huawei_{int(kind)}", None))
    return Recording(
        sport=named[0],
        sub_sport=named[1],
        start_utc=start_utc,
        utc_offset_s=_offset_s(json_text(item.get("timeZone"))),
        elapsed_s=elapsed_s,
        timer_s=timer_s,
        distance_m=json_positive(item.get("totalDistance")),
        decoder="huawei_json",
        extra={} if steps is None else {"steps": steps},
    )


def _offset_s(text: str | None) -> int | None:
    found = ZONE.fullmatch(text or "")
    if found is None:
        return None
    seconds = int(found[2]) * 3600 + int(found[3]) * 60
    return -seconds if found[1] == "-" else seconds
