"""Garmin through the real garth, against a made-up Garmin on loopback that misbehaves in known ways."""

from __future__ import annotations

import base64
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import Kind
from rules.text import load_language
from sync.app.demo import garmin_shapes
from sync.app.demo.fake_garmin import CONNECT_HOST, KEY, PERSONAL_HOST, FakeGarmin
from sync.app.demo.fake_service import Fault
from sync.errors import PersonMustAct, TryLater
from sync.formats.outcome import Read
from sync.formats.services import garmin_json
from sync.service.messages import error_text
from sync.sources.adapters.garmin import EXCHANGE, LIST, Garmin
from sync.sources.adapters.garmin_tokens import saved_tokens, unzipped
from sync.sources.base import LoginRefused, TransientError
from sync.sources.http import USER_AGENT
from sync.sources.rate_policy import RequestBudget
from tests.factories_runs import START, run

NOW = START + timedelta(days=6)
EPOCH = datetime(1990, 1, 1)


@dataclass
class World:
    fake: FakeGarmin
    now: datetime = NOW
    kept: list[Mapping[str, Any]] = field(default_factory=list)

    def garmin(self, credential: Mapping[str, Any] | None = None, *, timeout_s: float = 5.0) -> Garmin:
        return Garmin(
            credential or {"api_key": KEY}, self.kept.append, lambda: self.now, RequestBudget(500),
            redirect=self.fake.url, timeout_s=timeout_s,
        )  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    made = World(FakeGarmin(clock=lambda: made.now))
    with made.fake:
        yield made


def tokens(**changes: Any) -> dict[str, Any]:
    return {"oauth1": {"oauth_token": "t", "oauth_token_secret": "s", "domain": "garmin.com"}, **changes}


# --- what it brings ---------------------------------------------------------------------------------


def test_a_run_comes_with_summary_detail_and_its_file_out_of_the_zip(world: World) -> None:
    recording = run()
    number = world.fake.add(recording, "Six times four hundred")
    garmin = world.garmin()
    (listed,) = garmin.list_activities(EPOCH).items
    assert (listed.source_id, listed.start_utc, listed.is_run) == (str(number), START, True)
    copy = garmin.copy(listed.source_id, listed, original=True)
    assert copy is not None
    assert copy.original is not None
    assert copy.original[8:12] == b".FIT"
    outcome = garmin_json.parse(json.dumps(copy.summary).encode())
    assert isinstance(outcome, Read)
    (read,) = outcome.recordings
    kept = (
        "sport", "sub_sport", "start_utc", "elapsed_s", "timer_s", "moving_s", "distance_m", "ascent_m", "descent_m",
        "mean_heart_rate_bpm", "max_heart_rate_bpm", "mean_cadence_spm", "utc_offset_s", "rpe", "feel",
        "training_effect_label", "training_load",
    )  # fmt: skip
    assert {name: getattr(read, name) for name in kept} == {name: getattr(recording, name) for name in kept}
    assert read.title == "Six times four hundred"


def test_the_owner_is_dropped_before_anything_is_kept(world: World) -> None:
    world.fake.add(run())
    garmin = world.garmin()
    (listed,) = garmin.list_activities(EPOCH).items
    copy = garmin.copy(listed.source_id, listed, original=False)
    assert copy is not None
    text = json.dumps([listed.payload, copy.summary])
    for personal in ("Made Up Owner", "made-up", "pictures.invalid", "1000001", "ROLE_", "Made-up Town", "Latitude"):
        assert personal not in text


def test_pages_are_read_until_the_window_is_whole(world: World) -> None:
    for hour in range(130):
        world.fake.add(run(start_utc=START - timedelta(hours=12 * hour)))
    listing = world.garmin().list_activities(START - timedelta(days=40))
    assert (len(listing.items), listing.complete) == (81, True)
    assert [item.start_utc for item in listing.items] == sorted((i.start_utc for i in listing.items), reverse=True)
    assert len(world.fake.asked(LIST)) == 3


def test_a_slice_of_older_runs_asks_for_one_page(world: World) -> None:
    for hour in range(130):
        world.fake.add(run(start_utc=START - timedelta(hours=12 * hour)))
    listing = world.garmin().list_activities(EPOCH, START - timedelta(days=10), at_most=40)
    assert not listing.complete
    assert all(item.start_utc < START - timedelta(days=10) for item in listing.items)
    # 40 items end two half-days after the window, which the service knows only by day.
    assert len(world.fake.asked(LIST)) == 2


def test_other_sports_cost_no_request_of_their_own(world: World) -> None:
    world.fake.add(run(sport="cycling", sub_sport=None))
    garmin = world.garmin()
    (listed,) = garmin.list_activities(EPOCH).items
    before = len(world.fake.log)
    copy = garmin.copy(listed.source_id, listed, original=True)
    assert copy is not None
    assert copy.original is None
    assert len(world.fake.log) == before


def test_wellness_holds_what_was_measured_and_nothing_else(world: World) -> None:
    world.fake.days[date(2026, 3, 20)] = {"sleep_s": 25740, "hrv_ms": 42, "resting_heart_rate_bpm": 48}
    world.fake.days[date(2026, 3, 19)] = {"hydration_ml": 1750.0}
    assert world.garmin().wellness(date(2026, 3, 20)) == {
        "sleep_s": 25740.0, "hrv_ms": 42.0, "resting_heart_rate_bpm": 48.0, "hydration_ml": 1750.0
    }  # fmt: skip
    assert world.garmin().wellness(date(2026, 3, 25)) == {}


def test_scheduled_workouts_are_planned_runs(world: World) -> None:
    world.fake.schedule(date(2026, 3, 22), "Tempo 3 x 10 min")
    world.fake.schedule(date(2026, 6, 1), "Long run")
    assert world.garmin().planned(date(2026, 3, 20), date(2026, 3, 27)) == (
        PlannedRun(date(2026, 3, 22), Kind.TEMPO, "garmin", title="Tempo 3 x 10 min", planned_id="garmin:500"),
    )


def test_shoes_come_from_saved_tokens_and_never_from_a_key(world: World) -> None:
    shoe = {"uuid": "u1", "gearTypeName": "Shoes", "displayName": "Thin one", "gearStatusName": "active"}
    world.fake.shoes.append(shoe)
    assert world.garmin().gear() == ()
    assert world.fake.log == []
    (gear,) = world.garmin(tokens()).gear()
    assert (gear.gear_id, gear.name, gear.retired) == ("u1", "Thin one", False)


# --- manners ----------------------------------------------------------------------------------------


def test_nothing_new_costs_one_request_and_two_with_a_renewal(world: World) -> None:
    world.fake.add(run())
    world.garmin().list_activities(START - timedelta(days=1))
    assert [seen.path for seen in world.fake.log] == [EXCHANGE, LIST]
    world.fake.forget()
    world.garmin(world.kept[-1]).list_activities(START - timedelta(days=1))
    assert [seen.path for seen in world.fake.log] == [LIST]


def test_every_request_says_who_it_is_and_goes_to_the_personal_host_only(world: World) -> None:
    world.fake.add(run())
    garmin = world.garmin()
    (listed,) = garmin.list_activities(EPOCH).items
    garmin.copy(listed.source_id, listed, original=True)
    garmin.wellness(date(2026, 3, 20))
    assert {seen.headers["user-agent"] for seen in world.fake.log} == {USER_AGENT}
    assert {seen.host for seen in world.fake.log} == {PERSONAL_HOST}


def test_saved_tokens_go_to_connectapi_and_the_renewed_one_is_stored(world: World) -> None:
    world.garmin(tokens()).list_activities(EPOCH)
    assert {seen.host for seen in world.fake.log} == {CONNECT_HOST}
    assert world.kept[-1]["access_token"] == world.fake.issued[-1].token
    world.fake.forget()
    world.garmin(world.kept[-1]).list_activities(EPOCH)
    assert [seen.path for seen in world.fake.log] == [LIST]


def test_two_runners_never_send_each_others_tokens(world: World) -> None:
    first, second = world.garmin(tokens()), world.garmin()
    first.list_activities(EPOCH)
    second.list_activities(EPOCH)
    first.list_activities(EPOCH)
    bearers = [seen.headers["authorization"] for seen in world.fake.asked(LIST)]
    assert bearers[0] == bearers[2] != bearers[1]


def test_a_token_ends_after_a_day_by_our_own_clock(world: World) -> None:
    garmin = world.garmin()
    garmin.list_activities(EPOCH)
    world.now += timedelta(hours=23, minutes=1)
    garmin.list_activities(EPOCH)
    assert len(world.fake.asked(EXCHANGE)) == 2


def test_a_401_renews_once_and_a_second_one_is_the_end(world: World) -> None:
    garmin = world.garmin()
    garmin.list_activities(EPOCH)
    world.fake.forget()
    renewed = world.garmin(world.kept[-1])
    world.fake.end_tokens()
    renewed.list_activities(EPOCH)
    assert [seen.path for seen in world.fake.log] == [LIST, EXCHANGE, LIST]
    world.fake.forget()
    world.fake.faults.append(Fault(LIST, status=401, times=9))
    with pytest.raises(LoginRefused) as error:
        world.garmin(world.kept[-1]).list_activities(EPOCH)
    assert [seen.path for seen in world.fake.log] == [LIST, EXCHANGE, LIST]
    assert "springstep link garmin" in error_text(error.value, load_language("en"))


@pytest.mark.parametrize("status", [400, 401, 403, 429])
@pytest.mark.parametrize("kind", ["key", "tokens"])
def test_a_refused_exchange_is_tried_once(world: World, status: int, kind: str) -> None:
    world.fake.faults.append(Fault("exchange" if kind == "tokens" else EXCHANGE, status=status, times=9))
    with pytest.raises(LoginRefused):
        world.garmin(tokens() if kind == "tokens" else None).list_activities(EPOCH)
    assert len(world.fake.log) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_an_error_of_the_service_is_one_request_and_no_sleep(world: World, status: int) -> None:
    garmin = world.garmin()
    garmin.list_activities(EPOCH)
    world.fake.forget()
    world.fake.faults.append(Fault(LIST, status=status, times=9, headers={"Retry-After": "3600"}))
    began = time.monotonic()
    with pytest.raises(TransientError) as error:
        garmin.list_activities(EPOCH)
    assert len(world.fake.log) == 1
    assert time.monotonic() - began < 60
    assert error.value.not_before_utc == world.now + timedelta(hours=1)


def test_a_429_names_the_time_and_is_not_slept_away(world: World) -> None:
    garmin = world.garmin()
    garmin.list_activities(EPOCH)
    world.fake.faults += [Fault(LIST, status=429, headers={"Retry-After": "1800"}), Fault(LIST, status=429)]
    with pytest.raises(TryLater) as error:
        garmin.list_activities(EPOCH)
    assert not isinstance(error.value, TransientError)
    assert error.value.not_before_utc == world.now + timedelta(minutes=30)
    with pytest.raises(TryLater) as error:
        garmin.list_activities(EPOCH)
    assert error.value.not_before_utc is None
    assert len(world.fake.asked(LIST)) == 3


@pytest.mark.parametrize("kind", ["html", "garbage", "drop", "stall"])
def test_half_answers_are_trouble(world: World, kind: Any) -> None:
    for day in range(5):
        world.fake.add(run(start_utc=START + timedelta(days=day)))
    garmin = world.garmin(timeout_s=0.3)
    world.fake.faults.append(Fault(LIST, kind, stall_s=2))
    with pytest.raises(TransientError):
        garmin.list_activities(EPOCH)
    assert len(garmin.list_activities(EPOCH).items) == 5


def test_nobody_there_is_trouble(world: World) -> None:
    garmin = world.garmin()
    world.fake.stop()
    with pytest.raises(TransientError):
        garmin.list_activities(EPOCH)


def test_repeated_reordered_and_null_items_do_not_matter(world: World) -> None:
    for day in range(5):
        world.fake.add(run(start_utc=START + timedelta(days=day)))
    plain = world.garmin().list_activities(EPOCH)
    world.fake.faults += [Fault(LIST, "repeat"), Fault(LIST, "reorder")]
    assert world.garmin().list_activities(EPOCH) == plain
    assert world.garmin().list_activities(EPOCH) == plain


def test_an_item_without_a_start_is_a_problem_and_no_more(world: World) -> None:
    world.fake.add(run())
    garmin = world.garmin()
    garmin.list_activities(EPOCH)
    broken = b'[{"activityId": 7, "activityName": null, "startTimeGMT": null}, null, 3]'
    world.fake.faults.append(Fault(LIST, status=200, body=broken))
    listing = garmin.list_activities(EPOCH)
    assert (listing.items, len(listing.problems)) == ((), 3)


def test_what_is_not_there_is_none_and_other_refusals_are_not(world: World) -> None:
    garmin = world.garmin()
    assert garmin.detail("1") is None
    assert garmin.original("1") is None
    assert garmin.copy("1", None, original=True) is None


def test_wellness_that_this_access_may_not_see_is_not_a_refusal(world: World) -> None:
    world.fake.faults += [Fault("hrv-service", status=403), Fault("sleep-service", status=500)]
    assert world.garmin().wellness(date(2026, 3, 20)) == {}


def test_no_secret_in_an_error(world: World) -> None:
    world.fake.faults.append(Fault(EXCHANGE, status=401))
    with pytest.raises(PersonMustAct) as error:
        world.garmin().list_activities(EPOCH)
    assert KEY not in f"{error.value!r} {error.value.__cause__!r} {error.value.values}"


def test_a_service_that_ignores_pages_ends(world: World) -> None:
    for day in range(40):
        world.fake.add(run(start_utc=START - timedelta(days=day)))
    shapes = [garmin_shapes.list_item(a.activity_id, a.recording, a.name) for a in world.fake.activities.values()]
    garmin = world.garmin()
    garmin.list_activities(START)
    world.fake.faults.append(Fault(LIST, status=200, times=99, body=json.dumps(shapes).encode()))
    assert not garmin.list_activities(EPOCH).complete


# --- tokens that garth saved --------------------------------------------------------------------------


def garth_files(folder: Path, **oauth2: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "oauth1_token.json").write_text(
        json.dumps({"oauth_token": "t", "oauth_token_secret": "s", "mfa_token": None, "domain": "garmin.com"})
    )
    expires = datetime(2026, 3, 20, 20, tzinfo=UTC).timestamp()
    (folder / "oauth2_token.json").write_text(json.dumps({"access_token": "a", "expires_at": expires, **oauth2}))
    return folder


def test_a_folder_and_a_text_give_the_same_tokens(tmp_path: Path) -> None:
    # As long as the live service's are: no folder's name could be.
    folder = garth_files(tmp_path / "garth", access_token="a.b." + "c" * 1200)
    both = [json.loads((folder / f"oauth{n}_token.json").read_text()) for n in (1, 2)]
    text = base64.b64encode(json.dumps(both).encode()).decode()
    os.utime(folder / "oauth1_token.json", (written := datetime(2025, 11, 2, tzinfo=UTC).timestamp(), written))
    found = saved_tokens(text)
    assert saved_tokens(str(folder)) == {**found, "saved_utc": "2025-11-02T00:00:00"}
    assert found["access_expires_utc"] == "2026-03-20T19:59:00"


@pytest.mark.parametrize(
    "content", ["", "!!", "bm90IGpzb24=", base64.b64encode(b'[{"a": 1}, {}]').decode(), "/nowhere", "~nobody/x", "\0"]
)
def test_anything_else_is_refused_with_a_hint(content: str) -> None:
    with pytest.raises(PersonMustAct):
        saved_tokens(content)


def test_garth_writes_no_file_of_its_own(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = garth_files(tmp_path / "garth")
    monkeypatch.setenv("GARTH_HOME", str(folder))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    world.garmin(tokens()).list_activities(EPOCH)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert stat.S_ISDIR(folder.stat().st_mode)


def test_a_zip_that_is_none_and_an_empty_one() -> None:
    assert unzipped(b"not a zip") == b"not a zip"
    assert unzipped(b"PK\x03\x04 broken") == b"PK\x03\x04 broken"
