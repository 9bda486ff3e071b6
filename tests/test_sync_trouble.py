"""Passes over services that refuse, fail, cut off and forget: what is left alone, for how long, and what goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.app.demo.fake_garmin import KEY
from sync.app.demo.fake_service import Fault
from sync.sources.adapters.garmin import EXCHANGE, LIST
from sync.sources.sync_state import load_sync_state
from sync.storage import housekeeping
from tests.garmin_runs import DAY, HALF_HOUR, put_runs
from tests.linked_home import MORNING, LinkedHome, linked_home, short_run


@pytest.fixture
def home(tmp_path: Path) -> Iterator[LinkedHome]:
    with linked_home(tmp_path / "home", "garmin", light=True) as made:
        yield made


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[LinkedHome]:
    """With the real engine behind."""
    with linked_home(tmp_path / "home", "garmin") as made:
        yield made


def test_after_a_refused_key_there_is_silence_for_24_hours_also_across_restarts(home: LinkedHome) -> None:
    put_runs(home, 2)
    home.garmin.key = "another"
    refused = home.sync()
    assert (refused.result, refused.not_before_utc) == ("act", MORNING + DAY)
    assert refused.error is not None
    assert refused.error.code == "source.garmin.key_refused"
    home.garmin.forget()
    for hour in range(1, 24):
        home.now = MORNING + timedelta(hours=hour)
        if hour % 5 == 0:
            home.restart()
        assert home.sync(by_person=hour % 2 == 0).result == "act"
        assert home.sync_all_due() == []
    assert home.garmin.log == []
    home.now = MORNING + DAY
    home.sync()
    assert [seen.path for seen in home.garmin.log] == [EXCHANGE]


def test_a_new_key_ends_the_silence_at_once(home: LinkedHome) -> None:
    starts = put_runs(home, 2)
    home.garmin.key = "another"
    home.sync()
    home.garmin.key = KEY
    home.now += timedelta(minutes=1)
    home.link("garmin")
    (passed,) = home.sync_all_due()
    assert passed.result == "ok"
    assert home.starts() == starts


def test_429_is_honoured_by_the_clockwork_and_stored(home: LinkedHome) -> None:
    put_runs(home, 2)
    home.until_done()
    home.now += HALF_HOUR
    home.garmin.faults.append(Fault(LIST, status=429, headers={"Retry-After": "7200"}))
    assert home.sync().not_before_utc == home.now + timedelta(hours=2)
    home.restart()
    home.garmin.forget()
    assert home.doors.one("garmin").due_utc(home.now) == home.now + timedelta(hours=2)
    home.now += timedelta(minutes=119)
    assert home.sync(by_person=True).result == "waiting"
    assert home.garmin.log == []
    home.now += timedelta(minutes=1)
    assert home.sync().result == "ok"


def test_ten_days_of_retry_after_are_one_day(home: LinkedHome) -> None:
    starts = put_runs(home, 2)
    home.garmin.faults.append(Fault(LIST, status=429, headers={"Retry-After": "864000"}))
    assert home.sync().not_before_utc == MORNING + DAY
    home.restart()
    home.garmin.forget()
    home.now = MORNING + DAY - timedelta(minutes=1)
    assert (home.sync(by_person=True).result, home.garmin.log) == ("waiting", [])
    home.now = MORNING + DAY
    (passed,) = home.sync_all_due()
    assert (passed.result, home.starts()) == ("ok", starts)


def test_the_breaker_opens_and_closes(home: LinkedHome) -> None:
    put_runs(home, 1)
    home.until_done()
    home.garmin.forget()
    home.garmin.faults.append(Fault(LIST, status=503, times=1000))
    home.now += HALF_HOUR
    home.simulate(3)
    assert len(home.garmin.log) < 25
    health = load_sync_state(home.store, "runner", "garmin").health
    assert (health.state, health.failures > 8) == ("waiting", True)
    home.garmin.faults.clear()
    start = home.now - timedelta(hours=2)
    home.garmin.add(short_run(start))
    home.simulate(0.5)
    assert start in home.starts()
    assert load_sync_state(home.store, "runner", "garmin").health.failures == 0


@pytest.mark.parametrize("kind", ["html", "garbage", "drop"])
def test_one_poisoned_activity_does_not_hold_up_the_others(home: LinkedHome, kind: Any) -> None:
    starts = put_runs(home, 6)
    home.garmin.faults.append(Fault("activity/21000000004", kind, times=1000))
    home.simulate(2)
    assert home.starts() == starts
    copies = {source_id: copy for (_, source_id), copy in home.shelf.copies.items()}
    assert [source_id for source_id, copy in copies.items() if copy.summary.get("owed")] == ["21000000004"]
    asked = len(home.garmin.asked("activity/21000000004"))
    assert asked <= 6
    home.garmin.faults.clear()
    home.simulate(1)
    assert not home.shelf.copies["garmin", "21000000004"].summary.get("owed")


def test_a_file_that_cannot_be_read_leaves_a_summary_and_a_problem(whole: LinkedHome) -> None:
    (start,) = put_runs(whole, 1)
    whole.garmin.activities[21_000_000_001].file = b"\x0e\x10no fit at all.FIT"
    whole.until_done(most=3)
    assert whole.starts() == [start]
    (problem,) = housekeeping.problems(whole.store, "runner")
    assert problem.source == "garmin"


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_a_start_ahead_is_a_problem_with_its_date_and_no_run(tmp_path: Path, name: Any) -> None:
    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        start = home.now - timedelta(days=1)
        ahead = home.now + timedelta(hours=47)
        for when in (start, ahead, home.now + timedelta(hours=49), datetime(2065, 1, 1, 8)):
            fake.add(short_run(when), f"Run {when.year}")
        home.sync(name)
        found = housekeeping.problems(home.store, "runner")
        assert home.starts() == [start, ahead]
        assert sorted((one.reason, one.detail) for one in found) == [
            ("start_impossible", f"{(home.now + timedelta(hours=49)).date()}"), ("start_impossible", "2065-01-01"),
        ]  # fmt: skip
