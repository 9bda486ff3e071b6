"""Load by its published formulas. The detectors' cases are in cases/feet_check.yaml."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from rules.state.feet import RunSeen
from rules.state.load import ewma, ewma_series, monotony, spike

WEEK = [40.0, 40.0, 0.0, 60.0, 40.0, 40.0, 110.0]
HARD_WEEK = [40.0, 0.0, 50.0, 0.0, 0.0, 0.0, 90.0]
SEASON = [40.0, 0.0, 50.0, 0.0, 30.0, 0.0, 90.0] * 6


def test_monotony() -> None:
    assert round(monotony(WEEK), 2) == 1.54
    assert round(monotony(HARD_WEEK), 2) == 0.78
    assert monotony([30.0] * 7) == 10.0


def test_ewma_of_a_season() -> None:
    assert round(ewma(SEASON, 7), 1) == 37.5
    assert round(ewma(SEASON, 28), 1) == 31.9
    assert ewma_series(SEASON, 7)[-1] == pytest.approx(ewma(SEASON, 7))


def test_fifteen_after_a_longest_of_ten_is_fifty_per_cent() -> None:
    assert spike(_run(0, 15), [_run(-20, 10), _run(-5, 8)]) == pytest.approx(0.5)


def test_without_history_there_is_no_spike() -> None:
    assert spike(_run(0, 15), []) is None
    assert spike(_run(0, 15), [_run(-31, 10)]) is None


def _run(day: int, km: float) -> RunSeen:
    on = date(2026, 3, 4) + timedelta(days=day)
    start = datetime(on.year, on.month, on.day, 7)
    return RunSeen(f"r{day}", on, start, start + timedelta(hours=1), 3600.0, 1000 * km)
