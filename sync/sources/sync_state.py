"""What is kept of a source between runs and restarts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sync.sources.backfill import Backfill
from sync.sources.rate_policy import LOGIN_REST, LONGEST_RETRY_AFTER, SourceHealth
from sync.storage import housekeeping
from sync.storage.database import Store

KEPT_DAYS = ("wellness", "plan", "gear", "looked_back")
SLACK = timedelta(minutes=10)
"""A clock that is set right by a little is no wrong clock."""


@dataclass(frozen=True, slots=True)
class SyncState:
    """What is kept of a source between runs."""

    health: SourceHealth
    listed_until_utc: datetime | None
    backfill: Backfill | None
    days: Mapping[str, date]
    """When wellness, plan and gear were last asked for, and when three months were last listed again."""
    left_out: int = 0

    @property
    def unfinished(self) -> bool:
        return self.backfill is not None and not self.backfill.listed_all


def believed(state: SyncState, now_utc: datetime) -> SyncState:
    """Without the instants that this clock cannot have written: it was wrong then and was put back since.

    What happened lies before ``now_utc``; a pause that was set lies at most a day ahead. Believed, they would keep a
    source at rest until the clock catches up.
    """
    ahead = now_utc + max(LOGIN_REST, LONGEST_RETRY_AFTER) + SLACK

    def past(at: datetime | None) -> datetime | None:
        return None if at is not None and at > now_utc + SLACK else at

    def near(at: datetime | None) -> datetime | None:
        return None if at is not None and at > ahead else at

    health = replace(
        state.health,
        not_before_utc=near(state.health.not_before_utc),
        login_not_before_utc=near(state.health.login_not_before_utc),
        last_try_utc=past(state.health.last_try_utc),
        last_success_utc=past(state.health.last_success_utc),
    )
    backfill = state.backfill
    if backfill is not None:
        backfill = replace(backfill, began_utc=past(backfill.began_utc), batch_utc=past(backfill.batch_utc))
    listed = state.listed_until_utc
    return replace(
        state,
        health=health,
        backfill=backfill,
        listed_until_utc=None if listed is None else min(listed, now_utc),
        days={name: day for name, day in state.days.items() if day <= ahead.date()},
    )


def load_sync_state(store: Store, athlete: str, source: str) -> SyncState:
    stored = housekeeping.source_state(store, athlete, source)
    return SyncState(
        health=SourceHealth.from_json(stored.get("health")),
        listed_until_utc=None if not stored.get("listed_until") else datetime.fromisoformat(stored["listed_until"]),
        backfill=None if not stored.get("backfill") else Backfill.from_json(stored["backfill"]),
        days={name: date.fromisoformat(stored[name]) for name in KEPT_DAYS if stored.get(name)},
        left_out=int(stored.get("left_out", 0)),
    )
