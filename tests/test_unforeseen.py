"""What nobody foresaw in one activity, a list or a whole pass: it is shown, is tried again and stops nothing else."""

from __future__ import annotations

import errno
import io
import json
import time
import zipfile
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from rules.facts.problems import Problem
from sync.app.daemon import source_jobs
from sync.app.daemon.job_store import JobStore
from sync.app.daemon.metrics import health
from sync.app.daemon.scheduler import Scheduler
from sync.app.demo.fake_garmin import FIRST_ID
from sync.app.demo.fake_service import Fault
from sync.errors import Bug, PersonMustAct, TryLater
from sync.formats.services.fetched_activity import FetchedActivity
from sync.sources import unforeseen
from sync.sources.pagination import ListingBuilder
from sync.storage import housekeeping, runs
from tests.linked_home import MORNING, LinkedHome, Shelf, linked_home, short_run
from tests.test_source_jobs import world

DAY = timedelta(days=1)
HALF_A_LETTER = "Morning run \ud83c"


@pytest.fixture(autouse=True)
def plain_log() -> Iterator[None]:
    """As the daemon logs: drawing every local value of a traceback would take minutes."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


def broken_zip() -> bytes:
    """A ZIP in order but for its member, whose packed bytes are none."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1_ACTIVITY.fit", bytes(2000))
    content = bytearray(packed.getvalue())
    begin = content.index(b"1_ACTIVITY.fit") + len(b"1_ACTIVITY.fit")
    content[begin : content.index(b"PK\x01\x02")] = b"\xff" * (content.index(b"PK\x01\x02") - begin)
    return bytes(content)


class FullDisk(Shelf):
    def ingest(self, source: str, source_id: str, copy: FetchedActivity) -> tuple[Problem, ...]:
        raise OSError(errno.ENOSPC, "No space left on device")


def problems(home: LinkedHome) -> list[tuple[str, str, str | None]]:
    return [(row.name, row.reason, row.detail) for row in housekeeping.problems(home.store, "runner")]


def test_one_odd_activity_is_a_problem_that_is_tried_again_and_the_others_come(tmp_path: Path) -> None:
    with linked_home(tmp_path, "garmin") as home:
        starts = [home.now - DAY * number for number in range(1, 6)]
        numbers = [home.garmin.add(short_run(start), "Morning run") for start in starts]
        odd = str(numbers[1])
        home.garmin.faults.append(
            Fault(f"download-service/files/activity/{odd}", times=1000, status=200, body=broken_zip())
        )
        passed = home.sync()
        assert (passed.result, passed.counts["taken"], passed.counts["failed"]) == ("ok", 4, 1)
        assert home.starts() == sorted(starts)
        assert [row.start_utc for row in runs.runs(home.store, "runner") if row.owed] == [starts[1]]
        assert problems(home) == [(f"garmin:{odd}", "unforeseen", "error")]
        newer = home.now + timedelta(minutes=5)
        home.garmin.add(short_run(newer), "Evening run")
        home.now += timedelta(hours=1)
        assert home.sync().counts["failed"] == 1
        assert newer in home.starts()
        assert len(home.garmin.asked(f"download-service/files/activity/{odd}")) == 2
        home.garmin.faults.clear()
        home.now += timedelta(hours=2)
        home.sync()
        assert home.starts() == sorted([*starts, newer])
        assert not any(row.owed for row in runs.runs(home.store, "runner"))
        assert problems(home) == []


def test_half_a_letter_in_a_title_costs_no_run(tmp_path: Path) -> None:
    with linked_home(tmp_path, "garmin") as home:
        home.garmin.add(short_run(MORNING - DAY), HALF_A_LETTER)
        home.sync()
        assert (home.titles(), problems(home)) == ({MORNING - DAY: "Morning run ?"}, [])


def test_one_odd_item_of_a_list_is_a_problem_and_the_others_are_listed() -> None:
    def read(item: object) -> None:
        raise OverflowError("date value out of range")

    gathering = ListingBuilder("garmin", "activityId", read, MORNING, None)
    gathering.add([{"activityId": FIRST_ID}])
    (problem,) = gathering.listing(complete=True).problems
    assert (problem.name, problem.reason, problem.detail) == (
        f"garmin:{FIRST_ID}", "list_item_unforeseen", "OverflowError"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("error", "its_own"),
    [
        (ValueError("no number"), True),
        (EOFError(), True),
        (zlib.error("invalid"), True),
        (OSError("Not a gzipped file"), True),
        (Bug("storage.many_answers"), True),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (MemoryError(), False),
        (TryLater("daemon.busy"), False),
        (PersonMustAct("cli.same_run"), False),
    ],
)
def test_what_belongs_to_one_activity_and_what_to_all(error: Exception, *, its_own: bool) -> None:
    assert unforeseen.of_one_activity(error) is its_own


def test_a_full_disk_gives_up_on_no_run(tmp_path: Path) -> None:
    """Were each of these a failed try of the run, it would not be tried again after five days."""
    with linked_home(tmp_path, "garmin") as home:
        home.garmin.add(short_run(MORNING - DAY), "Morning run")
        for _ in range(10):
            one = home.doors.one("garmin")
            one.sink = FullDisk()
            assert one.run().result == "waiting"
            home.now += DAY
        assert problems(home) == []
        home.sync()
        assert home.starts() == [MORNING - DAY]


def test_a_pass_that_ends_by_a_bug_rests_and_status_and_health_tell_it(tmp_path: Path) -> None:
    with world(tmp_path) as at:
        at.garmin.add(short_run(MORNING - DAY), "Morning run")
        at.link(access_expires_utc="no time at all")
        for _ in range(120):
            source_jobs.look(at.owner)
            at.clock.now += timedelta(seconds=30)
        passes = housekeeping.sync_runs(at.owner.store, "runner", limit=1000)
        assert {row.result for row in passes} == {"waiting"}
        assert 2 <= len(passes) <= 7
        line = at.line()
        assert (line.state, line.why) == ("waiting", "bug")
        assert "made a mistake (ValueError) while syncing Garmin" in line.says
        found = health(at.owner)
        assert found.status == "fail"
        assert [says for says in found.checks if says.startswith("garmin: springstep made a mistake")] != []
        at.link()
        at.clock.now += timedelta(hours=6)
        source_jobs.look(at.owner)
        assert len(runs.runs(at.owner.store, "runner")) == 1
        assert (at.line().state, health(at.owner).ok) == ("ok", True)


def test_what_a_run_could_not_write_down_fails_the_job(tmp_path: Path) -> None:
    """A run writes down how it went; where it cannot, only the job itself can rest, and does."""
    with world(tmp_path) as at:
        at.garmin.add(short_run(MORNING - timedelta(days=1)), "Morning run")
        at.link()
        book = JobStore(at.owner.store)
        clock = Scheduler([at.jobs["sources"]], book, now=at.clock, seconds=lambda: 0.0)

        def lose_the_table(_seen: object) -> None:
            at.garmin.hooks.clear()
            with at.owner.store.exclusive() as cursor:
                cursor.execute("DROP TABLE pass")

        at.garmin.hooks.append(lose_the_table)
        clock.attempt_all()
        end_s = time.monotonic() + 60
        while (kept := book.find("sources")) is None and time.monotonic() < end_s:
            time.sleep(0.05)
        assert kept is not None
        assert (kept.failures, kept.last_success_utc, json.loads(kept.note or "")) == (
            1,
            None,
            {"code": "internal", "values": {"what": "CatalogException"}},
        )
        assert kept.next_due_utc == MORNING + timedelta(seconds=30)
        assert len(runs.runs(at.owner.store, "runner")) == 1
