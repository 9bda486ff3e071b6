"""One card a day beside safety; what is put off comes back in a week, or never; nobody is asked for ever."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules.knowledge.thresholds import thresholds
from rules.state.feet import SCREEN
from rules.state.put_off import CardAnswer, asked_again, is_put_off, subject
from sync.wire.commands import AnswerCard, Assess, LogSession
from tests.factories_engine import Shop

TODAY = date(2026, 3, 20)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    found = Shop(tmp_path / "home")
    found.engine.refresh()
    return found


def today(shop: Shop) -> dict[str, Any]:
    shop.engine.refresh()
    return shop.ask("today")


def kinds(shop: Shop) -> list[str]:
    return [card["kind"] for card in today(shop)["cards"]]


def answer(shop: Shop, card: dict[str, Any], said: str) -> None:
    assert shop.perform(AnswerCard(typed_utc=shop.now, card_id=card["card_id"], answer=said)).stored


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], False),
        ([("feel:a", "not-now", 0)], True),
        ([("feel:a", "not-now", 6)], True),
        ([("feel:a", "not-now", 7)], False),
        ([("feel:a", "never", 300)], True),
        ([("feel:a", "freer", 0)], False),
        ([("plan:2026-03-20", "never", 0)], False),
    ],
)
def test_not_now_holds_a_week_and_never_for_good(answers: list[tuple[str, str, int]], *, expected: bool) -> None:
    said = [CardAnswer(card, word, date.fromordinal(TODAY.toordinal() - ago)) for card, word, ago in answers]
    assert is_put_off("feel:b", said, TODAY, thresholds()) is expected


@pytest.mark.parametrize(
    ("card", "about"),
    [
        ("self_check_first:2026-03-20", "self_check"),
        ("self_check_revisit:2026-03-20", "self_check"),
        ("same-run:a+b", "same-run:a+b"),
        ("session:a", "session:a"),
        ("sport-word:kabaddi", "sport-word:kabaddi"),
        ("revisit_spike:2026-W12", "revisit_spike"),
    ],
)
def test_what_a_card_is_about(card: str, about: str) -> None:
    assert subject(card) == about


def test_what_is_not_answered_is_asked_three_times() -> None:
    assert [day for day in range(-3, 60) if asked_again(day)] == [0, 1, 7, 8, 14, 15]


def test_one_card_a_day_and_none_once_it_was_answered(shop: Shop) -> None:
    shown = today(shop)
    assert [card["kind"] for card in shown["cards"]] == ["self-check"]
    assert [card["kind"] for card in shown["later_cards"]] == ["expect_weeks"]
    assert all([said for said, _ in card["put_off"]] == ["not-now", "never"] for card in shown["cards"])
    answer(shop, shown["cards"][0], "not-now")
    shown = today(shop)
    assert shown["cards"] == []
    assert [card["kind"] for card in shown["later_cards"]] == ["expect_weeks"]


def test_a_self_check_that_was_done_was_the_days_card_and_the_safety_screen_is_none(shop: Shop) -> None:
    shop.perform(Assess(typed_utc=shop.now, day=shop.now.date(), screen=dict.fromkeys(SCREEN, False)))
    assert kinds(shop) == ["expect_weeks"]
    shop.perform(Assess(typed_utc=shop.now, day=shop.now.date(), left={"range_0_10": 5}))
    assert kinds(shop) == []
    assert [card["kind"] for card in today(shop)["later_cards"]] == ["expect_weeks"]


def test_safety_is_asked_beside_the_days_card(shop: Shop) -> None:
    shop.perform(LogSession(typed_utc=shop.now, at_utc=shop.now, state="skipped", reason="pain"))  # type: ignore[arg-type]
    assert kinds(shop) == ["pain", "self-check"]


def test_a_self_check_never_done_stops_asking_after_the_third_time(shop: Shop) -> None:
    days = []
    for number in range(60):
        days += [number] if "self-check" in kinds(shop) else []
        shop.later(days=1)
    assert days == [0, 1, 7, 8, 14, 15]


def test_one_that_was_done_asks_again_in_a_fortnight(shop: Shop) -> None:
    shop.perform(Assess(typed_utc=shop.now, day=shop.now.date(), left={"range_0_10": 5}))
    shop.later(days=13)
    assert "self-check" not in kinds(shop)
    shop.later(days=1)
    assert "self-check" in kinds(shop)


def test_never_again_is_never_again(shop: Shop) -> None:
    answer(shop, today(shop)["cards"][0], "never")
    for _ in range(10):
        shop.later(days=1)
        shown = today(shop)
        assert all(card["kind"] != "self-check" for card in shown["cards"] + shown["later_cards"])
