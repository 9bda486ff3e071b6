"""Runs that lie at a made-up Garmin."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.linked_home import LinkedHome, short_run

DAY = timedelta(days=1)
HALF_HOUR = timedelta(minutes=34)
"""A pass comes every half hour by day, give or take a tenth."""


def put_runs(home: LinkedHome, count: int, *, every: timedelta = DAY, before: timedelta = DAY) -> list[datetime]:
    """Runs at Garmin, the newest ``before`` now; their starts in order of time."""
    starts = [home.now - before - every * number for number in range(count)]
    for number, start in enumerate(starts):
        home.garmin.add(short_run(start), f"Run {number}", activity_id=21_000_000_000 + count - number)
    return sorted(starts)
