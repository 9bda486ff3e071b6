"""A stiff, painful big-toe joint (S5): the questions, what their answers mean, and when they are asked again."""

from __future__ import annotations

from datetime import timedelta

from rules.facts.answers import Place
from rules.facts.card_answers import NEVER, NOT_NOW, means_stiff, signs_of
from rules.facts.foot_work import Reason
from rules.state.diary import between
from rules.state.feet import FootState
from rules.state.put_off import ASKED_FOR_DAYS, CardAnswer, asked_again, subject

CARD = "big_toe"
"""The cards' subject. Answers: `rules.facts.card_answers`."""


def stiff_big_toe(state: FootState) -> bool:
    """What the runner said last, until they say otherwise."""
    last = _last(state)
    return last is not None and means_stiff(signs_of(last.answer) or ())


def question(state: FootState) -> Reason | None:
    """Why the joint is asked about today; None when it is not.

    Once in the plan's first days, eight weeks after each answer, and when stiffness names the joint twice in a
    fortnight. What is not answered is asked three times, a week apart, and then in eight weeks again.
    """
    limits, last = state.thresholds, _last(state)
    stiff = stiff_big_toe(state)
    if _named_again(state, last):
        return Reason("big_toe_named", {"score": limits.big_toe_score, "stiff": stiff}, ("S5",))
    due = state.started + timedelta(days=1) if last is None else last.day + timedelta(days=limits.big_toe_asks_days)
    since = (state.today - due).days
    if since < 0 or not asked_again(since % limits.big_toe_asks_days):
        return None
    return Reason("big_toe_again" if last is not None else "big_toe_first", {"stiff": stiff}, ("S5",))


def _last(state: FootState) -> CardAnswer | None:
    for one in reversed(state.card_answers):
        said = one.answer not in (NOT_NOW, NEVER) and signs_of(one.answer) is not None
        if said and subject(one.card_id).startswith(CARD) and one.day <= state.today:
            return one
    return None


def _named_again(state: FootState, last: CardAnswer | None) -> bool:
    """Stiffness of the joint, high, on two days of a fortnight since it was asked; told for two days."""
    limits = state.thresholds
    first = state.today - timedelta(days=limits.big_toe_window_days - 1)
    if last is not None:
        first = max(first, last.day + timedelta(days=1))
    days = {
        entry.day
        for entry in between(state.diary, first, state.today)
        if entry.what == "stiffness" and entry.place is Place.BIG_TOE_JOINT and entry.score >= limits.big_toe_score
    }
    return len(days) >= limits.big_toe_times and (state.today - max(days)).days < ASKED_FOR_DAYS
