"""One sync run of one source: performs what `next_action` says, and is safe to be killed at any line.

What is still to be done stands in the store before it is begun, and is marked done after it was taken in. A run that
dies in between does the last activity again, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never

import structlog

from rules.facts.problems import Problem
from sync.errors import PersonMustAct, TryLater
from sync.sources import rate_policy, run_state, unforeseen
from sync.sources.base import ActivityRefused, ActivitySummary, Listing, Source, TransientError
from sync.sources.extras import SourceExtras
from sync.sources.next_action import (
    LONG_AGO,
    Action,
    AskExtra,
    AskIfThere,
    BeginBatch,
    Idle,
    ListNewest,
    ListOlder,
    Rest,
    fetch_trouble,
    next_action,
    next_due,
    work_left,
)
from sync.sources.rate_policy import BUG, RequestBudget, SourceHealth
from sync.sources.reconcile import (
    Fetch,
    LocalItem,
    Recheck,
    RemoteItem,
    SyncPlan,
    answered,
    came_without_file,
    fetch_failed,
    fetch_unanswered,
    reconcile,
    taken,
)
from sync.sources.run_state import FetchOutcome, RunState, Wish
from sync.sources.sync_policy import ActivitySink, SyncPolicy, SyncResult
from sync.sources.sync_records import SyncRecords
from sync.storage.rows.kept import SyncRunRow

log = structlog.get_logger()

Owed = Literal["refused", "trouble", "stumbled"]
"""Why an activity could not be downloaded: it may not be read, had no answer, or holds what nobody foresaw."""


@dataclass(slots=True)
class SyncRun:
    """One source of one runner. ``build(budget)`` makes the source, so that a run at rest makes none."""

    records: SyncRecords
    credential: str | None
    build: Callable[[RequestBudget], Source]
    sink: ActivitySink
    extras: SourceExtras
    policy: SyncPolicy
    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    wait: Callable[[float], object] | None = None
    stopping: Callable[[], bool] = lambda: False
    progress: Callable[[int, int | None], None] = lambda _done, _total: None

    @property
    def source(self) -> str:
        return self.records.source

    def due_utc(self, now_utc: datetime) -> datetime:
        """When something is to be done here next."""
        state = self._state(now_utc, self.records.rows(datetime.max))
        return next_due(state, self.policy, now_utc)

    def run(self, *, full: bool = False, by_person: bool = False) -> SyncResult:
        """What is due now; ``by_person`` lists also before its time, ``full`` lists everything again."""
        now = self.clock()
        rows = self.records.rows(datetime.max)
        state = self._state(now, rows, "all" if full else "now" if by_person else "due")
        match next_action(state, self.policy, now):
            case Rest(until):
                return unfinished(self.source, state.kept.health, until)
            case Idle():
                return SyncResult(self.source, "ok", {}, more=work_left(state, self.policy))
        return self._recorded(_Performer(self, state, now, rows), now)

    def _state(self, now_utc: datetime, rows: Mapping[str, LocalItem], wish: Wish = "due") -> RunState:
        fetches = reconcile((), rows, now_utc=now_utc, since_utc=LONG_AGO, complete=False).fetches
        return RunState(self.source, self.records.state(now_utc), self.credential, wish, fetches=fetches)

    def _recorded(self, at: _Performer, now: datetime) -> SyncResult:
        """The run with its row in the store, whatever ends it."""
        row = self.records.begin_run(now)
        before = at.state.kept.health
        limit = rate_policy.calls_left(before, now, a_day=self.policy.requests_a_day)
        budget = RequestBudget(limit, self.source, self.policy.between_s, self.wait)
        error: TryLater | PersonMustAct | None = None
        try:
            at.perform_all(self.build(budget), budget)
        except (TryLater, PersonMustAct) as refused:
            error = refused
        except Exception as bug:
            # Our own mistake: the source rests as after any other trouble, and says so.
            log.exception("sync_run.failed", source=self.source)
            error = TransientError("source.bug", why=BUG, source=self.source, what=type(bug).__name__)
        except BaseException:
            self._end(row, at.state, before, budget, "stopped")
            raise
        if error is None:
            health = rate_policy.after_success(before, now) if at.state.listed_newest else before
            result = SyncResult(self.source, "ok", {}, more=work_left(at.state, self.policy))
        else:
            health = rate_policy.after_error(
                before, now, error, spent=budget.used >= budget.limit, every_s=self.policy.schedule.day_s,
                credential=self.credential, jitter=self.jitter,
            )  # fmt: skip
            until = health.not_before_utc or health.login_not_before_utc
            result = unfinished(self.source, health, until)
        return replace(result, counts=self._end(row, at.state, health, budget, result.result))

    def _end(
        self, row: SyncRunRow, state: RunState, health: SourceHealth, budget: RequestBudget, result: str
    ) -> dict[str, int]:
        counts = replace(state.counts, requests=budget.used).to_json()
        used = rate_policy.add_usage(health, self.clock(), budget.used)
        self.records.end_run(row, result, counts, used)
        log.info("sync_run.ended", source=self.source, result=result, **counts)
        return counts


def unfinished(source: str, health: SourceHealth, until_utc: datetime | None) -> SyncResult:
    """The result of a run that may not go on before then."""
    result = "act" if health.state == "act" else "waiting"
    return SyncResult(
        source, result, {}, more=False, error=health.error, not_before_utc=until_utc
    )  # fmt: skip


@dataclass(slots=True)
class _Performer:
    """One run under way: where it stands, and what the last listing said."""

    sync: SyncRun
    state: RunState
    now: datetime
    rows: dict[str, LocalItem]
    items: dict[str, ActivitySummary] = field(default_factory=dict)

    def perform_all(self, source: Source, budget: RequestBudget) -> None:
        self.state = replace(self.state, capabilities=source.capabilities)
        while not isinstance(action := next_action(self.state, self.sync.policy, self.now), Rest | Idle):
            self.state = self._perform(action, source)
            counts = replace(self.state.counts, requests=budget.used)
            self.state = replace(self.state, counts=counts, stopping=self.sync.stopping())

    def _perform(self, action: Action, source: Source) -> RunState:
        match action:
            case ListNewest():
                return self._list_newest(action, source)
            case ListOlder():
                return self._list_older(action, source)
            case BeginBatch():
                begun = run_state.batch_begun(self.state, self.now)
                self.sync.records.keep_listing((), begun.kept)
                return begun
            case Fetch():
                return run_state.fetched(self.state, self._fetch(action, source))
            case Recheck():
                return run_state.rechecked(self.state, gone=self._is_gone(action, source))
            case AskIfThere(since_utc):
                source.list_activities(since_utc, at_most=1)
                return run_state.answered(self.state)
            case AskExtra(what, day):
                failed = not self.sync.extras.ask(source, what, day)
                return run_state.extra_asked(self.state, what, day, failed=failed)
            case Rest() | Idle():
                return self.state
            case _:
                assert_never(action)

    # --- listing ---

    def _list_newest(self, action: ListNewest, source: Source) -> RunState:
        listing = source.list_activities(action.since_utc)
        anew = self.state.wish == "all"
        plan = self._plan(listing, action.since_utc, None, complete=listing.complete, anew=anew)
        listed = run_state.newest_listed(
            self.state,
            listing,
            plan,
            self.sync.policy,
            since_utc=action.since_utc,
            now_utc=self.now,
            look_back=action.look_back,
        )
        self.sync.records.keep_listing(plan.rows, listed.kept, self._told(listing))
        if plan.suspicious and listing.complete:
            log.warning("sync_run.short_listing", source=self.sync.source, listed=len(listing.items))
        return listed

    def _list_older(self, action: ListOlder, source: Source) -> RunState:
        listing = source.list_activities(action.since_utc, action.before_utc, at_most=action.at_most)
        plan = self._plan(listing, action.since_utc, action.before_utc, complete=False)
        listed = run_state.older_listed(self.state, listing, plan, self.now)
        self.sync.records.keep_listing(plan.rows, listed.kept, self._told(listing))
        return listed

    def _told(self, listing: Listing) -> tuple[Problem, ...]:
        """What of a listing the runner is shown: items that cannot be read, and words that nobody knows, each once."""
        unknown = (Problem(f"{self.sync.source}: {word}", "sport_unknown", word) for word in listing.unknown_sports)
        return (*listing.problems, *unknown)

    def _plan(
        self, listing: Listing, since: datetime, until: datetime | None, *, complete: bool, anew: bool = False
    ) -> SyncPlan:
        # Without a complete listing nothing is concluded from what is not in it.
        window = since if complete else datetime.max
        known = self.sync.records.rows(window, (item.source_id for item in listing.items))
        seen = [RemoteItem(one.source_id, one.start_utc, one.revision, one.core, one.sport) for one in listing.items]
        plan = reconcile(seen, known, now_utc=self.now, since_utc=since, until_utc=until, complete=complete, anew=anew)
        self.items = {item.source_id: item for item in listing.items}
        self.rows = known | {row.source_id: row for row in plan.rows}
        return plan

    # --- one activity ---

    def _fetch(self, fetch: Fetch, source: Source) -> FetchOutcome:
        source_id = fetch.source_id
        outcome: FetchOutcome = "vanished"
        when_taken = taken
        try:
            copy = source.copy(source_id, self.items.get(source_id), original=fetch.original)
            if copy is not None:
                when_taken = came_without_file if copy.lacks_file else taken
                outcome = "unreadable" if self.sync.sink.ingest(self.sync.source, source_id, copy) else "taken"
        except Exception as error:
            verdict = fetch_trouble(error)
            if verdict == "ends the run":
                raise
            self._owed(source_id, source, error, verdict)
            outcome = verdict
        row, now = self.rows[source_id], self.sync.clock()
        self._keep(when_taken(row, now) if outcome == "taken" else fetch_failed(row, now))
        if outcome in ("taken", "unreadable"):
            self.sync.progress(*self.sync.records.progress())
        return outcome

    def _is_gone(self, recheck: Recheck, source: Source) -> bool:
        """Whether the source says, asked directly, that it is not there; then it goes here as well."""
        source_id = recheck.source_id
        try:
            there = source.detail(source_id) is not None
            if not there:
                self.sync.sink.delete(self.sync.source, source_id)
                self.sync.records.end_problems(f"{self.sync.source}:{source_id}")
        except Exception as error:
            if isinstance(error, ActivityRefused):
                self._tell(source_id, error, "refused")
            elif unforeseen.of_one_activity(error):
                self._tell(source_id, error, "stumbled")
            else:
                raise
            self._keep(fetch_unanswered(self.rows[source_id], self.sync.clock()))
            return False
        self._keep(answered(self.rows[source_id], self.sync.clock(), there=there))
        return not there

    def _owed(self, source_id: str, source: Source, error: Exception, why: Owed) -> None:
        """An activity that could not be downloaded: what the list says of it is taken in, and the rest stays owed."""
        listed = self.items.get(source_id)
        if listed is not None and self.rows[source_id].taken is None:
            try:
                self.sync.sink.ingest(self.sync.source, source_id, source.summary(listed))
            except Exception as also:
                if not unforeseen.of_one_activity(also):
                    raise
                log.warning("sync_run.no_summary", source=self.sync.source, source_id=source_id, error=str(also))
        self._tell(source_id, error, why)

    def _tell(self, source_id: str, error: Exception, why: Owed) -> None:
        """One activity that did not come becomes a problem with its name."""
        place = f"{self.sync.source}:{source_id}"
        named = {"source": self.sync.source, "source_id": source_id, "error": str(error)}
        match why:
            case "refused":
                log.warning("sync_run.activity_refused", **named)
                problem = Problem(place, "activity_refused")
            case "trouble":
                log.warning("sync_run.activity_owed", **named)
                problem = Problem(place, "owed")
            case "stumbled":
                log.error("sync_run.stumbled", **named, exc_info=error)
                problem = unforeseen.problem(place, error)
        self.sync.records.keep_problem(place, problem)

    def _keep(self, row: LocalItem) -> None:
        self.rows[row.source_id] = row
        self.sync.records.keep_row(row)
