"""What a sync run reads from the store and writes to it, under one runner and one source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from rules.facts.problems import Problem
from sync.sources.listing import listed, upsert_listed
from sync.sources.rate_policy import SourceHealth
from sync.sources.reconcile import LocalItem
from sync.sources.run_state import LOOK_BACK
from sync.sources.sync_state import SyncState, believed, load_sync_state
from sync.storage import housekeeping
from sync.storage.database import Store
from sync.storage.listing import count_listed
from sync.storage.rows.kept import SyncRunRow


@dataclass(frozen=True, slots=True)
class SyncRecords:
    store: Store
    athlete: str
    source: str
    clock: Callable[[], datetime]

    def state(self, now_utc: datetime) -> SyncState:
        return believed(load_sync_state(self.store, self.athlete, self.source), now_utc)

    def rows(self, since_utc: datetime, ids: Iterable[str] = ()) -> dict[str, LocalItem]:
        """Those since then, all unfinished ones, and those of ``ids``."""
        return listed(self.store, self.athlete, self.source, since_utc=since_utc, ids=ids)

    def progress(self) -> tuple[int, int]:
        """How many activities are taken in, of how many that are listed."""
        count = count_listed(self.store, self.athlete, self.source)
        return count.taken, count.listed

    def begin_run(self, now_utc: datetime) -> SyncRunRow:
        row = SyncRunRow(uuid4().hex, self.source, now_utc, None, "running", {})
        housekeeping.insert_sync_run(self.store, self.athlete, row)
        return row

    def end_run(self, row: SyncRunRow, result: str, counts: Mapping[str, int], health: SourceHealth) -> None:
        ended = replace(row, ended_utc=self.clock(), result=result, counts=counts)
        with self.store.transaction():
            self._keep("health", health.to_json())
            housekeeping.insert_sync_run(self.store, self.athlete, ended)

    def keep_listing(self, rows: Iterable[LocalItem], listed: SyncState, problems: Iterable[Problem] = ()) -> None:
        """The rows and how far the listing is, both or neither."""
        with self.store.transaction():
            upsert_listed(self.store, self.athlete, self.source, rows)
            if listed.listed_until_utc is not None:
                self._keep("listed_until", listed.listed_until_utc.isoformat())
            if listed.backfill is not None:
                self._keep("backfill", listed.backfill.to_json())
            self._keep("left_out", listed.left_out)
            if (day := listed.days.get(LOOK_BACK)) is not None:
                self._keep(LOOK_BACK, day.isoformat())
        for problem in problems:
            self.keep_problem(problem.name, problem)

    def keep_row(self, row: LocalItem) -> None:
        upsert_listed(self.store, self.athlete, self.source, (row,))

    def keep_problem(self, place: str, problem: Problem) -> None:
        housekeeping.upsert_problem(
            self.store, self.athlete, source=self.source, place=place, name=problem.name, reason=problem.reason,
            detail=problem.detail, now_utc=self.clock(),
        )  # fmt: skip

    def end_problems(self, place: str) -> None:
        """Whatever was wrong at that place is over."""
        housekeeping.delete_stale_problems(self.store, self.athlete, source=self.source, place=place)

    def _keep(self, key: str, value: Any) -> None:
        housekeeping.upsert_source_state(self.store, self.athlete, self.source, key, value)
