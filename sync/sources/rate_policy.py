"""How a source is treated well, as pure functions of stored values: back-off, circuit breaker, budgets, next run.

The limits of Garmin's sign-in are per account and start again with each retry, so after a refused login or token
exchange nothing is asked there for 24 h, whatever restarts in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zlib import crc32
from zoneinfo import ZoneInfo

from sync.errors import CodedText, PersonMustAct, TryLater

FIRST_BACK_OFF_S = 60.0
LONGEST_BACK_OFF_S = 600.0
TRIES = 4
LONGEST_BREAK = timedelta(hours=6)
LOGIN_REST = timedelta(hours=24)
LONGEST_RETRY_AFTER = timedelta(hours=24)
"""A service that says "next year" is asked again tomorrow."""
JITTER = 0.1
BUG = "bug"
"""Why a source waits when the mistake is ours and no service's."""


@dataclass(frozen=True, slots=True)
class PollSchedule:
    """How often a source is asked, in the runner's own time; ``night_s`` None rests until morning."""

    day_s: float
    night_s: float | None
    day_from: time = time(6)
    day_until: time = time(22)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What is kept of a source between runs and restarts."""

    state: Literal["ok", "waiting", "act"] = "ok"
    why: str | None = None
    """A word for programs: ``busy``, ``unreachable``, ``trouble``, ``budget``, ``strava.subscription`` …"""
    error: CodedText | None = None
    """What stands in the way: said by whoever shows it, in the reader's language."""
    failures: int = 0
    not_before_utc: datetime | None = None
    login_not_before_utc: datetime | None = None
    credential: str | None = None
    """Fingerprint of the credential that was refused: a new one makes the rest void."""
    last_try_utc: datetime | None = None
    last_success_utc: datetime | None = None
    budget_day: date | None = None
    calls: int = 0

    def to_json(self) -> dict[str, Any]:
        values = {name.name: getattr(self, name.name) for name in fields(self)}
        values["error"] = None if self.error is None else self.error.to_json()
        return {name: v.isoformat() if isinstance(v, date | datetime) else v for name, v in values.items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> SourceHealth:
        """The stored health; a key this version does not know is left out, and a stored sentence stays as it is."""
        if not stored:
            return cls()
        values = {name.name: stored[name.name] for name in fields(cls) if name.name in stored}
        for name, value in values.items():
            if value is not None and name.endswith("_utc"):
                values[name] = datetime.fromisoformat(value)
        if values.get("budget_day"):
            values["budget_day"] = date.fromisoformat(values["budget_day"])
        values["error"] = CodedText.from_json(stored.get("error"))
        if values["error"] is None and stored.get("says"):
            values["error"] = CodedText.rendered(stored["says"], stored.get("do_now"))
        return cls(**values)


def back_off_s(failures: int, *, jitter: float) -> float:
    """60 s doubling to 600 s; ``jitter`` from -1 to 1 moves it by a tenth."""
    return _jittered(min(LONGEST_BACK_OFF_S, FIRST_BACK_OFF_S * 2 ** max(0, failures - 1)), jitter)


def may_run(health: SourceHealth, now_utc: datetime, *, credential: str | None) -> datetime | None:
    """None when a run may start now, else the instant before which it must not."""
    waits = [health.not_before_utc]
    if health.credential == credential:
        waits.append(health.login_not_before_utc)
    elif health.state == "act":
        waits = []
    latest = max((wait for wait in waits if wait is not None), default=None)
    return latest if latest is not None and latest > now_utc else None


def after_success(health: SourceHealth, now_utc: datetime) -> SourceHealth:
    return SourceHealth(
        last_try_utc=now_utc, last_success_utc=now_utc, budget_day=health.budget_day, calls=health.calls
    )


def after_try_later(
    health: SourceHealth,
    now_utc: datetime,
    *,
    error: CodedText,
    every_s: float,
    retry_after_utc: datetime | None,
    jitter: float,
    why: str | None = None,
) -> SourceHealth:
    """Four tries with growing pauses, then the breaker opens: one try at each run, runs up to 6 h apart."""
    failures = health.failures + 1
    if failures <= TRIES:
        pause = timedelta(seconds=back_off_s(failures, jitter=jitter))
    else:
        pause = min(LONGEST_BREAK, timedelta(seconds=_jittered(every_s * 2 ** min(failures - TRIES - 1, 20), jitter)))
    asked_for = min(retry_after_utc or now_utc, now_utc + LONGEST_RETRY_AFTER)
    not_before = max(now_utc + pause, asked_for)
    return replace(
        health,
        state="waiting",
        why=why,
        error=error,
        failures=failures,
        not_before_utc=not_before,
        last_try_utc=now_utc,
    )


def after_person_must_act(
    health: SourceHealth,
    now_utc: datetime,
    *,
    error: CodedText,
    credential: str | None,
    why: str | None = None,
) -> SourceHealth:
    """Silence for 24 h, then one careful try: until the person acts, nothing gets better by asking."""
    return replace(
        health,
        state="act",
        why=why,
        error=error,
        failures=health.failures + 1,
        not_before_utc=None,
        login_not_before_utc=now_utc + LOGIN_REST,
        credential=credential,
        last_try_utc=now_utc,
    )


def after_budget_spent(health: SourceHealth, now_utc: datetime, *, error: CodedText) -> SourceHealth:
    """Our own limit for the day, no fault of the service's: it goes on tomorrow."""
    return replace(
        health,
        state="waiting",
        why="budget",
        error=error,
        not_before_utc=next_day(now_utc),
        last_try_utc=now_utc,
    )


def after_error(
    health: SourceHealth,
    now_utc: datetime,
    error: TryLater | PersonMustAct,
    *,
    spent: bool,
    every_s: float,
    credential: str | None,
    jitter: Callable[[], float],
) -> SourceHealth:
    """After whatever ended a run early; ``spent``: the day's requests are used up."""
    if isinstance(error, PersonMustAct):
        return after_person_must_act(health, now_utc, error=error.coded, credential=credential, why=error.why)
    if spent and error.why != BUG:
        return after_budget_spent(health, now_utc, error=error.coded)
    return after_try_later(
        health,
        now_utc,
        error=error.coded,
        every_s=every_s,
        retry_after_utc=error.not_before_utc,
        jitter=jitter(),
        why=error.why,
    )


def add_usage(health: SourceHealth, now_utc: datetime, calls: int) -> SourceHealth:
    """The health after ``calls`` more requests; budgets are per UTC day, as Strava's own limits are."""
    today = now_utc.date()
    return replace(health, budget_day=today, calls=calls + (health.calls if health.budget_day == today else 0))


def calls_left(health: SourceHealth, now_utc: datetime, *, a_day: int) -> int:
    return max(0, a_day - (health.calls if health.budget_day == now_utc.date() else 0))


def next_day(now_utc: datetime) -> datetime:
    """When the next day of requests begins."""
    return datetime(now_utc.year, now_utc.month, now_utc.day) + timedelta(days=1)


def next_sync_at(
    health: SourceHealth,
    now_utc: datetime,
    *,
    rhythm: PollSchedule,
    zone: ZoneInfo,
    credential: str | None,
    jitter: float,
) -> datetime:
    """When the next run is due: at once if there was none, else by the schedule, never before a back-off ends."""
    rest_until = may_run(health, now_utc, credential=credential)
    if health.last_try_utc is None:
        return rest_until or now_utc
    if health.state == "act" and health.credential != credential:
        return now_utc
    if health.state == "waiting" and health.failures <= TRIES and health.not_before_utc is not None:
        return health.not_before_utc
    regular = _regular(health.last_try_utc, rhythm, zone, jitter)
    return max(regular, rest_until) if rest_until is not None else regular


def is_day(instant_utc: datetime, rhythm: PollSchedule, zone: ZoneInfo) -> bool:
    return rhythm.day_from <= _local(instant_utc, zone).time() < rhythm.day_until


def steady_jitter(last_try_utc: datetime, source: str) -> float:
    """From -1 to 1, the same for the same last try: an appointment that is asked for each second must not dance."""
    return crc32(f"{source} {last_try_utc.isoformat()}".encode()) / 2**31 - 1


def _regular(last_utc: datetime, rhythm: PollSchedule, zone: ZoneInfo, jitter: float) -> datetime:
    if is_day(last_utc, rhythm, zone):
        due = last_utc + timedelta(seconds=_jittered(rhythm.day_s, jitter))
        if is_day(due, rhythm, zone) or rhythm.night_s is not None:
            return due
        return _next_morning(last_utc, rhythm, zone) + timedelta(seconds=rhythm.day_s * JITTER * abs(jitter))
    morning = _next_morning(last_utc, rhythm, zone) + timedelta(seconds=rhythm.day_s * JITTER * abs(jitter))
    if rhythm.night_s is None:
        return morning
    return min(morning, last_utc + timedelta(seconds=_jittered(rhythm.night_s, jitter)))


def _next_morning(instant_utc: datetime, rhythm: PollSchedule, zone: ZoneInfo) -> datetime:
    local = _local(instant_utc, zone)
    day = local.date() if local.time() < rhythm.day_from else local.date() + timedelta(days=1)
    return datetime.combine(day, rhythm.day_from, tzinfo=zone).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def _local(instant_utc: datetime, zone: ZoneInfo) -> datetime:
    return instant_utc.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)


def _jittered(seconds: float, jitter: float) -> float:
    return seconds * (1 + JITTER * max(-1.0, min(1.0, jitter)))


@dataclass(slots=True)
class RequestBudget:
    """Counts the requests of a run and stops them at ``limit``; ``wait(pause_s)`` keeps them from being a burst."""

    limit: int
    source: str = ""
    pause_s: float = 0.0
    wait: Callable[[float], object] | None = None
    used: int = 0

    def spend(self) -> None:
        """Before each request. Raises TryLater when the limit is reached."""
        if self.used >= self.limit:
            raise TryLater("source.budget", source=self.source)
        if self.used and self.wait is not None:
            self.wait(self.pause_s)
        self.used += 1
