"""The dose ladder: start, ready for a step, dial back and its way back, stop and resume. Every change is a row."""

from __future__ import annotations

from collections.abc import Sequence

from rules.facts import DoseChange, DoseLevel
from rules.feet import FootState
from rules.foot_thresholds import thresholds


def current_level(changes: Sequence[DoseChange]) -> DoseLevel:
    """Where the runner stands: the last row's ``after``, or the start of the ladder when there is none."""
    if changes:
        return changes[-1].after
    start = thresholds()
    return DoseLevel(start.start_minutes, start.start_days)


def open_offer(state: FootState) -> DoseChange | None:
    return None
