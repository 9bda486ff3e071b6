"""The sources inside the owner: jobs that look, orders that a person gives, and what status says."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.app.daemon import api, source_jobs
from sync.app.daemon.app import App, open_app
from sync.app.daemon.health import health
from sync.app.demo.fake_garmin import KEY, FakeGarmin
from sync.app.demo.fake_service import Fault
from sync.app.demo.fit_writer import write
from sync.settings.config import from_tree
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.sources.adapters.garmin import LIST
from sync.sources.sync_state import load_sync_state
from sync.storage import housekeeping, runs, typed
from sync.wire.pages import SourceLine, Status, Today
from sync.wire.tasks import DoctorRequest, PurgeRequest, SyncRequest, Task
from tests.linked_home import MORNING, linked_home, short_run

PLAN = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//made up//EN\r
BEGIN:VEVENT\r
UID:1\r
DTSTAMP:20260301T000000Z\r
SUMMARY:Tempo 3 x 10 min\r
DTSTART:20260322T170000Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


@dataclass
class Clock:
    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    owner: App
    garmin: FakeGarmin
    clock: Clock
    vault: CredentialStore
    root: Path
    jobs: dict[str, Any] = field(default_factory=dict)

    def link(self, **changes: Any) -> None:
        credential = {"api_key": KEY, "test_server": True, "linked_utc": self.clock.now.isoformat(), **changes}
        self.vault.put("runner", "garmin", credential)

    def line(self, name: str = "garmin") -> SourceLine:
        status = self.owner.ask("status", {})
        assert isinstance(status, Status)
        return next(line for line in status.sources if line.source == name)

    def order(self, name: str, order: Any) -> Task:
        work = self.owner.start_here(name, order)
        return self.owner.tasks.wait(work.work_id, 120)


@contextmanager
def world(root: Path, **tree: Any) -> Iterator[World]:
    clock = Clock()
    with FakeGarmin(clock=clock) as garmin:
        assert isinstance(garmin, FakeGarmin)
        testing = {"redirect_garmin": garmin.url}
        config = from_tree({"athlete": {"id": "runner", "time_zone": "Europe/Berlin"}, "testing": testing, **tree})
        with open_app(DataDir(root / "home"), config, "test", role="daemon", now=clock) as owner:
            jobs = {job.name: job for job in source_jobs.jobs(owner)}
            yield World(owner, garmin, clock, CredentialStore(owner.home.secrets), root, jobs)


def test_an_unlinked_home_asks_nobody_and_says_how_to_link(tmp_path: Path) -> None:
    with world(tmp_path) as at:
        source_jobs.look(at.owner)
        assert at.garmin.log == []
        line = at.line()
        assert (line.state, line.do_now) == ("off", "To link it: springstep link garmin")
        assert set(at.jobs) == {"sources", "calendar", "strava-retention", "wipe"}


def test_a_look_takes_in_what_is_due_and_labels_it(tmp_path: Path) -> None:
    with world(tmp_path) as at:
        at.garmin.add(short_run(MORNING - timedelta(days=1)), "Morning run")
        at.link()
        stamp = at.owner.etag
        source_jobs.look(at.owner)
        (row,) = runs.runs(at.owner.store, "runner")
        assert row.title == "Morning run"
        assert row.rules_version is not None
        assert at.owner.etag != stamp
        assert (at.line().state, at.line().tried_live) == ("ok", False)
        at.garmin.forget()
        source_jobs.look(at.owner)
        assert at.garmin.log == []


def test_a_look_that_must_stop_leaves_the_rest(tmp_path: Path) -> None:
    with world(tmp_path) as at:
        at.garmin.add(short_run(MORNING - timedelta(days=1)), "Morning run")
        at.link()
        source_jobs.look(at.owner, lambda: True)
        assert at.garmin.log == []


def test_status_says_waiting_and_what_to_do(tmp_path: Path) -> None:
    with world(tmp_path) as at:
        at.link()
        at.garmin.faults.append(Fault(LIST, status=429, headers={"Retry-After": "3600"}))
        source_jobs.look(at.owner)
        line = at.line()
        assert (line.state, line.says) == (
            "waiting",
            "Garmin asks springstep to wait. Nothing is lost. Next try 10:00.",
        )
        assert line.next_due_utc == MORNING + timedelta(hours=1)
        at.clock.now += timedelta(hours=1)
        at.garmin.key = "another"
        at.garmin.end_tokens()
        source_jobs.look(at.owner)
        line = at.line()
        assert line.state == "act"
        assert "springstep link garmin" in (line.do_now or "")
        assert line.next_due_utc == at.clock.now + timedelta(days=1)
        today = at.owner.ask("today", {})
        assert isinstance(today, Today)
        assert today.needs == [
            (
                "Garmin refused the Personal API key (401). The runs you have stay. "
                "No new runs come from there until you fix this."
            )
        ]
        at.link()
        relinked = at.owner.ask("today", {})
        assert isinstance(relinked, Today)
        assert relinked.needs == []


def test_the_health_tells_each_source_s_state_and_nothing_secret(tmp_path: Path) -> None:
    """Paused by a limit, refused, well, and well but long ago: over the real socket, as a monitor asks."""
    with world(tmp_path, intervals={"enabled": False}) as at, api.serve(at.owner, at.owner.home.make_socket_path({})):
        assert asked(at) == (200, True, {"garmin": ("off", None), "strava": ("off", None), "intervals": ("off", None)})
        at.link()
        at.garmin.faults.append(Fault(LIST, status=429, headers={"Retry-After": "3600"}))
        source_jobs.look(at.owner)
        assert asked(at)[1:] == (True, {**OFF, "garmin": ("waiting", "busy")})
        at.clock.now += timedelta(hours=1)
        source_jobs.look(at.owner)
        assert asked(at)[1:] == (True, {**OFF, "garmin": ("ok", None)})
        at.clock.now += timedelta(hours=27)
        assert asked(at)[:2] == (503, False)
        at.garmin.key = "another"
        at.garmin.end_tokens()
        source_jobs.look(at.owner)
        assert asked(at) == (503, False, {**OFF, "garmin": ("act", "garmin.key_refused")})
        _, body = ask_socket(at, "/healthz")
        (says,) = json.loads(body)["checks"]
        assert says.startswith("garmin: Garmin refused the Personal API key")
        assert KEY not in body
        assert 'springstep_source_state{source="garmin"} 2' in ask_socket(at, "/metrics")[1].splitlines()


def test_a_source_that_is_asked_once_a_day_is_not_ill_for_it(tmp_path: Path) -> None:
    with world(tmp_path, garmin={"every_minutes": 1440}) as at:
        at.link()
        source_jobs.look(at.owner)
        at.clock.now += timedelta(hours=27)
        assert health(at.owner).ok
        at.clock.now += timedelta(hours=22)
        assert not health(at.owner).ok


def test_a_missing_subscription_is_told_by_name(tmp_path: Path) -> None:
    with linked_home(tmp_path, "strava") as at:
        at.strava.inactive = True
        at.sync("strava")
        health = load_sync_state(at.store, "runner", "strava").health
        assert (health.state, health.why) == ("act", "strava.subscription")


OFF: dict[str, tuple[str, str | None]] = dict.fromkeys(("garmin", "strava", "intervals"), ("off", None))


def asked(at: World) -> tuple[int, bool, dict[str, tuple[str, str | None]]]:
    """The status, whether all is well, and each source's state and why."""
    status, body = ask_socket(at, "/healthz")
    said = json.loads(body)
    return status, said["ok"], {one["source"]: (one["state"], one["why"]) for one in said["sources"]}


def ask_socket(at: World, target: str) -> tuple[int, str]:
    with socket.socket(socket.AF_UNIX) as way:
        way.connect(str(at.owner.home.socket({})))
        way.sendall(f"GET {target} HTTP/1.0\r\n\r\n".encode())
        head, _, body = b"".join(iter(lambda: way.recv(65536), b"")).decode().partition("\r\n\r\n")
    return int(head.split()[1]), body


def test_status_shows_how_far_the_history_is(tmp_path: Path) -> None:
    with world(tmp_path) as at:
        for number in range(30):
            at.garmin.add(short_run(MORNING - timedelta(days=1 + number)), f"Run {number}")
        at.link()
        source_jobs.look(at.owner)
        assert "older runs are coming in: 25 of" in at.line().says
        at.clock.now += timedelta(minutes=2)
        source_jobs.look(at.owner)
        assert "older runs" not in at.line().says


def test_saved_tokens_that_grow_old_are_named(tmp_path: Path) -> None:
    with world(tmp_path) as at:
        token = {"oauth_token": "t", "oauth_token_secret": "s"}
        linked = (MORNING - timedelta(days=310)).isoformat()
        at.vault.put("runner", "garmin", {"oauth1": token, "test_server": True, "linked_utc": linked})
        assert "310 days" in (at.line().do_now or "")


def test_orders_of_a_person(tmp_path: Path) -> None:
    with world(tmp_path) as at:
        at.garmin.add(short_run(MORNING - timedelta(days=1)), "Morning run")
        missing = at.order("sync", SyncRequest(source="garmin"))
        assert "isn't linked" in (missing.failed or "")
        at.link()
        synced = at.order("sync", SyncRequest())
        assert synced.failed is None
        assert synced.result is not None
        (passed,) = synced.result["passes"]
        assert (passed["source"], passed["result"], passed["counts"]["taken"]) == ("garmin", "ok", 1)
        looked = at.order("doctor", DoctorRequest(source="garmin"))
        assert looked.result is not None
        assert looked.result["ok"]
        assert not any(KEY in line or "Morning" in line for line in looked.result["lines"])
        purged = at.order("purge", PurgeRequest(source="garmin"))
        assert purged.result == {"source": "garmin", "copies": 2}
        assert at.vault.get("runner", "garmin") is None
        (row,) = runs.runs(at.owner.store, "runner")
        assert (row.removed, row.title) == (True, None)


def test_a_source_that_systemd_keeps_linked_is_not_purged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "springstep-garmin").write_text(KEY)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with world(tmp_path / "home") as at:
        assert "LoadCredential=springstep-garmin" in (at.order("purge", PurgeRequest(source="garmin")).failed or "")


def test_a_calendar_file_plans_runs_at_its_own_rhythm(tmp_path: Path) -> None:
    plan = tmp_path / "plan.ics"
    plan.write_text(PLAN, newline="")
    with world(tmp_path, calendar={"addresses": [str(plan)]}) as at:
        source_jobs.read_calendars(at.owner)
        (planned,) = typed.planned(at.owner.store, "runner")
        assert (planned.source, planned.day, planned.kind) == ("ical", date(2026, 3, 22), "tempo")
        plan.write_text(PLAN.replace("Tempo 3 x 10 min", "Easy run"), newline="")
        source_jobs.read_calendars(at.owner)
        assert [row.kind for row in typed.planned(at.owner.store, "runner")] == ["tempo"]
        at.clock.now += timedelta(hours=2)
        source_jobs.read_calendars(at.owner)
        assert [row.kind for row in typed.planned(at.owner.store, "runner")] == ["easy"]
        plan.unlink()
        at.clock.now += timedelta(hours=2)
        source_jobs.read_calendars(at.owner)
        assert [row.kind for row in typed.planned(at.owner.store, "runner")] == ["easy"]


def test_a_calendar_that_stands_for_too_much_is_told_and_not_tried_again(tmp_path: Path) -> None:
    plan = tmp_path / "plan.ics"
    every = PLAN.replace("SUMMARY:", "RRULE:FREQ=SECONDLY\r\nSUMMARY:")
    never = PLAN.replace("SUMMARY:", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\nSUMMARY:")
    entry = never[never.index("BEGIN:VEVENT") : never.index("END:VCALENDAR")]
    many = never.replace(entry, "".join(entry.replace("UID:1", f"UID:n{n}") for n in range(100)))
    with world(tmp_path, calendar={"addresses": [str(plan)]}) as at:
        told = []
        for text in (every, many, many, PLAN):
            plan.write_text(text, newline="")
            source_jobs.read_calendars(at.owner)
            told.append([(row.source, row.reason) for row in housekeeping.problems(at.owner.store, "runner")])
            at.clock.now += timedelta(hours=2)
        assert told == [[("calendar", "calendar-cut")], *[[("calendar", "calendar-unread")]] * 2, []]
        assert [row.kind for row in typed.planned(at.owner.store, "runner")] == ["tempo"]


def test_a_watch_on_usb_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "media" / "GARMIN" / "GARMIN" / "ACTIVITY"
    folder.mkdir(parents=True)
    (folder / "C3A10000.FIT").write_bytes(write(short_run(MORNING - timedelta(days=1))))
    with world(tmp_path, usb={"watch": True, "places": [str(tmp_path / "media")]}) as at:
        assert "usb" in at.jobs
        source_jobs.read_watches(at.owner)
        source_jobs.read_watches(at.owner)
        assert len(runs.runs(at.owner.store, "runner")) == 1
        assert [path.name for path in folder.iterdir()] == ["C3A10000.FIT"]
