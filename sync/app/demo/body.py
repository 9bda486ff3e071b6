"""How the made-up runner's heart, legs and breath answer to effort: constants, and one second at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

RESTING_BPM, THRESHOLD_BPM, MAXIMUM_BPM = 51.0, 170.0, 188.0
FIRST_THRESHOLD_MPS, GAIN_PER_WEEK = 3.42, 0.0035
"""Threshold speed in the first week, and the share it grows by each week of the first sixteen."""

LAG_UP_S, LAG_DOWN_S = 45.0, 60.0
"""First-order heart-rate lag; Hunt 2015 (10.1186/s12938-015-0112-7) measured 57.6 ± 23.6 s."""


def threshold_mps(number: int) -> float:
    """Grade-adjusted speed at threshold, ``number`` days into the season."""
    return FIRST_THRESHOLD_MPS * (1 + GAIN_PER_WEEK * min(number, 112) / 7)


def cost_of_grade(grade: float) -> float:
    """Flat speed that costs as much, over speed: a quadratic through the curve the classifier uses, within ±15 %."""
    return max(0.86, 1 + 3.2 * grade + 15.0 * grade * grade)


def settled_bpm(effort: float) -> float:
    """Heart rate that a steady effort (a share of threshold speed) ends at."""
    return float(min(MAXIMUM_BPM - 1, max(RESTING_BPM + 25, THRESHOLD_BPM * (1 - 0.70 * (1 - effort)))))


def cadence_spm(speed_mps: float) -> float:
    """Steps a minute, both feet: more when faster; a walk below 2 m/s."""
    return 112.0 + 8.0 * (speed_mps - 1.3) if speed_mps < 1.9 else 164.0 + 9.0 * (speed_mps - 2.8)


@dataclass(slots=True)
class Heart:
    """Follows effort with a lag, drifts upward with time, and is never quite steady."""

    dice: np.random.Generator
    day_bpm: float
    """How far this day lies above or below the usual: sleep, heat, nerves."""
    bpm: float = 82.0
    _wobble: float = 0.0
    _running_s: float = 0.0

    def beat(self, effort: float, seconds: float = 1.0) -> float:
        """Beats a minute after ``seconds`` more of this effort."""
        self._running_s += seconds if effort > 0.4 else 0.0
        drift = 0.055 * max(0.0, self._running_s / 60 - 20)
        aim = settled_bpm(effort) + (self.day_bpm + drift if effort > 0.4 else 0.0)
        lag = LAG_UP_S if aim > self.bpm else LAG_DOWN_S
        self.bpm += (min(aim, MAXIMUM_BPM) - self.bpm) * (1 - math.exp(-seconds / lag))
        self._wobble += -self._wobble / 8 + float(self.dice.normal(0, 0.45))
        return self.bpm + self._wobble
