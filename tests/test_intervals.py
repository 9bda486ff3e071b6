"""intervals.icu by key, against a made-up one on loopback."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import Kind
from rules.text import load_language
from sync.app.demo.fake_service import Fault
from sync.errors import TryLater
from sync.formats.outcome import Ignored, Read
from sync.formats.services import intervals_json
from sync.service.messages import error_text
from sync.sources.adapters.intervals import Intervals
from sync.sources.base import LoginRefused, TransientError
from sync.sources.http import USER_AGENT
from sync.sources.rate_policy import RequestBudget
from tests.factories_runs import START, run
from tests.fakes.intervals import KEY, FakeIntervals

LIST = "/athlete/0/activities"


@dataclass
class World:
    fake: FakeIntervals
    now: datetime = START + timedelta(days=6)

    def intervals(self, key: str = KEY, *, timeout_s: float = 5.0) -> Intervals:
        return Intervals(
            {"api_key": key},
            lambda: self.now,
            RequestBudget(500),
            self.fake.url,
            timeout_s,
            ZoneInfo("Europe/Berlin"),
        )


@pytest.fixture
def world() -> Iterator[World]:
    made = World(FakeIntervals(clock=lambda: made.now))
    with made.fake:
        yield made


def test_a_run_comes_with_its_original_file(world: World) -> None:
    recording = run()
    world.fake.add(recording, "Intervals in the wood")
    intervals = world.intervals()
    (listed,) = intervals.list_activities(START - timedelta(days=1)).items
    copy = intervals.copy(listed.source_id, listed, original=True)
    assert copy is not None
    assert copy.original is not None
    assert (copy.original[8:12], copy.original_name) == (b".FIT", f"{listed.source_id}.fit")
    outcome = intervals_json.parse(json.dumps(copy.summary).encode())
    assert isinstance(outcome, Read)
    (read,) = outcome.recordings
    kept = (
        "sport", "sub_sport", "start_utc", "elapsed_s", "timer_s", "moving_s", "distance_m", "ascent_m",
        "mean_heart_rate_bpm", "max_heart_rate_bpm", "mean_cadence_spm", "utc_offset_s",
    )  # fmt: skip
    assert {name: getattr(read, name) for name in kept} == {name: getattr(recording, name) for name in kept}
    assert (read.title, read.hr_zone_s) == ("Intervals in the wood", (100, 200, 300, 50, 0))


def test_the_file_may_come_unpacked(world: World) -> None:
    number = world.fake.add(run())
    packed = world.intervals().original(number)
    world.fake.zipped = False
    assert world.intervals().original(number) == packed


def test_nothing_new_costs_one_request_by_basic_auth(world: World) -> None:
    world.fake.add(run())
    world.intervals().list_activities(world.now - timedelta(days=7))
    (seen,) = world.fake.log
    assert base64.b64decode(seen.headers["authorization"].removeprefix("Basic ")).decode() == f"API_KEY:{KEY}"
    assert seen.headers["user-agent"] == USER_AGENT
    assert KEY not in seen.path + str(seen.query)


def test_stubs_of_stravas_activities_are_counted_and_left(world: World) -> None:
    world.fake.add(run())
    world.fake.add_stub("123", START)
    world.fake.add_stub("124", START + timedelta(days=1))
    intervals = world.intervals()
    listing = intervals.list_activities(START - timedelta(days=1))
    assert (len(listing.items), listing.left_out, listing.complete) == (1, 2, True)
    assert intervals.detail("123") is None
    assert intervals.original("123") is None
    stub = json.dumps({"activity": world.fake.stubs[0]}).encode()
    assert intervals_json.parse(stub) == Ignored("strava_stub")


def test_years_come_quarter_by_quarter(world: World) -> None:
    for week in range(60):
        world.fake.add(run(start_utc=START - timedelta(weeks=week)))
    newest = world.intervals().list_activities(START - timedelta(weeks=200), world.now, at_most=10)
    assert (len(newest.items), newest.complete) == (13, False)
    assert len(world.fake.log) == 1
    whole = world.intervals().list_activities(START - timedelta(weeks=100))
    assert (len(whole.items), whole.complete) == (60, True)


def test_empty_decades_cost_a_handful_of_requests(world: World) -> None:
    for week in range(60):
        world.fake.add(run(start_utc=START - timedelta(weeks=week)))
    whole = world.intervals().list_activities(datetime(1990, 1, 1), world.now, at_most=1000)
    assert (len(whole.items), whole.complete, len(world.fake.log)) == (60, True, 8)


def test_a_busy_quarter_is_followed_by_a_quarter(world: World) -> None:
    for hour in range(150):
        world.fake.add(run(start_utc=START - timedelta(hours=8 * hour)))
    world.intervals().list_activities(START - timedelta(days=366), world.now)
    asked = [
        (date.fromisoformat(s.query["newest"]) - date.fromisoformat(s.query["oldest"])).days for s in world.fake.log
    ]
    assert asked == [94, 94, 186, 6]


def test_other_sports_cost_no_request_of_their_own(world: World) -> None:
    world.fake.add(run(sport="cycling", sub_sport=None))
    intervals = world.intervals()
    (listed,) = intervals.list_activities(START - timedelta(days=1)).items
    copy = intervals.copy(listed.source_id, listed, original=True)
    assert copy is not None
    assert (copy.original, len(world.fake.log)) == (None, 1)


def test_wellness(world: World) -> None:
    world.fake.days[date(2026, 3, 20)] = {"sleepSecs": 25740, "hrv": 42.0, "restingHR": 48, "sleepScore": None}
    assert world.intervals().wellness(date(2026, 3, 20)) == {
        "sleep_s": 25740.0, "hrv_ms": 42.0, "resting_heart_rate_bpm": 48.0
    }  # fmt: skip


def test_planned_runs_and_races_and_nothing_else_of_the_calendar(world: World) -> None:
    world.fake.plan(datetime(2026, 3, 22), "Tempo 3 x 10 min")
    world.fake.plan(datetime(2026, 3, 23, 18, 30), "With the club")
    world.fake.plan(datetime(2026, 3, 24), "Town half", category="RACE_A")
    world.fake.plan(datetime(2026, 3, 25), "Sweet spot", kind="Ride")
    world.fake.plan(datetime(2026, 3, 25), "Tempo?", category="NOTE")
    world.fake.plan(datetime(2026, 4, 25), "Long run")
    world.fake.events.append({"category": "WORKOUT", "type": "Run", "start_date_local": "soon"})
    intervals = world.intervals()
    assert intervals.planned(date(2026, 3, 20), date(2026, 4, 3)) == (
        PlannedRun(date(2026, 3, 22), Kind.TEMPO, "intervals", None, "Tempo 3 x 10 min", 1.0, "intervals:7001"),
        PlannedRun(
            date(2026, 3, 23), None, "intervals", datetime(2026, 3, 23, 17, 30), "With the club", 1.0, "intervals:7002"
        ),
        PlannedRun(date(2026, 3, 24), Kind.TEMPO, "intervals", None, "Town half", 1.0, "intervals:7003"),
    )
    assert len(world.fake.log) == 1


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_calendar_that_may_not_be_read_closes_no_other_door(world: World, status: int) -> None:
    world.fake.faults.append(Fault("/events", status=status))
    assert world.intervals().planned(date(2026, 3, 20), date(2026, 4, 3)) == ()


def test_a_wrong_key_is_asked_once(world: World) -> None:
    with pytest.raises(LoginRefused) as error:
        world.intervals("another-key").list_activities(world.now)
    assert len(world.fake.log) == 1
    assert "another-key" not in repr(error.value)
    assert "springstep link intervals" in error_text(error.value, load_language("en"))


def test_a_429_names_the_time(world: World) -> None:
    world.fake.faults.append(Fault(LIST, status=429, headers={"Retry-After": "120"}))
    with pytest.raises(TryLater) as error:
        world.intervals().list_activities(world.now)
    assert not isinstance(error.value, TransientError)
    assert error.value.not_before_utc == world.now + timedelta(seconds=120)


@pytest.mark.parametrize("kind", ["status", "html", "garbage", "drop", "stall"])
def test_half_answers_are_trouble(world: World, kind: Any) -> None:
    world.fake.add(run())
    world.fake.faults.append(Fault(LIST, kind, status=502, stall_s=2))
    intervals = world.intervals(timeout_s=0.3)
    with pytest.raises(TransientError):
        intervals.list_activities(START - timedelta(days=1))
    assert len(intervals.list_activities(START - timedelta(days=1)).items) == 1


@pytest.mark.parametrize(("feel", "expected"), [(1, 100.0), (3, 50.0), (5, 0.0), (None, None), ("x", None)])
def test_feel_runs_the_other_way_there(feel: Any, expected: float | None) -> None:
    item = {"start_date": "2026-03-14T06:30:00Z", "elapsed_time": 600, "feel": feel}
    read = intervals_json.recording_of(item)
    assert read is not None
    assert read.feel == expected
