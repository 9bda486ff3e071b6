"""Adherence: the published score's vectors, and shares that forgive. Day-by-day cases are in cases/feet_kept.yaml."""

from __future__ import annotations

import pytest

from rules.state.adherence import Share, loop_score

MWF = [True, False, True, False, True, False, False]
TWO_OF_THREE = [True, False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("pattern", "weeks", "score"),
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
def test_the_score_of_three_a_week(pattern: list[bool], weeks: int, score: float) -> None:
    assert round(loop_score(pattern * weeks, 3), 2) == score


@pytest.mark.parametrize(
    ("weeks_off", "weeks_back", "score"), [(0, 0, 0.83), (1, 0, 0.79), (2, 0, 0.64), (2, 1, 0.58), (2, 4, 0.78)]
)
def test_weeks_off_and_back(weeks_off: int, weeks_back: int, score: float) -> None:
    days = MWF * 8 + [False] * 7 * weeks_off + MWF * weeks_back
    assert round(loop_score(days, 3), 2) == score


@pytest.mark.parametrize(("times", "days"), [(3, 46), (7, 30), (5, 36), (2, 56)])
def test_days_of_full_value_to_reach_080(times: int, days: int) -> None:
    """From an already full window: v = 1 every day. The published 46, 30, 36 and 56 are to two digits."""
    keep = 0.5 ** ((times / 7) ** 0.5 / 13)
    assert round(1 - keep**days, 2) == 0.80


def test_excused_days_leave_the_score_unchanged() -> None:
    done: list[bool | None] = [*MWF, *MWF]
    assert loop_score([*done, None, None, None], 3) == loop_score(done, 3)


def test_a_daily_habit_counts_in_its_own_window() -> None:
    assert round(loop_score([True] * 30, 7), 2) == round(loop_score([True] * 30, 7, 7), 2)
    assert loop_score([True] * 60, 7) > loop_score([True] * 30, 7)


def test_shares() -> None:
    assert Share(2, 3).share == 2 / 3
    assert Share(5, 3).share == 1.0
    assert Share(5, 3).over == 2
    assert Share(0, 0).share is None
