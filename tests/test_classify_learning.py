"""Whom to ask about what, and the weekday habit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from rules.ask import Asked, ask, chance
from rules.classify import Judge
from rules.facts import Facet, FacetLabel, Kind, Labels, PlannedRun, Recording, Tier
from rules.features import measure
from rules.habit import habits, offers

MONDAY = datetime(2026, 3, 2, 7, 0)


def labels(sure: float, *, open_: bool = False, corrected: bool = False) -> Labels:
    facet = FacetLabel(Facet.LONG, "no", sure, {"yes": 1 - sure, "no": sure}, corrected=corrected)
    return Labels(None if open_ else Kind.EASY, sure, frozenset({Kind.EASY}), {Facet.LONG: facet}, Tier.SUMMARY, "test")


def year(sure: list[float]) -> list[Asked | None]:
    asked: list[Asked | None] = []
    doubts: list[float] = []
    for number in range(2000):
        confidence = sure[number * 7 % len(sure)]
        asked.append(ask(f"run-{number}", labels(confidence), asked=asked, doubts=doubts))
        doubts.append(1 - confidence)
    return asked


@pytest.mark.parametrize("sure", [[0.95, 0.9, 0.8, 0.6, 0.5], [0.99] * 3, [0.5, 0.51, 0.52]])
def test_at_most_one_run_in_three_is_asked_about_and_the_draw_is_fair(sure: list[float]) -> None:
    asked = year(sure)
    share = sum(one is not None for one in asked) / len(asked)
    drawn = sum(one is Asked.RANDOM for one in asked) / len(asked)
    assert share <= 1 / 3 + 0.01
    assert 0.12 <= drawn <= 0.18
    windows = [sum(one is not None for one in asked[at : at + 6]) for at in range(len(asked) - 6)]
    assert max(windows) <= 2


def test_the_draw_is_the_same_each_time_and_spread_evenly() -> None:
    drawn = [chance(f"run-{number}") for number in range(3000)]
    assert drawn == [chance(f"run-{number}") for number in range(3000)]
    assert sum(value < 0.25 for value in drawn) / 3000 == pytest.approx(0.25, abs=0.03)


def test_an_open_run_comes_first_and_a_corrected_one_never() -> None:
    quiet = next(f"run-{n}" for n in range(99) if chance(f"run-{n}") > 0.5)
    doubts = [0.4] * 20
    assert ask(quiet, labels(0.5, open_=True), doubts=doubts) is Asked.INFORMATIVE
    assert ask(quiet, labels(0.9), doubts=doubts) is None
    assert ask(quiet, labels(0.3, corrected=True), doubts=doubts) is None


def season(weeks: int) -> Judge:
    """Hard every Thursday, long every Sunday, easy on Mondays; the runner said so each time."""
    judge = Judge()
    for week in range(weeks):
        for day, km, hard, long in ((0, 8, False, False), (3, 8, True, False), (6, 18, False, True)):
            began = MONDAY + timedelta(days=7 * week + day)
            run = measure(Recording(sport="running", start_utc=began, elapsed_s=km * 350, distance_m=km * 1000))
            judge.label(run, {Facet.INTENSITY: "tempo" if hard else "easy", Facet.LONG: "yes" if long else "no"})
    return judge


def test_the_habit_offers_the_weekdays_it_saw() -> None:
    today = date(2026, 3, 2) + timedelta(weeks=10)
    assert offers(season(10), today) == (
        PlannedRun(today + timedelta(days=3), Kind.TEMPO, "habit", probability=pytest.approx(0.81, abs=0.05)),
        PlannedRun(today + timedelta(days=6), Kind.LONG, "habit", probability=pytest.approx(0.81, abs=0.05)),
    )


def test_a_young_habit_offers_nothing_and_an_old_one_fades() -> None:
    assert offers(season(3), date(2026, 3, 2) + timedelta(weeks=3)) == ()
    judge = season(10)
    fresh = habits(judge, date(2026, 3, 2) + timedelta(weeks=10))
    stale = habits(judge, date(2026, 3, 2) + timedelta(weeks=26))
    assert fresh.hard[3] > 0.6 > stale.hard[3]
    assert habits(Judge(), date(2026, 3, 2)).weeks == 0.0
