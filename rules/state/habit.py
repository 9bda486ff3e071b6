"""The weekday habit: which of the coming days are usually hard ones, learned from the runner's own weeks (M15, M27)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import Kind
from rules.knowledge.thresholds import Thresholds
from rules.state.feet import RunSeen

AHEAD_DAYS = 7
HABIT = "habit-"
"""What the id of a habit's run begins with."""


def coming_habits(
    runs: Sequence[RunSeen], today: date, limits: Thresholds, told: Collection[date] = ()
) -> tuple[PlannedRun, ...]:
    """Usual hard days from today on, as offers with their probability; ``told`` are days the runner or a calendar has
    spoken for, a rest day included: there the habit is silent.

    Of n weeks with this weekday k had a hard run: (k + ½) / (n + 1), shown from ``habit_probability`` up.
    """
    if not runs:
        return ()
    hard = {run.day for run in runs if run.hard}
    weeks = min(limits.habit_weeks, (today - runs[0].day).days // 7)
    if weeks < limits.habit_least_weeks:
        return ()
    found = []
    for ahead in range(AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        kept = sum(day - timedelta(days=7 * back) in hard for back in range(1, weeks + 1))
        chance = round((kept + 0.5) / (weeks + 1), 2)
        if day not in told and chance >= limits.habit_probability:
            found.append(PlannedRun(day, Kind.TEMPO, "habit", None, None, chance, f"{HABIT}{day.isoformat()}"))
    return tuple(found)
