"""What a runner corrects at a service after it came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.linked_home import linked_home, short_run


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_a_run_that_was_made_a_walk_is_no_run_and_comes_back_as_one(tmp_path: Path, name: Any) -> None:
    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        walk, other = home.now - timedelta(days=1), home.now - timedelta(days=2)
        fake.add(short_run(walk), "Afternoon")
        fake.add(short_run(other), "Other")
        home.until_done(name)
        assert home.starts() == [other, walk]
        one = next(one for one in fake.activities.values() if recording_of(one).start_utc == walk)
        for sport, expected in (("walking", [other]), ("running", [other, walk])):
            say(fake, one, sport)
            home.now += timedelta(minutes=40)
            home.sync(name, by_person=True)
            assert home.starts() == expected


def recording_of(activity: Any) -> Any:
    return activity[0] if isinstance(activity, tuple) else activity.recording


def say(fake: Any, activity: Any, sport: str) -> None:
    changed = replace(recording_of(activity), sport=sport, sub_sport=None)
    if isinstance(activity, tuple):
        key = next(key for key, one in fake.activities.items() if recording_of(one).start_utc == changed.start_utc)
        fake.activities[key] = (changed, *activity[1:])
    else:
        activity.recording = changed


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_an_older_run_that_was_deleted_there_goes_after_full_listings(tmp_path: Path, name: Any) -> None:
    with linked_home(tmp_path / "home", name, tree={"strava": {"keep_days": 365}}) as home:
        fake = getattr(home, name)
        starts = [home.now - timedelta(days=10 * tens) for tens in range(1, 6)]
        for start in starts:
            fake.add(short_run(start))
        home.until_done(name)
        assert home.starts() == sorted(starts)
        gone = next(key for key, one in fake.activities.items() if recording_of(one).start_utc == starts[3])
        del fake.activities[gone]
        for _ in range(3):
            home.now += timedelta(hours=12)
            home.sync(name, full=True)
        assert home.starts() == sorted(start for start in starts if start != starts[3])


LONG_KEPT = {"strava": {"keep_days": 365}}


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_once_a_week_what_was_deleted_changed_or_came_late_in_three_months_is_found(tmp_path: Path, name: Any) -> None:
    """Nobody asks for anything: the passes of twelve days do it, within a few requests more a week."""
    with linked_home(tmp_path / "home", name, tree=LONG_KEPT) as home:
        fake = getattr(home, name)
        starts = [home.now - timedelta(days=10 * tens) for tens in range(1, 7)]
        for start in starts:
            fake.add(short_run(start), "Run")
        home.until_done(name)
        late = home.now - timedelta(days=45, hours=3)
        keys = {recording_of(one).start_utc: key for key, one in fake.activities.items()}
        del fake.activities[keys[starts[3]]]
        say(fake, fake.activities[keys[starts[2]]], "walking")
        retitle(fake, keys[starts[4]], "Club championship")
        fake.add(short_run(late), "From the old watch")
        fake.forget()
        listed = []
        for _ in range(12):
            home.now += timedelta(days=1)
            home.sync(name, by_person=True)
            listed.append(len(fake.asked("activities")))
        assert home.titles() == {
            starts[0]: "Run", starts[1]: "Run", starts[4]: "Club championship", starts[5]: "Run",
            late: "From the old watch",
        }  # fmt: skip
        assert listed[-1] <= 12 + 3 * 4 + 6


def retitle(fake: Any, key: Any, title: str) -> None:
    if isinstance(fake.activities[key], tuple):
        fake.activities[key] = (fake.activities[key][0], title)
    else:
        fake.rename(key, title)


def test_a_history_that_shrank_to_nothing_deletes_nothing_in_weeks(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "garmin", light=True) as home:
        starts = sorted(home.now - timedelta(days=8 * number) for number in range(1, 10))
        for start in starts:
            home.garmin.add(short_run(start))
        home.until_done()
        for key in list(home.garmin.activities)[2:]:
            home.garmin.remove(key)
        for _ in range(16):
            home.now += timedelta(days=1)
            home.sync(by_person=True)
        assert home.starts() == starts
