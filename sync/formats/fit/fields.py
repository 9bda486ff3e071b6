"""Reading single FIT fields: what is not there, or is no number, is ``None``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sync.formats.fit.decoders import Fields


def fit_number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def fit_positive(value: Any) -> float | None:
    found = fit_number(value)
    return found if found is not None and found > 0 else None


def fit_instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def began_s(fields: Fields) -> float | None:
    """Seconds since 1970 at which a session or lap began; from its end when the start is not written."""
    start = fit_number(fields.get("start_time"))
    end, elapsed = fit_number(fields.get("timestamp")), fit_number(fields.get("total_elapsed_time"))
    if start is None and end is not None:
        start = end - (elapsed or 0.0)
    return start


def fit_word(value: Any, *, but: tuple[str, ...] = ()) -> str | None:
    if isinstance(value, str):
        return None if value in but else value
    return f"code_{value}" if isinstance(value, int) else None


def fit_text(rows: Iterable[Fields], name: str) -> str | None:
    for fields in rows:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None
