"""Grade-adjusted speed, climb, VDOT, critical speed and change points against published vectors."""

from __future__ import annotations

import numpy as np
import pytest

from rules.measure.grade_adjusted import (
    best_mean,
    best_times,
    change_points,
    climb,
    critical_speed,
    grade_factor,
    grade_pct,
    rolling_mean,
    vdot,
    vdot_speed_mps,
)
from rules.measure.polarisation import polarization_index


@pytest.mark.parametrize(
    ("metres", "seconds", "score", "kmh"),
    [(5000, 1200, 49.8, 15.60), (5000, 1500, 38.3, 12.61), (10_000, 3000, 40.0, 13.06), (21_097.5, 6300, 42.6, 13.75)],
)
def test_vdot_of_known_races(metres: float, seconds: float, score: float, kmh: float) -> None:
    assert (round(vdot(metres, seconds), 1), round(vdot_speed_mps(vdot(metres, seconds)) * 3.6, 2)) == (score, kmh)


@pytest.mark.parametrize(("share", "pace"), [(0.72, "5:21"), (0.85, "4:32"), (0.90, "4:16"), (0.98, "3:56")])
def test_training_paces_of_twenty_minutes_for_five_kilometres(share: float, pace: str) -> None:
    seconds = round(1000 / (share * vdot_speed_mps(vdot(5000, 1200))))
    assert f"{seconds // 60}:{seconds % 60:02d}" == pace


def test_critical_speed_of_three_efforts() -> None:
    found = critical_speed([(400, 80), (800, 170), (5000, 1260)])
    assert found is not None
    assert (round(found[0], 3), round(found[1], 1)) == (3.879, 114.1)


def test_critical_speed_needs_three_efforts_and_a_runner() -> None:
    assert critical_speed([(400, 80), (800, 170)]) is None
    assert critical_speed([(400, 20), (800, 40), (5000, 250)]) is None


@pytest.mark.parametrize(("shares", "index"), [((80, 5, 15), 2.38), ((80, 15, 5), 1.43), ((99.5, 0.1, 0.4), None)])
def test_polarization_index(shares: tuple[float, float, float], index: float | None) -> None:
    found = polarization_index(*shares, least_share=0.01)
    assert (None if found is None else round(found, 2)) == index


def test_grade_table_has_no_jump_at_level_and_holds_at_its_ends() -> None:
    at = np.array([-60.0, -40.0, -10.0, -0.001, 0.0, 0.001, 5.0, 11.0, 40.0, 60.0])
    assert np.round(grade_factor(at), 3).tolist() == [1.937, 1.937, 0.875, 1.0, 1.0, 1.0, 1.19, 1.54, 3.739, 3.739]


def test_noise_of_a_barometer_makes_no_climb_and_a_real_hill_does() -> None:
    rng = np.random.default_rng(7)
    noise = np.zeros(3600)
    for second in range(1, 3600):
        noise[second] = noise[second - 1] * (1 - 1 / 60) + rng.normal(0, 0.5 * np.sqrt(2 / 60))
    flat = rolling_mean(noise, 30)
    hills = rolling_mean(noise + 20 * (1 - np.cos(np.arange(3600) / 3600 * 10 * np.pi)), 30)
    assert climb(flat, hysteresis_m=3.0)[0] <= 3.0
    assert climb(hills, hysteresis_m=3.0)[0] == pytest.approx(200, abs=20)


def test_grade_of_a_steady_slope() -> None:
    distance = np.arange(0, 900, 3.0)
    assert grade_pct(distance, distance * 0.05)[50:-50] == pytest.approx(5.0, abs=0.01)


def test_best_times_and_means() -> None:
    speed = np.concatenate((np.full(600, 3.0), np.full(240, 5.0), np.full(600, 3.0)))
    found = dict(best_times(np.cumsum(speed)))
    assert found[1000.0] == pytest.approx(200, abs=1)
    assert found[400.0] == pytest.approx(80, abs=1)
    assert 5000.0 not in found
    assert best_mean(speed, 240) == pytest.approx(5.0)
    assert best_mean(speed, 9999) is None


def test_change_points_find_thirteen_changes_of_six_repeats() -> None:
    noise = np.random.default_rng(1).normal(0, 0.15, 860)
    repeats = np.tile(np.concatenate((np.full(36, 4.5), np.full(24, 2.5))), 6)
    line = np.concatenate((np.full(100, 3.0), repeats, np.full(400, 3.0))) + noise
    cuts = change_points(line, penalty=10 * 0.15**2 * float(np.log(860)))
    assert len(cuts) == 14
    assert cuts[1] == 100
