"""``summarizedActivities.json`` of Garmin's account export. Its units are not the web service's.

Durations and zone times are milliseconds, distances and heights centimetres, speeds a tenth of a metre a second, energy
kilojoule; run cadence counts one leg. The file's own name holds the runner's e-mail address: never log or keep it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.services.json_fields import json_instant, json_number, json_positive, json_table, json_text
from sync.formats.sport_words import sport_named
from sync.formats.tables.sheets import TableRead, TableRow
from sync.formats.where import zone_at

LIST = "summarizedActivitiesExport"
LARGEST_OFFSET_S = 14 * 3600
LABELS = frozenset({
    "UNKNOWN", "RECOVERY", "AEROBIC_BASE", "TEMPO", "LACTATE_THRESHOLD", "VO2MAX", "ANAEROBIC_CAPACITY", "SPEED",
})  # fmt: skip
ALIASES = {"BASE": "AEROBIC_BASE", "THRESHOLD": "LACTATE_THRESHOLD", "SPRINT": "SPEED"}
ZONES = range(1, 6)


def read_garmin_export(value: object, name: str) -> TableRead | None:
    """The parsed file; ``None`` when this is not Garmin's list of summaries."""
    items = list(_items(value))
    if not items and not _has_list(value):
        return None
    rows, problems = [], []
    for place, item in enumerate(items, start=1):
        identity = item.get("activityId")
        recording = _recording(item)
        if recording is None:
            problems.append(Problem(f"{name}:{identity or place}", "row-without-start"))
            continue
        rows.append(TableRow(recording, external_id=None if identity is None else str(identity)))
    return TableRead("garmin_export", tuple(rows), tuple(problems))


def _has_list(value: object) -> bool:
    parts = value if isinstance(value, list) else [value]
    return any(isinstance(part, Mapping) and LIST in part for part in parts)


def _items(value: object) -> Iterator[Mapping[str, Any]]:
    for part in value if isinstance(value, list) else [value]:
        listed = json_table(part).get(LIST)
        yield from (item for item in (listed if isinstance(listed, list) else ()) if isinstance(item, Mapping))


def _recording(item: Mapping[str, Any]) -> Recording | None:
    start_utc = json_instant(item.get("startTimeGmt")) or json_instant(item.get("beginTimestamp"))
    timer_s = _thousandth(item.get("duration"))
    elapsed_s = _thousandth(item.get("elapsedDuration")) or timer_s
    if start_utc is None or elapsed_s is None:
        return None
    kind = json_text(item.get("activityType")) or json_text(json_table(item.get("activityType")).get("typeKey"))
    sport, sub_sport = sport_named(kind)
    return Recording(
        sport=sport or kind,
        sub_sport=sub_sport,
        start_utc=start_utc,
        elapsed_s=elapsed_s,
        utc_offset_s=(offset_s := _offset_s(item)),
        zone=zone_at(*_start(item)) if offset_s is None else None,
        timer_s=timer_s,
        moving_s=_thousandth(item.get("movingDuration")),
        distance_m=_hundredth(item.get("distance")),
        ascent_m=_hundredth(item.get("elevationGain")),
        descent_m=_hundredth(item.get("elevationLoss")),
        mean_heart_rate_bpm=json_positive(item.get("avgHr")),
        max_heart_rate_bpm=json_positive(item.get("maxHr")),
        mean_cadence_spm=json_positive(item.get("avgDoubleCadence")) or _doubled(item.get("avgRunCadence")),
        title=json_text(item.get("name")),
        description=json_text(item.get("description")),
        training_effect_aerobic=json_number(item.get("aerobicTrainingEffect")),
        training_effect_anaerobic=json_number(item.get("anaerobicTrainingEffect")),
        training_effect_label=_label(item.get("trainingEffectLabel")),
        training_load=json_number(item.get("activityTrainingLoad")),
        rpe=_tenth(item.get("workoutRpe")),
        feel=json_number(item.get("workoutFeel")),
        lap_count=_count(item.get("lapCount")),
        hr_zone_s=_zones(item),
        decoder="garmin_export",
        extra={
            name: value
            for name in ("deviceId", "lapCount", "steps", "vO2MaxValue")
            if (value := json_number(item.get(name)))
        },
    )


def _count(value: object) -> int | None:
    found = json_positive(value)
    return None if found is None else round(found)


def _thousandth(value: object) -> float | None:
    found = json_positive(value)
    return None if found is None else found / 1000


def _hundredth(value: object) -> float | None:
    found = json_number(value)
    return None if found is None else found / 100


def _tenth(value: object) -> float | None:
    found = json_number(value)
    return None if found is None else found / 10


def _doubled(value: object) -> float | None:
    found = json_positive(value)
    return None if found is None else found * 2


def _label(value: object) -> str | None:
    word = (json_text(value) or "").upper()
    word = ALIASES.get(word, word)
    return word if word in LABELS else None


def _offset_s(item: Mapping[str, Any]) -> int | None:
    """Local less GMT; equal ones name no zone (exports were seen that write GMT twice)."""
    gmt, local = json_number(item.get("startTimeGmt")), json_number(item.get("startTimeLocal"))
    if gmt is None or local is None or gmt == local:
        return None
    offset_s = round((local - gmt) / 900_000) * 900
    return offset_s if abs(offset_s) <= LARGEST_OFFSET_S else None


def _start(item: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees."""
    return json_number(item.get("startLatitude")), json_number(item.get("startLongitude"))


def _zones(item: Mapping[str, Any]) -> tuple[float, ...] | None:
    seconds = [_thousandth(item.get(f"hrTimeInZone_{zone}")) for zone in ZONES]
    return tuple(value or 0.0 for value in seconds) if any(value is not None for value in seconds) else None
