"""Values out of a service's JSON: what is missing, null, of the wrong type or not finite is None."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def json_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def json_positive(value: object) -> float | None:
    found = json_number(value)
    return found if found is not None and found > 0 else None


def json_text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def json_id(value: object) -> str:
    """A service's number for a thing, the same however its JSON writes it: 31, "31" and 31.0 are one."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return text.removesuffix(".0") if text.removesuffix(".0").isdecimal() else text


def json_table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def json_instant(value: object) -> datetime | None:
    """Naive UTC from "2026-01-08 14:10:21", ISO with or without a zone, or epoch milliseconds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, UTC).replace(tzinfo=None) if 0 < value < 4e12 else None
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):  # The first and the last day there is lie outside in other zones.
        return None


def loads_object(content: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(content)
    except (ValueError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def without(value: Mapping[str, Any], *left_out: str) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name not in left_out}
