"""What is kept of a source between passes and restarts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sync.sources.rate_policy import LOGIN_REST, SourceHealth
from sync.storage import housekeeping
from sync.storage.database import Store

SLACK = timedelta(minutes=10)
"""A clock that is set right by a little is no wrong clock."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """How far the older runs are: everything from ``before_utc`` on is listed."""

    before_utc: datetime
    listed_all: bool = False
    began_utc: datetime | None = None
    done_at_begin: int = 0
    slice_utc: datetime | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Backfill:
        instants = {
            name: None if stored.get(name) is None else datetime.fromisoformat(stored[name])
            for name in ("began_utc", "slice_utc")
        }
        return cls(
            before_utc=datetime.fromisoformat(stored["before_utc"]),
            listed_all=bool(stored["listed_all"]),
            done_at_begin=int(stored.get("done_at_begin", 0)),
            **instants,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "before_utc": self.before_utc.isoformat(),
            "listed_all": self.listed_all,
            "began_utc": None if self.began_utc is None else self.began_utc.isoformat(),
            "done_at_begin": self.done_at_begin,
            "slice_utc": None if self.slice_utc is None else self.slice_utc.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class SyncState:
    """What is kept of a source between passes."""

    health: SourceHealth
    listed_until_utc: datetime | None
    backfill: Backfill | None
    days: Mapping[str, date]
    """When wellness, plan and gear were last asked for."""
    left_out: int = 0

    @property
    def unfinished(self) -> bool:
        return self.backfill is not None and not self.backfill.listed_all


def believed(memory: SyncState, now_utc: datetime) -> SyncState:
    """Without the instants that this clock cannot have written: it was wrong then and was put back since.

    What happened lies before ``now_utc``; a pause that was set lies at most a day ahead. Believed, they would keep a
    source at rest until the clock catches up.
    """
    ahead = now_utc + LOGIN_REST + SLACK

    def past(at: datetime | None) -> datetime | None:
        return None if at is not None and at > now_utc + SLACK else at

    def near(at: datetime | None) -> datetime | None:
        return None if at is not None and at > ahead else at

    health = replace(
        memory.health,
        not_before_utc=near(memory.health.not_before_utc),
        login_not_before_utc=near(memory.health.login_not_before_utc),
        last_try_utc=past(memory.health.last_try_utc),
        last_success_utc=past(memory.health.last_success_utc),
    )
    backfill = memory.backfill
    if backfill is not None:
        backfill = replace(backfill, began_utc=past(backfill.began_utc), slice_utc=past(backfill.slice_utc))
    listed = memory.listed_until_utc
    return replace(
        memory,
        health=health,
        backfill=backfill,
        listed_until_utc=None if listed is None else min(listed, now_utc),
        days={name: day for name, day in memory.days.items() if day <= ahead.date()},
    )


def load_sync_state(store: Store, athlete: str, source: str) -> SyncState:
    state = housekeeping.source_state(store, athlete, source)
    return SyncState(
        health=SourceHealth.from_json(state.get("health")),
        listed_until_utc=None if not state.get("listed_until") else datetime.fromisoformat(state["listed_until"]),
        backfill=None if not state.get("backfill") else Backfill.from_json(state["backfill"]),
        days={name: date.fromisoformat(state[name]) for name in ("wellness", "plan", "gear") if state.get(name)},
        left_out=int(state.get("left_out", 0)),
    )
