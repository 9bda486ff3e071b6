"""Passes over simulated days: what a day costs in requests, what is asked once a day, and where a pass can stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.app.demo.fake_service import Fault
from sync.storage import housekeeping, issued, typed
from tests.garmin_runs import DAY, HALF_HOUR, put_runs
from tests.linked_home import LinkedHome, linked_home, short_run


@pytest.fixture
def home(tmp_path: Path) -> Iterator[LinkedHome]:
    with linked_home(tmp_path / "home", "garmin", light=True) as made:
        yield made


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[LinkedHome]:
    """With the real engine behind."""
    with linked_home(tmp_path / "home", "garmin") as made:
        yield made


def test_wellness_and_plan_are_asked_once_a_day_and_never_hold_up_runs(whole: LinkedHome) -> None:
    starts = put_runs(whole, 1)
    whole.garmin.schedule(date(2026, 3, 22), "Tempo 3 x 10 min")
    whole.garmin.days[date(2026, 3, 20)] = {"sleep_s": 25740, "hrv_ms": 42, "resting_heart_rate_bpm": 48}
    whole.garmin.faults.append(Fault("sleep-service", "html", times=1))
    whole.sync()
    assert whole.starts() == starts
    assert housekeeping.wellness(whole.store, "runner", first_day=date(2026, 3, 1), last_day=date(2026, 3, 31)) == []
    whole.now += DAY
    whole.garmin.days[date(2026, 3, 21)] = {"sleep_s": 27000}
    for _ in range(4):
        whole.now += HALF_HOUR
        whole.sync()
    (row,) = housekeeping.wellness(whole.store, "runner", first_day=date(2026, 3, 1), last_day=date(2026, 3, 31))
    assert (row.source, row.day, row.facts) == ("garmin", date(2026, 3, 21), {"sleep_s": 27000})
    assert len(whole.garmin.asked("sleep-service")) == 2
    (planned,) = typed.planned(whole.store, "runner")
    assert (planned.source, planned.day, planned.kind) == ("garmin", date(2026, 3, 22), "tempo")


def test_tomorrows_tempo_of_intervals_icu_brings_the_work_before_it(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "intervals") as home:
        home.intervals.plan(datetime(2026, 3, 21, 18), "Tempo 3 x 10 min")
        for _ in range(4):
            home.sync("intervals")
            home.now += HALF_HOUR
        assert len(home.intervals.asked("/events")) == 1
        (planned,) = typed.planned(home.store, "runner")
        assert (planned.source, planned.kind, planned.start_utc) == ("intervals", "tempo", datetime(2026, 3, 21, 17))
        home.engine.refresh()
        (before,) = (one for one in issued.prescriptions(home.store, "runner") if one.time_window == "before")
        assert before.day == date(2026, 3, 21)
        # What is taken off the calendar is off the plan the next morning.
        home.intervals.events.clear()
        home.now += DAY
        home.sync("intervals")
        assert typed.planned(home.store, "runner") == []


@pytest.mark.parametrize(
    ("name", "most"),
    [
        pytest.param("garmin", 60, marks=pytest.mark.slow),
        pytest.param("intervals", 60, marks=pytest.mark.slow),
        ("strava", 30),
    ],
)
def test_a_steady_day_with_two_runs_stays_within_its_requests(tmp_path: Path, name: Any, most: int) -> None:
    with linked_home(tmp_path / "home", name, light=True) as home:
        fake = getattr(home, name)
        for number in range(4):
            fake.add(short_run(home.now - DAY * (number + 1)))
        home.simulate(1)
        for _ in range(3):
            fake.forget()
            fake.add(short_run(home.now - timedelta(hours=1)))
            home.simulate(0.4)
            fake.add(short_run(home.now - timedelta(hours=1)))
            home.simulate(0.6)
            calls = len(fake.log) if name != "strava" else len([s for s in fake.log if "oauth" not in s.path])
            assert 15 <= calls <= most
        assert len(home.starts()) == 10


def test_strava_rests_by_night(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "strava", light=True) as home:
        home.strava.add(short_run(home.now - DAY))
        home.simulate(0.2)
        home.now = datetime(2026, 3, 20, 21, 30)
        home.strava.forget()
        home.simulate(7 / 24)
        assert len(home.strava.log) <= 2


@pytest.mark.slow
def test_a_history_never_takes_more_than_its_share_of_a_day(tmp_path: Path) -> None:
    few = {"garmin": {"requests_a_day": 100}}
    with linked_home(tmp_path / "home", "garmin", tree=few, light=True) as home:
        starts = put_runs(home, 130, every=timedelta(hours=30))
        home.simulate(0.6)
        first = len(home.garmin.log)
        assert first <= 100
        assert len(home.starts()) < 60
        home.simulate(4)
        assert home.starts() == starts


def test_progress_counts_what_is_listed_and_taken(home: LinkedHome) -> None:
    put_runs(home, 44)
    told: list[tuple[int, int | None]] = []
    home.doors.one("garmin", progress=lambda done, total: told.append((done, total))).run()
    assert [done for done, _ in told] == list(range(1, 26))
    assert told[-1] == (25, 44)


def test_stopping_leaves_the_rest_for_the_next_time(home: LinkedHome) -> None:
    starts = put_runs(home, 10)
    taken: list[int] = []

    def stopping() -> bool:
        taken.append(1)
        return len(taken) > 4

    home.doors.one("garmin", stopping=stopping).run()
    assert len(home.starts()) == 4
    home.restart()
    home.until_done()
    assert home.starts() == starts
