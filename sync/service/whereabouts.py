"""The clock where the runner is: the latest run's own up to 48 hours after it, else the home zone's (M28)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from sync.settings.config import Athlete
from sync.storage import runs
from sync.storage.database import Store

HOLDS = timedelta(hours=48)
"""So long a run says where the runner is; ours."""


def clock_at(store: Store, athlete: Athlete, instant_utc: datetime) -> tzinfo:
    """The time zone where the runner was at a naive UTC instant. A run that showed the home zone's own time leaves the
    home zone, with its summer time."""
    found = store.cached(
        ("clock", athlete.id, instant_utc),
        lambda: runs.last_clock(store, athlete.id, from_utc=instant_utc - HOLDS, until_utc=instant_utc),
    )
    if found is None:
        return athlete.zone
    there = timedelta(seconds=found.utc_offset_s)
    home = found.start_utc.replace(tzinfo=UTC).astimezone(athlete.zone).utcoffset()
    return athlete.zone if there == home else timezone(there)


def offset_s(clock: tzinfo, instant_utc: datetime) -> int:
    """Seconds ahead of UTC that ``clock`` shows at a naive UTC instant."""
    ahead = instant_utc.replace(tzinfo=UTC).astimezone(clock).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds())


def local_day(store: Store, athlete: Athlete, instant_utc: datetime) -> date:
    return instant_utc.replace(tzinfo=UTC).astimezone(clock_at(store, athlete, instant_utc)).date()
