"""The sources in the daemon: a job looks each half minute at what is due, and at once when something was linked;
``springstep sync`` goes the same way.

Sync runs are tasks among the daemon's others, so that no two write at once; a batch of older runs is one task, and
everything else comes between two slices.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import time as time_of_day
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from rules.text import Language, load_language
from sync.app.daemon.calendar_jobs import read_calendars, try_calendars
from sync.app.daemon.job_schedule import Daily, Every
from sync.app.daemon.link_calls import add_link_calls
from sync.app.daemon.scheduler import Job, on_change
from sync.errors import PersonMustAct, SpringstepError
from sync.runs.retention import purge, purge_older, wipe
from sync.service.messages import error_text, render_error
from sync.settings.config import Athlete
from sync.settings.credentials import CredentialStore
from sync.sources import registry as registry
from sync.sources.calendars import NAME as CALENDAR
from sync.sources.names import NAMES, Name
from sync.sources.registry import SourceRegistry, not_linked
from sync.sources.sync_policy import SyncResult
from sync.wire.tasks import DoctorRequest, DoctorResult, PurgeRequest, PurgeResult, SyncRequest, SyncTaskResult

if TYPE_CHECKING:
    from sync.app.daemon.app import App
    from sync.app.daemon.tasks import TaskProgress

log = structlog.get_logger()

LOOK_EVERY = timedelta(seconds=30)
USB_EVERY = timedelta(minutes=2)
PURGE_EVERY = timedelta(hours=6)
QUIET_AT = time_of_day(3, 40)
"""When the bytes of what was purged leave the database file: writers wait meanwhile."""


def registry_for(app: App, athlete: Athlete, *, wait: Callable[[float], object] | None = time.sleep) -> SourceRegistry:
    """One runner's sources in this process."""
    vault = CredentialStore(app.home.secrets, app.config.secrets.keep_in)
    return SourceRegistry(app.store, app.config, athlete, vault, app.engine.sink(athlete.id), app.now, wait)


def jobs(app: App) -> Iterator[Job]:
    """What the sources add to the daemon's jobs and tasks."""
    add_tasks(app)
    add_link_calls(app)
    linked = CredentialStore(app.home.secrets).stamp
    yield Job("sources", Every(LOOK_EVERY), _looking(app), on_change(lambda: linked(NAMES)))
    calendar = app.as_task("calendar", lambda: read_calendars(app))
    yield Job("calendar", Every(LOOK_EVERY * 2), calendar, on_change(lambda: linked((CALENDAR,))))
    yield Job("strava-retention", Every(PURGE_EVERY), app.as_task("strava-retention", lambda: keep_retention(app)))
    quiet = Daily(QUIET_AT, app.config.first.zone)
    yield Job("wipe", quiet, app.as_task("wipe", lambda: wipe(app.store, app.home)))
    if app.config.usb.watch:
        yield Job("usb", Every(USB_EVERY), app.as_task("usb", lambda: read_watches(app)))


def add_tasks(app: App) -> None:
    """``sync``, ``purge`` and ``doctor`` as tasks that may be asked for."""
    app.task_kinds["sync"] = (SyncRequest, sync_task(app))
    app.task_kinds["purge"] = (PurgeRequest, purge_task(app))
    app.task_kinds["doctor"] = (DoctorRequest, doctor_task(app))


def _looking(app: App) -> Callable[[Callable[[BaseException | None], None]], bool]:
    """As `App.as_task` does, but told when to stop: a batch of older runs takes a minute."""

    def start(ended: Callable[[BaseException | None], None]) -> bool:
        app.tasks.start("sources", lambda progress: look(app, progress.stopping), listed=False, on_end=ended)
        return True

    return start


def look(app: App, stopping: Callable[[], bool] = lambda: False) -> None:
    """Whatever is due now, a source at a time; one that fails does not stop the others.

    Raises the first failure at the end: a sync run writes down how it went, so what comes out of one could not be
    written, and only the job itself can rest.
    """
    failures: list[Exception] = []
    for athlete in app.config.athletes:
        ends = _ends(app, athlete, stopping)
        due = registry.due(registry_for(app, athlete), app.now(), stopping=ends)
        did = [_run(one.run, failures) for one in due if not ends()]
        if any(result is not None for result in did) and _lives_here(app, athlete):
            app.engine.refresh(athlete.id)
            app.changed()
    if failures:
        raise failures[0]


def _lives_here(app: App, athlete: Athlete) -> bool:
    """Whoever is removed while their sources are looked at is left alone from then on."""
    return any(one.id == athlete.id for one in app.config.athletes)


def _ends(app: App, athlete: Athlete, stopping: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: stopping() or not _lives_here(app, athlete)


def _run(run: Callable[[], SyncResult], failures: list[Exception]) -> SyncResult | None:
    try:
        return run()
    except SpringstepError as error:
        log.warning("source.failed", error=str(error))
        failures.append(error)
    except Exception as error:
        log.exception("source.failed")
        failures.append(error)
    return None


def sync_task(app: App) -> Callable[[SyncRequest, TaskProgress], SyncTaskResult]:
    """``springstep sync``: a sync run of each source now, and with ``full`` everything listed again."""

    def carry_out(request: SyncRequest, progress: TaskProgress) -> SyncTaskResult:
        athlete = app.config.athlete(request.athlete)
        at = registry_for(app, athlete)
        names = [name for name in NAMES if request.source in (None, name)]
        linked = set(at.linked())
        if request.source is not None and not (linked & set(names)):
            raise not_linked(known(request.source))
        done: list[SyncResult] = []
        for name in names:
            if name in linked:
                one = at.one(name, progress=progress, stopping=_ends(app, athlete, progress.stopping))
                done.append(one.run(full=request.full, by_person=True))
        app.engine.refresh(athlete.id)
        app.changed()
        language = load_language(athlete.language)
        return SyncTaskResult(passes=[_run_line(result, language) for result in done])

    return carry_out


def purge_task(app: App) -> Callable[[PurgeRequest, TaskProgress], PurgeResult]:
    """``springstep purge SOURCE``: the credentials first, so that nothing comes back meanwhile."""

    def carry_out(request: PurgeRequest, _progress: TaskProgress) -> PurgeResult:
        athlete = app.config.athlete(request.athlete)
        name = known(request.source)
        vault = CredentialStore(app.home.secrets, app.config.secrets.keep_in)
        vault.remove(athlete.id, name)
        if vault.get(athlete.id, name) is not None:
            raise PersonMustAct("source.given", why="given", name=name)
        count = purge(app.store, app.home, athlete, name)
        app.engine.refresh(athlete.id)
        wipe(app.store, app.home)
        app.changed()
        return PurgeResult(source=name, copies=count)

    return carry_out


def doctor_task(app: App) -> Callable[[DoctorRequest, TaskProgress], DoctorResult]:
    """``springstep doctor --source NAME``: one harmless request."""

    def carry_out(request: DoctorRequest, _progress: TaskProgress) -> DoctorResult:
        from sync.sources.diagnose import report

        athlete = app.config.athlete(request.athlete)
        if request.source == CALENDAR:
            return try_calendars(app, athlete)
        found = report(registry_for(app, athlete), known(request.source))
        language = load_language(athlete.language)
        said = [] if found.error is None else [error_text(found.error, language)]
        title = language.say(f"source.name.{request.source}")
        answered = language.say("source.answered", source=title, count=found.activities)
        resting = language.say("source.resting", source=title)
        says = answered if found.asked and not said else " ".join(said) or resting
        return DoctorResult(ok=found.ok, lines=[*found.lines, *said], says=says)

    return carry_out


def known(source: str) -> Name:
    """Raises PersonMustAct for a name that no source has."""
    for name in NAMES:
        if name == source:
            return name
    raise PersonMustAct("source.not_known", name=source, known=NAMES)


def _run_line(result: SyncResult, language: Language) -> dict[str, object]:
    until, error = result.not_before_utc, result.error
    says, do_now = (None, None) if error is None else render_error(error, language)
    return {
        "source": result.source,
        "result": result.result,
        "counts": dict(result.counts),
        "more": result.more,
        "says": says,
        "do_now": do_now,
        "error": None if error is None else error.to_json(),
        "not_before_utc": None if until is None else until.isoformat(),
    }


# --- watches, retention -------------------------------------------------------------------


def read_watches(app: App) -> None:
    """Files of a plugged-in watch go the way of every file; known ones cost one look each."""
    from sync.sources.adapters.folder import watch_folders

    folders = watch_folders(app.config.usb.places)
    if folders:
        app.engine.import_paths(folders, athlete=app.config.first.id)


def keep_retention(app: App) -> None:
    """What came only from Strava goes when its days are over, that of a removed runner too."""
    keep = timedelta(days=app.config.strava.keep_days)
    for athlete in (*app.config.athletes, *app.config.removed):
        if purge_older(app.store, app.home, athlete, "strava", before_utc=app.now() - keep) and not athlete.removed:
            app.engine.refresh(athlete.id)
            app.changed()
