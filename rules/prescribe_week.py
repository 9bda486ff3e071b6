"""The week's budget: days × minutes of the ladder, what is used of it, which days are left for base work (M8, M13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from rules.facts import DoseLevel, Kind, Prescription, SessionDone, SkipReason, Window
from rules.feet import FootState
from rules.prescribe_ahead import run_soon


@dataclass(frozen=True, slots=True)
class Budget:
    """What the ISO week of one day still holds, that day's own session left out of what is used."""

    days: int
    minutes: float
    days_used: int
    minutes_used: float

    @property
    def days_left(self) -> int:
        return self.days - self.days_used

    @property
    def minutes_left(self) -> float:
        return round(self.minutes - self.minutes_used, 1)


def standing(issued: Sequence[Prescription]) -> list[Prescription]:
    """Prescriptions that nothing has succeeded, primers left out."""
    gone = {one.supersedes for one in issued if one.supersedes is not None}
    return [one for one in issued if one.window is not Window.PRIMER and one.prescription_id not in gone]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def budget(level: DoseLevel, day: date, stands: Sequence[Prescription]) -> Budget:
    """The budget of the ISO week that ``day`` lies in."""
    first = monday(day)
    last = first + timedelta(days=6)
    used = [one for one in stands if one.counts and first <= one.day <= last and one.day != day]
    return Budget(
        level.days_per_week,
        level.days_per_week * level.minutes,
        len({one.day for one in used}),
        round(sum(one.minutes for one in used), 1),
    )


def session_of(state: FootState, day: date) -> SessionDone | None:
    """The session that stands for ``day``: done or partly done before skipped; primers do not count."""
    primers = {one.prescription_id for one in state.issued if one.window is Window.PRIMER}
    days = {one.prescription_id: one.day for one in state.issued}
    found: SessionDone | None = None
    for session in reversed(state.sessions):
        if session.day < day - timedelta(days=2):
            break
        if session.prescription_id in primers or days.get(session.prescription_id or "", session.day) != day:
            continue
        if found is None or (found.state == "skipped" and session.state != "skipped"):
            found = session
    return found


def may_be_made_up(session: SessionDone) -> bool:
    """Skipped for want of time and the like: a later run still brings its work. Work done, pain and illness do not."""
    return session.state == "skipped" and session.reason not in (SkipReason.PAIN, SkipReason.ILL)


def hard_ahead(state: FootState, day: date) -> bool:
    """Whether ``day`` is likely a hard one: planned, learned from the habit, or the runner's usual hard weekday."""
    if day.weekday() in state.settings.hard_weekdays:
        return True
    return any(
        plan.day == day
        and plan.kind in (Kind.TEMPO, Kind.LONG, Kind.HILLS)
        and plan.probability >= state.thresholds.habit_probability
        for plan in state.planned
    )


def expected_run_days(state: FootState, first: date, last: date) -> int:
    """Days from ``first`` to ``last`` with a run planned, or on whose weekday most recent weeks had one."""
    planned = {plan.day for plan in state.planned if plan.probability >= state.thresholds.habit_probability}
    weeks = state.thresholds.expected_weeks
    horizon = state.today - timedelta(days=7 * weeks)
    ran: dict[int, set[date]] = {}
    for run in reversed(state.runs):
        if run.day < horizon:
            break
        if run.day < state.today:
            ran.setdefault(run.day.weekday(), set()).add(run.day)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sum(day in planned or len(ran.get(day.weekday(), ())) >= ceil(0.75 * weeks) for day in days)


def base_due(state: FootState, left: Budget) -> bool:
    """Whether today is a base day: the week's pace asks for one, the budget has room beside the runs to come, the day
    is a light one, and no run that is planned or usual begins in the next three hours."""
    today = state.today
    if run_soon(state):
        return False
    if left.days_left < 1 or left.minutes_left < state.thresholds.min_minutes or hard_ahead(state, today):
        return False
    asked = ceil(left.days * (today.weekday() + 1) / 7)
    if left.days_used >= asked:
        return False
    sunday = monday(today) + timedelta(days=6)
    return expected_run_days(state, today, sunday) < left.days_left
