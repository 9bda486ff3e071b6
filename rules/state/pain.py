"""Foot work skipped or ended because it hurt: what is asked, and what stays lighter until it is answered (S6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from rules.facts.answers import DrillAnswer, SkipReason
from rules.facts.foot_work import DiaryEntry, Reason, SessionDone, Window
from rules.knowledge.thresholds import Thresholds
from rules.state.diary import backwards
from rules.state.feet import FootState


@dataclass(frozen=True, slots=True)
class Pain:
    """The latest session that was skipped or ended because it hurt, or a drill of it hurt, and what came after it."""

    session: SessionDone
    score: int | None
    """The worst soreness of the last day logged since; None while nobody has said how much it hurts."""
    asks: bool
    """Whether the runner is asked where and how much."""
    worked: int
    """How many times foot work was done since, and nothing was said to hurt."""


def heard(state: FootState) -> Pain | None:
    """The pain that the next foot work has to know of; None when there is none, or it is too long ago."""
    limits = state.thresholds
    primers = {one.prescription_id for one in state.issued if one.window is Window.PRIMER}
    worked = 0
    for session in reversed(state.sessions):
        if worked >= limits.pain_lighter_sessions:
            break
        if hurt(session):
            age = state.now_utc - session.at_utc
            score = _answer(state, session)
            if score is not None and age > timedelta(days=limits.pain_lightens_days):
                break
            asks = score is None and still_asks(age, limits)
            return Pain(session, score, asks, worked)
        worked += session.state != "skipped" and session.prescription_id not in primers
    return None


def hurt(session: SessionDone) -> bool:
    """Whether the session was skipped or ended because it hurt, or a drill of it hurt."""
    return session.reason is SkipReason.PAIN or DrillAnswer.HURT in session.drills.values()


def still_asks(age: timedelta, limits: Thresholds) -> bool:
    """Whether foot work that hurt so long ago is still asked about."""
    return age <= timedelta(hours=limits.pain_asks_hours)


def pain_question(pain: Pain) -> Reason:
    """The card that asks where it hurts and how much."""
    return Reason("ask_pain", {"session": pain.session.session_id, "day": pain.session.day}, ("S6",))


def _answer(state: FootState, session: SessionDone) -> int | None:
    """The worst score of the last day logged since ``session``, to the minute: a time that is typed has no seconds."""
    since_utc = session.at_utc.replace(second=0, microsecond=0)
    found: list[DiaryEntry] = []
    for entry in backwards(state.diary, state.today):
        if entry.day < session.day or (found and entry.day < found[0].day):
            break
        if entry.what == "soreness" and entry.at_utc >= since_utc:
            found.append(entry)
    return max((entry.score for entry in found), default=None)
