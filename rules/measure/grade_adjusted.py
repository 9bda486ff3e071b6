"""Effort from speed and slope: equivalent flat speed, climb that is really there, VDOT and critical speed.

Arrays are per second unless said otherwise; NaN means "not known".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rules.facts.recorded import Floats

# Strava's 2017 curve from heart rates of about 240,000 runners, as points read off by GoldenCheetah. It is flatter
# downhill than Minetti 2002, which calls a hard descent easy (up to three times off against measured heart rate).
# fmt: off
GRADE_PCT = np.array(
    [-40, -34, -32, -30, -28, -26, -24, -22, -20, -18, -16, -14, -12, -10, -7, -6, -5, -4, -3, -2, -1, 0,
     1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 40],
    dtype=np.float64,
)
GRADE_FACTOR = np.array(
    [1.937, 1.665, 1.590, 1.490, 1.400, 1.315, 1.240, 1.160, 1.085, 1.020, 0.965, 0.920, 0.885, 0.875, 0.875,
     0.885, 0.900, 0.910, 0.935, 0.950, 0.980, 1.0,
     1.020, 1.050, 1.100, 1.140, 1.190, 1.240, 1.290, 1.350, 1.410, 1.480, 1.600, 1.770, 1.930, 2.110, 2.280,
     2.470, 2.645, 2.820, 2.985, 3.160, 3.320, 3.470, 3.739],
    dtype=np.float64,
)
# fmt: on

EFFORTS_M = (400.0, 800.0, 1000.0, 1609.344, 3000.0, 5000.0, 10000.0)
"""Distances whose best times are kept from each run."""


def grade_factor(grade_pct: Floats) -> Floats:
    """Equivalent flat speed = speed × this. Linear between the table's points, held at ±40 %."""
    return np.interp(grade_pct, GRADE_PCT, GRADE_FACTOR)


def rolling_mean(values: Floats, window: int) -> Floats:
    """Centred mean over ``window`` points that ignores NaN and shortens at the ends; NaN where nothing is known."""
    if window <= 1 or len(values) == 0:
        return values
    known = np.isfinite(values)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, values, 0.0))))
    count = np.concatenate(([0.0], np.cumsum(known)))
    at = np.arange(len(values))
    low = np.maximum(at - window // 2, 0)
    high = np.minimum(at + (window + 1) // 2, len(values))
    weight = count[high] - count[low]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(weight > 0, (total[high] - total[low]) / weight, np.nan)


def climb(altitude_m: Floats, *, hysteresis_m: float) -> tuple[float, float]:
    """Ascent and descent in metres that exceed ``hysteresis_m`` at a time.

    Counting every rise turns 0.5 m of barometer noise into 129 m an hour; 3 m of hysteresis after a 30-s mean turns it
    into none and still finds 200 of 200 true metres (our simulation). GPS altitude needs 10 m and stays untrusted.
    """
    up = down = 0.0
    known = altitude_m[np.isfinite(altitude_m)]
    if len(known) == 0:
        return 0.0, 0.0
    anchor = float(known[0])
    for height in known.tolist():
        if height - anchor >= hysteresis_m:
            up += height - anchor
            anchor = height
        elif anchor - height >= hysteresis_m:
            down += anchor - height
            anchor = height
    return up, down


def grade_pct(distance_m: Floats, altitude_m: Floats, *, window_s: int = 30) -> Floats:
    """Slope in percent over about ``window_s`` seconds of running; 0 where altitude or way is missing."""
    smooth = rolling_mean(altitude_m, window_s)
    at = np.arange(len(distance_m))
    low = np.maximum(at - window_s // 2, 0)
    high = np.minimum(at + window_s // 2, len(distance_m) - 1)
    run = distance_m[high] - distance_m[low]
    rise = smooth[high] - smooth[low]
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(run > 20.0, 100.0 * rise / run, 0.0)
    clipped: Floats = np.clip(np.nan_to_num(slope), -40.0, 40.0)
    return clipped


def best_times(cumulative_m: Floats, distances_m: Sequence[float] = EFFORTS_M) -> tuple[tuple[float, float], ...]:
    """(distance, fewest seconds) for every distance the run contains; ``cumulative_m`` has one point a second."""
    found: list[tuple[float, float]] = []
    for distance in distances_m:
        if len(cumulative_m) < 2 or cumulative_m[-1] - cumulative_m[0] < distance:
            continue
        stop = np.searchsorted(cumulative_m, cumulative_m + distance)
        start = np.flatnonzero(stop < len(cumulative_m))
        # The crossing lies between two seconds: without this, 400 m would be off by up to 1 %.
        late = stop[start]
        span = cumulative_m[late] - cumulative_m[late - 1]
        over = cumulative_m[late] - cumulative_m[start] - distance
        with np.errstate(invalid="ignore", divide="ignore"):
            seconds = late - start - np.where(span > 0, over / span, 0.0)
        if len(seconds):
            found.append((distance, float(seconds.min())))
    return tuple(found)


def best_mean(values: Floats, window: int) -> float | None:
    """Highest mean over any ``window`` seconds that are at least 90 % known."""
    if len(values) < window:
        return None
    known = np.isfinite(values)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, values, 0.0))))
    count = np.concatenate(([0.0], np.cumsum(known)))
    weight = count[window:] - count[:-window]
    good = weight >= 0.9 * window
    if not good.any():
        return None
    return float(((total[window:] - total[:-window])[good] / weight[good]).max())


def vdot(distance_m: float, duration_s: float) -> float:
    """Daniels' and Gilbert's running-performance number from one all-out effort."""
    minutes = duration_s / 60.0
    speed = distance_m / minutes
    oxygen = -4.60 + 0.182258 * speed + 0.000104 * speed * speed
    fraction = 0.8 + 0.1894393 * math.exp(-0.012778 * minutes) + 0.2989558 * math.exp(-0.1932605 * minutes)
    return oxygen / fraction


def vdot_speed_mps(score: float) -> float:
    """Speed at VO2max for a VDOT: the positive root of Daniels' oxygen cost."""
    a, b, c = 0.000104, 0.182258, -4.60 - score
    return (-b + math.sqrt(b * b - 4 * a * c)) / (2 * a) / 60.0


def critical_speed(efforts: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """(critical speed in m/s, D′ in metres) from (distance, seconds): least squares of distance on time.

    Smyth & Muniz-Pumares 2020 (25,000 marathoners): any three of 400–5000 m fit; 400 + 800 + 5000 m best.
    None with fewer than three efforts or a line that no runner has.
    """
    if len(efforts) < 3:
        return None
    distance = np.array([metres for metres, _ in efforts], dtype=np.float64)
    seconds = np.array([time for _, time in efforts], dtype=np.float64)
    slope, intercept = np.polyfit(seconds, distance, 1)
    if not 1.2 < slope < 6.8 or not 0 <= intercept < 600:
        return None
    return float(slope), float(intercept)


def change_points(values: Floats, penalty: float, min_size: int = 6) -> list[int]:
    """Starts of stretches of constant mean, first one 0: optimal partitioning on squared error.

    ``values`` holds no NaN. Cost is O(n²) in NumPy rows: 1,000 points take about 15 ms.
    """
    n = len(values)
    if n < 2 * min_size:
        return [0]
    first = np.concatenate(([0.0], np.cumsum(values)))
    second = np.concatenate(([0.0], np.cumsum(values * values)))
    best = np.full(n + 1, np.inf, dtype=np.float64)
    best[0] = -penalty
    previous: NDArray[np.int64] = np.zeros(n + 1, dtype=np.int64)
    for end in range(min_size, n + 1):
        starts = np.arange(0, end - min_size + 1)
        total = first[end] - first[starts]
        cost = second[end] - second[starts] - total * total / (end - starts)
        score = best[starts] + cost + penalty
        pick = int(np.argmin(score))
        best[end], previous[end] = score[pick], starts[pick]
    cuts: list[int] = []
    end = n
    while end > 0:
        end = int(previous[end])
        cuts.append(end)
    return cuts[::-1]
