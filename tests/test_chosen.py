"""The runner chooses: short, as planned or longer for a day, and another drill for one that cramps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rules.state.limits import swapped
from sync.service.footwork_state import load_state
from sync.wire.commands import Assess, ChooseLength, SwapDrill
from tests.factories_engine import Shop

SCREENED = dict.fromkeys(("diabetes_or_numb", "fracture_or_surgery", "under_18"), False)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    found = Shop(tmp_path / "home")
    found.perform(Assess(typed_utc=found.now, day=found.now.date(), screen=SCREENED))
    found.engine.refresh()
    return found


def work(shop: Shop) -> dict[str, Any]:
    shop.engine.refresh()
    (found,) = shop.ask("today")["work"]
    return dict(found)


def choose(shop: Shop, length: Any) -> None:
    assert shop.perform(ChooseLength(typed_utc=shop.now, day=shop.now.date(), length=length)).stored


def test_short_is_two_minutes_longer_is_longer_and_planned_takes_it_back(shop: Shop) -> None:
    planned = work(shop)["minutes"]
    choose(shop, "short")
    short = work(shop)["minutes"]
    choose(shop, "longer")
    longer = work(shop)["minutes"]
    choose(shop, "planned")
    assert 1 <= short <= 2 < planned < longer
    assert work(shop)["minutes"] == planned


def test_the_choice_is_for_its_day_alone(shop: Shop) -> None:
    planned = work(shop)["minutes"]
    choose(shop, "short")
    shop.later(days=7)
    assert work(shop)["minutes"] == planned


def out(shop: Shop) -> set[str]:
    state = load_state(shop.store, shop.athlete, shop.config, shop.now)
    return swapped(state, state.today)


def test_a_drill_that_cramps_makes_room_for_a_week(shop: Shop) -> None:
    names = [drill["drill"] for drill in work(shop)["drills"]]
    cramps = names[1]
    shop.perform(SwapDrill(typed_utc=shop.now, drill=cramps, day=shop.now.date()))
    assert cramps not in [drill["drill"] for drill in work(shop)["drills"]]
    shop.perform(SwapDrill(typed_utc=shop.now, drill=cramps, day=shop.now.date(), back=True))
    assert [drill["drill"] for drill in work(shop)["drills"]] == names
    shop.perform(SwapDrill(typed_utc=shop.now, drill=cramps, day=shop.now.date()))
    shop.later(days=6)
    assert out(shop) == {f"swapped_{cramps}"}
    shop.later(days=1)
    assert out(shop) == set()


def test_nobody_swaps_what_is_no_drill(shop: Shop) -> None:
    assert shop.perform(SwapDrill(typed_utc=shop.now, drill="nose", day=shop.now.date())).refused is not None
