"""What was done of one week: sessions by slot and day, and what the ladder's days and minutes still hold (M8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from rules.facts.answers import SkipReason
from rules.facts.foot_work import DoseLevel, Prescription, SessionDone, Window
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
    """What a piece of foot work is: a session of the ladder, or the care that a run asks for outside its count."""

    TRAINING = "training"
    WARM_UP = "warm-up"
    RESET = "reset"
    MORNING = "morning"
    OFFER = "offer"
    """At most two minutes: after a run that asks for no more, and on waking."""


CARE = (Slot.WARM_UP, Slot.RESET, Slot.MORNING)
"""What is asked for whole; it has a count of its own."""


def slot_of(one: Prescription) -> Slot:
    told = one.inputs.get("slot")
    if told is not None:
        return Slot(told)
    match one.window:
        case Window.BEFORE:
            return Slot.WARM_UP
        case Window.MORNING:
            return Slot.MORNING
        case Window.PRIMER:
            return Slot.OFFER
        case Window.AFTER if not one.counts:
            return Slot.OFFER if one.one_minute else Slot.RESET
        case _:
            return Slot.TRAINING


@dataclass(frozen=True, slots=True)
class SessionTold:
    """One session with the prescription it was for, if any: what the runner said of one day's work."""

    session: SessionDone
    prescription: Prescription | None

    @property
    def day(self) -> date:
        return self.prescription.day if self.prescription is not None else self.session.day

    @property
    def slot(self) -> Slot:
        """Work without a prescription is training."""
        return slot_of(self.prescription) if self.prescription is not None else Slot.TRAINING

    @property
    def done(self) -> bool:
        return self.session.state != "skipped"

    @property
    def minutes(self) -> float:
        if self.session.minutes is None and self.prescription is not None:
            return self.prescription.minutes
        return self.session.minutes or 0.0

    @property
    def counts(self) -> bool:
        return self.prescription is None or self.prescription.counts

    @property
    def ends_the_day(self) -> bool:
        """Skipped for pain or illness: nothing more comes that day."""
        return not self.done and self.session.reason in (SkipReason.PAIN, SkipReason.ILL)


def told_between(state: FootState, first: date, last: date) -> list[SessionTold]:
    """The sessions of the days from ``first`` to ``last``, in order, one a prescription: done before skipped, then the
    latest. Each belongs to the day it was prescribed for."""
    issued = {one.prescription_id: one for one in state.issued}
    found: dict[str, SessionTold] = {}
    for session in reversed(state.sessions):
        if session.day < first - timedelta(days=2):
            break
        one = SessionTold(session, issued.get(session.prescription_id or ""))
        name = session.prescription_id or session.session_id
        if first <= one.day <= last and (name not in found or (one.done and not found[name].done)):
            found[name] = one
    return sorted(found.values(), key=lambda one: one.session.at_utc)


def budget(level: DoseLevel, day: date, state: FootState) -> Budget:
    """The budget of the ISO week that ``day`` lies in. Work without a prescription counts too: it was done. What a day
    was longer than the ladder's session, by the runner's choice or by repetitions on top, is taken from no other."""
    first = monday(day)
    used: dict[date, float] = {}
    for one in told_between(state, first, first + timedelta(days=6)):
        if one.done and one.counts and one.day != day:
            minutes = one.prescription.minutes if one.prescription is not None else one.minutes
            used[one.day] = min(level.minutes, max(used.get(one.day, 0.0), minutes))
    return Budget(level.days_per_week, level.days_per_week * level.minutes, len(used), round(sum(used.values()), 1))


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
