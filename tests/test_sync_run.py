"""Passes through real libraries, engine and store, over made-up services that lie, fail and forget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.app.demo.fake_service import Fault
from sync.sources.adapters.garmin import EXCHANGE, LIST
from sync.storage import runs
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
