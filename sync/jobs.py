"""What the daemon does again and again, and when: pure functions of what is stored and the instant passed in.

A job's next appointment is stored, so a restart forgets nothing; a machine that slept does what it missed once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
LONGEST_PAUSE = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Every:
    """Again this long after the last time it began."""

    pause: timedelta


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at or after ``at`` in the runner's zone."""

    at: time
    zone: ZoneInfo


Rhythm = Every | Daily


@dataclass(frozen=True, slots=True)
class Appointment:
    """What is kept of a job between two times and over restarts."""

    name: str
    athlete: str = ""
    next_due_utc: datetime | None = None
    last_started_utc: datetime | None = None
    last_success_utc: datetime | None = None
    failures: int = 0
    note: str | None = None


def is_due(kept: Appointment, rhythm: Rhythm, now_utc: datetime) -> bool:
    """True at once for one that never ran, and when the appointment lies further off than the rhythm allows.

    The latter happens when the machine's clock was wrong and was put back: without it the job would rest for years.
    """
    if kept.next_due_utc is None:
        return True
    if kept.next_due_utc <= now_utc:
        return True
    return kept.next_due_utc > now_utc + _longest(rhythm)


def started(kept: Appointment, now_utc: datetime) -> Appointment:
    return replace(kept, last_started_utc=now_utc)


def succeeded(kept: Appointment, rhythm: Rhythm, now_utc: datetime) -> Appointment:
    began = kept.last_started_utc or now_utc
    return replace(kept, next_due_utc=next_due(rhythm, began, now_utc), last_success_utc=now_utc, failures=0, note=None)


def failed(
    kept: Appointment, rhythm: Rhythm, now_utc: datetime, *, says: str, not_before_utc: datetime | None
) -> Appointment:
    """It comes again: after a pause that doubles up to an hour, but a job of short rhythm keeps its rhythm at least."""
    failures = kept.failures + 1
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10))
    match rhythm:
        case Every(usual):
            pause = max(pause, min(usual, LONGEST_PAUSE))
        case Daily():
            pass
        case _:
            assert_never(rhythm)
    due = max(now_utc + pause, not_before_utc or now_utc)
    return replace(kept, next_due_utc=due, failures=failures, note=says)


def next_due(rhythm: Rhythm, began_utc: datetime, now_utc: datetime) -> datetime:
    """The first appointment after ``now_utc`` that keeps the rhythm; missed ones are not made up for."""
    match rhythm:
        case Every(pause):
            return max(began_utc + pause, now_utc)
        case Daily(at, zone):
            local = now_utc.replace(tzinfo=UTC).astimezone(zone)
            day = local.date() if local.time() < at else local.date() + timedelta(days=1)
            return datetime.combine(day, at, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        case _:
            assert_never(rhythm)


def is_seldom(rhythm: Rhythm, than: timedelta) -> bool:
    """Whether it comes at most once in ``than``."""
    return isinstance(rhythm, Daily) or rhythm.pause >= than


def _longest(rhythm: Rhythm) -> timedelta:
    """The furthest a sound appointment can lie ahead: a day of 25 hours, or a pause after failures, with room."""
    match rhythm:
        case Every(pause):
            return max(pause * 2, LONGEST_PAUSE * 2)
        case Daily():
            return timedelta(hours=26)
        case _:
            assert_never(rhythm)
