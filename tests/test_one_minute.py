"""The one-minute version is never heavier than the lighter whole, and nothing barred comes in by the back door."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.facts.foot_work import PrescribedDrill
from rules.knowledge.loader import knowledge
from rules.plan.compose import CompositionOrder, compose

AT_HAND = (frozenset[str](), frozenset({"towel"}), frozenset({"towel", "band", "small-objects"}))
BARS = ((), ("dialled_back",), ("unscreened",), ("stiff_big_toe",), ("before",), ("rest_loaded", "one_leg"))


def weight(drills: tuple[PrescribedDrill, ...]) -> tuple[int, int]:
    """Seconds, and the heaviest load."""
    known = knowledge().drills
    return sum(one.dose.seconds for one in drills), max(known[one.drill].load for one in drills)


@pytest.mark.parametrize("recipe", knowledge().recipes)
def test_one_minute_is_a_part_of_the_lighter_whole(recipe: str) -> None:
    for bars in BARS:
        for equipment in AT_HAND:
            order = CompositionOrder(recipe, 6.0, 0, frozenset({"lighter", *bars}), equipment)
            whole, minute = compose(order), compose(replace(order, one_minute=True))
            assert {one.drill for one in minute} <= {one.drill for one in whole}
            assert all(less <= more for less, more in zip(weight(minute), weight(whole), strict=True))


@pytest.mark.parametrize("recipe", knowledge().recipes)
def test_what_is_barred_stands_in_no_version(recipe: str) -> None:
    known = knowledge().drills
    for bars in BARS:
        for equipment in AT_HAND:
            for minute in (False, True):
                avoid = frozenset(bars)
                drills = compose(CompositionOrder(recipe, 6.0, 0, avoid, equipment, one_minute=minute))
                assert [one.drill for one in drills if known[one.drill].not_with & avoid] == []
