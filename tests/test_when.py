"""Days and times as they are typed."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from sync.app.cli import dates
from sync.errors import PersonMustAct

SUNDAY = date(2026, 11, 22)
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 19, 30)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("today", SUNDAY),
        ("Tomorrow", date(2026, 11, 23)),
        ("gestern", date(2026, 11, 21)),
        ("mon", date(2026, 11, 23)),
        ("Sunday", date(2026, 11, 29)),
        ("donnerstag", date(2026, 11, 26)),
        ("+3", date(2026, 11, 25)),
        ("2026-12-01", date(2026, 12, 1)),
    ],
)
def test_days(typed: str, expected: date) -> None:
    assert dates.day(typed, SUNDAY) == expected


@pytest.mark.parametrize("typed", ["", "t", "tomorow", "2026-13-01", "22.11.", "+1000"])
def test_what_is_no_day(typed: str) -> None:
    with pytest.raises(PersonMustAct, match=r"cli\.not_a_day"):
        dates.day(typed, SUNDAY)


@pytest.mark.parametrize(
    ("typed", "expected_utc"),
    [
        (None, NOW),
        ("07:10", datetime(2026, 11, 22, 6, 10)),
        ("7.10", datetime(2026, 11, 22, 6, 10)),
        ("yesterday 21:00", datetime(2026, 11, 21, 20, 0)),
        ("2026-07-01 07:10", datetime(2026, 7, 1, 5, 10)),
        ("2026-07-01T07:10", datetime(2026, 7, 1, 5, 10)),
        # The hour that comes twice: the first one.
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30)),
        # The hour that never comes.
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 30)),
    ],
)
def test_times(typed: str | None, expected_utc: datetime) -> None:
    assert dates.instant_utc(typed, NOW, BERLIN) == expected_utc


@pytest.mark.parametrize(
    ("typed", "code"), [("25:00", "cli.not_a_time"), ("x", "cli.not_a_time"), ("22:00", "cli.time_to_come")]
)
def test_what_is_no_time_or_still_to_come(typed: str, code: str) -> None:
    with pytest.raises(PersonMustAct, match=code):
        dates.instant_utc(typed, NOW, BERLIN)
