"""The runner's own clock: local time, local day, and days in a question's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo

from sync.errors import PersonMustAct
from sync.service.queries.context import QueryContext
from sync.service.whereabouts import clock_at


def local_time(instant_utc: datetime, zone: tzinfo) -> datetime:
    """Naive local time of a naive UTC instant."""
    return instant_utc.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def now_local(asking: QueryContext) -> datetime:
    return local_time(asking.now_utc, clock_here(asking))


def clock_here(asking: QueryContext) -> tzinfo:
    """The time zone where the runner is now."""
    return clock_at(asking.store, asking.athlete, asking.now_utc)


def today_of(asking: QueryContext) -> date:
    return now_local(asking).date()


def day_param(params: Mapping[str, str], name: str) -> date | None:
    """Raises PersonMustAct for what is no day."""
    said = params.get(name)
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise PersonMustAct("service.not_a_day", name=name, given=said) from None
