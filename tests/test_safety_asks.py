"""What safety asks and what its answers do: the big-toe joint, a professional's word, illness, silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.facts.answers import Place
from rules.facts.card_answers import means_stiff, signs_of
from rules.state.absence import this_week
from rules.state.limits import limits
from sync.service.footwork_state import load_state
from sync.wire.commands import (
    AnswerCard,
    Assess,
    ClearFlag,
    LogScore,
    LogSession,
    PauseWork,
    RaiseFlag,
    Receipt,
    ResumeWork,
)
from tests.factories_engine import Shop

SCREENED = dict.fromkeys(("diabetes_or_numb", "fracture_or_surgery", "under_18"), False)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    found = Shop(tmp_path / "home")
    found.perform(Assess(typed_utc=found.now, day=found.now.date(), screen=SCREENED))
    found.engine.refresh()
    return found


def today(shop: Shop) -> dict[str, Any]:
    shop.engine.refresh()
    return shop.ask("today")


def asked(shop: Shop) -> dict[str, str]:
    return {card["kind"]: card["card_id"] for card in today(shop)["cards"]}


def answer(shop: Shop, card_id: str, said: str) -> Receipt:
    return shop.perform(AnswerCard(typed_utc=shop.now, card_id=card_id, answer=said))


def barred(shop: Shop) -> frozenset[str]:
    state = load_state(shop.store, shop.athlete, shop.config, shop.now)
    return limits(state, state.today)


def stiff(shop: Shop, score: int, place: Place = Place.BIG_TOE_JOINT) -> None:
    shop.perform(LogScore(typed_utc=shop.now, at_utc=shop.now, what="stiffness", score=score, place=place))


# --- the big-toe joint ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "stiff"),
    [
        ("none", False),
        ("bump", False),
        ("push-off", False),
        ("most-days", True),
        ("bump,bends-less", True),
        ("bends-less, push-off", True),
        ("bump,none", None),
        ("sore", None),
    ],
)
def test_most_days_or_two_signs_are_a_stiff_joint(said: str, stiff: bool | None) -> None:
    signs = signs_of(said)
    assert (None if signs is None else means_stiff(signs)) is stiff


def test_a_stiff_joint_holds_until_the_runner_says_otherwise(shop: Shop) -> None:
    shop.later(days=1)
    said = answer(shop, asked(shop)["big-toe"], "bump,push-off")
    assert "Have a doctor or physio look at it" in said.says
    assert "stiff_big_toe" in barred(shop)
    assert "big-toe" not in asked(shop)
    assert any("stiff and painful" in reason["says"] for work in today(shop)["work"] for reason in work["reasons"])
    shop.later(days=55)
    assert "big-toe" not in asked(shop)
    shop.later(days=1)
    assert "stiff_big_toe" in barred(shop)
    answer(shop, asked(shop)["big-toe"], "none")
    assert "stiff_big_toe" not in barred(shop)


def test_a_joint_named_twice_in_a_fortnight_is_asked_about_again(shop: Shop) -> None:
    shop.later(days=1)
    answer(shop, asked(shop)["big-toe"], "none")
    for days, score in ((1, 5), (3, 4), (3, 5)):
        assert "big-toe" not in asked(shop)
        shop.later(days=days)
        stiff(shop, score)
    assert "big-toe" in asked(shop)


def test_nobody_is_asked_about_the_joint_every_day(shop: Shop) -> None:
    days = []
    for number in range(1, 58):
        shop.later(days=1)
        days += [number] if "big-toe" in asked(shop) else []
    assert days == [1, 2, 8, 9, 15, 16, 57]


# --- a professional's word ------------------------------------------------------------------------


def seen(shop: Shop) -> str:
    flag = RaiseFlag(typed_utc=shop.now, flag="numb", at_utc=shop.now)
    shop.perform(flag)
    shop.perform(ClearFlag(typed_utc=shop.now, flag_id=flag.flag_id, because="seen"))
    return asked(shop)["professional"]


def test_carry_on_changes_nothing_and_is_asked_once(shop: Shop) -> None:
    answer(shop, seen(shop), "carry-on")
    assert (barred(shop), today(shop)["stopped"]) == (frozenset(), [])
    assert "professional" not in asked(shop)


def test_lighter_holds(shop: Shop) -> None:
    answer(shop, seen(shop), "lighter")
    for _ in range(3):
        works = today(shop)["work"] or [today(shop)["primer"]]
        assert any("said to take it easier" in reason["says"] for work in works for reason in work["reasons"])
        shop.later(days=7)


def test_stop_until_a_day_stops_until_that_day(shop: Shop) -> None:
    day = shop.now.date() + timedelta(days=10)
    answer(shop, seen(shop), f"stop-until:{day}")
    shop.later(days=9)
    assert [flag["flag"] for flag in today(shop)["stopped"]] == ["advice"]
    assert today(shop)["work"] == []
    shop.later(days=1)
    assert today(shop)["stopped"] == []


def test_only_certain_drills_bars_every_other_family(shop: Shop) -> None:
    answer(shop, seen(shop), "only:toe-curl")
    assert "rest_loaded" in barred(shop)
    drills = {drill["drill"] for work in today(shop)["work"] for drill in work["drills"]}
    assert "toe-curl" in drills
    assert not drills & {"arch-lift", "fascia-stretch", "spread-grip"}


def test_what_is_no_answer_is_refused(shop: Shop) -> None:
    for card, said in ((seen(shop), "only:nose"), ("big_toe:x", "bump,nose"), ("silent:2026-03-01", "maybe")):
        assert answer(shop, card, said).refused is not None


# --- ill and away ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("length", "half"), [(6, False), (7, True), (12, True)])
def test_after_a_week_of_illness_a_week_at_half(shop: Shop, length: int, *, half: bool) -> None:
    first = shop.now.date() + timedelta(days=1)
    shop.perform(PauseWork(typed_utc=shop.now, reason="ill", from_day=first))
    shop.later(days=1 + length)
    shop.perform(ResumeWork(typed_utc=shop.now, day=shop.now.date()))
    found = []
    for _ in range(8):
        state = load_state(shop.store, shop.athlete, shop.config, shop.now)
        level = state.dose_changes[-1].after
        found.append(this_week(level, state).minutes < level.minutes and "dialled_back" in barred(shop))
        shop.later(days=1)
        shop.engine.refresh()
    assert found == [half] * 7 + [False]


def silent(shop: Shop) -> str | None:
    return asked(shop).get("silent")


def test_seven_silent_days_are_asked_about_once(shop: Shop) -> None:
    stiff(shop, 2)
    first = shop.now.date() + timedelta(days=1)
    shop.later(days=7)
    assert silent(shop) is None
    shop.later(days=1)
    card = silent(shop)
    assert card == f"silent:{first}"
    answer(shop, card, "no")
    assert silent(shop) is None


ILL: dict[str, tuple[Callable[[Shop], object], str, tuple[str, int | None]]] = {
    "still ill": (lambda shop: None, "ill", ("ill", None)),
    "was ill, back today": (lambda shop: stiff(shop, 2), "was-ill", ("ill", 9)),
    "was away": (lambda shop: stiff(shop, 2), "was-away", ("travel", 9)),
}


@pytest.mark.parametrize("case", ILL)
def test_the_answer_about_the_silence_is_a_pause(shop: Shop, case: str) -> None:
    do, said, (reason, days) = ILL[case]
    stiff(shop, 2)
    first = shop.now.date() + timedelta(days=1)
    shop.later(days=10)
    do(shop)
    card = silent(shop)
    assert card is not None
    answer(shop, card, said)
    (pause,) = load_state(shop.store, shop.athlete, shop.config, shop.now).pauses
    until = None if days is None else first + timedelta(days=days - 1)
    assert (pause.reason, pause.from_day, pause.until_day) == (reason, first, until)
    assert silent(shop) is None


# --- constant stiffness ---------------------------------------------------------------------------


@pytest.mark.parametrize(("score", "expected"), [(6, [8, 12]), (4, [])])
def test_stiffness_that_never_falls_is_to_be_looked_at_once_in_four_weeks(
    shop: Shop, score: int, expected: list[int]
) -> None:
    monday = date(2026, 3, 23)
    shop.later(days=(monday - shop.now.date()).days)
    found = []
    for day in range(7 * 14):
        if day % 2:
            stiff(shop, score, Place.HEEL)
        if day % 7 < 2 and day > 49 and "have_it_looked_at" in asked(shop):
            found.append(day // 7)
            card = asked(shop)["have_it_looked_at"]
            answer(shop, card, "seen")
        shop.later(days=1)
    assert found == expected


def test_a_silence_after_work_alone_counts_too(shop: Shop) -> None:
    shop.perform(LogSession(typed_utc=shop.now, at_utc=shop.now))
    shop.later(days=8)
    assert silent(shop) is not None
