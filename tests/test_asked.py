"""What is asked and what counts: runs that are coming, pain of days ago, scores of days ago, minutes nobody timed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import Kind
from rules.knowledge.thresholds import thresholds
from rules.plan.cards import asked_of_coming
from rules.state.feet import FootState, RunSeen
from rules.state.pain import still_asks
from rules.state.safety import stops_yet
from rules.state.week import minutes_done

TODAY, NOW = date(2026, 6, 1), datetime(2026, 6, 1, 20)
LIMITS = thresholds()


def coming(ahead: int, kind: Kind | None, source: Any) -> PlannedRun:
    return PlannedRun(TODAY + timedelta(days=ahead), kind, source)


@pytest.mark.parametrize(
    ("planned", "ran_today", "asked"),
    [
        (coming(1, None, "ical"), False, True),
        (coming(2, None, "ical"), False, False),
        (coming(1, Kind.EASY, "ical"), False, False),
        (coming(0, Kind.TEMPO, "habit"), False, True),
        (coming(0, Kind.TEMPO, "habit"), True, False),
        (coming(1, Kind.TEMPO, "habit"), True, True),
    ],
    ids=[
        "a calendar's run without a kind",
        "not before the day before",
        "a run whose kind was told",
        "a habit",
        "not once a run was run that day",
        "tomorrow's habit",
    ],
)
def test_which_coming_runs_are_asked_about(planned: PlannedRun, ran_today: bool, asked: bool) -> None:
    runs = (RunSeen("run", TODAY, NOW, NOW, 1800.0),) if ran_today else ()
    state = FootState("ada", TODAY, NOW, TODAY, runs=runs, planned=(planned,))
    assert asked_of_coming(state) == ([planned] if asked else [])


@pytest.mark.parametrize(("hours", "asks"), [(0, True), (48, True), (48.1, False)])
def test_pain_is_asked_about_for_two_days(hours: float, asks: bool) -> None:
    assert still_asks(timedelta(hours=hours), LIMITS) is asks


@pytest.mark.parametrize(("score", "days", "stops"), [(6, 0, True), (6, 3, True), (6, 4, False), (5, 0, False)])
def test_a_score_of_days_ago_stops_nothing(score: int, days: int, stops: bool) -> None:
    assert stops_yet(score, days, LIMITS) is stops


@pytest.mark.parametrize(
    ("told", "state", "minutes"),
    [(None, "done", 6.0), (4.0, "done", 4.0), (None, "partial", None), (None, "skipped", None), (2.0, "partial", 2.0)],
)
def test_whole_work_that_nobody_timed_took_as_long_as_it_was_prescribed(
    told: float | None, state: Any, minutes: float | None
) -> None:
    assert minutes_done(told, state, 6.0) == minutes
