"""One recording on a one-second grid: what every later judgement of effort and structure reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.facts.recorded import Floats, Recording, Samples
from rules.measure.grade_adjusted import grade_factor, grade_pct, rolling_mean

PAUSE_S = 10.0
"""A hole in the samples longer than this is a pause (smart recording leaves holes of up to about 8 s)."""
MOVING_MPS = 0.6
LONGEST_S = 36 * 3600
EARTH_M = 6_371_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """Columns with one value a second of elapsed time, pauses included.

    ``distance_m`` never falls. ``gap_mps`` is grade-adjusted speed, smoothed over ``SMOOTH_S``; NaN in pauses.
    """

    distance_m: Floats
    speed_mps: Floats
    gap_mps: Floats
    grade_pct: Floats
    altitude_m: Floats
    heart_rate_bpm: Floats
    cadence_spm: Floats
    moving: NDArray[np.bool_]
    latitude_deg: Floats
    longitude_deg: Floats
    has_gps: bool

    def __len__(self) -> int:
        return len(self.distance_m)


SMOOTH_S = 15


def stream(recording: Recording) -> Stream | None:
    """The recording's samples every second; None without a minute of way or of heart rate."""
    samples = recording.samples
    if samples is None or len(samples) < 5:
        return None
    t = samples.t_s
    length = t[-1] - t[0]
    if not 60 <= length <= LONGEST_S:
        return None
    grid = np.arange(t[0], t[-1] + 0.5)
    paused = _paused(t, grid)
    distance, has_gps = _distance(samples, grid)
    if distance is None or distance[-1] - distance[0] < 100:
        # A treadmill without a foot pod: no way, no speed, but heart rate still speaks.
        if np.isfinite(samples.heart_rate_bpm).sum() < 60:
            return None
        distance, speed = np.zeros(len(grid)), np.full(len(grid), np.nan, dtype=np.float64)
        moving = ~paused
    else:
        speed = np.gradient(rolling_mean(distance, 5))
        speed = np.clip(rolling_mean(np.where(paused, np.nan, speed), SMOOTH_S), 0.0, 12.0)
        moving = ~paused & (np.nan_to_num(speed) >= MOVING_MPS)
    altitude = rolling_mean(_known(t, samples.altitude_m, grid), 30 if recording.has_barometer is not False else 60)
    slope = grade_pct(distance, altitude)
    gap = np.where(moving, speed * grade_factor(slope), np.nan)
    heart = _known(t, samples.heart_rate_bpm, grid, most=10.0)
    heart = np.where((heart > 35) & (heart < 235), heart, np.nan)
    return Stream(
        distance_m=distance - distance[0],
        speed_mps=speed,
        gap_mps=gap,
        grade_pct=slope,
        altitude_m=altitude,
        heart_rate_bpm=np.where(paused, np.nan, heart),
        cadence_spm=_known(t, samples.cadence_spm, grid, most=10.0),
        moving=moving,
        latitude_deg=_known(t, samples.latitude_deg, grid),
        longitude_deg=_known(t, samples.longitude_deg, grid),
        has_gps=has_gps,
    )


def _paused(t: Floats, grid: Floats) -> NDArray[np.bool_]:
    nxt = np.clip(np.searchsorted(t, grid, side="right"), 1, len(t) - 1)
    return (t[nxt] - t[nxt - 1]) > PAUSE_S


def _known(t: Floats, column: Floats, grid: Floats, *, most: float = 60.0) -> Floats:
    """A column on the grid: linear between known values, NaN farther than ``most`` seconds from any."""
    good = np.isfinite(column)
    if good.sum() < 2:
        return np.full(len(grid), np.nan, dtype=np.float64)
    where = t[good]
    nxt = np.clip(np.searchsorted(where, grid), 0, len(where) - 1)
    before = np.clip(nxt - 1, 0, len(where) - 1)
    near = np.minimum(np.abs(where[nxt] - grid), np.abs(where[before] - grid)) <= most
    return np.where(near, np.interp(grid, where, column[good]), np.nan)


def _distance(samples: Samples, grid: Floats) -> tuple[Floats | None, bool]:
    """Cumulative metres on the grid by distance, else speed, else positions; and whether there is GPS."""
    t = samples.t_s
    fixed = np.isfinite(samples.latitude_deg) & np.isfinite(samples.longitude_deg)
    has_gps = bool(
        fixed.sum() >= 10 and np.ptp(samples.latitude_deg[fixed]) + np.ptp(samples.longitude_deg[fixed]) > 1e-4
    )
    known = np.isfinite(samples.distance_m)
    if known.sum() >= 5 and np.ptp(samples.distance_m[known]) >= 100:
        metres = np.maximum.accumulate(samples.distance_m[known])
        return np.interp(grid, t[known], metres), has_gps
    known = np.isfinite(samples.speed_mps)
    if known.sum() >= 0.5 * len(t) and np.nanmax(samples.speed_mps) > 0.5:
        step = np.minimum(np.diff(t, prepend=t[0]), PAUSE_S)
        metres = np.cumsum(np.nan_to_num(samples.speed_mps) * step)
        return np.interp(grid, t, metres), has_gps
    if has_gps:
        lat, lon = np.radians(samples.latitude_deg[fixed]), np.radians(samples.longitude_deg[fixed])
        north = np.diff(lat, prepend=lat[0])
        east = np.diff(lon, prepend=lon[0]) * np.cos(lat)
        return np.interp(grid, t[fixed], np.cumsum(EARTH_M * np.hypot(north, east))), True
    return None, has_gps
