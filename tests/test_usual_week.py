"""The usual week of the config: what it plans, what comes before it, and the work before its hard days."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from rules.facts.foot_work import PlannedRun, Window
from rules.facts.kinds import Kind
from sync.service.footwork_state import load_state
from sync.settings.config import Config, ConfigMistakes, parse
from sync.wire.commands import PlanRun
from tests.factories_engine import NOW, Shop

TODAY = NOW.date()
assert TODAY.weekday() == 4  # a Friday


def household(week: str) -> Config:
    return parse(f'[athlete]\nid="ada"\ntime_zone="Europe/Berlin"\nweek={week}\n')


def coming(shop: Shop) -> list[tuple[date, Kind | None, str]]:
    planned: tuple[PlannedRun, ...] = load_state(shop.store, shop.athlete, shop.config, shop.now).planned
    return sorted((one.day, one.kind, one.source) for one in planned)


def test_each_named_weekday_of_the_coming_seven_is_planned(tmp_path: Path) -> None:
    shop = Shop(tmp_path, config=household('{ friday = "tempo", sunday = "long", monday = "rest" }'))
    assert coming(shop) == [
        (TODAY, Kind.TEMPO, "template"),
        (TODAY + timedelta(days=2), Kind.LONG, "template"),
    ]


@pytest.mark.parametrize(("kind", "left"), [("easy", [(TODAY + timedelta(days=1), Kind.EASY, "runner")]), ("rest", [])])
def test_what_is_planned_for_the_day_comes_first(kind: str, left: list[tuple[date, Kind, str]], tmp_path: Path) -> None:
    shop = Shop(tmp_path, config=household('{ saturday = "tempo" }'))
    day = TODAY + timedelta(days=1)
    shop.engine.perform(PlanRun(typed_utc=NOW, day=day, kind=Kind(kind) if kind != "rest" else "rest"))
    assert coming(shop) == left


def test_the_block_before_the_usual_hard_day_stands_the_evening_before(tmp_path: Path) -> None:
    shop = Shop(tmp_path, config=household('{ saturday = "tempo" }'))
    shop.engine.refresh()
    issued = load_state(shop.store, shop.athlete, shop.config, shop.now).issued
    assert [one.day for one in issued if one.window is Window.BEFORE] == [TODAY + timedelta(days=1)]


def test_a_weekday_or_kind_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(ConfigMistakes) as caught:
        household('{ tusday = "tempo" }')
    assert caught.value.mistakes == (
        'config.toml: [athlete] week must name weekdays such as "tuesday", not "tusday"; did you mean `tuesday`?',
    )
    with pytest.raises(ConfigMistakes, match="swim"):
        household('{ friday = "swim" }')
