"""What could not be taken in, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A bad record: shown to the runner, never raised."""

    name: str
    reason: str
    detail: str | None = None
