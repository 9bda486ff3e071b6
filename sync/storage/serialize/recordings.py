"""A Recording to what the store keeps of it, and back: the same values come out, whatever went in."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, get_type_hints

import numpy as np
import pyarrow as pa

from rules.facts import FileId, Lap, LapIntensity, LapTrigger, Recording, Samples, WorkoutStep
from sync.storage.rows import RecordingRow

APART = frozenset({"samples", "laps", "steps"})
"""Kept in columns of their own."""
MEASURED = ("heart_rate_bpm", "cadence_spm", "altitude_m", "latitude_deg", "power_w", "speed_mps", "distance_m")
ENOUGH_SHARE = 0.2
"""A column that is filled less than this adds nothing to how rich a copy is."""
FILE_FORMATS = frozenset({"fit", "tcx", "gpx", "nike_json", "polar_json", "polar_csv", "apple_health"})
LAP_ENUMS = {"intensity": LapIntensity, "trigger": LapTrigger}


def recording_id(
    athlete: str, *, content_format: str, sha256: str, source: str, source_ref: str | None, leg: int
) -> str:
    """The same content or the same service's activity always gets the same id, on every machine and in any order."""
    key = sha256 if content_format in FILE_FORMATS or source_ref is None else f"{source}:{source_ref}"
    return hashlib.sha256(f"{athlete}\0{key}\0{leg}".encode()).hexdigest()[:12]


def to_facts(recording: Recording) -> dict[str, Any]:
    """Everything but samples, laps and steps, as plain JSON values."""
    return {
        one.name: plain(_value(getattr(recording, one.name)))
        for one in fields(recording)
        if one.name not in APART and getattr(recording, one.name) not in (None, {}, ())
    }


def laps_to_facts(recording: Recording) -> list[dict[str, Any]]:
    return [_filled(asdict(lap)) for lap in recording.laps]


def steps_to_facts(recording: Recording) -> list[dict[str, Any]]:
    return [_filled(asdict(step)) for step in recording.steps]


def from_row(row: RecordingRow, samples: Samples | None) -> Recording:
    """The recording as it was taken in, with ``samples`` of its own."""
    facts = dict(row.facts)
    if "file_id" in facts:
        facts["file_id"] = FileId(**_instants(FileId, facts["file_id"]))
    if "hr_zone_s" in facts:
        facts["hr_zone_s"] = tuple(facts["hr_zone_s"])
    return Recording(
        **{"sport": None, **_instants(Recording, facts)},
        laps=tuple(Lap(**_lap(lap)) for lap in row.laps),
        steps=tuple(WorkoutStep(**_step(step)) for step in row.steps),
        samples=samples,
    )


def richness(recording: Recording) -> int:
    """How many kinds of measurement a copy holds: sample columns, laps, workout steps."""
    found = int(bool(recording.laps)) + int(bool(recording.steps))
    if recording.samples is None or len(recording.samples) == 0:
        return found
    return found + sum(bool(np.isfinite(getattr(recording.samples, name)).mean() >= ENOUGH_SHARE) for name in MEASURED)


def to_table(samples: Samples) -> pa.Table:
    """The samples as Arrow columns, named as in the store."""
    return pa.table({name: np.asarray(getattr(samples, name), dtype=np.float64) for name in Samples.COLUMNS})


def plain(value: Any) -> Any:
    """JSON-able: instants as ISO text, enums by value, NaN and infinity as None."""
    match value:
        case StrEnum():
            return value.value
        case bool() | int() | str() | None:
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case np.generic():
            return plain(value.item())
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in value]
        case _:
            return str(value)


def _value(value: Any) -> Any:
    return _filled(asdict(value)) if isinstance(value, FileId) else value


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items() if value is not None}


@cache
def _instant_names(kind: type) -> frozenset[str]:
    hints = get_type_hints(kind)
    return frozenset(name for name, hint in hints.items() if hint in (datetime, datetime | None))


def _instants(kind: type, facts: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name for one in fields(kind)}
    names = _instant_names(kind)
    return {
        name: datetime.fromisoformat(value) if name in names and value is not None else value
        for name, value in facts.items()
        if name in known
    }


def _lap(facts: Mapping[str, Any]) -> dict[str, Any]:
    values = _instants(Lap, facts)
    return {name: LAP_ENUMS[name](value) if name in LAP_ENUMS else value for name, value in values.items()}


def _step(facts: Mapping[str, Any]) -> dict[str, Any]:
    values = _instants(WorkoutStep, facts)
    if "intensity" in values:
        values["intensity"] = LapIntensity(values["intensity"])
    return values
