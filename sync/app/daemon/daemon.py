"""The daemon: owns the store, serves the API, runs the jobs, and ends cleanly when told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from datetime import time as time_of_day

import structlog

from sync.app.daemon import api
from sync.app.daemon.app import App, open_app
from sync.app.daemon.inbox_watch import InboxWatch
from sync.app.daemon.job_schedule import Daily, Every
from sync.app.daemon.job_store import JobStore
from sync.app.daemon.notify_systemd import notify, watchdog_s
from sync.app.daemon.scheduler import Job, Scheduler, at_once
from sync.app.daemon.settings_keeper import keep_settings
from sync.app.daemon.store_choice import wait_for_choice
from sync.errors import NoStore
from sync.settings.config import Config
from sync.settings.live_config import LiveConfig
from sync.settings.paths import DataDir

log = structlog.get_logger()
OUTBOX_EVERY = timedelta(minutes=1)
REFRESH_EVERY = timedelta(minutes=5)
MoreJobs = Callable[[App], Iterable[Job]]


def run_daemon(
    home: DataDir,
    config: Config,
    *,
    now: Callable[[], datetime],
    stop: threading.Event,
    environ: Mapping[str, str],
    doing: str = "daemon",
    more_jobs: MoreJobs = lambda _app: (),
    on_ready: Callable[[App], None] = lambda _app: None,
    on_waiting: Callable[[], None] = lambda: None,
    each_tick: Callable[[], None] = lambda: None,
    settings: LiveConfig | None = None,
) -> None:
    """Runs until ``stop`` is set. Raises LockHeld when another process owns the home.

    ``more_jobs`` makes the jobs besides `own_jobs`; ``on_ready`` is called once the API answers. Where the store is
    lost ``on_waiting`` is called once the socket says so, and the daemon goes on when the runner has chosen.
    ``settings`` is the file that ``config`` came from: what changes there is taken over.
    """
    while True:
        try:
            _run_app(
                home, config, now=now, stop=stop, environ=environ, doing=doing, more_jobs=more_jobs,
                on_ready=on_ready, each_tick=each_tick, settings=settings,
            )  # fmt: skip
            break
        except NoStore as lost:
            on_each = (_sign_of_life(environ), each_tick)
            wait_for_choice(
                home, config, lost, doing, stop=stop, environ=environ, on_waiting=on_waiting, on_each=on_each
            )  # fmt: skip
            if stop.is_set():
                break
    log.info("daemon.stopped")


def _run_app(
    home: DataDir,
    config: Config,
    *,
    now: Callable[[], datetime],
    stop: threading.Event,
    environ: Mapping[str, str],
    doing: str,
    more_jobs: MoreJobs,
    on_ready: Callable[[App], None],
    each_tick: Callable[[], None],
    settings: LiveConfig | None,
) -> None:
    with open_app(home, config, doing, role="daemon", now=now) as app:
        kept = [] if settings is None else [keep_settings(app, settings)]
        scheduler = Scheduler(
            [*own_jobs(app), *more_jobs(app), *kept], JobStore(app.store), now=now, on_success=app.counters.succeeded
        )
        app.health_checks["scheduler"] = lambda: "; ".join(scheduler.checks()) or None
        with api.serve(app, home.make_socket_path(environ)):
            notify("READY=1\nSTATUS=running", environ)
            log.info("daemon.ready", home=str(home.root))
            on_ready(app)
            sign_of_life = _sign_of_life(environ)

            def each_time() -> None:
                sign_of_life()
                try:
                    each_tick()
                except Exception:
                    log.exception("daemon.tick_failed")

            scheduler.run_until(stop, each_time=each_time)
            notify("STOPPING=1", environ)
            log.info("daemon.stopping")


def own_jobs(app: App) -> list[Job]:
    """The jobs that every home has."""
    config = app.config
    watch = InboxWatch(app)
    # First of all at each start: labels that other rules made are made again (until then the old ones are shown), and
    # what the runner's first tap needs is loaded by then.
    refresh = Job("refresh", Every(REFRESH_EVERY), app.as_task("refresh", app.refresh), at_start=True)
    return [
        refresh,
        Job("outbox", Every(OUTBOX_EVERY), at_once(app.ingest_outbox)),
        Job("inbox", Every(timedelta(seconds=config.inbox.scan_seconds)), watch.look),
        Job(
            "maintenance",
            Daily(time_of_day(config.store.backup_hour), config.first.zone),
            app.as_task("maintenance", app.maintain),
        ),
    ]


def _sign_of_life(environ: Mapping[str, str]) -> Callable[[], None]:
    every_s = watchdog_s(environ)
    last_s = time.monotonic()

    def tell() -> None:
        nonlocal last_s
        if every_s is not None and time.monotonic() - last_s >= every_s:
            notify("WATCHDOG=1", environ)
            last_s = time.monotonic()

    return tell
