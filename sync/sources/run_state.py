"""Where one sync run stands, and where it stands after each thing it did: values into values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from sync.sources import backfill
from sync.sources.base import Capabilities, Listing
from sync.sources.reconcile import RECHECKS_A_RUN, Fetch, Recheck, SyncPlan
from sync.sources.sync_counts import SyncCounts
from sync.sources.sync_policy import SyncPolicy
from sync.sources.sync_state import SyncState

LOOK_BACK = "looked_back"
"""The name under which the day of the last look at three months is kept."""
LOOK_AGAIN_AFTER = timedelta(days=6)
Wish = Literal["due", "now", "all"]
"""List the newest runs when they are due, also before their time, or everything again."""
Extra = Literal["wellness", "plan", "gear"]
"""What a source may tell besides runs."""
FetchOutcome = Literal["taken", "unreadable", "vanished", "refused", "trouble", "stumbled"]
"""Taken in whole; taken in with a problem; not there any more; not to be read; no answer; what nobody foresaw."""


@dataclass(frozen=True, slots=True)
class RunState:
    """One run of one source between two actions."""

    source: str
    kept: SyncState
    credential: str | None = None
    wish: Wish = "due"
    capabilities: Capabilities = field(default=Capabilities())
    fetches: tuple[Fetch, ...] = ()
    """What may be fetched now, newest first."""
    rechecks: tuple[Recheck, ...] = ()
    counts: SyncCounts = field(default=SyncCounts())
    listed_newest: bool = False
    batch_begun: bool = False
    """The fetches are older runs from here on, and have only a share of the day's requests."""
    troubled: int = 0
    """How many fetches in a row had no answer."""
    asked_if_there: bool = False
    """The source answered since they began to fail."""
    stopping: bool = False


def newest_listed(
    run: RunState,
    listing: Listing,
    plan: SyncPlan,
    policy: SyncPolicy,
    *,
    since_utc: datetime,
    now_utc: datetime,
    look_back: bool = False,
) -> RunState:
    """``look_back``: the listing was the weekly one of three months."""
    kept = run.kept
    older = backfill.after_newest(
        kept.backfill,
        listing,
        since_utc=since_utc,
        now_utc=now_utc,
        anew=run.wish == "all" or kept.listed_until_utc is None,
        older=policy.backfill,
    )
    days = {**kept.days, LOOK_BACK: _looked_back(run, plan, now_utc, look_back=look_back)}
    # Only a whole listing moves the day from which the next one begins.
    until = now_utc if listing.complete else kept.listed_until_utc
    counted = SyncCounts(
        listed=len(listing.items), left_out=listing.left_out, suspicious=int(plan.suspicious and listing.complete)
    )
    return replace(
        run,
        kept=replace(kept, listed_until_utc=until, backfill=older, left_out=listing.left_out, days=_without_none(days)),
        fetches=plan.fetches,
        rechecks=plan.rechecks,
        counts=run.counts + counted,
        listed_newest=True,
        troubled=0,
        asked_if_there=False,
    )


def _looked_back(run: RunState, plan: SyncPlan, now_utc: datetime, *, look_back: bool) -> date | None:
    """The day from which the next look back counts its week."""
    if run.kept.listed_until_utc is None:
        # The older runs are about to be listed, all of them.
        return now_utc.date()
    if not look_back:
        return run.kept.days.get(LOOK_BACK)
    missing = len(plan.rechecks) == RECHECKS_A_RUN or any(row.missing_since_utc is not None for row in plan.rows)
    # Gone is what is missing twice, hours apart: the second look comes on the next day.
    return now_utc.date() - LOOK_AGAIN_AFTER if missing else now_utc.date()


def _without_none(days: Mapping[str, date | None]) -> dict[str, date]:
    return {name: day for name, day in days.items() if day is not None}


def older_listed(run: RunState, listing: Listing, plan: SyncPlan, now_utc: datetime) -> RunState:
    assert run.kept.backfill is not None
    return replace(
        run,
        kept=replace(run.kept, backfill=backfill.after_older(run.kept.backfill, listing, now_utc)),
        fetches=plan.fetches,
        counts=run.counts + SyncCounts(listed=len(listing.items)),
        batch_begun=True,
        troubled=0,
        asked_if_there=False,
    )


def batch_begun(run: RunState, now_utc: datetime) -> RunState:
    assert run.kept.backfill is not None
    older = replace(run.kept.backfill, batch_utc=now_utc)
    return replace(run, kept=replace(run.kept, backfill=older), batch_begun=True, troubled=0, asked_if_there=False)


def fetched(run: RunState, outcome: FetchOutcome) -> RunState:
    """The first of the fetches is done, for now."""
    counted = SyncCounts(taken=1) if outcome == "taken" else SyncCounts(failed=1)
    if outcome in ("taken", "unreadable"):
        counted += SyncCounts(**{run.fetches[0].why: 1})
    in_a_row = run.troubled + 1 if outcome == "trouble" else 0
    return replace(
        run,
        fetches=run.fetches[1:],
        counts=run.counts + counted,
        troubled=in_a_row,
        asked_if_there=run.asked_if_there and in_a_row > 0,
    )


def answered(run: RunState) -> RunState:
    """The source is there: what had no answer is the trouble of those activities."""
    return replace(run, asked_if_there=True)


def rechecked(run: RunState, *, gone: bool) -> RunState:
    return replace(run, rechecks=run.rechecks[1:], counts=run.counts + SyncCounts(gone=int(gone)))


def extra_asked(run: RunState, what: Extra, day: date, *, failed: bool) -> RunState:
    """What failed is asked again the next time round, not at once."""
    kept = replace(run.kept, days={**run.kept.days, what: day})
    return replace(run, kept=kept, counts=run.counts + SyncCounts(extras_failed=int(failed)))
