"""How a session went: asked after it, answered with a tap or from a terminal, and heard by the ladder and by pain."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.dose.tolerance import tolerance
from rules.state.limits import limits
from sync.service.footwork_state import load_state
from sync.wire.commands import AnswerCard, Assess, LogSession
from tests.factories_engine import Shop

SCREENED = dict.fromkeys(("diabetes_or_numb", "fracture_or_surgery", "under_18"), False)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A runner whose plan is nine days old, with today's training done and nothing logged."""
    found = Shop(tmp_path / "home")
    found.perform(Assess(typed_utc=found.now, day=found.now.date(), screen=SCREENED))
    found.engine.refresh()
    found.later(days=7)
    found.engine.refresh()
    while not found.ask("today")["work"]:
        found.later(days=1)
        found.engine.refresh()
    _do(found)
    return found


def _do(shop: Shop) -> None:
    (work,) = shop.ask("today")["work"]
    done = LogSession(typed_utc=shop.now, at_utc=shop.now, prescription_id=work["prescription_id"])
    assert shop.perform(done).stored
    shop.later(minutes=5)
    shop.engine.refresh()


def _card(shop: Shop) -> Any:
    today = shop.ask("today")
    return next((card for card in [*today["cards"], *today["later_cards"]] if card["kind"] == "went"), None)


def _answer(shop: Shop, value: str) -> Any:
    return shop.perform(AnswerCard(typed_utc=shop.now, card_id=_card(shop)["card_id"], answer=value))


def test_the_answer_is_one_of_four_and_holds_for_each_drill(shop: Shop) -> None:
    card = _card(shop)
    assert [value for value, _ in card["answers"]] == ["too-easy", "right", "too-hard", "hurt"]
    assert [value for value, _ in card["put_off"]] == ["not-now", "never"]
    assert _answer(shop, "right").stored
    (work,) = shop.ask("today")["work"]
    assert work["session"]["drills"] == {drill["drill"]: "right" for drill in work["drills"]}
    assert _card(shop) is None


def test_the_ladder_counts_the_answer(shop: Shop) -> None:
    shop.later(days=7)
    state = load_state(shop.store, shop.athlete, shop.config, shop.now)
    before = tolerance(state, state.dose_changes)
    shop.later(days=-7)
    _answer(shop, "right")
    shop.later(days=7)
    state = load_state(shop.store, shop.athlete, shop.config, shop.now)
    after = tolerance(state, state.dose_changes)
    assert (before is not None, after is not None) == (True, True)
    assert (before.answered if before else None, after.answered if after else None) == (0, 1)


def test_that_it_hurt_is_pain_and_rests_what_loads(shop: Shop) -> None:
    assert "0 to 10" in _answer(shop, "hurt").says
    shop.engine.refresh()
    state = load_state(shop.store, shop.athlete, shop.config, shop.now + timedelta(hours=1))
    assert "rest_loaded" in limits(state, state.today)
    assert [card["kind"] for card in shop.ask("today")["cards"]][:1] == ["pain"]
    (work,) = shop.ask("today")["work"]
    assert work["session"]["state"] == "done"


def test_what_is_no_answer_is_refused(shop: Shop) -> None:
    assert _answer(shop, "lovely").refused is not None
    nobody = AnswerCard(typed_utc=shop.now, card_id="went:nothing-like-it", answer="right")
    assert shop.perform(nobody).refused is not None
