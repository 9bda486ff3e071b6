"""A sample of the lives, what they must hold, and spoilt rules that the table must notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.lives import main, say_table, table, tell, unmet
from bench.lives_day import Life, live
from bench.lives_rules import RulesWorld
from bench.lives_runners import RUNNERS, named
from bench.lives_table import REQUIREMENTS, rows_of
from rules.facts.foot_work import Dose, PrescribedDrill, Prescription, Window
from rules.facts.kinds import Kind
from rules.plan.plan import Plan, plan
from rules.state.feet import FootState

SAMPLE = ("beginner", "marathoner", "trail", "sore big-toe joint", "pain skips", "traveller west")


def test_a_sample_of_the_lives_holds_every_requirement() -> None:
    told = [tell(named(name)) for name in SAMPLE]
    said: list[str] = []
    say_table(table(told), said.append)
    assert unmet(table(told), least=0) == [], "\n".join(said)


def test_the_runners_are_the_ones_that_were_promised() -> None:
    assert len(RUNNERS) >= 24
    assert len({one.name for one in RUNNERS}) == len(RUNNERS)
    engine = {one.name for one in RUNNERS if one.engine}
    assert len(engine) >= 10
    assert {"a day late", "weekly sync", "traveller west", "pain skips", "race", "doubles"} <= engine


def _spoilt(name: str, spoil: Callable[[FootState, Plan], Plan]) -> set[str]:
    """The requirements that four weeks under spoilt rules break."""
    life: Life = live(named(name), RulesWorld(lambda state: spoil(state, plan(state))), 28)
    rows = rows_of(life)
    return {one.says for one in REQUIREMENTS if rows[one.says].broken}


def _only(found: Plan, keep: Callable[[Prescription], bool]) -> Plan:
    return replace(
        found,
        issue=tuple(one for one in found.issue if keep(one)),
        today=tuple(one for one in found.today if keep(one)),
    )


def no_reset(state: FootState, found: Plan) -> Plan:
    return _only(found, lambda one: not (one.window is Window.AFTER and one.kind is Kind.LONG))


def no_morning(state: FootState, found: Plan) -> Plan:
    return _only(found, lambda one: one.window is not Window.MORNING)


def no_warm_up(state: FootState, found: Plan) -> Plan:
    return _only(found, lambda one: one.window is not Window.BEFORE)


def wrong_label(state: FootState, found: Plan) -> Plan:
    today = tuple(replace(one, minutes=one.minutes + 1) for one in found.today)
    return replace(found, today=today)


def weekends(state: FootState, found: Plan) -> Plan:
    """No training from Monday to Friday."""
    return found if state.today.weekday() >= 5 else _only(found, lambda one: not one.counts)


def heel_raises(state: FootState, found: Plan) -> Plan:
    """In every session of the ladder."""
    raises = (PrescribedDrill("calf-raise", Dose(1, 8), 2),)
    issue, today = (
        tuple(replace(one, drills=raises) if one.counts else one for one in some) for some in (found.issue, found.today)
    )
    return replace(found, issue=issue, today=today)


SPOILT = [
    ("marathoner", no_reset, "long or hilly run: 3 min of bends, rocks, stretches that day"),
    ("marathoner", no_morning, "long or hilly run: its morning after"),
    ("marathoner", no_warm_up, "planned hard run or race: the whole block before it"),
    ("marathoner", heel_raises, "no heel raises on the day before a long run or a race"),
    ("beginner", wrong_label, "minutes on the label are the player's, to half a minute"),
    ("beginner", weekends, "each week holds the ladder's days"),
]


@pytest.mark.parametrize(("name", "spoil", "broken"), SPOILT, ids=[one.__name__ for _, one, _ in SPOILT])
def test_the_table_notices_spoilt_rules(name: str, spoil: Callable[[FootState, Plan], Plan], broken: str) -> None:
    assert broken in _spoilt(name, spoil)


@pytest.mark.slow
def test_every_life_through_rules_and_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["lives", "--quiet"])
    assert main() == 0
