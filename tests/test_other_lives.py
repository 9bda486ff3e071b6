"""Runners unlike those of ``make lives``, some weeks each through the rules: hills on every run, runs at any hour."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

import pytest

from bench.lives_care import pain
from bench.lives_day import Life, live
from bench.lives_measure import families_in, trainings, weeks
from bench.lives_rules import RulesWorld
from bench.lives_runners import CALM, START, Outing, Runner
from bench.lives_table import REQUIREMENTS, rows_of
from rules.facts.foot_work import Window
from rules.knowledge.may_say import FAMILIES


@lru_cache
def lived(weekdays: tuple[int, ...], kind: str, days: int) -> Life:
    week = tuple(Outing(day, kind, 9.0) for day in weekdays)
    return live(Runner(kind, "", week, stiffness=(3.0,) * 12, soreness=CALM), RulesWorld(), days)


def test_hills_on_every_run_leave_room_for_training_and_for_mornings_after() -> None:
    life = lived((1, 3, 5, 6), "hills", 35)
    assert [len(trainings(life, first, last)) for _, first, last in weeks(life)] == [3] * 5
    mornings = [one for one in life.issued.values() if one.window is Window.MORNING]
    assert min(len({one.day for one in mornings if first <= one.day <= last}) for _, first, last in weeks(life)) >= 3
    care = [one.minutes for one in life.issued.values() if one.window is Window.AFTER and not one.counts]
    assert min(care) >= 3
    rows = rows_of(life)
    over = "training and care within twice the ladder's week"  # by the weekend's two resets, which stay
    assert {one.says for one in REQUIREMENTS if rows[one.says].broken} <= {over}


@pytest.mark.parametrize("weekdays", [(0, 2, 4, 6), (0, 2, 4, 5, 6), (0, 1, 2, 3, 4), tuple(range(7))])
def test_however_many_runs_are_hilly_training_comes_before_mornings_after(weekdays: tuple[int, ...]) -> None:
    life = lived(weekdays, "hills", 42)
    assert [len(trainings(life, first, last)) for number, first, last in weeks(life) if number > 1] == [3] * 4


def test_what_each_morning_after_gives_is_trained_all_the_same() -> None:
    life = lived((1, 3, 6), "hills", 42)
    _, first, _ = list(weeks(life))[-3]
    assert families_in(trainings(life, first, life.looks[-1].day)) >= set(FAMILIES)


def test_a_runner_of_hills_has_heel_raises_once_a_week_and_never_before_a_long_run() -> None:
    hills, long = lived((1, 3, 5, 6), "hills", 42), lived((1, 3, 5, 6), "long", 42)
    raised = ["heel_raise" in families_in(trainings(hills, first, last)) for _, first, last in weeks(hills)]
    assert raised[2:] == [True] * 4
    assert "heel_raise" not in families_in(trainings(long, long.looks[0].day, long.looks[-1].day))


def test_a_day_that_was_chosen_longer_takes_nothing_from_the_sessions_after_it() -> None:
    longer = {START + timedelta(days=day): "longer" for day in (0, 2)}
    week = tuple(Outing(day, "easy", 6.0) for day in (0, 2, 4))
    life = live(Runner("longer", "", week, settings={"lengths": longer}), RulesWorld(), 7)
    assert [round(one.minutes) for one in trainings(life, START, START + timedelta(days=6))] == [9, 9, 6]


def test_no_heel_raises_on_the_day_of_a_long_run_where_another_named_day_may_have_them() -> None:
    week = (Outing(1, "easy", 12.0), Outing(3, "easy", 12.0), Outing(5, "easy", 12.0), Outing(6, "long", 20.0, 9.0))
    named = {"weekdays": frozenset({1, 3, 6})}
    life = live(Runner("named", "", week, settings=named, stiffness=(3.0,) * 12, soreness=CALM), RulesWorld(), 42)
    raised = {one.day.weekday() for one in life.issued.values() if one.counts and "heel_raise" in families_in([one])}
    assert raised <= {1, 3}
    assert raised


@pytest.mark.parametrize("soreness", [1, 4])
def test_each_session_after_pain_is_another_though_every_one_is_skipped_for_it(soreness: int) -> None:
    week = tuple(Outing(day, "easy", 8.0) for day in (0, 2, 4))
    runner = Runner("pain", "", week, pattern=("skip:pain",), soreness=(soreness,) * 12, logs_on=frozenset(range(7)))
    found = [how for how, _ in pain(live(runner, RulesWorld(), 28))]
    assert len(found) >= 8
    assert set(found) == {"kept"}
