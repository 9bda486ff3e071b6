"""What one sync run does about what a source lists: a pure function of the listing and of what is known.

A listing is evidence of presence, never of absence: a run that is not listed stays. Only a source that lists the rest
of the window completely, twice and hours apart, and then answers "not there" when asked directly, makes a run gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

RETRY_AFTER = (
    timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), *(timedelta(days=1),) * 4,
    timedelta(days=2), timedelta(days=4), timedelta(days=8), timedelta(days=16),
)  # fmt: skip
"""Pauses before an activity that could not be taken in is tried again."""
RETRY_FOR_EVER = timedelta(days=30)
"""After those: an activity stays owed as long as its service lists it or has not said that it is gone."""
NO_FILE_TRIES = 4
"""So often a service may say that it has no file of a recorded activity before it is believed: about two days."""
MISSING_FOR = timedelta(hours=6)
ASK_AGAIN_AFTER = timedelta(days=1)
RECHECKS_A_RUN = 3
SLACK = timedelta(hours=1)
"""A run may take so long: what it tried lies after the instant that it began with."""


@dataclass(frozen=True, slots=True)
class RemoteItem:
    """One listed activity, reduced to what a decision needs.

    ``revision`` changes with anything in the item; ``core`` only with what the recorded file depends on (start,
    duration, distance), so that an edited title does not download the file again.
    """

    source_id: str
    start_utc: datetime
    revision: str
    core: str
    sport: str | None = None


@dataclass(frozen=True, slots=True)
class LocalItem:
    """What is kept about an activity at a source. ``taken`` is the revision that was taken in whole."""

    source_id: str
    start_utc: datetime
    revision: str
    core: str
    sport: str | None = None
    taken: str | None = None
    taken_core: str | None = None
    attempts: int = 0
    tried_utc: datetime | None = None
    missing_since_utc: datetime | None = None
    asked_utc: datetime | None = None
    gone: bool = False


FetchReason = Literal["new", "changed", "unfinished", "back"]


@dataclass(frozen=True, slots=True)
class Fetch:
    """Take this activity in; ``original`` False when only its words changed."""

    source_id: str
    start_utc: datetime
    why: FetchReason
    original: bool = True


@dataclass(frozen=True, slots=True)
class Recheck:
    """Ask the source directly whether this activity is still there."""

    source_id: str


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """``rows`` are to be kept before anything is fetched; ``fetches`` are newest first; ``suspicious`` means that
    the listing lacks so much that nothing is concluded from it."""

    rows: tuple[LocalItem, ...]
    fetches: tuple[Fetch, ...]
    rechecks: tuple[Recheck, ...]
    suspicious: bool


def reconcile(
    items: Iterable[RemoteItem],
    known: Mapping[str, LocalItem],
    *,
    now_utc: datetime,
    since_utc: datetime,
    until_utc: datetime | None = None,
    complete: bool,
    anew: bool = False,
) -> SyncPlan:
    """``known`` holds every row of the window and every row that is not finished, whatever its date.

    ``anew``: whatever is owed is tried now, however often it failed.
    """
    listed = {item.source_id: item for item in items}
    rows: dict[str, LocalItem] = {}
    for item in listed.values():
        row = _noted(item, known.get(item.source_id))
        if row != known.get(item.source_id):
            rows[item.source_id] = row
    if anew:
        for row in {**known, **rows}.values():
            if row.attempts:
                rows[row.source_id] = replace(row, attempts=0, tried_utc=None)
    unlisted = [
        row
        for row in known.values()
        if row.source_id not in listed
        and not row.gone
        and since_utc <= row.start_utc < (until_utc or datetime.max)  # The window's own edge is not evidence.
    ]
    in_window = sum(1 for row in known.values() if since_utc <= row.start_utc < (until_utc or datetime.max))
    suspicious = not complete or len(unlisted) > max(1, in_window // 2) or (not listed and bool(unlisted))
    rechecks: list[Recheck] = []
    if not suspicious:
        for row in sorted(unlisted, key=lambda row: row.start_utc, reverse=True):
            if row.missing_since_utc is None or row.missing_since_utc > now_utc + SLACK:
                rows[row.source_id] = replace(row, missing_since_utc=now_utc)
            elif _worth_asking(row, now_utc) and len(rechecks) < RECHECKS_A_RUN:
                rechecks.append(Recheck(row.source_id))
    together = {**known, **rows}
    fetches = [
        fetch for row in together.values() if (fetch := _fetch(row, known.get(row.source_id), now_utc)) is not None
    ]
    fetches.sort(key=lambda fetch: (fetch.start_utc, fetch.source_id), reverse=True)
    return SyncPlan(tuple(rows.values()), tuple(fetches), tuple(rechecks), suspicious)


def retry_after(attempts: int) -> timedelta:
    """The pause after that many failed tries in a row."""
    return RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else RETRY_FOR_EVER


def taken(row: LocalItem, now_utc: datetime) -> LocalItem:
    """The row after its activity was taken in."""
    return replace(row, taken=row.revision, taken_core=row.core, attempts=0, tried_utc=now_utc)


def came_without_file(row: LocalItem, now_utc: datetime) -> LocalItem:
    """The row after all but the recorded file came: a service lists some activities before it has their files."""
    return fetch_failed(row, now_utc) if row.attempts < NO_FILE_TRIES else taken(row, now_utc)


def fetch_failed(row: LocalItem, now_utc: datetime) -> LocalItem:
    """The row after its activity could not be taken in."""
    return replace(row, attempts=row.attempts + 1, tried_utc=now_utc)


def answered(row: LocalItem, now_utc: datetime, *, there: bool) -> LocalItem:
    """The row after the direct question."""
    if there:
        return replace(row, missing_since_utc=None, asked_utc=now_utc)
    return replace(row, gone=True, asked_utc=now_utc)


def fetch_unanswered(row: LocalItem, now_utc: datetime) -> LocalItem:
    """The row after a direct question that came to nothing: it stays, and is asked again in a day."""
    return replace(row, asked_utc=now_utc)


def _noted(item: RemoteItem, row: LocalItem | None) -> LocalItem:
    if row is None:
        return LocalItem(item.source_id, item.start_utc, item.revision, item.core, item.sport)
    if row.gone:
        # It came back: a restore, or the earlier "not there" was a lie. Taking it in again is harmless if it is equal.
        return LocalItem(item.source_id, item.start_utc, item.revision, item.core, item.sport)
    changed = row.revision != item.revision
    return replace(
        row,
        start_utc=item.start_utc,
        revision=item.revision,
        core=item.core,
        sport=item.sport,
        missing_since_utc=None,
        attempts=0 if changed else row.attempts,
        tried_utc=None if changed else row.tried_utc,
    )


def _worth_asking(row: LocalItem, now_utc: datetime) -> bool:
    assert row.missing_since_utc is not None
    long_missing = now_utc - row.missing_since_utc >= MISSING_FOR
    return long_missing and (row.asked_utc is None or now_utc - row.asked_utc >= ASK_AGAIN_AFTER)


def _fetch(row: LocalItem, before: LocalItem | None, now_utc: datetime) -> Fetch | None:
    if row.gone or row.taken == row.revision:
        return None
    # A try that is still to come was made by a clock that was put back since: the next one must not wait for it.
    if row.attempts and row.tried_utc is not None and -SLACK <= now_utc - row.tried_utc < retry_after(row.attempts):
        return None
    why: FetchReason
    if before is not None and before.gone:
        why = "back"
    elif row.taken is not None:
        why = "changed"
    elif before is not None:
        why = "unfinished"
    else:
        why = "new"
    return Fetch(row.source_id, row.start_utc, why, original=row.taken_core != row.core)
