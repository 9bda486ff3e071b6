"""What is kept of a source between runs, and what of it is believed after the clock was put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from sync.sources.backfill import Backfill
from sync.sources.rate_policy import SourceHealth
from sync.sources.sync_state import SyncState, believed

NOW = datetime(2026, 3, 20, 8)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
SOUND = SyncState(
    health=SourceHealth(
        state="waiting",
        failures=2,
        not_before_utc=NOW + HOUR,
        login_not_before_utc=NOW + DAY,
        last_try_utc=NOW - HOUR,
        last_success_utc=NOW - 2 * HOUR,
        budget_day=NOW.date(),
        calls=7,
    ),
    listed_until_utc=NOW - HOUR,
    backfill=Backfill(NOW - YEAR, began_utc=NOW - DAY),
    days={"wellness": NOW.date(), "gear": NOW.date() - DAY},
    left_out=3,
)


def with_health(**changes: datetime | None) -> SyncState:
    return replace(SOUND, health=replace(SOUND.health, **changes))  # type: ignore[arg-type]


def test_what_this_clock_can_have_written_is_believed() -> None:
    assert believed(SOUND, NOW) == SOUND


@pytest.mark.parametrize("name", ["last_try_utc", "last_success_utc"])
def test_what_happened_lies_before_now(name: str) -> None:
    """Ten minutes ahead is a clock that was set right by a little; more is a clock that was wrong."""
    little = with_health(**{name: NOW + timedelta(minutes=10)})
    assert believed(little, NOW) == little
    assert believed(with_health(**{name: NOW + timedelta(minutes=11)}), NOW) == with_health(**{name: None})


@pytest.mark.parametrize("name", ["not_before_utc", "login_not_before_utc"])
def test_a_pause_lies_a_day_ahead_at_most(name: str) -> None:
    """Believed, a pause of a clock that ran a year ahead would keep the source at rest for that year."""
    day = with_health(**{name: NOW + DAY + timedelta(minutes=10)})
    assert believed(day, NOW) == day
    assert believed(with_health(**{name: NOW + DAY + timedelta(minutes=11)}), NOW) == with_health(**{name: None})
    assert believed(with_health(**{name: NOW + YEAR}), NOW) == with_health(**{name: None})


def test_nothing_later_than_now_was_listed() -> None:
    """Else no run between now and then would be listed before the clock catches up."""
    assert believed(replace(SOUND, listed_until_utc=NOW + YEAR), NOW) == replace(SOUND, listed_until_utc=NOW)
    assert believed(replace(SOUND, listed_until_utc=None), NOW) == replace(SOUND, listed_until_utc=None)


def test_days_far_ahead_were_not_asked_for() -> None:
    ahead = replace(SOUND, days={"wellness": date(2026, 3, 21), "plan": date(2026, 3, 22), "gear": date(2027, 3, 20)})
    assert believed(ahead, NOW) == replace(SOUND, days={"wellness": date(2026, 3, 21)})


def test_a_source_without_older_runs_keeps_none() -> None:
    assert believed(replace(SOUND, backfill=None), NOW) == replace(SOUND, backfill=None)
