"""Ready for a step by tolerance: two weeks of the work were done, and the feet took it well (M9; ours)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from rules.dose.readiness import last_change, stiffness_by_day
from rules.facts.answers import DrillAnswer
from rules.facts.foot_work import DoseChange, SessionDone
from rules.state.adherence import days_between, share
from rules.state.diary import by_day
from rules.state.feet import FootState
from rules.state.pain import hurt
from rules.state.put_off import WENT_CARD, subject
from rules.state.week import monday

TOOK_WELL = frozenset({DrillAnswer.RIGHT, DrillAnswer.TOO_EASY})


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What was done of what was prescribed, and on how many of those days the feet were asked."""

    done: int
    prescribed: int
    sessions: int
    answered: int
    worst: int
    """The highest soreness on a training day."""
    well: bool
    """Whether every answer was a good one, nothing hurt, and stiffness is where it usually is."""
    ready: bool


def tolerance(state: FootState, changes: Sequence[DoseChange]) -> Tolerance | None:
    """The two weeks up to yesterday at the present dose, with what is known of today; None before they are over."""
    limits, today = state.thresholds, state.today
    change = last_change(changes)
    if change is None or (today - change.day).days < limits.tolerance_days:
        return None
    # Today is not over: what is asked of it is no miss yet, and what was missed a fortnight ago still counts.
    first, yesterday = today - timedelta(days=limits.tolerance_days), today - timedelta(days=1)
    kept = share(days_between(state, first, yesterday), today)
    sessions = _sessions(state, first)
    days = {day for day, _ in sessions}
    sore = {day: score for day, score in by_day(state.diary, "soreness", first, today).items() if day in days}
    rated = {day for day, session in sessions if session.drills}
    answered = len(set(sore) | rated)
    worst = max(sore.values(), default=0)
    answers = {answer for _, session in sessions for answer in session.drills.values()}
    pain = any(hurt(session) for session in state.sessions if session.day >= first)
    well = worst <= limits.tolerance_score and answers <= TOOK_WELL and not pain and not _stiffer(state)
    least = limits.tolerance_sessions if changes[-1].after.days_per_week > 2 else limits.tolerance_sessions_two
    share_done = kept.share or 0.0
    ready = (
        well and share_done >= limits.tolerance_share and len(days) >= least and answered >= limits.tolerance_answers
    )
    return Tolerance(kept.done, kept.prescribed, len(days), answered, worst, well, ready)


ASKED_A_WEEK = 2
"""Sessions of a week after which the question comes: enough for three answers in a fortnight."""
ASKED_WEEKS, ASKED_AGAIN_WEEKS = 3, 4
"""Who never answers is asked for three weeks, then in one of four."""


def asked_how_it_went(state: FootState, changes: Sequence[DoseChange]) -> SessionDone | None:
    """Today's training, where too few of the fortnight's sessions say how the feet took them: without an answer there
    is no step by this door, so one question comes after the session instead."""
    limits, today = state.thresholds, state.today
    change = last_change(changes)
    if change is None or change.after.level != "steady":
        return None
    weeks = (today - change.day).days // 7 - 1
    if weeks < 0 or (weeks >= ASKED_WEEKS and not _ever_answered(state, change.day) and weeks % ASKED_AGAIN_WEEKS):
        return None
    first = today - timedelta(days=limits.tolerance_days)
    sessions = _sessions(state, first)
    sore = by_day(state.diary, "soreness", first, today)
    said = {day for day, one in sessions if one.drills or day in sore or hurt(one)}
    earlier = {day for day, _ in sessions if monday(today) <= day < today}
    if len(said) >= limits.tolerance_answers or today in said or len(earlier) >= ASKED_A_WEEK:
        return None
    given = {one.prescription_id for one in state.issued}
    return next((one for day, one in reversed(sessions) if day == today and one.prescription_id in given), None)


def _ever_answered(state: FootState, since: date) -> bool:
    return any(
        one.day >= since and subject(one.card_id) == WENT_CARD and one.answer in set(DrillAnswer)
        for one in state.card_answers
    )


def _sessions(state: FootState, first: date) -> list[tuple[date, SessionDone]]:
    """Training of the window by its own day: what a prescription was for, else the day it was done."""
    issued = {one.prescription_id: one for one in state.issued}
    found = []
    for session in state.sessions:
        one = issued.get(session.prescription_id or "")
        day = one.day if one is not None else session.day
        if first <= day <= state.today and session.state != "skipped" and (one is None or one.counts):
            found.append((day, session))
    return found


def _stiffer(state: FootState) -> bool:
    """Whether the last week's stiffness lies a point or more above the median of the last four."""
    limits, today = state.thresholds, state.today
    usual = stiffness_by_day(state.diary, today - timedelta(days=limits.usual_stiffness_days - 1), today)
    week = [score for day, score in usual.items() if (today - day).days < 7]
    return bool(week) and sum(week) / len(week) >= median(usual.values()) + limits.tolerance_stiffer
