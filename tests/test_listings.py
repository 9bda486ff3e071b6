"""What services' lists are like: short pages in the middle, many runs in one second, ends that are ignored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.app.demo.fake_service import Answer, Seen, as_json
from sync.formats.services.json_fields import json_id
from sync.sources.backfill import Backfill, after_newest, after_older
from sync.sources.base import ActivitySummary, Listing
from tests.linked_home import LinkedHome, linked_home, short_run

LISTS = {"garmin": "/activitylist-service/", "strava": "/athlete/activities"}
KEEP = {"strava": {"keep_days": 400}}


def change_lists(home: LinkedHome, name: Any, change: Callable[[list[Any], Seen], list[Any]]) -> None:
    fake = getattr(home, name)
    answer = fake.respond

    def respond(seen: Seen) -> Answer:
        given: Answer = answer(seen)
        if LISTS[name] not in seen.path or given.status != 200:
            return given
        return as_json(change(json.loads(given.body), seen))

    fake.respond = respond


def hide_one_of_a_full_page(items: list[Any], seen: Seen) -> list[Any]:
    size = int(seen.query.get("limit") or seen.query["per_page"])
    return items[:5] + items[6:] if len(items) == size else items


def hide_most(items: list[Any], _seen: Seen) -> list[Any]:
    return items[::9]


@pytest.mark.parametrize(("name", "count"), [("garmin", 90), ("strava", 130)])
@pytest.mark.parametrize(("hide", "least"), [(hide_one_of_a_full_page, 0.95), (hide_most, 0.11)])
def test_a_short_page_is_not_the_last(tmp_path: Path, name: Any, count: int, hide: Any, least: float) -> None:
    with linked_home(tmp_path / "home", name, light=True, tree=KEEP) as home:
        for day in range(count):
            getattr(home, name).add(short_run(home.now - timedelta(days=day + 1)))
        change_lists(home, name, hide)
        home.until_done(name)
        assert len(home.starts()) >= least * count
        asked = len(getattr(home, name).asked(LISTS[name]))
        assert asked <= 12


@pytest.mark.parametrize("name", ["garmin", "strava"])
def test_more_runs_in_one_second_than_a_page_holds(tmp_path: Path, name: Any) -> None:
    with linked_home(tmp_path / "home", name, light=True, tree=KEEP) as home:
        same = home.now - timedelta(days=60)
        starts = [same] * 110 + [same - timedelta(days=3), same + timedelta(days=3)]
        for start in starts:
            getattr(home, name).add(short_run(start))
        home.until_done(name)
        assert home.starts() == sorted(starts)


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_a_run_in_the_boundary_second_is_on_both_sides(tmp_path: Path, name: Any) -> None:
    with linked_home(tmp_path / "home", name, light=True) as home:
        edges = [home.now - timedelta(days=days) for days in (7, 14)]
        for start in edges:
            getattr(home, name).add(short_run(start))
        home.until_done(name)
        assert home.starts() == sorted(edges)


def test_a_service_that_ignores_the_end_is_read_to_its_real_end(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "garmin", light=True) as home:
        starts = [home.now - timedelta(days=day) for day in range(1, 101)]
        for start in starts:
            home.garmin.add(short_run(start))
        answer = home.garmin.respond

        def ignore_the_end(seen: Seen) -> Answer:
            query = {key: value for key, value in seen.query.items() if key != "endDate"}
            return answer(Seen(seen.method, seen.host, seen.path, query, seen.headers, seen.body))

        home.garmin.respond = ignore_the_end  # type: ignore[method-assign]
        home.until_done()
        assert home.starts() == sorted(starts)


def test_a_list_that_was_cut_goes_on_in_the_second_of_its_last_item() -> None:
    since, last = datetime(2026, 3, 1), datetime(2026, 3, 10, 7)
    listing = Listing((ActivitySummary("1", last, "r", "c", "running", True, {}),), complete=False)
    begun = after_newest(None, listing, since_utc=since, now_utc=last, anew=False, older=True)
    assert begun == Backfill(before_utc=last + timedelta(seconds=1), began_utc=last)


def test_a_page_that_repeats_for_ever_is_passed_over_in_growing_steps() -> None:
    """Whatever it is asked for, the service gives the same page: the older runs end after a few dozen requests."""
    at = datetime(2026, 3, 10, 7)
    listing = Listing((ActivitySummary("1", at, "r", "c", "running", True, {}),), complete=False)
    found, asked = Backfill(before_utc=at + timedelta(days=1)), 0
    while not found.listed_all:
        found, asked = after_older(found, listing, at), asked + 1
        assert asked < 60
    assert asked > 10


@pytest.mark.parametrize("write", [str, float], ids=["as text", "as a decimal"])
def test_an_id_is_the_same_however_it_is_written(write: Callable[[Any], Any]) -> None:
    assert json_id(write(31000000001)) == json_id(31000000001) == "31000000001"
    assert (json_id("i31"), json_id("31.5"), json_id(" 7 ")) == ("i31", "31.5", "7")
