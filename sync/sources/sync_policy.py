"""How a source is to be treated in one sync run, where the runs go, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from rules.facts.foot_work import PlannedRun
from rules.facts.problems import Problem
from sync.errors import CodedText
from sync.formats.services.fetched_activity import FetchedActivity
from sync.sources.rate_policy import PollSchedule


class ActivitySink(Protocol):
    """Where a run puts what it got: the engine."""

    def ingest(self, source: str, source_id: str, copy: FetchedActivity) -> tuple[Problem, ...]:
        """Durable when it returns; the same again changes nothing. What could not be read comes back."""
        ...

    def delete(self, source: str, source_id: str) -> None:
        """The source says that it is gone; other sources' copies of the same run stay."""
        ...

    def plan(self, source: str, first: date, last: date, runs: tuple[PlannedRun, ...]) -> None:
        """What is planned from ``first`` to ``last``: replaces what the source planned there before."""
        ...


@dataclass(frozen=True, slots=True)
class SyncPolicy:
    """How one source is to be treated; the numbers come from the config."""

    schedule: PollSchedule
    zone: ZoneInfo
    """Whose days and nights the schedule follows."""
    requests_a_day: int
    batch_pause_s: float = 60.0
    between_s: float = 0.5
    backfill: bool = True
    backfill_from: date | None = None
    looked_back: timedelta = timedelta(days=90)
    """What is listed again once a week: what was deleted, changed or came late with an old date."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one run did. ``error`` says why it could not finish; ``more``: older runs are left."""

    source: str
    result: str
    counts: Mapping[str, int]
    more: bool
    error: CodedText | None = None
    not_before_utc: datetime | None = None
