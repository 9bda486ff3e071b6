"""What a sync run does next, from values alone: no request, no store, no clock.

The order of a run: list the newest runs when they are due, fetch what that found, ask about what is missing; then a
batch of older runs within its share of the day's requests; last what a source tells besides runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from sync.sources import rate_policy, unforeseen
from sync.sources.base import ActivityRefused, TransientError
from sync.sources.reconcile import Fetch, Recheck
from sync.sources.run_state import LOOK_BACK, Extra, RunState
from sync.sources.sync_policy import SyncPolicy

BATCH = 25
"""Activities that one run fetches: the page is useful after the first."""
LONG_AGO = datetime(1990, 1, 1)
LOOKED_BACK = timedelta(days=90)
"""Of these days everything is listed in one, once a week and when a person asks for all: what is not there any more
shows only in a listing that is whole."""
LOOK_BACK_EVERY = timedelta(days=7)
LOOK_BACK_COSTS = 10
"""Requests that must be left of the older runs' share: three months of activities are a few pages."""
ASKED_BACK = timedelta(days=1)
SURE_AFTER = 2
"""So many activities in a row without an answer may mean that nobody is there at all."""
MOST_IN_A_ROW = 6
"""So many of them, and what is left waits for the next run, although the source is there."""
GEAR_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing may be asked before then: a back-off, or the rest after a refused sign-in."""

    until_utc: datetime


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is left to do now."""


@dataclass(frozen=True, slots=True)
class ListNewest:
    since_utc: datetime
    look_back: bool = False
    """The weekly look at three months, or a full one."""


@dataclass(frozen=True, slots=True)
class ListOlder:
    """One page of older runs, which begins a batch of them."""

    since_utc: datetime
    before_utc: datetime
    at_most: int


@dataclass(frozen=True, slots=True)
class BeginBatch:
    """Go on with older runs that are listed already; the next batch comes after a pause."""


@dataclass(frozen=True, slots=True)
class AskExtra:
    what: Extra
    day: date


@dataclass(frozen=True, slots=True)
class AskIfThere:
    """One harmless question, the newest of the list: raises what keeps the whole source away."""

    since_utc: datetime


Action = Rest | Idle | ListNewest | Fetch | AskIfThere | Recheck | ListOlder | BeginBatch | AskExtra


def next_action(run: RunState, policy: SyncPolicy, now_utc: datetime) -> Action:
    """``now_utc`` is the instant at which the run began: a run that lasts past midnight stays in its day.

    A back-off and the rest after a refused sign-in hold for persons too: only a new link ends the latter.
    """
    rest = rate_policy.may_run(run.kept.health, now_utc, credential=run.credential)
    if rest is not None:
        return Rest(rest)
    if run.stopping:
        return Idle()
    return (
        _list_newest(run, policy, now_utc)
        or _fetch(run, policy, now_utc)
        or (run.rechecks[0] if run.rechecks else None)
        or _begin_older(run, policy, now_utc)
        or _ask_extra(run, policy, now_utc)
        or Idle()
    )


def next_due(run: RunState, policy: SyncPolicy, now_utc: datetime) -> datetime:
    """When something is to be done next; never later than ``now_utc`` for what is to be done at once: a second reading
    of the clock would always find that a moment ahead."""
    newest, older = _newest_due(run, policy, now_utc), _batch_due(run, policy, now_utc)
    return newest if older is None else min(newest, older)


def work_left(run: RunState, policy: SyncPolicy) -> bool:
    """Older runs are still to be listed or fetched."""
    return bool(run.fetches) or (run.kept.unfinished and policy.backfill)


def older_share_left(run: RunState, policy: SyncPolicy, now_utc: datetime) -> int:
    """Requests that older runs may still have today: a fifth stays for new ones."""
    left = rate_policy.calls_left(run.kept.health, now_utc, a_day=policy.requests_a_day * 4 // 5)
    return max(0, left - run.counts.requests)


def fetch_trouble(error: Exception) -> Literal["refused", "trouble", "stumbled", "ends the run"]:
    """What a failed fetch is about: one poisoned activity must not hold up the others, however many there are."""
    if isinstance(error, ActivityRefused):
        return "refused"
    if isinstance(error, TransientError):
        return "trouble"
    return "stumbled" if unforeseen.of_one_activity(error) else "ends the run"


def _newest_due(run: RunState, policy: SyncPolicy, now_utc: datetime) -> datetime:
    health = run.kept.health
    tried = health.last_try_utc
    # The jitter belongs to the appointment, not to the question when it is: drawn once for each last try.
    jitter = 0.0 if tried is None else rate_policy.steady_jitter(tried, run.source)
    return rate_policy.next_sync_at(
        health, now_utc, rhythm=policy.schedule, zone=policy.zone, credential=run.credential, jitter=jitter
    )


def _batch_due(run: RunState, policy: SyncPolicy, now_utc: datetime) -> datetime | None:
    older = run.kept.backfill
    if older is None or not work_left(run, policy):
        return None
    if older_share_left(run, policy, now_utc) == 0:
        return rate_policy.next_day(now_utc)
    pause = timedelta(seconds=policy.batch_pause_s)
    at = now_utc if older.batch_utc is None else older.batch_utc + pause
    rest = rate_policy.may_run(run.kept.health, now_utc, credential=run.credential)
    return at if rest is None else max(at, rest)


def _list_newest(run: RunState, policy: SyncPolicy, now_utc: datetime) -> ListNewest | None:
    if run.listed_newest or (run.wish == "due" and _newest_due(run, policy, now_utc) > now_utc):
        return None
    since = (run.kept.listed_until_utc or now_utc) - run.capabilities.overlap
    if run.wish == "all" and run.kept.listed_until_utc is not None:
        return ListNewest(min(since, now_utc - LOOKED_BACK), look_back=True)
    if _look_back_due(run, policy, now_utc):
        return ListNewest(min(since, _looked_back_to(policy, now_utc)), look_back=True)
    return ListNewest(since)


def _look_back_due(run: RunState, policy: SyncPolicy, now_utc: datetime) -> bool:
    """Once a week, after the older runs are all listed, and only if the runner wants older runs at all."""
    if run.kept.listed_until_utc is None or run.kept.unfinished or not policy.backfill:
        return False
    last = run.kept.days.get(LOOK_BACK)
    if last is not None and now_utc.date() - last < LOOK_BACK_EVERY:
        return False
    return older_share_left(run, policy, now_utc) >= LOOK_BACK_COSTS


def _looked_back_to(policy: SyncPolicy, now_utc: datetime) -> datetime:
    first = policy.backfill_from
    wanted = LONG_AGO if first is None else datetime(first.year, first.month, first.day)
    return max(now_utc - policy.looked_back, wanted)


def _fetch(run: RunState, policy: SyncPolicy, now_utc: datetime) -> Fetch | AskIfThere | None:
    if run.troubled >= SURE_AFTER and not run.asked_if_there:
        return AskIfThere(now_utc - ASKED_BACK)
    if (
        run.troubled >= MOST_IN_A_ROW
        or not run.fetches
        or run.counts.handled >= BATCH
        or not (run.listed_newest or run.batch_begun)
    ):
        return None
    if run.batch_begun and older_share_left(run, policy, now_utc) == 0:
        return None
    return run.fetches[0]


def _begin_older(run: RunState, policy: SyncPolicy, now_utc: datetime) -> ListOlder | BeginBatch | None:
    older = run.kept.backfill
    if (
        run.troubled >= MOST_IN_A_ROW
        or run.batch_begun
        or older is None
        or not work_left(run, policy)
        or not older_share_left(run, policy, now_utc)
    ):
        return None
    if not (run.kept.unfinished and policy.backfill):
        return BeginBatch()
    first = policy.backfill_from
    since = LONG_AGO if first is None else datetime(first.year, first.month, first.day)
    return ListOlder(since, older.before_utc, run.capabilities.page)


def _ask_extra(run: RunState, policy: SyncPolicy, now_utc: datetime) -> AskExtra | None:
    """After the first listing of the morning: wellness and plan once a day, gear once a week."""
    if not run.listed_newest or not rate_policy.is_day(now_utc, policy.schedule, policy.zone):
        return None
    today = now_utc.replace(tzinfo=UTC).astimezone(policy.zone).date()
    can, asked = run.capabilities, run.kept.days
    gear = asked.get("gear")
    if can.wellness and asked.get("wellness") != today:
        return AskExtra("wellness", today)
    if can.planned and asked.get("plan") != today:
        return AskExtra("plan", today)
    if can.gear and (gear is None or today - gear >= GEAR_EVERY):
        return AskExtra("gear", today)
    return None
