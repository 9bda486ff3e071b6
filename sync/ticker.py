"""The daemon's clockwork: `schedule` ticks, stored appointments decide, and a job that fails comes again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import schedule
import structlog

from sync import jobs
from sync.errors import SpringstepError, TryLater
from sync.jobs import Appointment, Rhythm

log = structlog.get_logger()
TICK_S = 1
LONGEST_NAP_S = 5.0


SELDOM = timedelta(minutes=5)
"""A job of a shorter rhythm is not written down when all is well: a memory card would wear out, and a restart does it
at once anyway."""


class Book(Protocol):
    """Where appointments outlive a restart."""

    def find(self, name: str) -> Appointment | None: ...

    def keep(self, appointment: Appointment) -> None: ...


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` gets a function to call when it ended later, on another thread; it returns True if it will call it."""

    name: str
    rhythm: Rhythm
    run: Callable[[Callable[[BaseException | None], None]], bool]


def at_once(run: Callable[[], object]) -> Callable[[Callable[[BaseException | None], None]], bool]:
    """A short job that has ended when it returns."""

    def wrapped(_ended: Callable[[BaseException | None], None]) -> bool:
        run()
        return False

    return wrapped


class Ticker:
    def __init__(
        self,
        all_jobs: Iterable[Job],
        book: Book,
        *,
        now: Callable[[], datetime],
        on_success: Callable[[str, datetime], None] = lambda _job, _at_utc: None,
    ) -> None:
        self._book = book
        self._now = now
        self._on_success = on_success
        self._running: set[str] = set()
        self._kept: dict[str, Appointment] = {}
        self._scheduler = schedule.Scheduler()
        self._jobs = {job.name: job for job in all_jobs}
        self.last_tick_s = time.monotonic()
        for job in self._jobs.values():
            # schedule drops a job whose function raises: `_attempt` never does.
            self._scheduler.every(TICK_S).seconds.do(self._attempt, job)

    def run_until(self, stop: threading.Event, *, each_time: Callable[[], None] = lambda: None) -> None:
        """Ticks until ``stop``; ``each_time`` is called at least every few seconds (a watchdog's sign of life)."""
        while not stop.is_set():
            self._scheduler.run_pending()
            self.last_tick_s = time.monotonic()
            each_time()
            idle_s = self._scheduler.idle_seconds
            stop.wait(LONGEST_NAP_S if idle_s is None else min(max(idle_s, 0.05), LONGEST_NAP_S))

    def attempt_all(self) -> None:
        """One tick now."""
        for job in self._jobs.values():
            self._attempt(job)

    def _attempt(self, job: Job) -> None:
        try:
            if job.name in self._running:
                return
            kept = self._kept.get(job.name) or self._book.find(job.name) or Appointment(job.name)
            self._kept[job.name] = kept
            if not jobs.is_due(kept, job.rhythm, self._now()):
                return
            kept = jobs.started(kept, self._now())
            self._running.add(job.name)

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
            self._running.discard(job.name)
            log.exception("job.book_failed", job=job.name)

    def _ended(self, job: Job, kept: Appointment, error: BaseException | None) -> None:
        try:
            if error is None:
                self._keep(job, jobs.succeeded(kept, job.rhythm, self._now()), was=kept)
                self._on_success(job.name, self._now())
                return
            match error:
                case SpringstepError():
                    says = error.says
                    log.warning("job.failed", job=job.name, says=says)
                case _:
                    says = type(error).__name__
                    log.error("job.failed", job=job.name, exc_info=error)
            not_before = error.not_before_utc if isinstance(error, TryLater) else None
            self._keep(job, jobs.failed(kept, job.rhythm, self._now(), says=says, not_before_utc=not_before), was=kept)
        except Exception:
            log.exception("job.book_failed", job=job.name)
        finally:
            self._running.discard(job.name)

    def _keep(self, job: Job, appointment: Appointment, *, was: Appointment) -> None:
        # In memory first: with a full disk the job must still rest until its next appointment.
        self._kept[job.name] = appointment
        if jobs.is_seldom(job.rhythm, SELDOM) or appointment.failures or was.failures:
            self._book.keep(appointment)
