"""What a source tells besides runs (wellness, plan, gear), asked and kept; a failure never holds up the runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, assert_never

import structlog

from rules.facts.foot_work import PlannedRun
from sync.sources.base import Gear, Source, TransientError
from sync.sources.run_state import Extra
from sync.sources.unforeseen import of_one_activity
from sync.storage import housekeeping
from sync.storage.database import Store
from sync.storage.rows.kept import GearRow

log = structlog.get_logger()

PLANNED_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SourceExtras:
    """``plan`` keeps what is planned from a first to a last day."""

    store: Store
    athlete: str
    name: str
    plan: Callable[[str, date, date, tuple[PlannedRun, ...]], None]
    shoes: Mapping[str, str]
    """A shoe's name -> standard, transition or minimalist, as the config says."""

    def ask(self, source: Source, what: Extra, today: date) -> bool:
        """Whether it was answered. What fails is asked again the next time round, not half an hour later."""
        housekeeping.upsert_source_state(self.store, self.athlete, self.name, what, today.isoformat())
        try:
            self._ask(source, what, today)
        except TransientError:
            log.warning("sync_run.extra_failed", source=self.name, what=what)
            return False
        except Exception as error:
            if not of_one_activity(error):
                raise
            log.exception("sync_run.extra_failed", source=self.name, what=what)
            return False
        return True

    def _ask(self, source: Source, what: Extra, today: date) -> None:
        match what:
            case "wellness":
                self._keep_wellness(today, source.wellness(today))
            case "plan":
                last = today + PLANNED_AHEAD
                self.plan(self.name, today, last, source.planned(today, last))
            case "gear":
                self._keep_gear(source.gear())
            case _:
                assert_never(what)

    def _keep_wellness(self, day: date, facts: Mapping[str, Any]) -> None:
        if facts:
            housekeeping.upsert_wellness(self.store, self.athlete, self.name, day, facts)

    def _keep_gear(self, found: tuple[Gear, ...]) -> None:
        kinds = {row.gear_id: row.kind for row in housekeeping.gear(self.store, self.athlete)}
        for gear in found:
            facts = {"distance_m": gear.distance_m, "retired": gear.retired}
            kind = self.shoes.get(gear.name) or kinds.get(gear.gear_id)
            row = GearRow(self.name, gear.gear_id, gear.name, kind, facts)
            housekeeping.upsert_gear(self.store, self.athlete, row)
