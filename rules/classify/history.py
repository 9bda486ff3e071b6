"""What one runner did so far, in columns that a new run is compared with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from rules.facts.recorded import Floats
from rules.measure.features import RunFeatures
from rules.measure.surface import INDOORS

USUAL_RUNS = 60
SHORT_SHARE = 0.4
LEAST_RANGE = 0.04
LEAST_KNOWN = 5
LATELY = 7
AUTOMATIC_LAP_M = {"lap_each_km": 1000.0, "lap_each_mile": 1609.344}
FASTEST_BURST = 3.0
"""A moment at three times the mean speed is a leap of the GPS, not a sprint."""
MOST_CLIMB_MPS, MOST_CLIMB_PER_M = 0.65, 0.6
"""The best up the steepest vertical kilometre climb 0.58 m a second and 0.53 m a metre: more is noise."""
# What a newcomer is compared with until three runs are known: medians of recreational logs.
NEWCOMER = {"distance_m": 7000.0, "minutes": 42.0, "speed_mps": 2.8, "heart_bpm": 148.0, "climb_per_km": 8.0}
NEWCOMER_WEIGHT = 3.0

COLUMNS = (
    "at_s",
    "distance_m",
    "minutes",
    "speed_mps",
    "heart_bpm",
    "climb_per_km",
    "laps_per_km",
    *AUTOMATIC_LAP_M,
    "burst",
    "hard",
    "long",
    "hilly",
    "weekday",
    "day",
    "hour",
)


@dataclass(frozen=True, slots=True)
class Usual:
    """One quantity against the runner's own recent runs: its median there, log ratio to it and rank (0–1)."""

    median: float
    log_ratio: float
    rank: float
    runs: int
    of_range: float | None = None
    """Log ratio over that of the runner's own 93rd percentile: 1 is as far out as the fastest runs; None when young."""


class History:
    """Columns of the runs learned so far, one row a run, in order of time."""

    def __init__(self) -> None:
        self._rows: Floats = np.full((64, len(COLUMNS)), np.nan, dtype=np.float64)
        self._count = 0
        self._first: datetime | None = None

    def __len__(self) -> int:
        return self._count

    def _seconds(self, instant: datetime) -> float:
        if self._first is None:
            self._first = instant
        return (instant - self._first).total_seconds()

    def add(self, run: RunFeatures, *, hard: float, long: float, hilly: float) -> None:
        """Learns the run with what it was: shares of certainty (0–1), 0 or 1 once the runner said so."""
        if self._count == len(self._rows):
            self._rows = np.vstack((self._rows, np.full_like(self._rows, np.nan)))
        self._rows[self._count] = (
            self._seconds(run.start_utc),
            _number(run.distance_m),
            _number(run.moving_s) / 60.0,
            _number(flat_speed(run)),
            _number(run.pulse.mean_bpm),
            _number(climb_per_km(run)),
            _number(laps_per_km(run)),
            *(_number(laps_each(run, lap_m)) for lap_m in AUTOMATIC_LAP_M.values()),
            _number(burst(run)),
            hard,
            long,
            hilly,
            run.day.weekday(),
            run.day.toordinal(),
            # Midnight to the minute is a log without times.
            run.hour or math.nan,
        )
        self._count += 1

    def column(self, name: str) -> Floats:
        return self._rows[: self._count, COLUMNS.index(name)]

    def recent(self, run: RunFeatures, days: float) -> NDArray[np.intp]:
        """Indices of the runs that began in the ``days`` before this one."""
        if not self._count:
            return np.zeros(0, dtype=np.intp)
        now = self._seconds(run.start_utc)
        at = self.column("at_s")
        return np.flatnonzero((at < now) & (at >= now - timedelta(days=days).total_seconds()))

    def middle(self, column: str) -> float | None:
        """The median of the last 60 known values; None of fewer than five."""
        known = self.column(column)[-3 * USUAL_RUNS :]
        known = known[np.isfinite(known)][-USUAL_RUNS:]
        return _quantile(np.sort(known), 0.5) if len(known) >= LEAST_KNOWN else None

    def share(self, column: str, runs: int = 30) -> tuple[float, int] | None:
        """The mean of ``column`` over the last ``runs`` and their number; None of fewer than ten."""
        known = self.column(column)[-runs:]
        return (float(known.mean()), len(known)) if len(known) >= 10 else None

    def is_new(self, column: str) -> bool:
        """Whether six of the last seven known values are 1, and most of the last 60 are not."""
        known = self.column(column)[-3 * USUAL_RUNS :]
        known = known[np.isfinite(known)][-USUAL_RUNS:]
        return len(known) > LATELY and float(known[-LATELY:].mean()) > 0.8 and float(known.mean()) < 0.5

    def days_since(self, run: RunFeatures, column: str, least: float) -> float | None:
        """Days since the last run whose ``column`` was at least ``least``."""
        hits = np.flatnonzero(self.column(column) >= least)
        if not len(hits):
            return None
        return (self._seconds(run.start_utc) - float(self.column("at_s")[hits[-1]])) / 86400.0

    def usual(self, column: str, value: float | None) -> Usual | None:
        """``value`` against the last 60 known values; a newcomer's few runs are filled up with a common runner's."""
        if value is None or not value > 0:
            return None
        known = self.column(column)[-3 * USUAL_RUNS :]
        known = known[np.isfinite(known)][-USUAL_RUNS:]
        if column == "distance_m" and len(known) >= 8:
            # Warm-ups and cool-downs recorded on their own are no usual run.
            known = known[known >= SHORT_SHARE * _quantile(np.sort(known), 0.75)]
        n = len(known)
        prior = NEWCOMER[column]
        if n == 0:
            return Usual(prior, _log_ratio(value, prior, column) * 0.5, 0.5, 0)
        in_order = np.sort(known)
        median = _quantile(in_order, 0.5)
        shrunk = math.exp((n * math.log(max(median, 0.3)) + NEWCOMER_WEIGHT * math.log(prior)) / (n + NEWCOMER_WEIGHT))
        middle = shrunk if n < 15 else median
        below = float(np.searchsorted(in_order, value) + np.searchsorted(in_order, value, "right")) / 2
        rank = (below + NEWCOMER_WEIGHT * 0.5) / (n + NEWCOMER_WEIGHT)
        ratio = _log_ratio(value, middle, column)
        if n < 15:
            return Usual(middle, ratio, rank, n)
        top = _log_ratio(_quantile(in_order, 0.93), middle, column)
        return Usual(middle, ratio, rank, n, ratio / max(top, LEAST_RANGE))


def _quantile(in_order: Floats, share: float) -> float:
    """Of sorted values, straight between two: NumPy's own is slow on the sixty that are asked for with every run."""
    at = share * (len(in_order) - 1)
    low = int(at)
    high = min(low + 1, len(in_order) - 1)
    return float(in_order[low] + (in_order[high] - in_order[low]) * (at - low))


def _log_ratio(value: float, middle: float, column: str) -> float:
    # Climb may be next to nothing: 4 m/km is added so that 1 against 0.2 is no fivefold.
    plus = 4.0 if column == "climb_per_km" else 0.0
    return math.log((value + plus) / (middle + plus))


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def climb_doubt(run: RunFeatures) -> str | None:
    """Why the climb on record says nothing of hills: ``unknown``, ``indoors``, ``impossible``; None where it counts.

    Raw GPS altitude makes 3 to 9 m of a flat kilometre, a treadmill climbs no hill, and the virtual one is no ground.
    """
    up, down, way = run.climb.ascent_m, run.climb.descent_m, run.distance_m
    if up is None or run.climb.source == "gps" or not way or way < 1000:
        return "unknown"
    if (run.sub_sport or "").lower().replace(" ", "_") in INDOORS:
        return "indoors"
    too_fast = run.moving_s is not None and up > MOST_CLIMB_MPS * run.moving_s
    return "impossible" if too_fast or max(up, down or 0.0) > MOST_CLIMB_PER_M * way else None


def climb_per_km(run: RunFeatures) -> float | None:
    """Metres of ascent a kilometre; None where the climb says nothing (see ``climb_doubt``)."""
    if climb_doubt(run) is not None or run.climb.ascent_m is None or not run.distance_m:
        return None
    return run.climb.ascent_m / run.distance_m * 1000.0


def laps_per_km(run: RunFeatures) -> float | None:
    """Laps a kilometre where the source counts them, automatic ones among them; None below half a kilometre."""
    if run.lap_count is None or not run.distance_m or run.distance_m < 500:
        return None
    return run.lap_count / run.distance_m * 1000.0


def laps_each(run: RunFeatures, lap_m: float) -> float | None:
    """1 where a watch that cuts a lap every ``lap_m`` would count as many, else 0; None where no laps are counted."""
    if run.lap_count is None or laps_per_km(run) is None or not run.distance_m:
        return None
    laps = run.distance_m / lap_m
    return float(math.ceil(laps - 0.02) <= run.lap_count <= math.floor(laps) + 1)


def burst(run: RunFeatures) -> float | None:
    """Log ratio of the fastest moment to the mean speed, where the source tells the first."""
    if run.best_speed_mps is None or not run.speed_mps:
        return None
    ratio = run.best_speed_mps / run.speed_mps
    return math.log(ratio) if 1.0 <= ratio <= FASTEST_BURST else None


def flat_speed(run: RunFeatures) -> float | None:
    """Mean grade-adjusted speed; for a summary row its speed plus 0.15 % a metre of climb per kilometre."""
    if run.pace.mean_mps is not None:
        return run.pace.mean_mps
    if run.speed_mps is None:
        return None
    return run.speed_mps * (1 + 0.0015 * min(climb_per_km(run) or 0.0, 80.0))


@dataclass(frozen=True, slots=True)
class Habit:
    """Decayed counts by weekday: how often the runner ran, and how often it was hard or long."""

    runs: Sequence[float]
    hard: Sequence[float]
    long: Sequence[float]


def weekday_counts(history: History, run_utc: datetime, half_life_days: float = 56.0) -> Habit:
    """Counts by weekday (Monday first) with a half-life of eight weeks."""
    if not len(history):
        return Habit((0.0,) * 7, (0.0,) * 7, (0.0,) * 7)
    now = history._seconds(run_utc)
    age = (now - history.column("at_s")[-600:]) / 86400.0
    weight = np.where(age > 0, 0.5 ** (np.maximum(age, 0) / half_life_days), 0.0)
    day = history.column("weekday")[-600:].astype(np.intp)
    counts = [
        np.bincount(day, weights=weight * part, minlength=7)
        for part in (np.ones(len(day)), history.column("hard")[-600:], history.column("long")[-600:])
    ]
    return Habit(*(tuple(float(c) for c in column) for column in counts))
