"""What a service lists but does not give: it stays owed, is here as far as it is known, and stands in nobody's way."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.text import load_language
from sync.app.demo.fake_service import Fault
from sync.service.queries.context import QueryContext
from sync.service.queries.runs import run_line
from sync.service.queries.status import SOURCES
from sync.sources.adapters.garmin import LIST
from sync.storage import housekeeping, runs
from tests.linked_home import LinkedHome, linked_home, short_run

NAMES = ["garmin", "strava", "intervals"]
DAY = timedelta(days=1)
PARTS = {"garmin": "/download-service/files/activity/{}", "strava": "/activities/{}", "intervals": "/{}/file"}
LISTS = {"garmin": LIST, "strava": "/athlete/activities", "intervals": "/athlete/0/activities"}
ALL_PARTS = {"garmin": "/download-service/", "strava": "/streams", "intervals": "/file"}
KEPT = {"strava": {"keep_days": 365}}


def owed(home: LinkedHome) -> list[datetime]:
    return sorted(row.start_utc for row in runs.runs(home.store, "runner") if row.owed)


def told(home: LinkedHome) -> list[tuple[str, str]]:
    return sorted((row.name, row.reason) for row in housekeeping.problems(home.store, "runner"))


def says(home: LinkedHome, name: str) -> str:
    asking = QueryContext(home.store, home.config, home.home, home.config.athlete(), home.now, owner="nobody")
    return SOURCES[name](asking, load_language("en")).says


def days(home: LinkedHome, name: Any, count: int) -> None:
    for _ in range(count):
        home.now += DAY
        home.sync(name, by_person=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_is_not_given_for_a_week_is_here_as_its_summary_and_comes_whole_later(
    tmp_path: Path, name: Any
) -> None:
    with linked_home(tmp_path / "home", name, tree=KEPT) as home:
        fake = getattr(home, name)
        start = home.now - DAY
        activity = fake.add(short_run(start), "Sunday's long run")
        fake.faults.append(Fault(ALL_PARTS[name], status=503, times=10_000))
        home.sync(name)
        assert owed(home) == [start]
        assert told(home) == [(f"{name}:{activity}", "owed")]
        assert "Not downloaded yet" in says(home, name)
        assert "older runs are coming in" not in says(home, name)
        (row,) = runs.runs(home.store, "runner")
        line = run_line(row, load_language("en"))
        assert (line.owed, line.distance_m, line.title) == (True, 5370.0, "Sunday's long run")
        days(home, name, 8)
        assert 5 <= len(fake.asked(ALL_PARTS[name])) <= 8
        assert owed(home) == [start]
        fake.faults.clear()
        days(home, name, 5)
        assert (home.starts(), owed(home), told(home)) == ([start], [], [])
        assert "Not downloaded yet" not in says(home, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_full_look_tries_at_once_all_that_is_owed(tmp_path: Path, name: Any) -> None:
    with linked_home(tmp_path / "home", name, tree=KEPT) as home:
        fake = getattr(home, name)
        starts = sorted(home.now - DAY * number for number in range(1, 3))
        for start in starts:
            fake.add(short_run(start))
        fake.faults.append(Fault(ALL_PARTS[name], status=503, times=10_000))
        days(home, name, 9)
        assert owed(home) == starts
        fake.faults.clear()
        home.sync(name, full=True)
        assert (home.starts(), owed(home), told(home)) == (starts, [], [])


@pytest.mark.parametrize("name", NAMES)
def test_a_row_of_neighbours_that_fail_one_by_one_is_no_wall(tmp_path: Path, name: Any) -> None:
    """However long the row is, the older runs behind it come in within the hour."""
    with linked_home(tmp_path / "home", name, light=True) as home:
        fake = getattr(home, name)
        starts = [home.now - DAY / 2 * number for number in range(1, 25)]
        ids = [fake.add(short_run(start)) for start in starts]
        kinds = ("status", "html", "garbage", "drop")
        for number, one in enumerate(ids[:13]):
            fake.faults.append(Fault(PARTS[name].format(one), kinds[number % 4], times=1000, status=502))
        for _ in range(6):
            home.sync(name, by_person=True)
            home.now += timedelta(minutes=8)
        whole = [one for one in ids if not copy_of(home, name, one).get("owed")]
        assert set(ids[13:]) <= set(whole)


def copy_of(home: LinkedHome, name: str, source_id: Any) -> Any:
    copy = home.shelf.copies.get((name, str(source_id)))
    return {"owed": True} if copy is None else copy.summary


@pytest.mark.parametrize("name", NAMES)
def test_when_nobody_is_there_at_all_the_source_rests(tmp_path: Path, name: Any) -> None:
    with linked_home(tmp_path / "home", name, light=True) as home:
        fake = getattr(home, name)
        for number in range(1, 9):
            fake.add(short_run(home.now - DAY / 2 * number))
        fake.faults.append(Fault(LISTS[name], status=503, after=1, times=1000))
        fake.faults.append(Fault(ALL_PARTS[name], status=503, times=1000))
        passed = home.sync(name)
        assert (passed.result, passed.counts["failed"]) == ("waiting", 2)
        assert len(fake.asked(ALL_PARTS[name])) == 2


@pytest.mark.parametrize("name", NAMES)
def test_what_was_typed_in_is_not_asked_for_a_file(tmp_path: Path, name: Any) -> None:
    marks = {"garmin": {"manualActivity": True}, "strava": {"manual": True}, "intervals": {"source": "MANUAL"}}

    def by_hand(_seen: Any, value: Any) -> Any:
        if isinstance(value, list):
            return [{**item, **marks[name]} for item in value]
        return {**value, **marks[name]} if "/activities/" in _seen.path or "/activity/" in _seen.path else value

    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        fake.add(short_run(home.now - DAY))
        fake.edits.append(by_hand)
        home.sync(name)
        assert (home.starts(), owed(home), told(home)) == ([home.now - DAY], [], [])
        assert fake.asked(ALL_PARTS[name]) == []


def test_what_is_owed_and_then_deleted_at_the_service_leaves_no_problem(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "garmin") as home:
        starts = [home.now - DAY * number for number in range(1, 5)]
        ids = [home.garmin.add(short_run(start)) for start in starts]
        home.garmin.faults.append(Fault(PARTS["garmin"].format(ids[1]), status=503, times=1000))
        home.sync()
        assert owed(home) == [starts[1]]
        home.garmin.remove(ids[1])
        for _ in range(3):
            home.now += timedelta(hours=8)
            home.sync(by_person=True)
        assert (home.starts(), told(home)) == (sorted(start for start in starts if start != starts[1]), [])


@pytest.mark.parametrize("name", ["garmin", "intervals"])
@pytest.mark.parametrize("fault", ["html", "empty"])
def test_a_page_or_nothing_in_place_of_a_file_is_trouble(tmp_path: Path, name: Any, fault: str) -> None:
    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        activity = fake.add(short_run(home.now - DAY))
        path = PARTS[name].format(activity)
        page = Fault(path, "html", times=99) if fault == "html" else Fault(path, status=200, body=b"", times=99)
        fake.faults.append(page)
        home.sync(name)
        assert (owed(home), told(home)) == ([home.now - DAY], [(f"{name}:{activity}", "owed")])


@pytest.mark.parametrize("name", ["garmin", "intervals"])
@pytest.mark.parametrize("ever", [True, False])
def test_a_file_that_is_not_there_yet_is_asked_for_during_two_days(tmp_path: Path, name: Any, *, ever: bool) -> None:
    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        start = home.now - timedelta(hours=2)
        activity = fake.add(short_run(start))
        fake.faults.append(Fault(PARTS[name].format(activity), status=404, times=2 if ever else 99))
        for hours in (0, 1, 2, 7, 24, 24, 48, 96):
            home.now += timedelta(hours=hours)
            home.sync(name, by_person=True)
        assert len(fake.asked(PARTS[name].format(activity))) == (3 if ever else 5)
        (row,) = runs.runs(home.store, "runner")
        assert (row.start_utc, row.owed, len(row.recording_ids), told(home)) == (start, False, 2 if ever else 1, [])
