"""The daemon's scheduler: it ticks by elapsed time, due times decide, and a job that fails comes again.

No wall clock is waited for: at the end of summer time, and when the clock is put back, the jobs go on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import schedule
import structlog

from sync.app.daemon import job_schedule
from sync.app.daemon.job_schedule import JobState, Recurrence
from sync.errors import SpringstepError, TryLater, unforeseen

log = structlog.get_logger()
TICK_S = 1.0
SELDOM = timedelta(minutes=5)
"""A job that comes more often is not written down when all is well: a memory card would wear out, and a restart does it
at once anyway."""


class JobStates(Protocol):
    """Where due times outlive a restart."""

    def find(self, name: str) -> JobState | None: ...

    def keep(self, state: JobState) -> None: ...


def never() -> bool:
    return False


def on_change(stamp: Callable[[], object]) -> Callable[[], bool]:
    """True once after each change of what ``stamp`` gives from now on."""
    seen = stamp()

    def changed() -> bool:
        nonlocal seen
        before, seen = seen, stamp()
        return seen != before

    return changed


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` gets a function to call when it ended later, on another thread; it returns True if it will call it.

    ``early`` is asked at each tick between two times: True brings the job before its time, also while it rests.
    ``at_start`` brings it at the first tick, whatever is due.
    """

    name: str
    recurrence: Recurrence
    run: Callable[[Callable[[BaseException | None], None]], bool]
    early: Callable[[], bool] = never
    at_start: bool = False


def at_once(run: Callable[[], object]) -> Callable[[Callable[[BaseException | None], None]], bool]:
    """A short job that has ended when it returns."""

    def wrapped(_ended: Callable[[BaseException | None], None]) -> bool:
        run()
        return False

    return wrapped


class Scheduler:
    """``now`` gives naive UTC, ``seconds`` a clock that is never put back."""

    def __init__(
        self,
        all_jobs: Iterable[Job],
        states: JobStates,
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
        on_success: Callable[[str, datetime], None] = lambda _job, _at_utc: None,
    ) -> None:
        self._states = states
        self._now = now
        self._on_success = on_success
        self._seconds = seconds
        self._running: dict[str, float] = {}
        """Job -> when it began, by elapsed time; so are the two below."""
        self._due_s: dict[str, float] = {}
        self._ended_s: dict[str, float] = {}
        self._kept: dict[str, JobState] = {}
        self._jobs = {job.name: job for job in all_jobs}
        self._at_start = {job.name for job in self._jobs.values() if job.at_start}
        self._began_s = self.last_tick_s = seconds()
        # schedule counts in local wall time, which an hour put back makes stand still: it holds who is to be called,
        # and each tick calls them all. It drops a job whose function raises: `_attempt` never does.
        self._ticks = schedule.Scheduler()
        for job in self._jobs.values():
            self._ticks.every().second.do(self._attempt, job)

    def run_until(self, stop: threading.Event, *, each_time: Callable[[], None] = lambda: None) -> None:
        """Ticks until ``stop``; ``each_time`` is called at least every few seconds (a watchdog's sign of life)."""
        while not stop.is_set():
            self.attempt_all()
            each_time()
            stop.wait(TICK_S)

    def attempt_all(self) -> None:
        """One tick now."""
        self._ticks.run_all()
        self.last_tick_s = self._seconds()

    def checks(self) -> list[str]:
        """Which jobs stand still or go on failing, and whether the ticks themselves do; any thread may ask."""
        now_s, found = self._seconds(), []
        if now_s - self.last_tick_s > job_schedule.GRACE_S:
            found.append(f"no tick for {now_s - self.last_tick_s:.0f} s")
        for name, job in self._jobs.items():
            began_s = self._running.get(name)
            kept = self._kept.get(name) or JobState(name)
            idle_s = now_s - self._ended_s.get(name, self._began_s)
            says = job_schedule.check(
                kept, job.recurrence, idle_s=idle_s, working_s=None if began_s is None else now_s - began_s
            )  # fmt: skip
            if says is not None:
                found.append(f"{name}: {says}")
        return found

    def _attempt(self, job: Job) -> None:
        try:
            if job.name in self._running:
                return
            kept = self._kept.get(job.name) or self._appoint(job, self._states.find(job.name) or JobState(job.name))
            now_utc, now_s = self._now(), self._seconds()
            due = now_s >= self._due_s[job.name] or job_schedule.is_due(kept, job.recurrence, now_utc)
            if not due and job.name not in self._at_start and not job.early():
                return
            self._at_start.discard(job.name)
            kept = job_schedule.started(kept, now_utc)
            self._running[job.name] = now_s

            def ended(error: BaseException | None) -> None:
                self._ended(job, kept, error)

            try:
                later = job.run(ended)
            except Exception as error:
                ended(error)
            else:
                if not later:
                    ended(None)
        except Exception:
            self._running.pop(job.name, None)
            log.exception("job.book_failed", job=job.name)

    def _ended(self, job: Job, kept: JobState, error: BaseException | None) -> None:
        try:
            if error is None:
                self._keep(job, job_schedule.succeeded(kept, job.recurrence, self._now()), was=kept)
                self._on_success(job.name, self._now())
                return
            match error:
                case SpringstepError():
                    note = error.coded
                    log.warning("job.failed", job=job.name, error=str(error))
                case _:
                    note = unforeseen(error)
                    log.error("job.failed", job=job.name, exc_info=error)
            not_before = error.not_before_utc if isinstance(error, TryLater) else None
            self._keep(
                job,
                job_schedule.failed(kept, job.recurrence, self._now(), error=note, not_before_utc=not_before),
                was=kept,
            )
        except Exception:
            log.exception("job.book_failed", job=job.name)
        finally:
            self._ended_s[job.name] = self._seconds()
            self._running.pop(job.name, None)

    def _appoint(self, job: Job, kept: JobState) -> JobState:
        self._due_s[job.name] = self._seconds() + job_schedule.wait_s(kept, job.recurrence, self._now())
        self._kept[job.name] = kept
        return kept

    def _keep(self, job: Job, state: JobState, *, was: JobState) -> None:
        # In memory first: with a full disk the job must still rest until its next due time.
        self._appoint(job, state)
        if job_schedule.is_seldom(job.recurrence, SELDOM) or state.failures or was.failures:
            self._states.keep(state)
