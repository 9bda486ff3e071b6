"""Passes through real libraries, engine and store, over made-up services that lie, fail and forget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.app.demo.fake_garmin import KEY
from sync.app.demo.fake_service import Fault
from sync.sources.adapters.garmin import EXCHANGE, LIST
from sync.sources.sync_state import load_sync_state
from sync.storage import housekeeping, issued, runs, typed
from tests.linked_home import MORNING, LinkedHome, linked_home, short_run

DAY = timedelta(days=1)
# A pass comes every half hour by day, give or take a tenth.
HALF_HOUR = timedelta(minutes=34)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[LinkedHome]:
    with linked_home(tmp_path / "home", "garmin", light=True) as made:
        yield made


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[LinkedHome]:
    """With the real engine behind."""
    with linked_home(tmp_path / "home", "garmin") as made:
        yield made


def put_runs(home: LinkedHome, count: int, *, every: timedelta = DAY, before: timedelta = DAY) -> list[datetime]:
    """Runs at Garmin, the newest ``before`` now; their starts in order of time."""
    starts = [home.now - before - every * number for number in range(count)]
    for number, start in enumerate(starts):
        home.garmin.add(short_run(start), f"Run {number}", activity_id=21_000_000_000 + count - number)
    return sorted(starts)


# --- what arrives -------------------------------------------------------------------------------------


def test_a_first_pass_brings_the_newest_25_and_slices_the_rest(home: LinkedHome) -> None:
    starts = put_runs(home, 34)
    first = home.sync()
    assert (first.result, first.more) == ("ok", True)
    assert home.starts() == starts[-25:]
    passed = home.until_done()
    assert home.starts() == starts
    assert all(one.counts["taken"] <= 25 for one in passed if "taken" in one.counts)


def test_a_second_pass_over_an_unchanged_world_does_nothing(home: LinkedHome) -> None:
    put_runs(home, 5)
    home.until_done()
    home.now += HALF_HOUR
    home.garmin.forget()
    before = runs.count_runs(home.store, "runner")
    assert home.sync().counts == {"listed": 5, "requests": 1}
    assert [seen.path for seen in home.garmin.log] == [LIST]
    assert runs.count_runs(home.store, "runner") == before


def test_nothing_new_costs_two_requests_with_a_renewal(home: LinkedHome) -> None:
    put_runs(home, 3)
    home.until_done()
    home.garmin.forget()
    home.garmin.end_tokens()
    home.now += HALF_HOUR
    home.sync()
    assert [seen.path for seen in home.garmin.log] == [LIST, EXCHANGE, LIST]
    home.now += timedelta(hours=21)
    home.sync()
    home.garmin.forget()
    home.now = datetime(2026, 3, 21, 7, 50)
    home.sync()
    assert [seen.path for seen in home.garmin.log] == [EXCHANGE, LIST]


def test_an_edited_title_is_followed_without_a_download(whole: LinkedHome) -> None:
    (start,) = put_runs(whole, 1)
    whole.until_done()
    whole.garmin.forget()
    whole.garmin.rename(21_000_000_001, "Hill sprints")
    whole.now += HALF_HOUR
    assert whole.sync().counts["changed"] == 1
    assert whole.titles() == {start: "Hill sprints"}
    assert whole.garmin.asked("download") == []


def test_a_run_trimmed_there_replaces_its_file(whole: LinkedHome) -> None:
    (start,) = put_runs(whole, 1)
    whole.until_done()
    trimmed = short_run(start, elapsed_s=1200.0, timer_s=1200.0, moving_s=1190.0, distance_m=3600.0)
    whole.garmin.activities[21_000_000_001].recording = trimmed
    whole.now += HALF_HOUR
    assert whole.sync().counts["changed"] == 1
    (row,) = runs.runs(whole.store, "runner")
    assert (row.distance_m, row.elapsed_s, len(row.recording_ids)) == (3600.0, 1200.0, 2)


def test_a_late_watch_brings_an_older_run(home: LinkedHome) -> None:
    starts = put_runs(home, 3)
    home.until_done()
    late = home.now - timedelta(days=5, hours=3)
    home.garmin.add(short_run(late))
    home.now += HALF_HOUR
    home.sync()
    assert home.starts() == sorted([*starts, late])


def test_two_runs_a_day_stay_two(home: LinkedHome) -> None:
    starts = put_runs(home, 2, every=timedelta(hours=3))
    home.until_done()
    assert home.starts() == starts


def test_an_outage_of_thirty_days_heals_by_itself(home: LinkedHome) -> None:
    before = put_runs(home, 3)
    home.until_done()
    home.now += timedelta(days=30)
    missed = [home.now - timedelta(hours=10 + 17 * number) for number in range(40)]
    for start in missed:
        home.garmin.add(short_run(start))
    home.until_done()
    assert home.starts() == sorted([*before, *missed])


def test_other_sports_are_kept_and_are_no_runs(whole: LinkedHome) -> None:
    whole.garmin.add(short_run(whole.now - DAY, sport="cycling", sub_sport=None), "Ride")
    whole.until_done()
    assert whole.starts() == []
    assert whole.store.fetch_value("count_activities", athlete="runner") == 1


def test_an_item_that_changes_under_way_is_taken_as_it_then_is(home: LinkedHome) -> None:
    put_runs(home, 2)

    def rename(seen: Any) -> None:
        if "activity-service" in seen.path:
            home.garmin.hooks.clear()
            home.garmin.rename(21_000_000_001, "Renamed under way")

    home.garmin.hooks.append(rename)
    home.until_done()
    home.now += HALF_HOUR
    home.sync()
    assert "Renamed under way" in home.titles().values()
    home.now += HALF_HOUR
    assert "changed" not in home.sync().counts


# --- what goes ------------------------------------------------------------------------------------------


def test_a_listing_that_is_suddenly_empty_or_short_loses_nothing(home: LinkedHome) -> None:
    starts = put_runs(home, 6)
    home.until_done()
    for keep in (0, 1, 2, 5):
        for _ in range(4):
            home.now += timedelta(hours=8)
            home.garmin.faults.append(Fault(LIST, "shorten", keep=keep))
            home.sync(by_person=True)
    home.now += DAY
    home.sync()
    assert home.starts() == starts


def test_a_run_deleted_there_goes_after_two_listings_and_a_direct_no(whole: LinkedHome) -> None:
    starts = put_runs(whole, 5)
    whole.until_done()
    whole.garmin.remove(21_000_000_005)
    whole.now += HALF_HOUR
    whole.sync()
    assert whole.starts() == starts
    whole.now += timedelta(hours=7)
    assert whole.sync().counts["gone"] == 1
    assert whole.starts() == starts[:-1]
    whole.garmin.add(short_run(starts[-1]), "Back again", activity_id=21_000_000_005)
    whole.now += HALF_HOUR
    whole.sync()
    assert whole.starts() == starts


def test_a_run_missing_for_less_than_six_hours_is_not_even_asked_about(home: LinkedHome) -> None:
    starts = put_runs(home, 5)
    home.until_done()
    home.garmin.remove(21_000_000_005)
    home.now += HALF_HOUR
    home.sync()
    home.garmin.forget()
    for _ in range(4):
        home.now += timedelta(minutes=75)
        assert "gone" not in home.sync().counts
    assert home.garmin.asked("activity-service") == []
    assert home.starts() == starts


def test_a_run_that_another_source_has_too_stays_when_one_deletes_it(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "garmin", "intervals") as home:
        starts = put_runs(home, 4)
        for start in starts:
            home.intervals.add(short_run(start))
        home.until_done("garmin")
        home.until_done("intervals")
        assert home.sources() == {start: ["garmin", "intervals"] for start in starts}
        home.garmin.remove(21_000_000_004)
        for _ in range(3):
            home.now += timedelta(hours=7)
            home.sync("garmin", by_person=True)
        assert home.sources() == {start: ["garmin", "intervals"] for start in starts[:-1]} | {starts[-1]: ["intervals"]}


# --- trouble --------------------------------------------------------------------------------------------


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


# --- budgets over simulated days --------------------------------------------------------------------------


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
