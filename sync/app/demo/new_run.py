"""The demo's Garmin: made up, on this machine, linked like the real one; it has a new run a minute after the start."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from rules.facts.recorded import FileId, Recording
from sync.app.daemon.app import App
from sync.app.demo import home as demo_home
from sync.app.demo import runner, season
from sync.app.demo.fake_garmin import KEY, FakeGarmin
from sync.errors import SpringstepError
from sync.settings.atomic_files import atomic_write
from sync.settings.config import Config, Testing
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.wire.tasks import SyncRequest

AFTER_S = 60.0
KILOMETRES = 4
AGAIN_AFTER = timedelta(hours=3)
"""Whoever stops and starts the demo often does not become a runner who never rests."""
NOTE = "delivered.json"
log = structlog.get_logger()


def just_finished(now_utc: datetime, first_number: int, zone: ZoneInfo) -> Recording:
    """An easy run that ended a minute ago; ``first_number`` is the season's day it is rolled for."""
    day = now_utc.replace(tzinfo=UTC).astimezone(zone).date()
    (model,) = runner.recordings(season.Outing(first_number, day, time(12), "easy", KILOMETRES), zone)
    start_utc = (now_utc - timedelta(seconds=60 + model.elapsed_s)).replace(microsecond=0)
    moved = start_utc - model.start_utc
    return replace(
        model,
        start_utc=start_utc,
        file_id=FileId("development", "1", 5_150_001, start_utc),
        laps=tuple(replace(lap, start_utc=lap.start_utc + moved) for lap in model.laps),
    )


@contextmanager
def garmin(
    home: DataDir, config: Config, now: Callable[[], datetime]
) -> Iterator[tuple[Callable[[Config], Config], Callable[[App], None]]]:
    """What leads a config to the made-up Garmin, and what to call once the daemon answers."""
    fake = FakeGarmin(clock=now)
    url = fake.start()
    timers: list[threading.Timer] = []
    athlete = config.first
    CredentialStore(home.secrets).put(
        athlete.id, "garmin", {"api_key": KEY, "linked_utc": now().isoformat(), "test_server": True}
    )

    def deliver(app: App) -> None:
        now_utc = now()
        if not _wanted(home, config, now_utc):
            return
        fake.add(just_finished(now_utc, (now_utc - datetime(2020, 1, 6)).days, athlete.zone))
        atomic_write(home.root / NOTE, json.dumps({"at_utc": now_utc.isoformat()}).encode())
        try:
            app.start_requested("sync", SyncRequest(athlete=athlete.id, source="garmin").model_dump_json().encode())
        except (SpringstepError, LookupError) as error:
            log.warning("demo.new_run_late", why=str(error))

    def ready(app: App) -> None:
        timer = threading.Timer(AFTER_S, deliver, (app,))
        timer.daemon = True
        timer.start()
        timers.append(timer)

    def adapt(from_file: Config) -> Config:
        return from_file.model_copy(update={"testing": Testing(redirect_garmin=url)})

    try:
        yield adapt, ready
    finally:
        for timer in timers:
            timer.cancel()
        fake.stop()


def _wanted(home: DataDir, config: Config, now_utc: datetime) -> bool:
    """Not twice within hours, and not while the season's own run of today is only just over."""
    try:
        last_utc = datetime.fromisoformat(json.loads((home.root / NOTE).read_text("utf-8"))["at_utc"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        last_utc = datetime.min
    made, zone = demo_home.marker(home), config.first.zone
    if now_utc - last_utc < AGAIN_AFTER or made is None:
        return False
    today = season.outing(made.first, now_utc.replace(tzinfo=UTC).astimezone(zone).date())
    if today is None:
        return True
    (watch, *_) = runner.recordings(today, zone)
    begins, ends = watch.start_utc, watch.start_utc + timedelta(seconds=watch.elapsed_s)
    return not begins - timedelta(minutes=5) < now_utc < ends + timedelta(minutes=45)
