"""A home with made-up services linked, a clock that is moved by hand, and the real engine and store between them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from rules.facts.foot_work import PlannedRun
from rules.facts.problems import Problem
from rules.facts.recorded import FileId, Recording, Samples
from sync.app.demo.fake_garmin import KEY, FakeGarmin
from sync.formats.outcome import Read
from sync.formats.services.fetched_activity import FetchedActivity
from sync.runs.import_service import PARSERS
from sync.service.engine import Engine
from sync.settings.config import Config, from_tree
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.sources.registry import Name, SourceRegistry, due
from sync.sources.sync_policy import ActivitySink, SyncResult
from sync.storage import runs
from sync.storage.database import Store
from tests.fakes.intervals import KEY as INTERVALS_KEY
from tests.fakes.intervals import FakeIntervals
from tests.fakes.strava import CLIENT_ID, CLIENT_SECRET, FakeStrava

MORNING = datetime(2026, 3, 20, 8)


def short_run(start_utc: datetime, **changes: Any) -> Recording:
    """A run of half an hour with a reading every ten seconds: light enough for thousands."""
    t_s = np.arange(0.0, 1800.0, 10.0)
    nothing = np.full(len(t_s), np.nan)
    made = Recording(
        sport="running", start_utc=start_utc, elapsed_s=1790.0, utc_offset_s=3600, timer_s=1790.0, moving_s=1780.0,
        distance_m=5370.0, ascent_m=20.0, descent_m=20.0, mean_heart_rate_bpm=141.0, max_heart_rate_bpm=158.0,
        mean_cadence_spm=168.0, device="Made-up Watch", file_id=FileId("development", "1", 4711, start_utc),
        samples=Samples(
            t_s=t_s, distance_m=t_s * 3, speed_mps=np.full(len(t_s), 3.0), heart_rate_bpm=np.full(len(t_s), 141.0),
            cadence_spm=np.full(len(t_s), 168.0), altitude_m=np.full(len(t_s), 20.0), latitude_deg=nothing,
            longitude_deg=nothing, power_w=nothing, temperature_c=nothing,
        ),
    )  # fmt: skip
    return replace(made, **changes)


@dataclass
class Shelf:
    """A light hand where the engine's work is not what is asked: keeps what a pass gives it."""

    copies: dict[tuple[str, str], FetchedActivity] = field(default_factory=dict)
    planned: dict[str, tuple[PlannedRun, ...]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)

    def ingest(self, source: str, source_id: str, copy: FetchedActivity) -> tuple[Problem, ...]:
        if source_id in self.unreadable:
            return (Problem(f"{source}:{source_id}", "fit-damaged"),)
        self.copies[source, source_id] = copy
        return ()

    def delete(self, source: str, source_id: str) -> None:
        self.copies.pop((source, source_id), None)

    def plan(self, source: str, first: date, last: date, runs: Sequence[PlannedRun]) -> None:
        self.planned[source] = tuple(runs)

    def recordings(self) -> list[Recording]:
        outcomes = [PARSERS[copy.form](json.dumps(copy.summary).encode()) for copy in self.copies.values()]
        return [one for outcome in outcomes if isinstance(outcome, Read) for one in outcome.recordings]


@dataclass
class LinkedHome:
    """``light``: passes put what they get on a shelf; else the real engine takes it in."""

    root: Path
    light: bool = False
    now: datetime = MORNING
    tree: dict[str, Any] = field(default_factory=dict)
    timeout_s: float = 5.0
    fakes: dict[str, Any] = field(default_factory=dict)
    """Services that run already, in another process perhaps."""
    garmin: FakeGarmin = field(init=False)
    strava: FakeStrava = field(init=False)
    intervals: FakeIntervals = field(init=False)
    store: Store = field(init=False)
    engine: Engine = field(init=False)
    config: Config = field(init=False)
    shelf: Shelf = field(default_factory=Shelf)

    def __post_init__(self) -> None:
        self.garmin = self.fakes.get("garmin") or FakeGarmin(clock=self.clock)
        self.strava = self.fakes.get("strava") or FakeStrava(clock=self.clock)
        self.intervals = self.fakes.get("intervals") or FakeIntervals(clock=self.clock)
        for fake in (self.garmin, self.strava, self.intervals):
            if fake not in self.fakes.values():
                fake.start()
        redirects = {f"redirect_{name}": getattr(self, name).url for name in ("garmin", "strava", "intervals")}
        athlete = {"id": "runner", "time_zone": "Europe/Berlin"}
        self.config = from_tree({"athlete": athlete, "testing": redirects, **self.tree})
        self.home = DataDir(self.root)
        self.home.make("runner")
        self.vault = CredentialStore(self.home.secrets, self.config.secrets.keep_in)
        self.open()

    def clock(self) -> datetime:
        return self.now

    def open(self) -> None:
        self.store = Store.open(self.home.database)
        self.engine = Engine(self.store, self.config, self.home, now=self.clock)

    def close(self) -> None:
        for fake in (self.garmin, self.strava, self.intervals):
            fake.stop()
        self.store.close()

    def restart(self) -> None:
        """The program ends and starts again; the services do not notice."""
        self.store.close()
        self.open()

    def link(self, name: Name, **changes: Any) -> None:
        credential: dict[str, Any] = {"linked_utc": self.now.isoformat(), "test_server": True}
        match name:
            case "garmin":
                credential |= {"api_key": KEY}
            case "strava":
                credential |= {
                    "client_id": str(CLIENT_ID), "client_secret": CLIENT_SECRET,
                    "refresh_token": self.strava.refresh_token,
                }  # fmt: skip
            case "intervals":
                credential |= {"api_key": INTERVALS_KEY}
        self.vault.put("runner", name, {**credential, **changes})

    @property
    def hand(self) -> ActivitySink:
        return self.shelf if self.light else self.engine.sink()

    @property
    def doors(self) -> SourceRegistry:
        return SourceRegistry(
            self.store, self.config, self.config.athlete(), self.vault, self.hand, self.clock,
            jitter=lambda: 0.0, timeout_s=self.timeout_s,
        )  # fmt: skip

    def sync(self, name: Name = "garmin", **how: Any) -> SyncResult:
        """What is due at that source now."""
        return self.doors.one(name).run(**how)

    def sync_all_due(self) -> list[SyncResult]:
        return [one.run() for one in due(self.doors, self.now)]

    def until_done(self, name: Name = "garmin", *, most: int = 400) -> list[SyncResult]:
        """Pass after pass, a minute or more between them, until there is nothing left to do."""
        passed = [self.sync(name, by_person=True)]
        while passed[-1].more or passed[-1].result == "waiting":
            assert len(passed) < most
            self.now = max(self.doors.one(name).due_utc(self.now), self.now + timedelta(seconds=1))
            passed.append(self.sync(name))
        return passed

    def simulate(self, days: float, *, tick: timedelta = timedelta(minutes=1)) -> list[tuple[datetime, SyncResult]]:
        """The daemon's clockwork in simulated time: whatever is due is run, then the clock moves to the next."""
        end, done = self.now + timedelta(days=days), []
        while True:
            done += [(self.now, passed) for passed in self.sync_all_due()]
            nexts = [one.due_utc(self.now) for one in self.doors.sync_runs()]
            following = max(min(nexts, default=end), self.now + tick)
            if following >= end:
                self.now = end
                return done
            self.now = following

    # --- what the home holds ---

    def starts(self) -> list[datetime]:
        if self.light:
            return sorted(one.start_utc for one in self.shelf.recordings() if one.sport == "running")
        return sorted(row.start_utc for row in runs.runs(self.store, "runner"))

    def titles(self) -> dict[datetime, str | None]:
        if self.light:
            return {one.start_utc: one.title for one in self.shelf.recordings()}
        return {row.start_utc: row.title for row in runs.runs(self.store, "runner")}

    def sources(self) -> dict[datetime, list[str]]:
        return {row.start_utc: sorted(row.sources) for row in runs.runs(self.store, "runner")}


@contextmanager
def linked_home(root: Path, *names: Name, **changes: Any) -> Iterator[LinkedHome]:
    made = LinkedHome(root, **changes)
    try:
        for name in names:
            made.link(name)
        yield made
    finally:
        made.close()
