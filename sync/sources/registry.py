"""Which sources a runner has linked, and the sync run of each, built from config and credentials."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sync.errors import PersonMustAct
from sync.settings.config import Athlete, Config
from sync.settings.config import SourceSettings as SourceConfig
from sync.settings.credentials import CredentialStore, fingerprint
from sync.sources.base import Clock, Source
from sync.sources.extras import SourceExtras
from sync.sources.names import NAMES, Name, poll_schedule_of, source_settings
from sync.sources.next_action import LOOKED_BACK
from sync.sources.rate_policy import RequestBudget
from sync.sources.redirect import TIMEOUT_S, announce, guard, on_this_machine
from sync.sources.sync_policy import ActivitySink, SyncPolicy
from sync.sources.sync_records import SyncRecords
from sync.sources.sync_run import SyncRun
from sync.storage.database import Store


@dataclass(frozen=True, slots=True)
class SourceRegistry:
    """All of one runner's sources. ``sink`` is the engine's; ``wait`` pauses between two requests."""

    store: Store
    config: Config
    athlete: Athlete
    credentials: CredentialStore
    sink: ActivitySink
    clock: Clock
    wait: Callable[[float], object] | None = None
    jitter: Callable[[], float] = field(default=lambda: random.uniform(-1, 1))
    timeout_s: float = TIMEOUT_S

    def linked(self) -> Iterator[Name]:
        for name in NAMES:
            if source_settings(self.config, name).enabled and self.credentials.get(self.athlete.id, name) is not None:
                yield name

    def sync_runs(self, **changes: Any) -> Iterator[SyncRun]:
        for name in self.linked():
            yield self.one(name, **changes)

    def one(self, name: Name, **changes: Any) -> SyncRun:
        """The sync run of one source. Raises PersonMustAct when it is not linked."""
        credential = self.credentials.get(self.athlete.id, name)
        if credential is None:
            raise not_linked(name)
        athlete = self.athlete
        kinds = {shoe_name: shoe.kind for shoe_name, shoe in self.config.shoes.items()}
        # Pauses are for the real services.
        policy = policy_of(source_settings(self.config, name), athlete, pauses=not credential.get("test_server"))
        return SyncRun(
            records=SyncRecords(self.store, athlete.id, name, self.clock),
            credential=fingerprint(credential),
            build=lambda budget: self.source(name, budget),
            sink=self.sink,
            extras=SourceExtras(self.store, athlete.id, name, self.sink.plan, kinds),
            policy=policy,
            clock=self.clock,
            jitter=self.jitter,
            wait=self.wait,
            **changes,
        )

    def source(self, name: Name, budget: RequestBudget) -> Source:
        """The source itself. Raises PersonMustAct when it is not linked, or redirected with real credentials."""
        credential = self.credentials.get(self.athlete.id, name)
        if credential is None:
            raise not_linked(name)
        redirect = redirect_of(self.config, name)
        guard(source=name, redirect=redirect, test_server=bool(credential.get("test_server")))
        announce(name, redirect)

        def keep(renewed: Mapping[str, Any]) -> None:
            self.credentials.put(self.athlete.id, name, renewed)

        match name:
            case "garmin":
                from sync.sources.adapters.garmin import Garmin

                return Garmin(credential, keep, self.clock, budget, redirect, self.timeout_s)
            case "strava":
                from sync.sources.adapters.strava import Strava

                strava = self.config.strava
                return Strava(credential, keep, self.clock, budget, strava.api, strava.oauth, redirect, self.timeout_s)
            case "intervals":
                from sync.sources.adapters.intervals import Intervals

                return Intervals(credential, self.clock, budget, redirect, self.timeout_s, self.athlete.zone)


def policy_of(settings: SourceConfig, athlete: Athlete, *, pauses: bool) -> SyncPolicy:
    return SyncPolicy(
        schedule=poll_schedule_of(settings),
        zone=athlete.zone,
        requests_a_day=settings.requests_a_day,
        between_s=1.0 if pauses else 0.0,
        backfill=settings.history,
        backfill_from=settings.history_from,
        looked_back=looked_back_of(settings),
    )


def looked_back_of(settings: SourceConfig) -> timedelta:
    """No further than a source's data may be kept here: what had to go must not come back."""
    keep_days = getattr(settings, "keep_days", LOOKED_BACK.days)
    return min(LOOKED_BACK, timedelta(days=keep_days))


def redirect_of(config: Config, name: Name) -> str | None:
    """The test server of that source. Raises PersonMustAct when it is not on this machine."""
    key = f"redirect_{name}"
    address: str | None = getattr(config.testing, key)
    return None if address is None else on_this_machine(address, key)


def not_linked(name: Name) -> PersonMustAct:
    return PersonMustAct("source.not_linked", source=name, name=name)


def due(registry: SourceRegistry, now_utc: datetime, **changes: Any) -> Iterator[SyncRun]:
    """The sync runs that have something to do now, the longest waiting first."""
    waiting = [(one.due_utc(now_utc), one) for one in registry.sync_runs(**changes)]
    yield from (one for at, one in sorted(waiting, key=lambda pair: pair[0]) if at <= now_utc)
