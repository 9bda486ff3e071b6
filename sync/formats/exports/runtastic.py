"""One session of adidas Running (once Runtastic): ``Sport-sessions/*.json`` of the account's data export.

Instants and durations are milliseconds, distances metres; ways lie beside it as GPX and join by their times. Built
from public readers (runtastic-export-converter and its sample, slither).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.facts.recorded import Recording
from sync.formats.exports.document import Document, read_items
from sync.formats.services.json_fields import json_instant, json_number, json_positive, json_text
from sync.formats.sport_words import Named
from sync.formats.tables.sheets import TableRead

TYPES: dict[str, Named] = {
    "1": ("running", None), "3": ("cycling", None), "18": ("swimming", None), "19": ("walking", None),
    "22": ("cycling", "road"),
}  # fmt: skip
"""The export's numbers of sports, as far as those readers know them."""


def read(document: Document) -> TableRead | None:
    """``None`` when it has no start and number of a sport."""
    return read_items(document, "runtastic_json", {"sport_type_id", "start_time", "duration"}, _recording, id_key="id")


def _recording(item: Mapping[str, Any]) -> Recording | None:
    start_utc, end_utc = json_instant(item.get("start_time")), json_instant(item.get("end_time"))
    lasted_ms = json_positive(item.get("duration"))
    timer_s = None if lasted_ms is None else lasted_ms / 1000
    elapsed_s = (end_utc - start_utc).total_seconds() if start_utc and end_utc and end_utc > start_utc else timer_s
    if start_utc is None or not elapsed_s:
        return None
    kind, offset_ms = str(item.get("sport_type_id")), json_number(item.get("start_time_timezone_offset"))
    sport, sub_sport = TYPES.get(kind, (f"runtastic_{kind}", None))
    if sport == "running" and item.get("indoor") is True:
        sub_sport = "treadmill"
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=start_utc,
        utc_offset_s=None if offset_ms is None or abs(offset_ms) > 26 * 3_600_000 else round(offset_ms / 1000),
        elapsed_s=elapsed_s,
        timer_s=timer_s,
        distance_m=json_positive(item.get("distance")),
        ascent_m=json_positive(item.get("elevation_gain")),
        descent_m=json_positive(item.get("elevation_loss")),
        mean_heart_rate_bpm=json_positive(item.get("pulse_avg")),
        max_heart_rate_bpm=json_positive(item.get("pulse_max")),
        description=json_text(item.get("notes")),
        decoder="runtastic_json",
    )
