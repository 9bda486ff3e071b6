"""One run of the Nike app, as its exporters save it: totals under ``summaries``, readings under ``metrics``.

Instants are epoch milliseconds, distances kilometres. Built from public readers (runpandas, nrc-exporter).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from rules.facts.recorded import Recording
from sync.formats.exports.document import Document, read_items
from sync.formats.exports.series import samples_of
from sync.formats.samples import max_finite, moving_time_s
from sync.formats.services.json_fields import json_instant, json_number, json_positive, json_table, json_text
from sync.formats.sport_words import sport_of_type
from sync.formats.tables.sheets import METRES, TableRead

COLUMNS = {
    "latitude": "latitude_deg", "longitude": "longitude_deg", "elevation": "altitude_m", "heart_rate": "heart_rate_bpm",
    "distance": "distance_m",
}  # fmt: skip


def read(document: Document) -> TableRead | None:
    """``None`` when no item has Nike's start and summaries."""
    return read_items(document, "nike_json", {"start_epoch_ms", "summaries"}, _recording, id_key="id")


def _recording(item: Mapping[str, Any]) -> Recording | None:
    began, ended = json_number(item.get("start_epoch_ms")), json_number(item.get("end_epoch_ms"))
    start_utc = json_instant(began)
    timer_s = _thousandth(item.get("active_duration_ms"))
    elapsed_s = (ended - began) / 1000 if began is not None and ended is not None and ended > began else timer_s
    if start_utc is None or began is None or not elapsed_s:
        return None
    far_km, samples = _total(item, "distance", "total"), samples_of(_series(item, began))
    tags = json_table(item.get("tags"))
    sport, sub_sport = sport_of_type(json_text(item.get("type")))
    if (json_text(tags.get("location")) or "").casefold() in ("indoors", "treadmill"):
        sub_sport = sub_sport or "treadmill"
    return Recording(
        sport=sport or json_text(item.get("type")),
        sub_sport=sub_sport,
        start_utc=start_utc,
        elapsed_s=elapsed_s,
        timer_s=timer_s,
        moving_s=None if samples is None else moving_time_s(samples),
        distance_m=None if far_km is None else far_km * METRES["km"],
        ascent_m=_total(item, "ascent", "total"),
        descent_m=_total(item, "descent", "total"),
        mean_heart_rate_bpm=_total(item, "heart_rate", "mean"),
        max_heart_rate_bpm=None if samples is None else max_finite(samples.heart_rate_bpm),
        title=json_text(tags.get("com.nike.name")),
        samples=samples,
        decoder="nike_json",
    )


def _total(item: Mapping[str, Any], metric: str, summary: str) -> float | None:
    listed = item.get("summaries")
    return next(
        (
            json_positive(one.get("value"))
            for one in (listed if isinstance(listed, list) else ())
            if isinstance(one, Mapping) and (one.get("metric"), one.get("summary")) == (metric, summary)
        ),
        None,
    )


def _series(item: Mapping[str, Any], began_ms: float) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    listed = item.get("metrics")
    for one in listed if isinstance(listed, list) else ():
        column = COLUMNS.get(json_text(json_table(one).get("type")) or "")
        if column is not None:
            found[column] = list(_readings(one.get("values"), began_ms))
    if "latitude_deg" in found:
        found.pop("distance_m", None)
    elif found.get("distance_m"):
        # Each reading is the kilometres of its own stretch.
        way_m = np.cumsum([km for _, km in found["distance_m"]]) * METRES["km"]
        found["distance_m"] = [(t_s, float(m)) for (t_s, _), m in zip(found["distance_m"], way_m, strict=True)]
    return found


def _readings(values: object, began_ms: float) -> Iterator[tuple[float, float]]:
    for one in values if isinstance(values, list) else ():
        at_ms, value = json_number(json_table(one).get("start_epoch_ms")), json_number(json_table(one).get("value"))
        if at_ms is not None and value is not None:
            yield round((at_ms - began_ms) / 1000), value


def _thousandth(value: object) -> float | None:
    found = json_positive(value)
    return None if found is None else found / 1000
