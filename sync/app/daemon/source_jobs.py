"""The sources in the daemon: a job looks each half minute at what is due; ``springstep sync`` goes the same way.

Passes run among the owner's long works, so that no two write at once; a slice of older runs is one work, and
everything else comes between two slices.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING

import structlog

from rules.facts import Problem
from rules.text import load
from sync.app.daemon.job_schedule import Daily, Every
from sync.app.daemon.scheduler import Job
from sync.errors import PersonMustAct, SpringstepError, TryLater
from sync.runs.retention import purge, purge_older, wipe
from sync.settings.config import Athlete
from sync.settings.credentials import Vault
from sync.sources import registry as doors_of
from sync.sources.base import person_must_act
from sync.sources.names import NAMES, Name
from sync.sources.rate_policy import Meter
from sync.sources.registry import Doors, not_linked
from sync.sources.sync_run import Passed
from sync.storage import housekeeping
from sync.wire import DoctorOrder, DoctorResult, PurgeOrder, PurgeResult, SyncOrder, SyncResult

if TYPE_CHECKING:
    from sync.app.daemon.app import Owner
    from sync.app.daemon.tasks import Progress

log = structlog.get_logger()

LOOK_EVERY = timedelta(seconds=30)
USB_EVERY = timedelta(minutes=2)
PURGE_EVERY = timedelta(hours=6)
QUIET_AT = time_of_day(3, 40)
"""When the bytes of what was purged leave the database file: writers wait meanwhile."""
PLANNED_AHEAD = timedelta(days=28)


def doors(owner: Owner, athlete: Athlete, *, wait: Callable[[float], object] | None = time.sleep) -> Doors:
    """One runner's sources in this process."""
    vault = Vault(owner.home.secrets, owner.config.secrets.keep_in)
    return Doors(owner.store, owner.config, athlete, vault, owner.engine.hand(athlete.id), owner.now, wait)


def jobs(owner: Owner) -> Iterator[Job]:
    """What the sources add to the daemon's jobs and orders."""
    add_orders(owner)
    yield Job("sources", Every(LOOK_EVERY), _looking(owner))
    yield Job("calendar", Every(LOOK_EVERY * 2), owner.as_work("calendar", lambda: read_calendars(owner)))
    yield Job("strava-retention", Every(PURGE_EVERY), owner.as_work("strava-retention", lambda: keep_retention(owner)))
    quiet = Daily(QUIET_AT, owner.config.first.zone)
    yield Job("wipe", quiet, owner.as_work("wipe", lambda: wipe(owner.store, owner.home)))
    if owner.config.usb.watch:
        yield Job("usb", Every(USB_EVERY), owner.as_work("usb", lambda: read_watches(owner)))


def add_orders(owner: Owner) -> None:
    """``sync``, ``purge`` and ``doctor`` as long works of this owner."""
    owner.orders["sync"] = (SyncOrder, sync_order(owner))
    owner.orders["purge"] = (PurgeOrder, purge_order(owner))
    owner.orders["doctor"] = (DoctorOrder, doctor_order(owner))


def _looking(owner: Owner) -> Callable[[Callable[[BaseException | None], None]], bool]:
    """As `Owner.as_work` does, but told when to stop: a slice of older runs takes a minute."""

    def start(ended: Callable[[BaseException | None], None]) -> bool:
        owner.works.start("sources", lambda progress: look(owner, progress.stopping), listed=False, on_end=ended)
        return True

    return start


def look(owner: Owner, stopping: Callable[[], bool] = lambda: False) -> None:
    """Whatever is due now, a source at a time; one that fails does not stop the others.

    Raises the first failure at the end: a pass writes down how it went, so what comes out of one could not be written,
    and only the job itself can rest.
    """
    failures: list[Exception] = []
    for athlete in owner.config.athletes:
        due = doors_of.due(doors(owner, athlete), owner.now(), stopping=stopping)
        did = [_run(one.run, failures) for one in due if not stopping()]
        if any(passed is not None for passed in did):
            owner.engine.refresh(athlete.id)
            owner.changed()
    if failures:
        raise failures[0]


def _run(run: Callable[[], Passed], failures: list[Exception]) -> Passed | None:
    try:
        return run()
    except SpringstepError as error:
        log.warning("source.failed", says=error.says)
        failures.append(error)
    except Exception as error:
        log.exception("source.failed")
        failures.append(error)
    return None


def sync_order(owner: Owner) -> Callable[[SyncOrder, Progress], SyncResult]:
    """``springstep sync``: passes now, and with ``full`` everything listed again."""

    def carry_out(order: SyncOrder, progress: Progress) -> SyncResult:
        athlete = owner.config.athlete(order.athlete)
        at = doors(owner, athlete)
        names = [name for name in NAMES if order.source in (None, name)]
        linked = set(at.linked())
        if order.source is not None and not (linked & set(names)):
            raise not_linked(at.say, known(order.source))
        done: list[Passed] = []
        for name in names:
            if name in linked:
                one = at.one(name, progress=progress, stopping=progress.stopping)
                done.append(one.run(full=order.full, by_person=True))
        owner.engine.refresh(athlete.id)
        owner.changed()
        return SyncResult(passes=[_line(passed) for passed in done])

    return carry_out


def purge_order(owner: Owner) -> Callable[[PurgeOrder, Progress], PurgeResult]:
    """``springstep purge SOURCE``: the credentials first, so that nothing comes back meanwhile."""

    def carry_out(order: PurgeOrder, _progress: Progress) -> PurgeResult:
        athlete = owner.config.athlete(order.athlete)
        name = known(order.source)
        vault = Vault(owner.home.secrets, owner.config.secrets.keep_in)
        vault.remove(athlete.id, name)
        if vault.get(athlete.id, name) is not None:
            raise person_must_act(load(athlete.language).say, "given", name=name)
        count = purge(owner.store, owner.home, athlete, name)
        owner.engine.refresh(athlete.id)
        wipe(owner.store, owner.home)
        owner.changed()
        return PurgeResult(source=name, copies=count)

    return carry_out


def doctor_order(owner: Owner) -> Callable[[DoctorOrder, Progress], DoctorResult]:
    """``springstep doctor --source NAME``: one harmless request."""

    def carry_out(order: DoctorOrder, _progress: Progress) -> DoctorResult:
        from sync.sources.diagnose import report

        found = report(doors(owner, owner.config.athlete(order.athlete)), known(order.source))
        return DoctorResult(ok=found.ok, lines=list(found.lines))

    return carry_out


def known(source: str) -> Name:
    """Raises PersonMustAct for a name that no source has."""
    for name in NAMES:
        if name == source:
            return name
    raise PersonMustAct(f"There is no source named {source}.", do=f"Known: {', '.join(NAMES)}.")


def _line(passed: Passed) -> dict[str, object]:
    until = passed.not_before_utc
    return {
        "source": passed.source,
        "result": passed.result,
        "counts": dict(passed.counts),
        "more": passed.more,
        "says": passed.says,
        "do_now": passed.do_now,
        "not_before_utc": None if until is None else until.isoformat(),
    }


# --- planned runs, watches, retention -------------------------------------------------------------------


def read_calendars(owner: Owner) -> None:
    """The first runner's feeds, each at its own rhythm; what cannot be read waits for the next time."""
    from sync.sources.adapters.calendar import NAME, Calendar

    athlete, settings = owner.config.first, owner.config.calendar
    if not settings.addresses:
        return
    state = housekeeping.source_state(owner.store, athlete.id, NAME)
    now = owner.now()
    due = state.get("due")
    every = timedelta(minutes=settings.every_minutes)
    # Further ahead than one round is what a clock wrote that was put back since.
    if due is not None and now < datetime.fromisoformat(due) <= now + every:
        return
    housekeeping.keep_source_state(owner.store, athlete.id, NAME, "due", (now + every).isoformat())
    first = now.replace(tzinfo=UTC).astimezone(athlete.zone).date()
    last = first + PLANNED_AHEAD
    say = load(athlete.language).say
    runs, left_out = [], 0
    gave_up = set(state.get("gave_up") or ())
    try:
        for address in settings.addresses:
            source = Calendar(address, athlete.zone, owner.now, say, Meter(5), gave_up=gave_up)
            runs += list(source.planned(first, last) or ())
            left_out += source.left_out
    except (PersonMustAct, TryLater) as error:
        housekeeping.keep_source_state(owner.store, athlete.id, NAME, "says", [error.says, error.do])
        if isinstance(error, PersonMustAct):
            housekeeping.keep_source_state(owner.store, athlete.id, NAME, "gave_up", sorted(gave_up))
            owner.engine.tell_problem(NAME, Problem(NAME, "calendar-unread", error.says), athlete.id)
        return
    housekeeping.clear_problems(owner.store, athlete.id, source=NAME, place=NAME)
    if left_out:
        owner.engine.tell_problem(NAME, Problem(NAME, "calendar-cut", str(left_out)), athlete.id)
    housekeeping.keep_source_state(owner.store, athlete.id, NAME, "says", None)
    housekeeping.keep_source_state(owner.store, athlete.id, NAME, "success", now.isoformat())
    owner.engine.hand(athlete.id).plan("ical", first, last, runs)
    owner.engine.refresh(athlete.id)
    owner.changed()


def read_watches(owner: Owner) -> None:
    """Files of a plugged-in watch go the way of every file; known ones cost one look each."""
    from sync.sources.adapters.folder import watch_folders

    folders = watch_folders(owner.config.usb.places)
    if folders:
        owner.engine.take_in(folders, athlete=owner.config.first.id)


def keep_retention(owner: Owner) -> None:
    """What came only from Strava goes when its days are over."""
    keep = timedelta(days=owner.config.strava.keep_days)
    for athlete in owner.config.athletes:
        if purge_older(owner.store, owner.home, athlete, "strava", before_utc=owner.now() - keep):
            owner.engine.refresh(athlete.id)
            owner.changed()
