"""What is issued stays as it was: replay, late arrivals, and doses that fit. The cases are in cases/feet_*.yaml."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from feet_decade import decade
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.answers import Place
from rules.facts.foot_work import PrescribedDrill, Window
from rules.knowledge.loader import AVOID, EQUIPMENT, knowledge
from rules.plan.compose import CompositionOrder, compose, minutes_of

ORDERS = st.builds(
    CompositionOrder,
    recipe=st.sampled_from(sorted(knowledge().recipes)),
    minutes=st.integers(2, 30).map(lambda half: half / 2),
    extra_reps=st.integers(0, 3),
    avoid=st.frozensets(st.sampled_from(AVOID), max_size=4),
    equipment=st.frozensets(st.sampled_from(EQUIPMENT)),
    gathers=st.frozensets(st.sampled_from(list(Place)), max_size=2),
    texture_blocks=st.integers(1, 3),
    one_minute=st.booleans(),
)


@given(ORDERS)
def test_every_plan_fits_its_minutes_and_stays_off_what_is_to_be_avoided(order: CompositionOrder) -> None:
    drills = compose(order)
    assert drills
    alone = len(drills) == 1
    plain = compose(replace(order, extra_reps=0))
    assert minutes_of(plain) <= (1.0 if order.one_minute else max(order.minutes, 1.0 if alone else 0.0))
    for one in drills:
        drill = knowledge().drills[one.drill]
        assert set(drill.needs) <= order.equipment
        assert not drill.not_with & order.avoid or (drill.load == 0 and alone)
        assert one.dose.seconds > 0


@given(ORDERS)
def test_a_repetition_more_never_costs_a_set(order: CompositionOrder) -> None:
    if order.extra_reps < 3:
        fewer, more = compose(order), compose(replace(order, extra_reps=order.extra_reps + 1))
        assert [(one.drill, one.dose.sets) for one in fewer] == [(one.drill, one.dose.sets) for one in more]
        assert minutes_of(fewer) <= minutes_of(more)


@given(ORDERS)
def test_more_minutes_never_make_less_work(order: CompositionOrder) -> None:
    if not order.one_minute:
        assert minutes_of(compose(replace(order, minutes=order.minutes + 2))) >= minutes_of(compose(order)) - 0.5


@given(ORDERS)
def test_a_session_runs_in_the_order_of_the_stages(order: CompositionOrder) -> None:
    stages = [one.stage for one in compose(order)]
    if not knowledge().recipes[order.recipe].as_listed:
        assert stages == sorted(stages)


WHOLE = sorted(name for name, recipe in knowledge().recipes.items() if recipe.window is not Window.PRIMER)
"""The wake-up minute has no whole version."""


@given(ORDERS, st.sampled_from(WHOLE), st.integers(5, 15))
def test_the_one_minute_version_is_never_heavier_than_the_lighter_whole_one(
    order: CompositionOrder, recipe: str, minutes: int
) -> None:
    order = replace(order, recipe=recipe, one_minute=True)
    whole = replace(order, minutes=minutes, avoid=order.avoid | {"lighter"}, one_minute=False)
    assert _heaviest(compose(order)) <= max(
        _heaviest(compose(whole)), _heaviest(compose(replace(whole, avoid=frozenset({"lighter"}))))
    )
    short, most = compose(replace(order, avoid=whole.avoid)), {one.drill: one.dose for one in compose(whole)}
    assert all(one.drill in most and one.dose.seconds <= most[one.drill].seconds for one in short)


def _heaviest(drills: tuple[PrescribedDrill, ...]) -> int:
    return max(knowledge().drills[one.drill].load for one in drills)


@pytest.mark.parametrize("years", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_years_replayed_give_the_same_prescriptions(years: int) -> None:
    """In another process with another hash seed: nothing may hang on the order of a set."""
    here = decade(1, years=years, cut=True)
    code = f"from feet_decade import decade; print(decade(1, years={years}, cut=True).digest)"
    folder = Path(__file__).parent
    surroundings = dict(os.environ, PYTHONHASHSEED="41", PYTHONPATH=f"{folder}:{folder.parent}")
    there = subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here.digest
    assert here.prescriptions > 100 * years
    assert len(here.digest) == hashlib.sha256().digest_size * 2


def test_uncut_history_gives_the_same_prescriptions() -> None:
    assert decade(2, years=2, cut=True).digest == decade(2, years=2, cut=False).digest


def test_late_arrivals_never_change_a_past_prescription() -> None:
    """A prescription is issued on its own day or the day before, and only one of that day or later is succeeded."""
    story = decade(3, years=2, cut=True)
    assert story.late_runs > 10
    assert story.issued_for_the_past == []
    assert story.succeeded_after_their_day == []
