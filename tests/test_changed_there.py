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
