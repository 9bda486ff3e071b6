"""What a source tells besides runs: wellness and plan once a day, gear once a week, and never in the runs' way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog

from rules.facts.foot_work import PlannedRun
from sync.settings.config import Athlete
from sync.sources import rate_policy
from sync.sources.base import Gear, Source, TransientError
from sync.sources.rate_policy import PollSchedule
from sync.sources.sync_state import SyncState
from sync.sources.unforeseen import of_one_activity
from sync.storage import housekeeping
from sync.storage.database import Store
from sync.storage.rows.kept import GearRow

log = structlog.get_logger()

PLANNED_AHEAD = timedelta(days=14)
GEAR_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SourceExtras:
    """``plan`` keeps what is planned from a first to a last day."""

    store: Store
    athlete: Athlete
    name: str
    plan: Callable[[str, date, date, tuple[PlannedRun, ...]], None]
    schedule: PollSchedule
    shoes: Mapping[str, str]
    """A shoe's name -> standard, transition or minimalist, as the config says."""

    def ask(self, source: Source, memory: SyncState, now_utc: datetime) -> int:
        """After the first listing of the morning. Gives how many questions failed."""
        if not rate_policy.is_day(now_utc, self.schedule, self.athlete.zone):
            return 0
        offer = source.capabilities
        today = now_utc.replace(tzinfo=UTC).astimezone(self.athlete.zone).date()
        last, asked, failed = today + PLANNED_AHEAD, memory.days.get("gear"), 0
        if offer.wellness and memory.days.get("wellness") != today:
            failed += self._once("wellness", today, lambda: self._keep_wellness(today, source.wellness(today)))
        if offer.planned and memory.days.get("plan") != today:
            failed += self._once("plan", today, lambda: self.plan(self.name, today, last, source.planned(today, last)))
        if offer.gear and (asked is None or today - asked >= GEAR_EVERY):
            failed += self._once("gear", today, lambda: self._keep_gear(source.gear()))
        return failed

    def _once(self, what: str, today: date, ask: Callable[[], None]) -> int:
        # Marked first: what fails is asked again the next time round, not half an hour later.
        housekeeping.upsert_source_state(self.store, self.athlete.id, self.name, what, today.isoformat())
        try:
            ask()
        except TransientError:
            log.warning("pass.beside_failed", source=self.name, what=what)
            return 1
        except Exception as error:
            if not of_one_activity(error):
                raise
            log.exception("pass.beside_failed", source=self.name, what=what)
            return 1
        return 0

    def _keep_wellness(self, day: date, facts: Mapping[str, Any]) -> None:
        if facts:
            housekeeping.upsert_wellness(self.store, self.athlete.id, self.name, day, facts)

    def _keep_gear(self, found: tuple[Gear, ...]) -> None:
        kinds = {row.gear_id: row.kind for row in housekeeping.gear(self.store, self.athlete.id)}
        for gear in found:
            facts = {"distance_m": gear.distance_m, "retired": gear.retired}
            kind = self.shoes.get(gear.name) or kinds.get(gear.gear_id)
            row = GearRow(self.name, gear.gear_id, gear.name, kind, facts)
            housekeeping.upsert_gear(self.store, self.athlete.id, row)
