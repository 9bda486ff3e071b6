"""What every source offers, in our own words, and how its ways of saying no become ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING, Any, Protocol

from rules.facts.foot_work import PlannedRun
from rules.facts.problems import Problem
from sync.errors import PersonMustAct, TryLater
from sync.formats.services.fetched_activity import FetchedActivity
from sync.formats.sport_heard import is_running
from sync.sources import refusal
from sync.sources.rate_policy import LONGEST_RETRY_AFTER

if TYPE_CHECKING:
    from requests import Response

Clock = Callable[[], datetime]
"""Now, as naive UTC."""


@dataclass(frozen=True, slots=True)
class ActivitySummary:
    """One activity as a list shows it; ``payload`` is the item without its owner's name and pictures."""

    source_id: str
    start_utc: datetime
    revision: str
    core: str
    sport: str | None
    is_run: bool
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """``complete``: everything the source has between the asked instants is here."""

    items: tuple[ActivitySummary, ...]
    complete: bool
    problems: tuple[Problem, ...] = ()
    left_out: int = 0
    """Items that are only stubs of another service's activities."""
    unknown_sports: tuple[str, ...] = ()
    """Words for a sport that springstep does not know: what they name is no run here, and the runner sees it."""


@dataclass(frozen=True, slots=True)
class Gear:
    gear_id: str
    name: str
    distance_m: float | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a source can be asked for besides activities."""

    wellness: bool = False
    planned: bool = False
    gear: bool = False
    overlap: timedelta = field(default=timedelta(days=7))
    page: int = 40


class Source(Protocol):
    """A service from which runs come. Every method may raise `PersonMustAct` or `TryLater`, and nothing else."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def list_activities(
        self, since_utc: datetime, until_utc: datetime | None = None, *, at_most: int | None = None
    ) -> Listing:
        """Newest first; a listing that stops at ``at_most`` is not complete."""
        ...

    def detail(self, source_id: str) -> Mapping[str, Any] | None:
        """None only when the source says that it is not there."""
        ...

    def original(self, source_id: str, /) -> bytes | None:
        """The recorded file, None when the source has none."""
        ...

    def copy(self, source_id: str, listed: ActivitySummary | None, *, original: bool) -> FetchedActivity | None:
        """Everything of one activity; None when it is not there any more."""
        ...

    def summary(self, listed: ActivitySummary, /) -> FetchedActivity:
        """What its list says of an activity that could not be downloaded, marked as that; asks nothing."""
        ...

    def wellness(self, day: date, /) -> Mapping[str, Any]: ...

    def planned(self, first: date, last: date, /) -> tuple[PlannedRun, ...]: ...

    def gear(self) -> tuple[Gear, ...]: ...


class WithoutExtras:
    """What a source answers that has nothing besides activities."""

    def wellness(self, _day: date, /) -> Mapping[str, Any]:
        return {}

    def planned(self, _first: date, _last: date, /) -> tuple[PlannedRun, ...]:
        return ()

    def gear(self) -> tuple[Gear, ...]:
        return ()


class LoginRefused(PersonMustAct):
    """The sign-in or the token exchange was refused: no further attempt for 24 h unless the person acts."""


class TransientError(TryLater):
    """No answer, or a broken one: it may be this one thing only. Being asked to wait is a plain `TryLater`."""


class ActivityRefused(TransientError):
    """One activity may not be read with an access that reads the others: it is tried again by its own rhythm."""


def revision_of(value: Any) -> str:
    """A short name that changes when the JSON value does."""
    return sha256(dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def listed_as(
    source_id: str,
    start_utc: datetime,
    sport: str | None,
    payload: Mapping[str, Any],
    *,
    core: Iterable[str],
    changing: Collection[str],
) -> ActivitySummary:
    """A list item by its own words: ``core`` names what makes it another recording, ``changing`` what tells nothing."""
    steady = {name: value for name, value in payload.items() if name not in changing}
    return ActivitySummary(
        source_id=source_id,
        start_utc=start_utc,
        revision=revision_of(steady),
        core=revision_of([payload.get(name) for name in core]),
        sport=sport,
        is_run=is_running(sport),
        payload=payload,
    )


def person_must_act(key: str, **values: Any) -> PersonMustAct:
    return PersonMustAct(f"source.{key}", why=key, **values)


def login_refused(key: str, **values: Any) -> LoginRefused:
    return LoginRefused(f"source.{key}", why=key, **values)


def activity_refused(source: str, status: int) -> ActivityRefused:
    return ActivityRefused("source.activity_refused", why="activity_refused", source=source, status=status)


def refused_by_page(answer: Response) -> bool:
    """Whether a page for people came instead of an answer."""
    return refusal.is_page(answer.headers.get("Content-Type"), answer.content)


def retry_after_utc(value: str | None, now_utc: datetime) -> datetime | None:
    """A Retry-After header's instant: seconds or an HTTP date, a day ahead at most; None when none makes sense."""
    if not value:
        return None
    if re.fullmatch("[0-9]+", value.strip()):
        # A float, because an int refuses more than 4,300 digits.
        return now_utc + timedelta(seconds=min(float(value), LONGEST_RETRY_AFTER.total_seconds()))
    try:
        named = parsedate_to_datetime(value)
    except ValueError:
        return None
    instant = named.astimezone(UTC).replace(tzinfo=None) if named.tzinfo else named
    return min(instant, now_utc + LONGEST_RETRY_AFTER) if instant > now_utc else None


def access_unsteady(source: str) -> TryLater:
    """An access that ends again and again soon after it was renewed: nothing more is asked with it in this run."""
    return TryLater("source.trouble", why="trouble", source=source, status=401)


def try_later(source: str, status: int | None, retry_after: str | None, now_utc: datetime) -> TryLater:
    """The error for an answer that may be better next time; ``status`` None: there was no answer at all."""
    key = "busy" if status == 429 else "unreachable" if status is None else "trouble"
    kind = TryLater if status == 429 else TransientError
    return kind(
        f"source.{key}",
        why=key,
        source=source,
        **({} if status is None else {"status": status}),
        not_before_utc=retry_after_utc(retry_after, now_utc),
    )
