"""Planned runs of every runner's calendars: linked addresses from the vault, and files that the config names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from rules.facts.foot_work import PlannedRun
from rules.facts.problems import Problem
from rules.text import load_language
from sync.errors import PersonMustAct, TryLater
from sync.service.messages import error_text
from sync.settings.credentials import CredentialStore
from sync.sources.calendars import NAME, linked_calendars
from sync.sources.linking import PLANNED_AHEAD
from sync.sources.rate_policy import RequestBudget
from sync.storage import housekeeping
from sync.wire.tasks import DoctorResult

if TYPE_CHECKING:
    from sync.app.daemon.app import App
    from sync.settings.config import Athlete
    from sync.sources.adapters.calendar import CalendarFeed


def addresses_of(app: App, athlete: Athlete) -> tuple[str, ...]:
    """The linked calendars; files in the config are the first runner's, and so is an address that had to stay there."""
    vault = CredentialStore(app.home.secrets, app.config.secrets.keep_in)
    linked = [one.address for one in linked_calendars(vault, athlete.id)]
    named = app.config.calendar.addresses if athlete.id == app.config.first.id else ()
    return tuple(dict.fromkeys([*linked, *named]))


def read_calendars(app: App) -> None:
    """Each runner's, as often as they are to be read; what cannot be read waits for the next time."""
    for athlete in app.config.athletes:
        _read(app, athlete)


def forget_calendar_state(app: App, athlete: Athlete) -> None:
    """The next look reads at once. Without any calendar, what they had planned goes."""
    housekeeping.upsert_source_state(app.store, athlete.id, NAME, "due", None)
    housekeeping.delete_stale_problems(app.store, athlete.id, source=NAME, place=NAME)
    if not addresses_of(app, athlete):
        first, last = _window(app, athlete)
        housekeeping.upsert_source_state(app.store, athlete.id, NAME, "error", None)
        app.engine.sink(athlete.id).plan("ical", first, last, [])
        app.engine.refresh(athlete.id)


def try_calendars(app: App, athlete: Athlete) -> DoctorResult:
    """Asks each of them once, and says in words what came."""
    language, found = load_language(athlete.language), list[PlannedRun]()
    addresses = addresses_of(app, athlete)
    if not addresses:
        raise PersonMustAct("source.calendar.not_linked", why="calendar.not_linked")
    first, last = _window(app, athlete)
    try:
        for address in addresses:
            found += list(_feed(app, athlete, address, set()).planned(first, last) or ())
    except (PersonMustAct, TryLater) as error:
        says = error_text(error, language)
        return DoctorResult(ok=False, lines=[f"{NAME}: {error.code}"], says=says)
    says = language.say("source.calendar_answered", count=len(found))
    return DoctorResult(ok=True, lines=[f"{NAME}: {len(addresses)} read, {len(found)} planned"], says=says)


def _window(app: App, athlete: Athlete) -> tuple[date, date]:
    first = app.now().replace(tzinfo=UTC).astimezone(athlete.zone).date()
    return first, first + PLANNED_AHEAD


def _feed(app: App, athlete: Athlete, address: str, gave_up: set[str]) -> CalendarFeed:
    from sync.sources.adapters.calendar import CalendarFeed

    inside = app.config.calendar.private_hosts
    return CalendarFeed(address, athlete.zone, app.now, RequestBudget(5), gave_up=gave_up, inside=inside)


def _read(app: App, athlete: Athlete) -> None:
    addresses = addresses_of(app, athlete)
    if not addresses:
        return
    state = housekeeping.source_state(app.store, athlete.id, NAME)
    now = app.now()
    due = state.get("due")
    every = timedelta(minutes=app.config.calendar.every_minutes)
    # Further ahead than one round is what a clock wrote that was put back since.
    if due is not None and now < datetime.fromisoformat(due) <= now + every:
        return
    housekeeping.upsert_source_state(app.store, athlete.id, NAME, "due", (now + every).isoformat())
    first, last = _window(app, athlete)
    runs, left_out = list[PlannedRun](), 0
    gave_up = set(state.get("gave_up") or ())
    try:
        for address in addresses:
            source = _feed(app, athlete, address, gave_up)
            runs += list(source.planned(first, last) or ())
            left_out += source.left_out
    except (PersonMustAct, TryLater) as error:
        housekeeping.upsert_source_state(app.store, athlete.id, NAME, "error", error.coded.to_json())
        if isinstance(error, PersonMustAct):
            housekeeping.upsert_source_state(app.store, athlete.id, NAME, "gave_up", sorted(gave_up))
            app.engine.tell_problem(NAME, Problem(NAME, "calendar-unread", error.coded.to_text()), athlete.id)
        return
    housekeeping.delete_stale_problems(app.store, athlete.id, source=NAME, place=NAME)
    if left_out:
        app.engine.tell_problem(NAME, Problem(NAME, "calendar-cut", str(left_out)), athlete.id)
    housekeeping.upsert_source_state(app.store, athlete.id, NAME, "error", None)
    housekeeping.upsert_source_state(app.store, athlete.id, NAME, "success", now.isoformat())
    app.engine.sink(athlete.id).plan("ical", first, last, runs)
    app.engine.refresh(athlete.id)
    app.changed()
