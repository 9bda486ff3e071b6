"""Whose word counts for a day that lies ahead: runner, calendar, usual week, habit, in this order."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import Intensity, Kind
from rules.knowledge.thresholds import thresholds
from rules.state.feet import RunSeen
from rules.state.whose_word import ComingDays, DayTold, coming

MONDAY = date(2026, 6, 1)


def day(ahead: int) -> date:
    return MONDAY + timedelta(days=ahead)


def told(ahead: int, source: str, kind: Kind | None) -> DayTold:
    run = None if kind is None else PlannedRun(day(ahead), kind, source)  # type: ignore[arg-type]
    return DayTold(day(ahead), source, run)


def seen(*days_told: DayTold, week: dict[int, Kind | None] | None = None, hard_tuesdays: bool = False) -> ComingDays:
    runs = [_hard_run(1 - 7 * back) for back in range(9, 0, -1)] if hard_tuesdays else []
    return coming(days_told, week or {}, runs, MONDAY, thresholds())


def _hard_run(ahead: int) -> RunSeen:
    at = datetime.combine(day(ahead), datetime.min.time())
    return RunSeen(f"run{ahead}", day(ahead), at, at, 3000.0, intensity=Intensity.TEMPO)


def short(found: ComingDays) -> list[tuple[int, str, str]]:
    return [((one.day - MONDAY).days, str(one.kind), one.source) for one in found.planned]


def test_the_runners_word_silences_every_calendar_of_that_day_only() -> None:
    found = seen(told(1, "ical", Kind.EASY), told(1, "runner", Kind.TEMPO), told(2, "garmin", Kind.LONG))
    assert short(found) == [(1, "tempo", "runner"), (2, "long", "garmin")]


def test_a_day_of_rest_is_a_word_too() -> None:
    found = seen(told(1, "runner", None), told(1, "ical", Kind.EASY), week={1: Kind.TEMPO}, hard_tuesdays=True)
    assert (short(found), found.rest) == ([], {day(1)})


def test_the_usual_week_fills_days_that_nobody_has_spoken_for() -> None:
    found = seen(told(1, "ical", Kind.EASY), week={1: Kind.TEMPO, 3: Kind.LONG, 4: None})
    assert (short(found), found.rest) == ([(1, "easy", "ical"), (3, "long", "template")], {day(4)})


def test_the_habit_speaks_last() -> None:
    assert short(seen(hard_tuesdays=True)) == [(1, "tempo", "habit")]
    assert short(seen(week={1: Kind.EASY}, hard_tuesdays=True)) == [(1, "easy", "template")]
