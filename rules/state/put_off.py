"""Questions that the runner put off: not now, or never again; and which of the others is asked today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.facts.card_answers import NEVER, NOT_NOW
from rules.knowledge.thresholds import Thresholds

ONE_BY_ONE = frozenset({"same-run", "is-run", "session", "sport-word"})
"""Questions about one recording or one word: putting one off says nothing of the next."""
SELF_CHECK = "self_check"
WENT_CARD = "went"
"""How a session went, asked after it."""
STRENGTH_CARD = "strength"
"""Not a question: how the strength card of a day went (``rules.plan.strength``)."""


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """What the runner said to a card, on the day it was said."""

    card_id: str
    answer: str
    day: date


def subject(card_id: str) -> str:
    """What a card is about, whichever day or run it names: what is put off with it."""
    head = card_id.partition(":")[0]
    if head in ONE_BY_ONE:
        return card_id
    return SELF_CHECK if head.startswith(SELF_CHECK) else head


def is_put_off(card_id: str, answers: Iterable[CardAnswer], today: date, limits: Thresholds) -> bool:
    """Whether the runner wants no card of this subject today: "not now" holds a week, "never" for good."""
    about, since = subject(card_id), today - timedelta(days=limits.not_now_days)
    return any(
        one.answer == NEVER or (one.answer == NOT_NOW and one.day > since)
        for one in answers
        if one.answer in (NOT_NOW, NEVER) and subject(one.card_id) == about
    )


def answered_on(answers: Sequence[CardAnswer], day: date) -> bool:
    """Whether a card that is not about safety was answered or put off on ``day``: the day has had its card. What was
    said to the strength card answers no question."""
    return any(one.day == day and subject(one.card_id) not in (*SAFETY, STRENGTH_CARD) for one in answers)


SAFETY = frozenset({"pain", "big_toe", "professional", "have_it_looked_at"})
"""Subjects that are asked beside the day's one card."""

ASKED_TIMES, ASKED_EVERY_DAYS, ASKED_FOR_DAYS = 3, 7, 2


def asked_again(since_due_days: int) -> bool:
    """Whether what has been due for so long is asked today: two days each time, three times, a week apart."""
    times, day = divmod(since_due_days, ASKED_EVERY_DAYS)
    return 0 <= times < ASKED_TIMES and day < ASKED_FOR_DAYS


ORDER = ("kind", "plan", "session", "same-run", "is-run", "sport-word", "silent", WENT_CARD, "feel", "self_check", "")
"""How the ids of cards begin: what changes the foot work first, what only tells something last."""


def asked_today(
    card_ids: Iterable[str], answers: Sequence[CardAnswer], today: date, limits: Thresholds, *, had_card: bool = False
) -> tuple[list[str], list[str]]:
    """Of all that may be asked, what is asked today, in this order: what safety asks, and one card more unless the day
    has had its card, by an answer or by what ``had_card`` knows; then what is left for other days. What was put off is
    in neither."""
    every = sorted((one for one in card_ids if not is_put_off(one, answers, today, limits)), key=_rank)
    safety = [one for one in every if subject(one) in SAFETY]
    rest = [one for one in every if subject(one) not in SAFETY]
    shown = 0 if had_card or answered_on(answers, today) else 1
    return [*safety, *rest[:shown]], rest[shown:]


def _rank(card_id: str) -> int:
    about = subject(card_id).partition(":")[0]
    return ORDER.index(about) if about in ORDER else len(ORDER) - 1
