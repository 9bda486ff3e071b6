"""How long a session may become by offered steps: it follows how much is run (M20). By hand the ladder's own end holds.

The numbers are ours: a foot that carries more may do more, and nobody's session grows without end.
"""

from __future__ import annotations

from statistics import median

from rules.facts.foot_work import DoseLevel
from rules.state.feet import FootState

WEEKS = 4
REPETITION_MINUTES = 0.5
"""About so much longer a session is for each repetition more in every drill."""


def session_ceiling(state: FootState, level: DoseLevel) -> float:
    """Minutes that offered steps lead to at most. Who stands above a bound keeps its ceiling for some kilometres less;
    without four weeks of runs it is the lowest. A ceiling that falls takes nothing away."""
    limits = state.thresholds
    weekly = weekly_km(state)
    if weekly is None:
        return limits.ceiling_low_minutes
    slack = limits.ceiling_slack_km
    if _past(weekly, limits.ceiling_high_km, slack if level.minutes > limits.ceiling_middle_minutes else 0.0):
        return limits.ceiling_high_minutes
    if _past(weekly, limits.ceiling_middle_km, slack if level.minutes > limits.ceiling_low_minutes else 0.0):
        return limits.ceiling_middle_minutes
    return limits.ceiling_low_minutes


def _past(weekly_km: float, bound_km: float, slack_km: float) -> bool:
    return weekly_km >= bound_km - slack_km


def weekly_km(state: FootState) -> float | None:
    """The median of the last four weeks, each seven days that end today or a whole number of weeks ago; None when the
    runs do not reach back into the first of them."""
    weeks = [0.0] * WEEKS
    reach = False
    for run in reversed(state.runs):
        at = (state.today - run.day).days // 7
        if at >= WEEKS:
            reach = True
            break
        if at >= 0:
            weeks[at] += (run.distance_m or 0.0) / 1000
            reach = reach or at == WEEKS - 1
    return median(weeks) if reach else None


def room_for(state: FootState, level: DoseLevel, *, minutes: float = 0.0, reps: int = 0) -> bool:
    """Whether that much more stays within the ceiling."""
    return level.minutes + minutes + REPETITION_MINUTES * (level.extra_reps + reps) <= session_ceiling(state, level)
