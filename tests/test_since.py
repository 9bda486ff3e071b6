"""One sentence about the feet: now against an earlier month."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from rules.facts.foot_work import DiaryEntry
from rules.since import Since, since

TODAY = date(2026, 11, 28)


def logged(first: date, days: int, score: int, every: int = 1) -> list[DiaryEntry]:
    found = []
    for n in range(0, days, every):
        day = first + timedelta(days=n)
        at = datetime(day.year, day.month, day.day, 7)
        found.append(DiaryEntry(f"{day}", "stiffness", at, day, score, None, None, None, None))  # type: ignore[arg-type]
    return found


NOW = logged(date(2026, 11, 1), 28, 2)
AUGUST = logged(date(2026, 8, 1), 31, 5)
SEPTEMBER = logged(date(2026, 9, 1), 30, 4)


@pytest.mark.parametrize(
    ("diary", "found"),
    [
        ([*AUGUST, *SEPTEMBER, *NOW], Since(date(2026, 8, 1), -3.0, 31, 28)),
        ([*logged(date(2026, 8, 1), 28, 5, every=7), *SEPTEMBER, *NOW], Since(date(2026, 9, 1), -2.0, 30, 28)),
        ([*logged(date(2026, 1, 1), 31, 9), *NOW], None),
        ([*AUGUST, *NOW[:7]], None),
        (NOW, None),
        ([], None),
    ],
    ids=["the earliest month", "a month with few logs", "longer than half a year ago", "few now", "only now", "none"],
)
def test_now_against_the_earliest_well_logged_month(diary: list[DiaryEntry], found: Since | None) -> None:
    assert since(diary, TODAY) == found


@pytest.mark.parametrize(("points", "noticed"), [(-0.4, False), (-0.5, True), (0.5, True), (0.0, False)])
def test_a_small_difference_is_none(points: float, noticed: bool) -> None:
    assert Since(TODAY, points, 20, 20).noticed is noticed
