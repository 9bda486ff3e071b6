"""A Recording to what the store keeps of it, and back: the same values come out, whatever went in."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast, get_type_hints

import numpy as np
import pyarrow as pa
from pydantic import TypeAdapter

from rules.facts.recorded import FileId, Lap, Recording, Samples, WorkoutStep
from sync.storage.rows.arrived import RecordingRow

APART = frozenset({"samples", "laps", "steps"})
"""Kept in columns of their own."""
MEASURED = ("heart_rate_bpm", "cadence_spm", "altitude_m", "latitude_deg", "power_w", "speed_mps", "distance_m")
ENOUGH_SHARE = 0.2
"""A column that is filled less than this adds nothing to how rich a copy is."""
FILE_FORMATS = frozenset({"fit", "tcx", "gpx", "nike_json", "polar_json", "polar_csv", "apple_health"})

T = TypeVar("T")


def recording_id(
    athlete: str, *, content_format: str, sha256: str, source: str, source_ref: str | None, leg: int
) -> str:
    """The same content or the same service's activity always gets the same id, on every machine and in any order."""
    key = sha256 if content_format in FILE_FORMATS or source_ref is None else f"{source}:{source_ref}"
    return hashlib.sha256(f"{athlete}\0{key}\0{leg}".encode()).hexdigest()[:12]


def to_facts(recording: Recording) -> dict[str, Any]:
    """Everything but samples, laps and steps, as plain JSON values."""
    return {
        name: _filled(value) if isinstance(value, FileId) else plain(value)
        for name in _types(Recording)
        if name not in APART and (value := getattr(recording, name)) not in (None, {}, ())
    }


def laps_to_facts(recording: Recording) -> list[dict[str, Any]]:
    return [_filled(lap) for lap in recording.laps]


def steps_to_facts(recording: Recording) -> list[dict[str, Any]]:
    return [_filled(step) for step in recording.steps]


def from_row(row: RecordingRow, samples: Samples | None) -> Recording:
    """The recording as it was taken in, with ``samples`` of its own; a field this version does not know is left out."""
    types = _types(Recording)
    kept = {"sport": None, **row.facts, "laps": row.laps, "steps": row.steps}
    values = {name: restore(types[name], value) for name, value in kept.items() if name in types}
    return Recording(**values, samples=samples)


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
    """JSON-able: dataclasses by field, instants as ISO text, enums by value, NaN and infinity as None."""
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
        case _ if is_dataclass(value):
            return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
        case _:
            return str(value)


def restore(kind: type[T], stored: object) -> T:
    """A value of ``kind`` from what ``plain`` made of it; keys that ``kind`` does not know are left out.

    Raises ValueError for what is no such value.
    """
    adapter: TypeAdapter[T] = _adapter(cast(Hashable, kind))
    return adapter.validate_python(stored)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Made when it is first needed: making them all would slow down the start of every command."""
    return TypeAdapter(kind)


@cache
def _types(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}


def _filled(value: Lap | WorkoutStep | FileId) -> dict[str, Any]:
    return {name: one for name, one in plain(value).items() if getattr(value, name) is not None}
