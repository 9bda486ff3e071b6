"""Adherence: the published score's vectors, and shares that forgive. Day-by-day cases are in cases/feet_kept.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from rules.state.adherence import Day, Share, score

FIRST = date(2026, 1, 5)
MWF = [True, False, True, False, True, False, False]
TWO_OF_THREE = [True, False, True, False, False, False, False]


def scored(done: Sequence[bool | None], times: int) -> float:
    """The score after one day each; None is an excused day."""
    return score(
        [
            Day(FIRST + timedelta(days=number), None, one is True, one is None, 0.0, times)
            for number, one in enumerate(done)
        ]
    )


@pytest.mark.parametrize(
    ("pattern", "weeks", "expected"),
    [
        (MWF, 2, 0.25),
        (MWF, 4, 0.54),
        (MWF, 6, 0.72),
        (MWF, 8, 0.83),
        (MWF, 12, 0.93),
        (TWO_OF_THREE, 2, 0.18),
        (TWO_OF_THREE, 4, 0.37),
        (TWO_OF_THREE, 6, 0.49),
        (TWO_OF_THREE, 8, 0.56),
        (TWO_OF_THREE, 12, 0.62),
    ],
)
def test_the_score_of_three_a_week(pattern: list[bool], weeks: int, expected: float) -> None:
    assert round(scored(pattern * weeks, 3), 2) == expected


@pytest.mark.parametrize(
    ("weeks_off", "weeks_back", "expected"), [(0, 0, 0.83), (1, 0, 0.79), (2, 0, 0.64), (2, 1, 0.58), (2, 4, 0.78)]
)
def test_weeks_off_and_back(weeks_off: int, weeks_back: int, expected: float) -> None:
    days = MWF * 8 + [False] * 7 * weeks_off + MWF * weeks_back
    assert round(scored(days, 3), 2) == expected


@pytest.mark.parametrize(("times", "days"), [(3, 46), (7, 30), (5, 36), (2, 56)])
def test_days_of_full_value_to_reach_080(times: int, days: int) -> None:
    """From an already full window: v = 1 every day. The published 46, 30, 36 and 56 are to two digits."""
    keep = 0.5 ** ((times / 7) ** 0.5 / 13)
    assert round(1 - keep**days, 2) == 0.80


def test_excused_days_leave_the_score_unchanged() -> None:
    done: list[bool | None] = [*MWF, *MWF]
    assert scored([*done, None, None, None], 3) == scored(done, 3)


def test_a_daily_habit_counts_in_its_own_window() -> None:
    full = 1 - (0.5 ** (1 / 13)) ** 30
    seventh = scored([True] * 7, 7)
    assert 0 < seventh < full
    assert round(scored([True] * 60, 7), 2) == 0.95
    assert scored([True] * 60, 7) > scored([True] * 30, 7)


def test_shares() -> None:
    assert Share(2, 3).share == 2 / 3
    assert Share(5, 3).share == 1.0
    assert Share(5, 3).over == 2
    assert Share(0, 0).share is None
