"""The weekday habit: an offer from six in ten up, silent where somebody has spoken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import Kind
from rules.knowledge.thresholds import thresholds
from rules.state.feet import RunSeen
from rules.state.habit import coming_habits

TODAY = date(2026, 3, 2)


def _runs(hard_weeks: int, weeks: int = 8) -> list[RunSeen]:
    """A Tuesday run each week, hard in the latest ``hard_weeks`` of them."""
    found = []
    for back in range(weeks, 0, -1):
        day = TODAY + timedelta(days=1) - timedelta(days=7 * back)
        start = datetime(day.year, day.month, day.day, 18)
        kind = Kind.TEMPO if back <= hard_weeks else Kind.EASY
        found.append(RunSeen(f"r{back}", day, start, start + timedelta(hours=1), 3600.0, 9000.0, kind))
    return found


def _early(runs: list[RunSeen]) -> list[RunSeen]:
    day = TODAY - timedelta(days=60)
    start = datetime(day.year, day.month, day.day, 18)
    return [RunSeen("first", day, start, start + timedelta(hours=1), 3600.0, 9000.0, Kind.EASY), *runs]


def test_six_of_eight_tuesdays_are_a_habit() -> None:
    tuesday = TODAY + timedelta(days=1)
    expected = PlannedRun(tuesday, Kind.TEMPO, "habit", None, None, 0.72, "habit-2026-03-03")
    assert coming_habits(_early(_runs(6)), TODAY, thresholds()) == (expected,)


def test_four_of_eight_are_none() -> None:
    assert coming_habits(_early(_runs(4)), TODAY, thresholds()) == ()


def test_three_weeks_are_too_few() -> None:
    assert coming_habits(_runs(3, 3), TODAY, thresholds()) == ()
    assert coming_habits([], TODAY, thresholds()) == ()


def test_where_somebody_has_spoken_the_habit_is_silent() -> None:
    assert coming_habits(_early(_runs(8)), TODAY, thresholds(), {TODAY + timedelta(days=1)}) == ()


def test_the_threshold_decides() -> None:
    assert coming_habits(_early(_runs(6)), TODAY, thresholds({"habit_probability": 0.8})) == ()
