"""What a no of a service is about: the access, one activity, or trouble on the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.app.demo.fake_service import HTML, Fault
from sync.sources.adapters.garmin import EXCHANGE, LIST
from sync.sources.refusal import about
from sync.storage import housekeeping, runs
from tests.linked_home import linked_home, short_run

FORBIDDEN = b'{"message": "Forbidden"}'
LISTS = {"garmin": LIST, "strava": "/athlete/activities", "intervals": "/athlete/0/activities"}
PARTS = {"garmin": "/download-service/files/activity/{}", "strava": "/activities/{}", "intervals": "/{}/file"}


@pytest.mark.parametrize(
    ("status", "question", "page", "renewal", "expected"),
    [
        (401, "exchange", False, "done", "access"),
        (400, "exchange", False, "done", "access"),
        (429, "exchange", True, "done", "access"),
        (403, "exchange", True, "done", "trouble"),
        (503, "exchange", False, "done", "trouble"),
        (401, "list", False, "possible", "renew"),
        (401, "list", False, "done", "access"),
        (401, "list", False, "used_up", "trouble"),
        (403, "list", False, "possible", "access"),
        (403, "list", True, "possible", "trouble"),
        (401, "activity", False, "possible", "renew"),
        (401, "activity", False, "done", "trouble"),
        (403, "activity", False, "possible", "activity"),
        (403, "activity", True, "possible", "trouble"),
        (401, "extra", False, "done", "trouble"),
        (403, "extra", False, "done", "trouble"),
        (None, "list", False, "possible", "trouble"),
    ],
)
def test_what_a_no_is_about(status: Any, question: Any, page: Any, renewal: Any, expected: str) -> None:
    assert about(status, question, page=page, renewal=renewal) == expected


@pytest.mark.parametrize("count", [1, 3], ids=["one", "three neighbours"])
@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_activities_that_may_not_be_read_hold_up_no_others(tmp_path: Path, name: Any, count: int) -> None:
    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        starts = [home.now - timedelta(days=day) for day in range(1, 7)]
        ids = [fake.add(short_run(start), f"Run {start.day}") for start in starts]
        refused = [str(getattr(one, "activity_id", one)) for one in ids[1 : 1 + count]]
        for one in refused:
            fake.faults.append(Fault(PARTS[name].format(one), status=403, times=99, body=FORBIDDEN))
        first = home.sync(name)
        assert (first.result, first.error, first.counts["taken"]) == ("ok", None, 6 - count)
        owed = [row.start_utc for row in runs.runs(home.store, "runner") if row.owed]
        assert (home.starts(), owed) == (sorted(starts), starts[1 : 1 + count])
        found = housekeeping.problems(home.store, "runner")
        assert sorted((one.name, one.reason) for one in found) == sorted(
            (f"{name}:{one}", "activity_refused") for one in refused
        )
        fake.faults.clear()
        home.now += timedelta(minutes=40)
        home.sync(name, by_person=True)
        assert [row.start_utc for row in runs.runs(home.store, "runner") if not row.owed] == starts
        assert housekeeping.problems(home.store, "runner") == []


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
@pytest.mark.parametrize(
    ("body", "result", "code"),
    [(HTML, "waiting", "source.trouble"), (FORBIDDEN, "act", None)],
    ids=["a wall before the service", "the service"],
)
def test_a_page_for_people_is_trouble_and_no_refusal(
    tmp_path: Path, name: Any, body: bytes, result: str, code: str | None
) -> None:
    with linked_home(tmp_path / "home", name, light=True) as home:
        home.sync(name)
        home.now += timedelta(minutes=40)
        getattr(home, name).faults.append(Fault(LISTS[name], status=403, body=body))
        passed = home.sync(name, by_person=True)
        assert passed.result == result
        assert passed.error is not None
        assert code is None or passed.error.code == code


def test_an_access_that_ends_early_is_renewed_in_a_run_that_has_just_renewed(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "garmin", light=True) as home:
        starts = [home.now - timedelta(days=day) for day in range(1, 8)]
        for start in starts:
            home.garmin.add(short_run(start))
        asked: list[str] = []

        def forget(seen: Any) -> None:
            if "/activity-service/activity/" in seen.path:
                asked.append(seen.path)
                if len(asked) == 3:
                    home.garmin.end_tokens()

        home.garmin.hooks.append(forget)
        assert home.sync().result == "ok"
        assert home.starts() == sorted(starts)
        assert len(home.garmin.asked(EXCHANGE)) == 2


def test_an_access_that_ends_with_each_request_waits_and_asks_nobody(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "garmin", light=True) as home:
        for day in range(1, 8):
            home.garmin.add(short_run(home.now - timedelta(days=day)))
        home.garmin.faults.append(Fault("/activity-service/", status=401, times=99))
        passed = home.sync()
        assert passed.result == "waiting"
        assert len(home.garmin.asked(EXCHANGE)) <= 3
