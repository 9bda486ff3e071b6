"""Which recordings of a watch may have been the foot work, and which plan a yes fulfils."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from rules.facts.foot_work import Prescription, SessionDone, Window
from rules.knowledge.thresholds import thresholds
from rules.state.watch_work import asked_about, fulfils

NOW = datetime(2026, 6, 1, 20)
DAY = NOW.date()


@dataclass(frozen=True)
class Activity:
    sport: str | None = "training"
    sub_sport: str | None = "flexibility_training"
    start_utc: datetime = NOW - timedelta(hours=2)
    elapsed_s: float = 600.0


def logged(minutes_before: float, state: str = "done") -> SessionDone:
    at = Activity().start_utc - timedelta(minutes=minutes_before)
    return SessionDone("s", at, DAY, state)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("activity", "sessions", "asked"),
    [
        (Activity(), [], True),
        (Activity("mobility", None), [], True),
        (Activity("training", "yoga"), [], False),
        (Activity("training", "strength_training"), [], False),
        (Activity("running", None), [], False),
        (Activity(elapsed_s=3600.0), [], True),
        (Activity(elapsed_s=3601.0), [], False),
        (Activity(start_utc=NOW - timedelta(days=2)), [], True),
        (Activity(start_utc=NOW - timedelta(days=2, minutes=1)), [], False),
        (Activity(start_utc=NOW + timedelta(minutes=1)), [], False),
        (Activity(), [logged(30)], False),
        (Activity(), [logged(31)], True),
        (Activity(), [logged(-40)], False),
        (Activity(), [logged(-41)], True),
        (Activity(), [logged(0, "skipped")], True),
    ],
    ids=[
        "stretching",
        "mobility",
        "yoga",
        "strength",
        "a run",
        "an hour",
        "longer than an hour",
        "two days ago",
        "longer ago",
        "not begun yet",
        "logged half an hour before",
        "logged earlier",
        "logged half an hour after",
        "logged later",
        "a skip tells of no work",
    ],
)
def test_which_recordings_are_asked_about(activity: Activity, sessions: list[SessionDone], asked: bool) -> None:
    assert asked_about([activity], sessions, NOW, thresholds()) == ([activity] if asked else [])


def given(name: str, window: Window, day: date = DAY) -> Prescription:
    return Prescription(name, "ada", day, window, None, None, 5.0, (), (), (), "feet")


def test_a_yes_is_for_what_is_open_that_day_the_warm_up_first() -> None:
    base, warm_up = given("base", Window.BASE), given("warm-up", Window.BEFORE)
    tomorrow, primer = given("tomorrow", Window.BASE, DAY + timedelta(days=1)), given("primer", Window.PRIMER)
    issued = [base, warm_up, tomorrow, primer]
    done = SessionDone("s", NOW, DAY, "done", "warm-up")
    assert fulfils(DAY, issued, []) == warm_up
    assert fulfils(DAY, issued, [done]) == base
    assert fulfils(DAY, issued, [replace(done, state="skipped")]) == warm_up
    assert fulfils(DAY, [primer, tomorrow], []) is None
