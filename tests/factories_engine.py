"""An engine on a store of its own, and the answer that must not depend on how things came about."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sync.service.engine import Engine
from sync.service.queries import QUERIES
from sync.service.queries.context import QueryContext
from sync.settings.config import Athlete, Config, parse
from sync.settings.paths import DataDir
from sync.storage.database import Store
from sync.wire.commands import Receipt, TypedCommand
from sync.wire.tasks import ImportCounts

NOW = datetime(2026, 3, 20, 12, 0)
CONFIG = parse('[athlete]\nid="ada"\nname="Ada"\ntime_zone="Europe/Berlin"\n')
NOWHERE = Path("no-such-store")


@dataclass
class Shop:
    """``now`` may be moved; `again` is what a restart leaves: a new engine on the same store."""

    root: Path
    store: Store = field(default_factory=lambda: Store.open(NOWHERE, read_only=True))
    config: Config = CONFIG
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.home = DataDir(self.root)
        self.home.make(self.athlete.id)
        self.again()

    @property
    def athlete(self) -> Athlete:
        return self.config.first

    def again(self) -> None:
        self.engine = Engine(self.store, self.config, self.home, now=lambda: self.now)

    def take_in(self, *paths: Path) -> ImportCounts:
        return self.engine.import_paths(list(paths))

    def perform(self, command: TypedCommand) -> Receipt:
        return self.engine.perform(command)

    def ask(self, name: str, **params: str) -> dict[str, Any]:
        asking = QueryContext(self.store, self.config, self.home, self.athlete, self.now)
        answer: dict[str, Any] = json.loads(QUERIES[name](asking, params).model_dump_json())
        return answer

    def runs_json(self) -> str:
        """``runs --json`` as it is promised: one object a run, by id."""
        runs = self.ask("runs", limit="200")["runs"]
        assert isinstance(runs, list)
        return json.dumps(sorted(runs, key=lambda run: run["id"]), sort_keys=True)

    def runs(self) -> list[dict[str, Any]]:
        found = json.loads(self.runs_json())
        assert isinstance(found, list)
        return sorted(found, key=lambda run: str(run["start_utc"]))

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


def counts(found: ImportCounts) -> dict[str, int]:
    return {name: value for name, value in found.model_dump().items() if isinstance(value, int)}
