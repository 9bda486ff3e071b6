"""One pass of one source: list, decide, fetch, hand over; thin, and safe to be killed at any line.

What is still to be done stands in the store before it is begun, and is marked done after it was taken in. A pass that
dies in between does the last activity again, which changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog

from rules.facts.problems import Problem
from sync.errors import PersonMustAct, TryLater
from sync.formats.services.fetched_activity import FetchedActivity
from sync.settings.config import Athlete
from sync.sources import rate_policy, unforeseen
from sync.sources.base import ActivitySummary, Source, TransientError
from sync.sources.extras import SourceExtras
from sync.sources.listing import listed, upsert_listed
from sync.sources.rate_policy import BUG, RequestBudget, SourceHealth
from sync.sources.reconcile import (
    Fetch,
    LocalItem,
    RemoteItem,
    SyncPlan,
    answered,
    fetch_failed,
    fetch_unanswered,
    reconcile,
    taken,
)
from sync.sources.sync_policy import ActivitySink, SyncPolicy, SyncResult
from sync.sources.sync_state import Backfill, SyncState, believed, load_sync_state
from sync.storage import housekeeping
from sync.storage.database import Store
from sync.storage.listing import count_listed
from sync.storage.rows.kept import SyncRunRow

log = structlog.get_logger()

BATCH = 25
"""Runs of one slice: the page is useful after the first."""
LONG_AGO = datetime(1990, 1, 1)


@dataclass(slots=True)
class SyncRun:
    """One source of one athlete. ``build(meter)`` makes the source, so that a pass at rest makes none."""

    store: Store
    athlete: Athlete
    name: str
    credential: str | None
    build: Callable[[RequestBudget], Source]
    sink: ActivitySink
    policy: SyncPolicy
    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    say: Callable[..., str]
    wait: Callable[[float], object] | None = None
    stopping: Callable[[], bool] = lambda: False
    progress: Callable[[int, int | None], None] = lambda _done, _total: None
    shoes: Mapping[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    # --- when ---

    def due_utc(self, now_utc: datetime) -> datetime:
        """When something is to be done here next, a pass or a slice of older runs; never later than ``now_utc`` for
        what is to be done at once: a second look at the clock would always find that a moment ahead."""
        memory = believed(load_sync_state(self.store, self.athlete.id, self.name), now_utc)
        forward = self._next_listing(memory, now_utc)
        older = self._next_batch(memory, now_utc)
        return forward if older is None else min(forward, older)

    def _next_listing(self, memory: SyncState, now: datetime) -> datetime:
        # The jitter belongs to the appointment, not to the look at the clock: drawn once for each last try.
        tried = memory.health.last_try_utc
        drawn = 0.0 if tried is None else _steady_jitter(tried, self.name)
        return rate_policy.next_sync_at(
            memory.health, now, rhythm=self.policy.schedule, zone=self.athlete.zone, credential=self.credential,
            jitter=drawn,
        )  # fmt: skip

    def _next_batch(self, memory: SyncState, now: datetime) -> datetime | None:
        if memory.backfill is None or not self._batch_left(memory, now):
            return None
        if rate_policy.calls_left(memory.health, now, a_day=self._share_for_older()) == 0:
            return datetime(now.year, now.month, now.day) + timedelta(days=1)
        pause = timedelta(seconds=self.policy.batch_pause_s)
        at = now if memory.backfill.slice_utc is None else memory.backfill.slice_utc + pause
        rest = rate_policy.may_run(memory.health, now, credential=self.credential)
        return at if rest is None else max(at, rest)

    def _batch_left(self, memory: SyncState, now: datetime) -> bool:
        if memory.unfinished and self.policy.backfill:
            return True
        return any(self._plan((), LONG_AGO, None, now, complete=False).fetches)

    def _share_for_older(self) -> int:
        # A fifth stays for new runs.
        return self.policy.requests_a_day * 4 // 5

    # --- what ---

    def run(self, *, full: bool = False, by_person: bool = False) -> SyncResult:
        """What is due now; ``by_person`` lists also before its time, ``full`` lists everything again.

        A back-off and the rest after a refused sign-in hold for persons too: only a new link ends the latter.
        """
        now = self.clock()
        memory = believed(load_sync_state(self.store, self.athlete.id, self.name), now)
        rest = rate_policy.may_run(memory.health, now, credential=self.credential)
        if rest is not None:
            return self._resting(memory.health, rest)
        list_now = by_person or full or self._next_listing(memory, now) <= now
        if not list_now and not self._batch_left(memory, now):
            return SyncResult(self.name, "ok", {}, more=False)
        row = SyncRunRow(uuid4().hex, self.name, now, None, "running", {})
        housekeeping.insert_sync_run(self.store, self.athlete.id, row)
        limit = rate_policy.calls_left(memory.health, now, a_day=self.policy.requests_a_day)
        says = self.say("source.budget", source=self.say(f"source.name.{self.name}"))
        meter = RequestBudget(limit, says, self.policy.between_s, self.wait)
        self.counts.clear()
        try:
            source = self.build(meter)
            if list_now:
                memory = self._forward(source, memory, now, full=full)
            memory = self._older(source, meter, memory, now)
            if list_now:
                beside = SourceExtras(
                    self.store, self.athlete, self.name, self.sink.plan, self.policy.schedule, self.shoes
                )
                self.counts["beside_failed"] += beside.ask(source, memory, now)
            health = rate_policy.after_success(memory.health, now) if list_now else memory.health
            passed = SyncResult(self.name, "ok", {}, more=self._batch_left(memory, now))
        except TryLater as error:
            health, passed = self._later(memory.health, now, meter, error)
        except PersonMustAct as error:
            health = rate_policy.after_person_must_act(
                memory.health, now, says=error.says, do_now=error.do, credential=self.credential, why=error.why
            )
            passed = SyncResult(
                self.name, "act", {}, more=False, says=error.says, do_now=error.do,
                not_before_utc=health.login_not_before_utc,
            )  # fmt: skip
        except Exception as error:
            # Our own mistake: the source rests as after any other trouble, and says so.
            log.exception("pass.failed", source=self.name)
            title, what = self.say(f"source.name.{self.name}"), type(error).__name__
            bug = TransientError(self.say("source.bug", source=title, what=what), why=BUG)
            health, passed = self._later(memory.health, now, meter, bug)
        except BaseException:
            self._end(row, memory.health, meter, "stopped")
            raise
        self.counts["requests"] = meter.used
        self.counts = +self.counts
        self._end(row, health, meter, passed.result)
        return replace(passed, counts=dict(self.counts))

    def _later(
        self, health: SourceHealth, now: datetime, meter: RequestBudget, error: TryLater
    ) -> tuple[SourceHealth, SyncResult]:
        if meter.used >= meter.limit and error.why != BUG:
            # Our own budget, no fault of the service's: it goes on tomorrow.
            tomorrow = datetime(now.year, now.month, now.day) + timedelta(days=1)
            waiting = replace(
                health, state="waiting", why="budget", says=error.says, do_now=None, not_before_utc=tomorrow,
                last_try_utc=now,
            )  # fmt: skip
        else:
            waiting = rate_policy.after_try_later(
                health, now, says=error.says, every_s=self.policy.schedule.day_s,
                retry_after_utc=error.not_before_utc, jitter=self.jitter(), why=error.why,
            )  # fmt: skip
        passed = SyncResult(
            self.name, "waiting", {}, more=False, says=error.says, not_before_utc=waiting.not_before_utc
        )
        return waiting, passed

    def _resting(self, health: SourceHealth, rest: datetime) -> SyncResult:
        result = "act" if health.state == "act" else "waiting"
        return SyncResult(
            self.name, result, {}, more=False, says=health.says, do_now=health.do_now, not_before_utc=rest
        )

    def _end(self, row: SyncRunRow, health: SourceHealth, meter: RequestBudget, result: str) -> None:
        now = self.clock()
        with self.store.transaction():
            self._keep("health", rate_policy.add_usage(health, now, meter.used).to_json())
            ended = replace(row, ended_utc=now, result=result, counts=dict(self.counts))
            housekeeping.insert_sync_run(self.store, self.athlete.id, ended)
        log.info("pass.ended", source=self.name, result=result, **self.counts)

    # --- new runs ---

    def _forward(self, source: Source, memory: SyncState, now: datetime, *, full: bool) -> SyncState:
        first = memory.listed_until_utc is None
        since = (memory.listed_until_utc or now) - source.capabilities.overlap
        found = source.list_activities(since)
        decision = self._plan(found.items, since, None, now, complete=found.complete)
        backfill = memory.backfill
        if first or full:
            backfill = Backfill(before_utc=since, listed_all=not self.policy.backfill, began_utc=now)
        elif not found.complete and found.items:
            # So much happened that the list was cut: what is older than its end is older history.
            backfill = replace(
                backfill or Backfill(before_utc=since, began_utc=now),
                before_utc=max(found.items[-1].start_utc, since), listed_all=False,
            )  # fmt: skip
        with self.store.transaction():
            upsert_listed(self.store, self.athlete.id, self.name, decision.rows)
            if not decision.suspicious or found.complete:
                self._keep("listed_until", now.isoformat())
            if backfill is not None:
                self._keep("backfill", backfill.to_json())
            self._keep("left_out", found.left_out)
        for problem in found.problems:
            self._problem(problem.name, problem)
        self.counts["listed"] += len(found.items)
        self.counts["left_out"] += found.left_out
        if decision.suspicious and found.complete:
            self.counts["short"] += 1
            log.warning("pass.short_listing", source=self.name, listed=len(found.items))
        self._fetch(source, decision, {item.source_id: item for item in found.items})
        self._recheck(source, decision)
        return replace(memory, listed_until_utc=now, backfill=backfill, left_out=found.left_out)

    def _plan(
        self,
        items: tuple[ActivitySummary, ...],
        since: datetime,
        until: datetime | None,
        now: datetime,
        *,
        complete: bool,
    ) -> SyncPlan:
        # Without a complete listing nothing is concluded from what is not in it.
        window = since if complete else datetime.max
        known = listed(self.store, self.athlete.id, self.name, since_utc=window, ids=(item.source_id for item in items))
        seen = [RemoteItem(item.source_id, item.start_utc, item.revision, item.core, item.sport) for item in items]
        return reconcile(seen, known, now_utc=now, since_utc=since, until_utc=until, complete=complete)

    def _fetch(
        self,
        source: Source,
        decision: SyncPlan,
        items: Mapping[str, ActivitySummary],
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        rows = {row.source_id: row for row in decision.rows}
        wanted = decision.fetches[: BATCH - self.counts["taken"] - self.counts["failed"]]
        trouble = False
        missing = [fetch.source_id for fetch in wanted if fetch.source_id not in rows]
        rows |= listed(self.store, self.athlete.id, self.name, since_utc=datetime.max, ids=missing)
        for fetch in wanted:
            if self.stopping() or enough():
                return
            row = rows[fetch.source_id]
            try:
                copy = source.copy(fetch.source_id, items.get(fetch.source_id), original=fetch.original)
                trouble = False
                self._store(fetch, row, copy)
            except TransientError:
                # One poisoned activity must not hold up the others; two in a row are the service's own trouble.
                if trouble:
                    raise
                trouble = True
                self.counts["failed"] += 1
                self._keep_row(fetch_failed(row, self.clock()))
            except Exception as error:
                self._stumbled(fetch.source_id, error)
                self.counts["failed"] += 1
                self._keep_row(fetch_failed(row, self.clock()))

    def _store(self, fetch: Fetch, row: LocalItem, copy: FetchedActivity | None) -> None:
        now = self.clock()
        if copy is None:
            # Listed a moment ago and not there any more: asked again later, and believed only by the listing's rules.
            self.counts["failed"] += 1
            self._keep_row(fetch_failed(row, now))
            return
        problems = self.sink.ingest(self.name, fetch.source_id, copy)
        self._keep_row(fetch_failed(row, now) if problems else taken(row, now))
        self.counts["failed" if problems else "taken"] += 1
        self.counts[fetch.why] += 1
        self._tell_progress()

    def _recheck(self, source: Source, decision: SyncPlan) -> None:
        for confirm in decision.rechecks:
            ids = [confirm.source_id]
            row = listed(self.store, self.athlete.id, self.name, since_utc=datetime.max, ids=ids)[confirm.source_id]
            try:
                there = source.detail(confirm.source_id) is not None
                if not there:
                    self.sink.delete(self.name, confirm.source_id)
            except Exception as error:
                self._stumbled(confirm.source_id, error)
                self._keep_row(fetch_unanswered(row, self.clock()))
                continue
            self.counts["gone"] += not there
            self._keep_row(answered(row, self.clock(), there=there))

    def _stumbled(self, source_id: str, error: Exception) -> None:
        """One activity that nobody foresaw becomes a problem and is owed another try. Raises what is not its own."""
        if not unforeseen.of_one_activity(error):
            raise error
        log.error("pass.stumbled", source=self.name, source_id=source_id, exc_info=error)
        place = f"{self.name}:{source_id}"
        self._problem(place, unforeseen.problem(place, error))

    # --- older runs ---

    def _older(self, source: Source, meter: RequestBudget, memory: SyncState, now: datetime) -> SyncState:
        if memory.backfill is None:
            return memory
        used = memory.health.calls if memory.health.budget_day == now.date() else 0
        if used + meter.used >= self._share_for_older():
            return memory
        backfill = memory.backfill
        items: dict[str, ActivitySummary] = {}
        if not backfill.listed_all and self.policy.backfill:
            backfill, items = self._list_older(source, memory, now)
        decision = self._plan((), LONG_AGO, None, now, complete=False)
        self._fetch(source, decision, items, enough=lambda: used + meter.used >= self._share_for_older())
        backfill = replace(backfill, slice_utc=now)
        self._keep("backfill", backfill.to_json())
        return replace(memory, backfill=backfill)

    def _list_older(
        self, source: Source, memory: SyncState, now: datetime
    ) -> tuple[Backfill, dict[str, ActivitySummary]]:
        assert memory.backfill is not None
        backfill = memory.backfill
        start = self.policy.backfill_from
        since = LONG_AGO if start is None else datetime(start.year, start.month, start.day)
        found = source.list_activities(since, backfill.before_utc, at_most=source.capabilities.page)
        decision = self._plan(found.items, since, backfill.before_utc, now, complete=False)
        # One second of overlap: two activities may begin in the same one.
        oldest = found.items[-1].start_utc + timedelta(seconds=1) if found.items else backfill.before_utc
        stuck = not found.complete and oldest >= backfill.before_utc
        backfill = replace(
            backfill,
            before_utc=min(oldest, backfill.before_utc) - timedelta(seconds=2 if stuck else 0),
            listed_all=found.complete,
            began_utc=backfill.began_utc or now,
            slice_utc=now,
        )
        with self.store.transaction():
            upsert_listed(self.store, self.athlete.id, self.name, decision.rows)
            self._keep("backfill", backfill.to_json())
        for problem in found.problems:
            self._problem(problem.name, problem)
        self.counts["listed"] += len(found.items)
        return backfill, {item.source_id: item for item in found.items}

    # --- keeping ---

    def _keep(self, key: str, value: Any) -> None:
        housekeeping.upsert_source_state(self.store, self.athlete.id, self.name, key, value)

    def _keep_row(self, row: LocalItem) -> None:
        upsert_listed(self.store, self.athlete.id, self.name, (row,))

    def _problem(self, place: str, problem: Problem) -> None:
        housekeeping.upsert_problem(
            self.store, self.athlete.id, source=self.name, place=place, name=problem.name, reason=problem.reason,
            detail=problem.detail, now_utc=self.clock(),
        )  # fmt: skip

    def _tell_progress(self) -> None:
        count = count_listed(self.store, self.athlete.id, self.name)
        self.progress(count.taken, count.listed)


def _steady_jitter(last_try_utc: datetime, name: str) -> float:
    """From -1 to 1, the same for the same last try: an appointment that is looked at each second must not dance."""
    from zlib import crc32

    return crc32(f"{name} {last_try_utc.isoformat()}".encode()) / 2**31 - 1
