"""The two doors to a step: stiffness has eased, or two weeks of the work were taken well (M9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from rules.dose.readiness import Easing, easing
from rules.dose.tolerance import Tolerance, tolerance
from rules.facts.foot_work import DoseChange, Reason
from rules.state.feet import FootState


def ready_for_step(state: FootState, changes: Sequence[DoseChange]) -> tuple[Reason, date] | None:
    """Why a step may be offered, and since which day an offer of before would be the same one."""
    eased = easing(state, changes)
    if eased is not None and eased.ready:
        return Reason("ready", _numbers(eased), ("M9",)), eased.checked
    taken = tolerance(state, changes)
    if taken is not None and taken.ready:
        since = state.today - timedelta(days=state.thresholds.ready_every_days - 1)
        return Reason("ready_tolerated", _counts(taken), ("M9", "M5")), since
    return None


def _numbers(found: Easing) -> dict[str, float | int | str]:
    return {
        "baseline": round(found.baseline, 1),
        "recent": round(found.recent, 1),
        "n_baseline": found.baseline_entries,
        "n_recent": found.recent_entries,
        "since": found.baseline_from.isoformat(),
    }


def _counts(found: Tolerance) -> dict[str, float | int | str]:
    return {"done": found.sessions, "answered": found.answered, "worst": found.worst}
