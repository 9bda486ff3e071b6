"""Which sources a runner has linked, and the pass of each, built from config and credentials."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sync.errors import PersonMustAct
from sync.settings.config import Athlete, Config
from sync.settings.config import SourceSettings as SourceConfig
from sync.settings.credentials import CredentialStore, fingerprint
from sync.sources import http
from sync.sources.base import Clock, Source
from sync.sources.names import NAMES, Name, poll_schedule_of, source_settings
from sync.sources.rate_policy import RequestBudget
from sync.sources.sync_policy import ActivitySink, SyncPolicy
from sync.sources.sync_run import SyncRun
from sync.storage.database import Store


@dataclass(frozen=True, slots=True)
class SourceRegistry:
    """All of one runner's sources. ``hand`` is the engine's; ``wait`` pauses between two requests."""

    store: Store
    config: Config
    athlete: Athlete
    vault: CredentialStore
    sink: ActivitySink
    clock: Clock
    wait: Callable[[float], object] | None = None
    jitter: Callable[[], float] = field(default=lambda: random.uniform(-1, 1))
    timeout_s: float = http.TIMEOUT_S

    def linked(self) -> Iterator[Name]:
        for name in NAMES:
            if source_settings(self.config, name).enabled and self.vault.get(self.athlete.id, name) is not None:
                yield name

    def sync_runs(self, **changes: Any) -> Iterator[SyncRun]:
        for name in self.linked():
            yield self.one(name, **changes)

    def one(self, name: Name, **changes: Any) -> SyncRun:
        """The pass of one source. Raises PersonMustAct when it is not linked."""
        credential = self.vault.get(self.athlete.id, name)
        if credential is None:
            raise not_linked(name)
        return SyncRun(
            store=self.store,
            athlete=self.athlete,
            name=name,
            credential=fingerprint(credential),
            build=lambda meter: self.source(name, meter),
            sink=self.sink,
            # Pauses are for the real services.
            policy=policy_of(source_settings(self.config, name), pauses=not credential.get("test_server")),
            clock=self.clock,
            jitter=self.jitter,
            wait=self.wait,
            shoes={name: shoe.kind for name, shoe in self.config.shoes.items()},
            **changes,
        )

    def source(self, name: Name, meter: RequestBudget) -> Source:
        """The source itself. Raises PersonMustAct when it is not linked, or redirected with real credentials."""
        credential = self.vault.get(self.athlete.id, name)
        if credential is None:
            raise not_linked(name)
        to = redirect_of(self.config, name)
        http.guard(source=name, redirect=to, test_server=bool(credential.get("test_server")))
        http.announce(name, to)

        def keep(renewed: Mapping[str, Any]) -> None:
            self.vault.put(self.athlete.id, name, renewed)

        match name:
            case "garmin":
                from sync.sources.adapters.garmin import Garmin

                return Garmin(credential, keep, self.clock, meter, to, self.timeout_s)
            case "strava":
                from sync.sources.adapters.strava import Strava

                where = self.config.strava
                return Strava(credential, keep, self.clock, meter, where.api, where.oauth, to, self.timeout_s)
            case "intervals":
                from sync.sources.adapters.intervals import Intervals

                return Intervals(credential, self.clock, meter, to, self.timeout_s, self.athlete.zone)


def policy_of(settings: SourceConfig, *, pauses: bool) -> SyncPolicy:
    return SyncPolicy(
        schedule=poll_schedule_of(settings),
        requests_a_day=settings.requests_a_day,
        between_s=1.0 if pauses else 0.0,
        backfill=settings.history,
        backfill_from=settings.history_from,
    )


def redirect_of(config: Config, name: Name) -> str | None:
    """The test server of that source. Raises PersonMustAct when it is not on this machine."""
    key = f"redirect_{name}"
    address: str | None = getattr(config.testing, key)
    return None if address is None else http.checked(address, key)


def not_linked(name: Name) -> PersonMustAct:
    return PersonMustAct("source.not_linked", source=name, name=name)


def due(registry: SourceRegistry, now_utc: datetime, **changes: Any) -> Iterator[SyncRun]:
    """The passes that have something to do now, the longest waiting first."""
    waiting = [(one.due_utc(now_utc), one) for one in registry.sync_runs(**changes)]
    yield from (one for at, one in sorted(waiting, key=lambda pair: pair[0]) if at <= now_utc)
