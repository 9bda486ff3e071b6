"""Strava through the real stravalib, against a made-up Strava on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from sync.app.demo.fake_service import Fault
from sync.errors import PersonMustAct, TryLater
from sync.formats.outcome import Read, Unreadable
from sync.formats.services import strava_json
from sync.sources.adapters.strava import Strava, authorization_url, exchange_code
from sync.sources.base import LoginRefused, TransientError
from sync.sources.http import USER_AGENT
from sync.sources.rate_policy import RequestBudget
from tests.factories_runs import START, run
from tests.fakes.strava import CLIENT_ID, CLIENT_SECRET, FakeStrava

NOW = START + timedelta(days=6)
LIST = "/athlete/activities"


@dataclass
class World:
    fake: FakeStrava
    now: datetime = NOW
    kept: list[Mapping[str, Any]] = field(default_factory=list)

    def strava(self, credential: Mapping[str, Any] | None = None, **changes: Any) -> Strava:
        first = {"client_id": str(CLIENT_ID), "client_secret": CLIENT_SECRET, "refresh_token": self.fake.refresh_token}
        made: dict[str, Any] = {"redirect": self.fake.url, "timeout_s": 5.0, **changes}
        return Strava(credential or first, self.kept.append, lambda: self.now, RequestBudget(500), **made)


@pytest.fixture
def world() -> Iterator[World]:
    made = World(FakeStrava(clock=lambda: made.now))
    with made.fake:
        yield made


def test_a_run_comes_with_detail_and_streams(world: World) -> None:
    recording = run(gear="Trail shoe", workout_type="workout", samples=run().samples)
    world.fake.add(recording, "Intervals in the wood")
    strava = world.strava()
    (listed,) = strava.list_activities(START - timedelta(days=1)).items
    copy = strava.copy(listed.source_id, listed, original=True)
    assert copy is not None
    outcome = strava_json.parse(json.dumps(copy.summary).encode())
    assert isinstance(outcome, Read)
    (read,) = outcome.recordings
    kept = (
        "sport", "sub_sport", "start_utc", "elapsed_s", "moving_s", "distance_m", "ascent_m", "mean_heart_rate_bpm",
        "mean_cadence_spm", "utc_offset_s", "rpe", "gear", "workout_type", "device",
    )  # fmt: skip
    assert {name: getattr(read, name) for name in kept} == {name: getattr(recording, name) for name in kept}
    # Half a heartbeat kills stravalib's own models.
    assert (read.title, read.max_heart_rate_bpm) == ("Intervals in the wood", 162.5)
    assert read.samples is not None
    assert recording.samples is not None
    assert list(read.samples.cadence_spm) == list(recording.samples.cadence_spm)


def test_where_a_run_was_is_neither_asked_for_nor_kept(world: World) -> None:
    world.fake.add(run())
    strava = world.strava()
    (listed,) = strava.list_activities(START - timedelta(days=1)).items
    copy = strava.copy(listed.source_id, listed, original=True)
    assert copy is not None
    text = json.dumps([listed.payload, copy.summary])
    for personal in ("latlng", "polyline", "made~up", "1000002", "athlete"):
        assert personal not in text
    assert "latlng" not in world.fake.asked("streams")[0].query["keys"]


def test_a_new_run_costs_two_reads_and_nothing_new_one(world: World) -> None:
    world.fake.add(run())
    strava = world.strava()
    (listed,) = strava.list_activities(START - timedelta(days=1)).items
    strava.copy(listed.source_id, listed, original=True)
    assert [seen.path for seen in world.fake.log] == [
        "/oauth/token", "/api/v3/athlete/activities", f"/api/v3/activities/{listed.source_id}",
        f"/api/v3/activities/{listed.source_id}/streams",
    ]  # fmt: skip
    assert {seen.headers["user-agent"] for seen in world.fake.log} == {USER_AGENT}
    world.fake.forget()
    world.strava(world.kept[-1]).list_activities(START - timedelta(days=1))
    assert len(world.fake.log) == 1


def test_pages_and_windows(world: World) -> None:
    for day in range(230):
        world.fake.add(run(start_utc=START - timedelta(days=day)))
    listing = world.strava().list_activities(START - timedelta(days=150))
    assert (len(listing.items), listing.complete) == (150, True)
    older = world.strava().list_activities(datetime(1990, 1, 1), START - timedelta(days=150), at_most=50)
    assert (len(older.items), older.complete) == (79, True)


def test_a_rotated_token_is_stored_at_once_and_the_old_one_is_dead(world: World) -> None:
    first = world.fake.refresh_token
    world.strava().list_activities(NOW)
    assert world.kept[-1]["refresh_token"] == world.fake.refresh_token != first
    world.now += timedelta(hours=7)
    world.strava(world.kept[-1]).list_activities(NOW)
    world.now += timedelta(hours=7)
    with pytest.raises(LoginRefused):
        world.strava({**world.kept[0]}).list_activities(NOW)


def test_the_token_is_stored_even_if_the_next_request_dies(world: World) -> None:
    world.fake.faults.append(Fault(LIST, "drop"))
    world.fake.add(run())
    with pytest.raises(TransientError):
        world.strava().list_activities(START - timedelta(days=1))
    assert world.kept[-1]["refresh_token"] == world.fake.refresh_token


def test_a_refused_renewal_is_tried_once(world: World) -> None:
    world.fake.refresh_token = "another"
    credential = {"client_id": str(CLIENT_ID), "client_secret": CLIENT_SECRET, "refresh_token": "old"}
    with pytest.raises(LoginRefused) as error:
        world.strava(credential).list_activities(NOW)
    assert len(world.fake.log) == 1
    assert CLIENT_SECRET not in repr(error.value)


def test_a_401_renews_once_and_a_second_one_is_the_end(world: World) -> None:
    world.strava().list_activities(NOW)
    world.fake.access.clear()
    world.fake.forget()
    world.strava(world.kept[-1]).list_activities(NOW)
    assert [seen.path.rsplit("/", 1)[-1] for seen in world.fake.log] == ["activities", "token", "activities"]
    world.fake.forget()
    world.fake.faults.append(Fault(LIST, status=401, times=9))
    with pytest.raises(LoginRefused):
        world.strava(world.kept[-1]).list_activities(NOW)
    assert len(world.fake.log) == 3


def test_no_subscription_says_so(world: World) -> None:
    world.fake.inactive = True
    with pytest.raises(PersonMustAct, match=r"source\.strava\.subscription"):
        world.strava().list_activities(NOW)


def test_four_fifths_of_a_limit_are_the_end_for_now(world: World) -> None:
    world.fake.limits = (10, 1000)
    strava = world.strava()
    for _ in range(8):
        strava.list_activities(NOW)
    before = len(world.fake.log)
    began = time.monotonic()
    with pytest.raises(TryLater) as error:
        strava.list_activities(NOW)
    assert time.monotonic() - began < 30
    assert len(world.fake.log) == before
    assert error.value.not_before_utc == datetime(2026, 3, 20, 6, 45)
    world.now = datetime(2026, 3, 20, 6, 45)
    strava.list_activities(NOW)


def test_the_daily_limit_ends_at_midnight(world: World) -> None:
    world.fake.limits = (1000, 10)
    strava = world.strava()
    for _ in range(8):
        strava.list_activities(NOW)
    with pytest.raises(TryLater) as error:
        strava.list_activities(NOW)
    assert error.value.not_before_utc == datetime(2026, 3, 21)


def test_a_429_without_retry_after_waits_for_the_quarter(world: World) -> None:
    world.fake.limits = (0, 1000)
    with pytest.raises(TryLater) as error:
        world.strava().list_activities(NOW)
    assert not isinstance(error.value, TransientError)
    assert error.value.not_before_utc == datetime(2026, 3, 20, 6, 45)
    assert len(world.fake.asked(LIST)) == 1


@pytest.mark.parametrize("kind", ["html", "garbage", "drop", "stall"])
def test_half_answers_are_trouble(world: World, kind: Any) -> None:
    world.fake.add(run())
    strava = world.strava(timeout_s=0.3)
    world.fake.faults.append(Fault(LIST, kind, stall_s=2))
    with pytest.raises(TransientError):
        strava.list_activities(START - timedelta(days=1))
    assert len(strava.list_activities(START - timedelta(days=1)).items) == 1


def test_another_order_and_repeats_do_not_matter(world: World) -> None:
    for day in range(5):
        world.fake.add(run(start_utc=START + timedelta(days=day)))
    plain = world.strava().list_activities(START - timedelta(days=1))
    for kind in ("repeat", "reorder"):
        world.fake.faults.append(Fault(LIST, kind))
        assert world.strava(world.kept[-1]).list_activities(START - timedelta(days=1)) == plain


def test_what_was_deleted_there_is_none(world: World) -> None:
    assert world.strava().detail("5") is None
    assert world.strava(world.kept[-1]).copy("5", None, original=True) is None


def test_shoes(world: World) -> None:
    (gear,) = world.strava().gear()
    assert (gear.gear_id, gear.name, gear.distance_m, gear.retired) == ("g1", "Trail shoe", 421000.0, False)


def test_the_api_and_the_sign_in_live_where_the_config_says(world: World) -> None:
    strava = world.strava(api="https://api-v3.strava.invalid/api/v3", oauth="https://login.strava.invalid")
    strava.list_activities(NOW)
    assert [seen.host for seen in world.fake.log] == ["login.strava.invalid", "api-v3.strava.invalid"]


def test_a_code_is_exchanged_once(world: World) -> None:
    world.fake.codes.add("good")
    arguments: dict[str, Any] = {
        "oauth": "https://www.strava.com", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "redirect": world.fake.url, "clock": lambda: world.now,
    }  # fmt: skip
    tokens = exchange_code(code="good", **arguments)
    assert tokens["refresh_token"] == world.fake.refresh_token
    with pytest.raises(LoginRefused):
        exchange_code(code="good", **arguments)
    page = {"client_id": 1, "back_to": "http://127.0.0.1:9/", "state": "s"}
    url = authorization_url(oauth="https://www.strava.com", redirect=None, **page)
    assert url.startswith("https://www.strava.com/oauth/authorize?client_id=1&")
    assert "secret" not in url


def test_the_import_leaves_warnings_and_logging_as_they_were() -> None:
    code = (
        "import warnings, logging\n"
        "from sync.sources.adapters.strava import _stravalib\n"
        "before = list(warnings.filters)\n"
        "_stravalib()\n"
        "assert warnings.filters == before, warnings.filters\n"
        "assert getattr(logging, '_warnings_showwarning') is None\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"sport_type": "Run", "trainer": True}, ("running", "treadmill")),
        ({"sport_type": "TrailRun"}, ("running", "trail")),
        ({"type": "Run"}, ("running", None)),
        ({"sport_type": "Badminton"}, ("badminton", None)),
        ({}, (None, None)),
    ],
)
def test_sports(item: dict[str, Any], expected: tuple[str | None, str | None]) -> None:
    assert strava_json.sport_of(item) == expected


@pytest.mark.parametrize(
    ("mark", "expected"), [(0, None), (None, None), (1, "race"), (2, "long"), (3, "workout"), (11, None)]
)
def test_only_a_set_workout_type_means_anything(mark: int | None, expected: str | None) -> None:
    item = {"start_date": "2026-03-14T06:30:00Z", "elapsed_time": 600, "workout_type": mark}
    read = strava_json.recording_of(item, {}, None)
    assert read is not None
    assert read.workout_type == expected


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"summary": {}}', b'{"summary": null, "detail": 3}'])
def test_what_is_no_activity_is_unreadable(content: bytes) -> None:
    assert isinstance(strava_json.parse(content), Unreadable)
