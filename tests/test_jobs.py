"""When a job comes again: pure, from what is stored and the instant passed in; months pass without a patched clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sync.app.daemon import job_schedule
from sync.app.daemon.job_schedule import Daily, Every, JobState
from sync.app.daemon.job_store import JobStore
from sync.app.daemon.scheduler import Job, Scheduler, at_once, on_change
from sync.errors import CodedText, TryLater
from sync.settings.credentials import CredentialStore
from sync.storage.database import Store

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2027, 3, 1, 12, 0)
HALF_HOUR = Every(timedelta(minutes=30))
AT_THREE = Daily(time(3), BERLIN)
AT_HALF_PAST_TWO = Daily(time(2, 30), BERLIN)


@pytest.mark.parametrize(
    ("rhythm", "now_utc", "due_utc"),
    [
        (HALF_HOUR, datetime(2027, 3, 1, 12, 0), datetime(2027, 3, 1, 12, 30)),
        (AT_THREE, datetime(2027, 3, 1, 12, 0), datetime(2027, 3, 2, 2, 0)),
        (AT_THREE, datetime(2027, 3, 1, 1, 0), datetime(2027, 3, 1, 2, 0)),
        (AT_THREE, datetime(2027, 3, 1, 2, 0), datetime(2027, 3, 2, 2, 0)),
        (AT_THREE, datetime(2027, 7, 1, 12, 0), datetime(2027, 7, 2, 1, 0)),
        # 02:30 does not exist on the night the clocks go forward: it is half past three then.
        (AT_HALF_PAST_TWO, datetime(2027, 3, 27, 12, 0), datetime(2027, 3, 28, 1, 30)),
        # It comes twice on the night they go back: the first one counts.
        (AT_HALF_PAST_TWO, datetime(2027, 10, 30, 12, 0), datetime(2027, 10, 31, 0, 30)),
    ],
)
def test_the_next_appointment(rhythm: job_schedule.Recurrence, now_utc: datetime, due_utc: datetime) -> None:
    assert job_schedule.next_due(rhythm, now_utc, now_utc) == due_utc


@pytest.mark.parametrize(
    ("next_due_utc", "due"),
    [
        (None, True),
        (START, True),
        (START - timedelta(days=400), True),
        (START + timedelta(seconds=1), False),
        (START + timedelta(minutes=30), False),
        (START + timedelta(hours=2), True),
        (START + timedelta(days=365 * 20), True),
    ],
)
def test_due_now_never_run_or_set_by_a_wrong_clock(next_due_utc: datetime | None, *, due: bool) -> None:
    assert job_schedule.is_due(JobState("a", next_due_utc=next_due_utc), HALF_HOUR, START) is due


def test_an_appointment_made_at_an_instant_still_to_come_is_not_believed() -> None:
    made = JobState("a", next_due_utc=START + timedelta(minutes=20), last_started_utc=START + timedelta(hours=1))
    assert job_schedule.is_due(made, HALF_HOUR, START)
    assert not job_schedule.is_due(replace(made, last_started_utc=START - timedelta(minutes=10)), HALF_HOUR, START)


@pytest.mark.parametrize(
    ("failures", "idle_s", "working_s", "says"),
    [
        (0, 1800.0, None, None),
        (0, 1800.0 + 121, None, "not begun for 1921 s"),
        (0, 9e9, 600.0, None),
        (0, 0.0, 7 * 3600.0, "at work for 7 h"),
        (2, 0.0, None, None),
        (3, 0.0, None, "failed 3 times in a row: OSError"),
    ],
)
def test_the_health_of_a_job_is_the_work_it_did(
    failures: int, idle_s: float, working_s: float | None, says: str | None
) -> None:
    kept = JobState("a", failures=failures, note="OSError")
    assert job_schedule.check(kept, HALF_HOUR, idle_s=idle_s, working_s=working_s) == says


def test_after_a_failure_it_comes_again_with_growing_pauses_and_a_success_forgets_them() -> None:
    kept = job_schedule.started(JobState("a"), START)
    pauses = []
    for _ in range(9):
        kept = job_schedule.failed(kept, AT_THREE, START, error=CodedText("daemon.busy"), not_before_utc=None)
        assert kept.next_due_utc is not None
        pauses.append((kept.next_due_utc - START).total_seconds())
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert job_schedule.succeeded(kept, AT_THREE, START) == JobState(
        "a", next_due_utc=datetime(2027, 3, 2, 2, 0), last_started_utc=START, last_success_utc=START
    )


def test_the_other_side_may_name_a_later_time() -> None:
    until = START + timedelta(hours=5)
    assert (
        job_schedule.failed(
            JobState("a"), HALF_HOUR, START, error=CodedText("daemon.busy"), not_before_utc=until
        ).next_due_utc
        == until
    )


class Clock:
    def __init__(self) -> None:
        self.now_utc = START

    def __call__(self) -> datetime:
        return self.now_utc


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "springstep.duckdb")


def _walk(clock: Clock, make: Callable[[], Scheduler], until: datetime, step: timedelta, restart_each: int) -> None:
    """Ticks through simulated time, starting anew after every ``restart_each`` ticks."""
    ticker, n = make(), 0
    while clock.now_utc < until:
        clock.now_utc += step
        n += 1
        if n % restart_each == 0:
            ticker = make()
        ticker.attempt_all()


def test_three_months_with_restarts_keep_every_night_once(store: Store) -> None:
    clock, nights = Clock(), []

    def make() -> Scheduler:
        job = Job("maintenance", AT_THREE, at_once(lambda: nights.append(clock().date())))
        return Scheduler([job], JobStore(store), now=clock)

    until = START + timedelta(days=92)
    _walk(clock, make, until, timedelta(hours=1), restart_each=7)
    # At once on the first day, then each night of the three months, the one of the clock change included.
    assert nights == [START.date(), *(date(2027, 3, 2) + timedelta(days=n) for n in range(91)), date(2027, 6, 1)]
    store.close()


def test_a_machine_that_slept_for_a_month_does_what_it_missed_once(store: Store) -> None:
    clock, times = Clock(), []
    job = Job("pass", HALF_HOUR, at_once(lambda: times.append(clock())))
    ticker = Scheduler([job], JobStore(store), now=clock)
    ticker.attempt_all()
    clock.now_utc += timedelta(days=30)
    ticker.attempt_all()
    ticker.attempt_all()
    assert times == [START, START + timedelta(days=30)]
    store.close()


def test_a_job_that_fails_neither_ends_the_others_nor_is_dropped(store: Store) -> None:
    clock, good, tries = Clock(), [], []

    def bad() -> None:
        tries.append(clock())
        raise TryLater("daemon.busy") if len(tries) % 2 else RuntimeError("bug")

    every_minute = Every(timedelta(minutes=1))
    book = JobStore(store)
    ticker = Scheduler(
        [Job("bad", every_minute, at_once(bad)), Job("good", every_minute, at_once(lambda: good.append(1)))],
        book,
        now=clock,
    )
    for _ in range(600):
        clock.now_utc += timedelta(seconds=60)
        ticker.attempt_all()
    assert len(good) == 600
    assert 10 < len(tries) < 30
    kept = book.find("bad")
    assert kept is not None
    assert (kept.failures, kept.last_success_utc) == (len(tries), None)
    # A restart forgets neither the failures nor the pause.
    again = Scheduler([Job("bad", every_minute, at_once(bad))], book, now=clock)
    before = len(tries)
    again.attempt_all()
    assert len(tries) == before
    store.close()


def test_a_full_disk_for_the_book_does_not_make_a_hot_loop() -> None:
    class FullBook:
        def find(self, name: str) -> JobState | None:
            return None

        def keep(self, appointment: JobState) -> None:
            raise OSError(28, "No space left on device")

    clock, tries = Clock(), []
    ticker = Scheduler([Job("a", HALF_HOUR, at_once(lambda: tries.append(1)))], FullBook(), now=clock)
    for _ in range(100):
        clock.now_utc += timedelta(seconds=1)
        ticker.attempt_all()
    assert tries == [1]


def test_a_long_job_runs_once_at_a_time_and_keeps_its_appointment_when_it_ends(store: Store) -> None:
    clock, ends = Clock(), []

    def long(ended: Callable[[BaseException | None], None]) -> bool:
        ends.append(ended)
        return True

    book = JobStore(store)
    ticker = Scheduler([Job("pass", HALF_HOUR, long)], book, now=clock)
    ticker.attempt_all()
    clock.now_utc += timedelta(hours=3)
    ticker.attempt_all()
    assert len(ends) == 1
    ends[0](None)
    assert replace(book.find("pass") or JobState("?"), last_started_utc=None) == JobState(
        "pass", next_due_utc=clock.now_utc, last_success_utc=clock.now_utc
    )
    ticker.attempt_all()
    assert len(ends) == 2
    store.close()


def test_what_was_linked_brings_the_job_before_its_time_once(store: Store, tmp_path: Path) -> None:
    """Also while it rests after a failure; a key of another source does not."""
    clock, times = Clock(), []
    vault = CredentialStore(tmp_path / "secrets")

    def look() -> None:
        times.append(clock())
        if len(times) == 1:
            raise OSError

    early = on_change(lambda: vault.stamp(("garmin",)))
    ticker = Scheduler([Job("sources", HALF_HOUR, at_once(look), early)], JobStore(store), now=clock)
    for at, (athlete, source) in enumerate(
        [("ann", "password"), ("ann", "garmin"), ("ben", "garmin"), ("ann", "strava")]
    ):
        ticker.attempt_all()
        vault.put(athlete, source, {"key": str(at)})
        clock.now_utc += timedelta(seconds=1)
    ticker.attempt_all()
    vault.remove("ben", "garmin")
    clock.now_utc += timedelta(seconds=1)
    for _ in range(2):
        ticker.attempt_all()
    assert [(one - times[0]).seconds for one in times] == [0, 2, 3, 5]
    store.close()


@pytest.mark.parametrize("kept", [None, START + timedelta(minutes=20)], ids=["never ran", "not due yet"])
def test_what_comes_at_each_start_comes_once(store: Store, kept: datetime | None) -> None:
    clock, times = Clock(), []
    book = JobStore(store)
    book.keep(JobState("refresh", next_due_utc=kept, last_started_utc=kept and START - timedelta(minutes=10)))
    job = Job("refresh", HALF_HOUR, at_once(lambda: times.append(clock())), at_start=True)
    ticker = Scheduler([job], book, now=clock)
    for _ in range(120):
        ticker.attempt_all()
        clock.now_utc += timedelta(seconds=30)
    assert [(one - times[0]).seconds for one in times] == [0, 1800]
    store.close()


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=3), timedelta(days=365 * 5)])
def test_with_the_clock_put_back_every_job_goes_on_by_elapsed_time(store: Store, back: timedelta) -> None:
    clock, times, nights = Clock(), [], []
    elapsed_s = 0.0
    ticker = Scheduler(
        [
            Job("pass", HALF_HOUR, at_once(lambda: times.append(elapsed_s))),
            Job("maintenance", AT_THREE, at_once(lambda: nights.append(clock()))),
        ],
        JobStore(store),
        now=clock,
        seconds=lambda: elapsed_s,
    )

    def live(hours: float) -> None:
        nonlocal elapsed_s
        for _ in range(int(hours * 60)):
            ticker.attempt_all()
            clock.now_utc += timedelta(minutes=1)
            elapsed_s += 60

    live(5)
    assert len(times) == 10
    clock.now_utc -= back
    live(5)
    # One more at once, because its last appointment lies further ahead than its rhythm allows.
    assert 20 <= len(times) <= 21
    assert max(later - earlier for earlier, later in pairwise(times)) == 1800
    live(24)
    assert nights[-1].time() == time(2)
    assert ticker.checks() == []
    store.close()


def test_a_ticker_that_turns_without_any_job_being_done_is_not_well() -> None:
    clock, elapsed_s = Clock(), 0.0
    held = Scheduler([Job("a", HALF_HOUR, lambda _ended: True)], NoBook(), now=clock, seconds=lambda: elapsed_s)
    for _ in range(7 * 60):
        held.attempt_all()
        elapsed_s += 60
    assert held.checks() == ["a: at work for 7 h"]
    elapsed_s += 300
    assert held.checks()[0] == "no tick for 360 s"


class NoBook:
    def find(self, name: str) -> JobState | None:
        return None

    def keep(self, appointment: JobState) -> None:
        pass


def test_it_ticks_until_told_to_stop() -> None:
    stop, ran, signs = threading.Event(), [], []

    def job() -> None:
        ran.append(1)
        stop.set()
        raise RuntimeError("and it fails, too")

    Scheduler([Job("a", HALF_HOUR, at_once(job))], NoBook(), now=Clock()).run_until(
        stop, each_time=lambda: signs.append(1)
    )
    assert ran == [1]
    assert signs
