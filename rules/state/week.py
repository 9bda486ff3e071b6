"""The week's budget: days × minutes of the ladder, what was done of it, which days are left for base work (M8, M13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from typing import Literal

from rules.facts.answers import SkipReason
from rules.facts.foot_work import DoseLevel, Prescription, SessionDone, Window
from rules.facts.kinds import Kind
from rules.state.expected_runs import run_soon
from rules.state.feet import FootState

SessionState = Literal["done", "partial", "skipped"]


@dataclass(frozen=True, slots=True)
class Budget:
    """What the ISO week of one day still holds: only work that was done uses it, that day's own session left out."""

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


class Slot(StrEnum):
    """What a day may hold once of each: a session of the ladder, and the care that runs ask for outside its count."""

    TRAINING = "training"
    WARM_UP = "warm-up"
    RESET = "reset"
    MORNING = "morning"


def slot_of(one: Prescription) -> Slot:
    match one.window:
        case Window.BEFORE:
            return Slot.WARM_UP
        case Window.MORNING:
            return Slot.MORNING
        case Window.AFTER if not one.counts and not one.one_minute:
            return Slot.RESET
        case _:
            return Slot.TRAINING


def budget(level: DoseLevel, day: date, state: FootState) -> Budget:
    """The budget of the ISO week that ``day`` lies in. Work without a prescription counts too: it was done."""
    first = monday(day)
    last = first + timedelta(days=6)
    issued = {one.prescription_id: one for one in state.issued}
    used: dict[date, float] = {}
    for session in reversed(state.sessions):
        if session.day < first - timedelta(days=2):
            break
        one = issued.get(session.prescription_id or "")
        if session.state == "skipped" or (one is not None and not one.counts):
            continue
        on, minutes = (one.day, one.minutes) if one is not None else (session.day, session.minutes or 0.0)
        if first <= on <= last and on != day:
            used[on] = max(used.get(on, 0.0), minutes)
    return Budget(level.days_per_week, level.days_per_week * level.minutes, len(used), round(sum(used.values()), 1))


def sessions_on(state: FootState, day: date) -> dict[Slot, tuple[SessionDone, Window | None]]:
    """The session that stands for each slot of ``day``, done before skipped, and the window it was for; primers do not
    count, and work without a prescription is training."""
    issued = {one.prescription_id: one for one in state.issued}
    found: dict[Slot, tuple[SessionDone, Window | None]] = {}
    for session in reversed(state.sessions):
        if session.day < day - timedelta(days=2):
            break
        one = issued.get(session.prescription_id or "")
        if (one.day if one is not None else session.day) != day or (one is not None and one.window is Window.PRIMER):
            continue
        slot = slot_of(one) if one is not None else Slot.TRAINING
        if slot not in found or (found[slot][0].state == "skipped" and session.state != "skipped"):
            found[slot] = session, one.window if one is not None else None
    return found


def closed(slot: Slot, window: Window, sessions: Mapping[Slot, tuple[SessionDone, Window | None]]) -> bool:
    """Whether what was done or skipped that day leaves no room for ``slot``.

    Pain and illness end the day. A slot that is done is done, and after the warm-up a hard run needs no session more. A
    session skipped for want of time and the like still leaves what a later run asks for.
    """
    if any(not may_be_made_up(one) and one.state == "skipped" for one, _ in sessions.values()):
        return True
    if slot is Slot.TRAINING and Slot.WARM_UP in sessions and sessions[Slot.WARM_UP][0].state != "skipped":
        return True
    if slot not in sessions:
        return False
    session, was = sessions[slot]
    return session.state != "skipped" or window is not Window.AFTER or was is Window.AFTER


def may_be_made_up(session: SessionDone) -> bool:
    """Skipped for want of time and the like: a later run still brings its work. Work done, pain and illness do not."""
    return session.state == "skipped" and session.reason not in (SkipReason.PAIN, SkipReason.ILL)


def sessions_by_prescription(
    sessions: Iterable[SessionDone], issued: Iterable[Prescription] = ()
) -> dict[str, SessionDone]:
    """The last word on each prescription; work done as one that was succeeded meanwhile is done."""
    found = {one.prescription_id: one for one in sessions if one.prescription_id is not None}
    for one in issued:
        before = found.get(one.supersedes or "")
        if before is not None and before.state != "skipped" and one.window is not Window.PRIMER:
            found.setdefault(one.prescription_id, before)
    return found


def minutes_done(told: float | None, state: SessionState, prescribed: float | None) -> float | None:
    """How long a session took: as told; work that was done whole took as long as it was prescribed."""
    return prescribed if told is None and state == "done" else told


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


def training_run_days(state: FootState, first: date, last: date) -> int:
    """Days from ``first`` to ``last`` whose run will bring a session of the ladder: one is planned, or most recent
    weeks had one on the weekday, and it is neither hard nor long nor hilly: those bring care outside the count."""
    demanding = (Kind.TEMPO, Kind.LONG, Kind.HILLS)
    told = [plan for plan in state.planned if plan.probability >= state.thresholds.habit_probability]
    hard = {plan.day for plan in told if plan.kind in demanding}
    planned = {plan.day for plan in told} - hard
    weeks = state.thresholds.expected_weeks
    horizon = state.today - timedelta(days=7 * weeks)
    ran: dict[int, dict[date, bool]] = {}
    for run in reversed(state.runs):
        if run.day < horizon:
            break
        if run.day < state.today:
            days = ran.setdefault(run.day.weekday(), {})
            days[run.day] = days.get(run.day, True) and not run.demanding
    usual = {weekday for weekday, easy in ran.items() if sum(easy.values()) >= ceil(0.75 * weeks)}
    days_ahead = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sum(
        day in planned or (day.weekday() in usual and day not in hard and day not in state.rest) for day in days_ahead
    )


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
    return training_run_days(state, today, sunday) < left.days_left
