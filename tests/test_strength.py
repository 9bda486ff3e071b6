"""The strength card: when it comes, what it leaves out, and that it changes nothing else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from feet_stories import Story

from rules.dose.ladder import review
from rules.knowledge.strength import strength_drills
from rules.knowledge.thresholds import HERE
from rules.knowledge.typed_toml import KnowledgeError
from rules.plan.plan import plan
from rules.plan.strength import card_id, strength_card
from rules.state.adherence import adherence
from rules.state.put_off import CardAnswer
from rules.text import load_language
from sync.wire.commands import AnswerCard, Assess, LogScore, PlanRun, SetPreference
from tests.expectations import compare
from tests.factories_engine import Shop

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "strength.yaml").read_text(encoding="utf-8"))
PARTS = ("name", "how", "cue", "breath", "feel", "stop")
SCREENED = dict.fromkeys(("diabetes_or_numb", "fracture_or_surgery", "under_18"), False)


def _story(given: dict[str, Any]) -> Story:
    """A case's cards name their day as an offset from today."""
    cards = given.get("cards", ())
    story = Story({name: value for name, value in given.items() if name != "cards"})
    for name, answer, day in cards:
        head, _, offset = name.partition(":")
        of = f"{head}:{story.day(int(offset))}" if head == "strength" else name
        answers = (*story.state.card_answers, CardAnswer(of, answer, story.day(day)))
        story.state = replace(story.state, card_answers=answers)
    return story


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_when_it_comes(case: dict[str, Any]) -> None:
    card = strength_card(_story(case["given"]).state)
    found: dict[str, Any] = {"card": "off"}
    if card is not None:
        found = {
            "card": card.told or ("due" if card.due else "none"),
            "reason": card.reason.key,
            "drills": [one.drill_id for one in card.drills],
            "minutes": card.minutes,
            "done": card.done,
            "asked": card.asked,
        }
    assert compare(case["expect"], found) == []


@pytest.mark.parametrize("said", ["done", "skipped:rest", "skipped:pain"])
def test_nothing_else_changes_by_it(said: str) -> None:
    """Plan, ladder and count of a day are the same, whatever was said to the card."""
    given: dict[str, Any] = {
        "settings": {"strength": True},
        "runs": [{"day": -1, "kind": "long"}],
        "issued": [{"day": -3}],
    }
    without = _story(given).state
    told = replace(
        without,
        card_answers=tuple(
            CardAnswer(card_id(without.today - timedelta(days=ago)), said, without.today - timedelta(days=ago))
            for ago in (5, 2, 0)
        ),
    )
    first = without.today - timedelta(days=27)
    assert plan(told) == plan(without)
    assert review(told) == review(without)
    assert adherence(told, first, told.today) == adherence(without, first, without.today)


def test_every_drill_has_its_words_in_both_languages_and_a_reason() -> None:
    for drill in strength_drills():
        assert drill.origin.why
        for code in ("en", "de"):
            words = load_language(code)
            assert all(words.say(f"strength.{drill.drill_id}.{part}") for part in PARTS)


def test_a_wrong_row_is_refused_with_every_mistake(tmp_path: Path) -> None:
    shutil.copy(HERE / "strength.toml", tmp_path)
    file = tmp_path / "strength.toml"
    text = file.read_text(encoding="utf-8").replace('part = "core"', 'part = "ears"').replace("hold_s = 20\n", "")
    file.write_text(text.replace('"one_leg"', '"three_legs"'), encoding="utf-8")
    with pytest.raises(KnowledgeError) as found:
        strength_drills(tmp_path)
    assert [line.partition(" needs")[0] for line in found.value.mistakes] == [
        "strength.toml: [drill.side-plank] `part` has 'ears'",
        "strength.toml: [drill.side-plank]",
        "strength.toml: [drill.step-down] `not_with` has 'three_legs'",
    ]


# --- through the store ----------------------------------------------------------------------------


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    found = Shop(tmp_path / "home")
    found.perform(Assess(typed_utc=found.now, day=found.now.date(), screen=SCREENED))
    found.engine.refresh()
    return found


def _wish(shop: Shop, *, on: bool = True) -> None:
    assert shop.perform(SetPreference(typed_utc=shop.now, key="strength", value=on)).stored


def _say(shop: Shop, said: str) -> Any:
    return shop.perform(AnswerCard(typed_utc=shop.now, card_id=f"strength:{shop.now.date()}", answer=said))


def _card(shop: Shop) -> Any:
    return shop.ask("today")["strength"]


def test_it_stands_on_today_from_the_wish_until_it_is_taken_back(shop: Shop) -> None:
    assert _card(shop) is None
    _wish(shop)
    card = _card(shop)
    assert (card["minutes"], card["told"], card["done"], card["asked"]) == (10, None, 0, 2)
    assert [drill["family"] for drill in card["drills"]] == ["calves", "hips", "core", "hips"]
    assert sum(drill["seconds"] for drill in card["drills"]) + 5 * 4 == 600
    _wish(shop, on=False)
    assert _card(shop) is None


def test_done_it_is_counted_apart_and_the_day_keeps_its_question(shop: Shop) -> None:
    _wish(shop)
    before = shop.ask("today")
    assert _say(shop, "done").stored
    after = shop.ask("today")
    assert (after["strength"]["told"], after["strength"]["done"]) == ("done", 1)
    for name in ("work", "primer", "cards", "later_cards", "adherence", "dose", "week"):
        assert after[name] == before[name], name
    assert _say(shop, "open").stored
    assert (_card(shop)["told"], _card(shop)["done"]) == (None, 0)


def test_what_is_no_answer_is_refused(shop: Shop) -> None:
    assert _say(shop, "skipped:laziness").refused is not None
    assert _say(shop, "perhaps").refused is not None


def test_it_waits_for_hard_runs_and_sore_feet(shop: Shop) -> None:
    _wish(shop)
    tomorrow = shop.now.date() + timedelta(days=1)
    shop.perform(PlanRun(typed_utc=shop.now, day=tomorrow, kind="tempo"))
    assert _card(shop) is None
    assert "day before a hard run" in shop.ask("plan")["strength_says"]
    shop.perform(PlanRun(typed_utc=shop.now, day=tomorrow, kind=None))
    assert _card(shop) is not None
    shop.perform(LogScore(typed_utc=shop.now, what="soreness", score=7, at_utc=shop.now))
    assert _card(shop) is None
