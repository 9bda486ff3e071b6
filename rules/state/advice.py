"""What a professional said after a warning sign was seen to: it holds until the runner says otherwise (S2)."""

from __future__ import annotations

from datetime import timedelta

from rules.facts.card_answers import CARRY_ON, NEVER, NOT_NOW, STOP, Advice, read_advice
from rules.facts.foot_work import FlagRaised, Reason
from rules.knowledge.loader import knowledge
from rules.state.feet import FootState
from rules.state.put_off import subject

CARD = "professional"
"""The cards' subject. Answers: ``carry-on``, ``lighter``, ``stop-until:DAY``, ``only:DRILL+DRILL``."""


def advice(state: FootState) -> Advice | None:
    """The last one that was told; None when nothing was, or nothing of it holds today."""
    for one in reversed(state.card_answers):
        if subject(one.card_id) != CARD or one.answer in (NOT_NOW, NEVER) or one.day > state.today:
            continue
        found = read_advice(one.answer, one.day)
        if found is None or not found.drills <= set(knowledge().drills):
            continue
        over = found.kind == CARRY_ON or (found.until is not None and state.today >= found.until)
        return None if over else found
    return None


def question(state: FootState) -> Reason | None:
    """What did they say? Asked once a sign was cleared as seen, and again when what they said has held eight weeks."""
    told = {one.card_id.partition(":")[2] for one in state.card_answers if subject(one.card_id) == CARD}
    for flag in reversed(state.flags):
        if _seen(flag, state) and flag.flag_id not in told:
            return Reason("professional", {"flag": flag.flag_id, "sign": flag.name}, ("S2",))
    now = advice(state)
    weeks = state.thresholds.big_toe_asks_days
    if now is not None and now.kind != STOP and (since := (state.today - now.day).days) >= weeks and since % weeks < 2:
        return Reason("professional_again", {"flag": f"again-{state.today}"}, ("S2",))
    return None


def _seen(flag: FlagRaised, state: FootState) -> bool:
    if flag.because != "seen" or flag.cleared_utc is None:
        return False
    return timedelta(0) <= state.now_utc - flag.cleared_utc <= timedelta(days=state.thresholds.professional_asks_days)
