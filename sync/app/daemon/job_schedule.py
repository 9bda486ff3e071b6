"""What the daemon does again and again, and when: pure functions of what is stored and the instant passed in.

A job's next due time is stored, so a restart forgets nothing; a machine that slept does what it missed once. While
the daemon runs, a pause is over when its seconds have passed, whatever became of the wall clock meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from rules.text import load_language
from sync.errors import CodedText
from sync.service.messages import error_text

UTC = ZoneInfo("UTC")
LONGEST_PAUSE = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_DAY = timedelta(hours=26)
"""From one daily due time to the next: 25 hours at the end of summer time, with room."""
GRACE_S = 120.0
LONGEST_WORK = timedelta(hours=6)
MANY_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Every:
    """Again this long after the last time it began."""

    pause: timedelta


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at or after ``at`` in the runner's zone."""

    at: time
    zone: ZoneInfo


Recurrence = Every | Daily


@dataclass(frozen=True, slots=True)
class JobState:
    """What is kept of a job between two times and over restarts."""

    name: str
    athlete: str = ""
    next_due_utc: datetime | None = None
    last_started_utc: datetime | None = None
    last_success_utc: datetime | None = None
    failures: int = 0
    note: str | None = None


def is_due(kept: JobState, recurrence: Recurrence, now_utc: datetime) -> bool:
    """True at once for one that never ran, and for a due time that this clock cannot have made.

    That is one that lies further off than the recurrence allows, or was made after an instant that is still to come:
    the clock was put back meanwhile, and the job would rest until it catches up.
    """
    if kept.next_due_utc is None or kept.next_due_utc <= now_utc:
        return True
    if kept.last_started_utc is not None and kept.last_started_utc > now_utc:
        return True
    return kept.next_due_utc > now_utc + _longest(kept, recurrence)


def wait_s(kept: JobState, recurrence: Recurrence, now_utc: datetime) -> float:
    """Elapsed seconds from ``now_utc`` after which the job is due even if the wall clock says otherwise."""
    if is_due(kept, recurrence, now_utc) or kept.next_due_utc is None:
        return 0.0
    if isinstance(recurrence, Daily) and not kept.failures:
        # The hour of the day is the wall clock's business; only a clock that is put back again and again ends here.
        return LONGEST_DAY.total_seconds()
    return (kept.next_due_utc - now_utc).total_seconds()


def check(kept: JobState, recurrence: Recurrence, *, idle_s: float | None, working_s: float | None) -> str | None:
    """What is wrong with a job, None when all is well.

    ``idle_s``: elapsed since it ended last, or since the daemon began; ``working_s``: since it began, while it is at
    work. Both are measured apart from the due times, so that a mistake in those is seen too.
    """
    if working_s is not None:
        return f"at work for {working_s / 3600:.0f} h" if working_s > LONGEST_WORK.total_seconds() else None
    if kept.failures >= MANY_FAILURES:
        return f"failed {kept.failures} times in a row: {note_says(kept.note)}"
    if idle_s is not None and idle_s > _longest(kept, recurrence).total_seconds() + GRACE_S:
        return f"not begun for {idle_s:.0f} s"
    return None


def note_says(note: str | None) -> str:
    """For a monitor, so in English, whatever language the runners speak."""
    return "" if note is None else error_text(CodedText.from_text(note), load_language("en"))


def started(kept: JobState, now_utc: datetime) -> JobState:
    return replace(kept, last_started_utc=now_utc)


def succeeded(kept: JobState, recurrence: Recurrence, now_utc: datetime) -> JobState:
    began = kept.last_started_utc or now_utc
    return replace(
        kept, next_due_utc=next_due(recurrence, began, now_utc), last_success_utc=now_utc, failures=0, note=None
    )


def failed(
    kept: JobState, recurrence: Recurrence, now_utc: datetime, *, error: CodedText, not_before_utc: datetime | None
) -> JobState:
    """It comes again after a pause that doubles up to an hour; one more often rests its own pause at least."""
    failures = kept.failures + 1
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10))
    match recurrence:
        case Every(usual):
            pause = max(pause, min(usual, LONGEST_PAUSE))
        case Daily():
            pass
        case _:
            assert_never(recurrence)
    due = max(now_utc + pause, not_before_utc or now_utc)
    return replace(kept, next_due_utc=due, failures=failures, note=error.to_text())


def next_due(recurrence: Recurrence, began_utc: datetime, now_utc: datetime) -> datetime:
    """The first due time after ``now_utc`` that keeps the recurrence; missed ones are not made up for."""
    match recurrence:
        case Every(pause):
            return max(began_utc + pause, now_utc)
        case Daily(at, zone):
            local = now_utc.replace(tzinfo=UTC).astimezone(zone)
            day = local.date() if local.time() < at else local.date() + timedelta(days=1)
            return datetime.combine(day, at, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        case _:
            assert_never(recurrence)


def is_seldom(recurrence: Recurrence, than: timedelta) -> bool:
    """Whether it comes at most once in ``than``."""
    return isinstance(recurrence, Daily) or recurrence.pause >= than


def _longest(kept: JobState, recurrence: Recurrence) -> timedelta:
    """The furthest a sound due time can lie ahead; after a failure the other side may have named a time."""
    match recurrence:
        case Every(pause):
            return max(pause, LONGEST_DAY) if kept.failures else pause
        case Daily():
            return LONGEST_DAY
        case _:
            assert_never(recurrence)
