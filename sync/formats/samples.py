"""Columns of raw readings -> ``Samples``, and what can be derived from them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rules.facts.recorded import Floats, Samples

Ints = np.ndarray[tuple[int], np.dtype[np.int_]]

EARTH_RADIUS_M = 6_371_008.8
STANDING_MPS = 0.5
"""Slower is standing still: half of a slow walk."""
LONGEST_STEP_S = 10.0
LONGEST_SPARSE_STEP_S = 120.0
"""Readings further apart than 10 s, or than 4 times the usual interval up to 2 minutes, have a pause between them."""
TELEPORT_MPS = 35.0
"""No recorded sport on foot or wheels moves faster: the position jumped, the body did not."""
LONGEST_WITHOUT_FIX_S = 60.0
"""A tunnel is run through; longer without a fix, and what lies between was not recorded."""
REPEATED_WITHIN = 4
"""Points after a fix that may still repeat it."""
ENOUGH_WAY_M = 300.0
ALIKE_SHARE = 0.15
"""Positions and a sensor on the foot differ by less over the same run."""
LENGTHS_M = (1000.0, 1609.344, 0.3048, 0.001)
"""Kilometres, miles, feet and millimetres, for metres."""
FAR_AT_START_M = 200.0
SPEED_WINDOW_S = 5.0
BEARABLE = {
    "heart_rate_bpm": (20.0, 250.0),
    "cadence_spm": (0.0, 400.0),
    "speed_mps": (0.0, 60.0),
    "distance_m": (0.0, 3e6),
    "altitude_m": (-500.0, 9000.0),
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "power_w": (0.0, 5000.0),
    "temperature_c": (-60.0, 80.0),
}
"""What a sensor on a person can read; anything else is noise and becomes NaN."""


def samples_from(
    t_s: Floats, columns: Mapping[str, Floats], segment: Ints | None = None, told_m: float | None = None
) -> Samples | None:
    """``Samples`` with strictly growing time, from readings in any order.

    Readings of one instant are merged, the later one winning value by value. Readings without a time or
    before the start are dropped; distance and speed are derived from the positions, and speed from distance, where the
    device wrote none. A distance column that contradicts the positions is read as what it can only be. ``segment``
    numbers the stretches between which nothing was recorded; ``told_m`` is the whole way by another word, for where
    there are no positions. ``None`` when no reading is left.
    """
    columns = without_repeated_fixes(t_s, columns)
    kept = np.isfinite(t_s) & (t_s >= 0)
    if not kept.any():
        return None
    order = np.argsort(t_s[kept], kind="stable")
    instants, row = np.unique(t_s[kept][order], return_inverse=True)
    tidy: dict[str, Floats] = {}
    for name in Samples.COLUMNS[1:]:
        column = np.full(len(instants), np.nan)
        readings = columns.get(name)
        if readings is not None:
            sorted_readings = np.asarray(readings, dtype=float)[kept][order]
            low, high = BEARABLE[name]
            with np.errstate(invalid="ignore"):
                good = np.isfinite(sorted_readings) & (sorted_readings >= low) & (sorted_readings <= high)
            column[row[good]] = sorted_readings[good]
        tidy[name] = column
    _drop_null_island(tidy)
    part = np.zeros(len(instants), dtype=int)
    if segment is not None:
        part[row] = segment[kept][order]
    along_m = distance_along(instants, tidy["latitude_deg"], tidy["longitude_deg"], part)
    if np.isfinite(tidy["distance_m"]).any():
        tidy["distance_m"] = way_so_far(instants, tidy["distance_m"], along_m, told_m)
    else:
        tidy["distance_m"] = filled_between_fixes(instants, along_m)
    if not np.isfinite(tidy["speed_mps"]).any():
        tidy["speed_mps"] = speed_from_distance(instants, tidy["distance_m"], part)
    return Samples(t_s=instants, **tidy)


def _drop_null_island(columns: dict[str, Floats]) -> None:
    latitude, longitude = columns["latitude_deg"], columns["longitude_deg"]
    no_fix = ~(np.isfinite(latitude) & np.isfinite(longitude)) | ((latitude == 0) & (longitude == 0))
    latitude[no_fix] = longitude[no_fix] = np.nan


def haversine_m(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Great-circle metres between points in degrees."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half_dphi, half_dlambda = (phi2 - phi1) / 2, np.radians(lon2 - lon1) / 2
    chord = np.sin(half_dphi) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(half_dlambda) ** 2
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return metres


def without_repeated_fixes(t_s: Floats, columns: Mapping[str, Floats]) -> Mapping[str, Floats]:
    """The columns without positions that only repeat the fix before them, in a file whose points are not in order.

    Some apps write each reading of the pulse as a point with the last fix under another second: in order of time they
    would make a zigzag. Points in order that repeat a fix stand for a runner who stands.
    """
    latitude, longitude = columns.get("latitude_deg"), columns.get("longitude_deg")
    timed = t_s[np.isfinite(t_s)]
    if latitude is None or longitude is None or len(timed) < 2 or not (np.diff(timed) < 0).any():
        return columns
    repeated = np.zeros(len(t_s), dtype=bool)
    for back in range(1, 1 + REPEATED_WITHIN):
        same = (latitude[back:] == latitude[:-back]) & (longitude[back:] == longitude[:-back])
        repeated[back:] |= same
    blanked = {name: np.where(repeated, np.nan, columns[name]) for name in ("latitude_deg", "longitude_deg")}
    return {**columns, **blanked}


def filled_between_fixes(t_s: Floats, distance_m: Floats) -> Floats:
    """The way at the readings between two fixes, in proportion to the time."""
    known = np.isfinite(distance_m)
    if known.all() or known.sum() < 2:
        return distance_m
    first, last = np.flatnonzero(known)[[0, -1]]
    filled = distance_m.copy()
    within = slice(first, last + 1)
    near = np.diff(t_s[known]) <= LONGEST_STEP_S
    inside = np.searchsorted(t_s[known], t_s[within], side="right") - 1
    between = np.interp(t_s[within], t_s[known], distance_m[known])
    usable = known[within] | near[np.minimum(inside, len(near) - 1)]
    filled[within] = np.where(usable, between, np.nan)
    return filled


def way_so_far(t_s: Floats, distance_m: Floats, along_m: Floats, told_m: float | None = None) -> Floats:
    """A distance column as the way so far: positions tell steps, kilometres and miles, its start an earlier leg.

    One that never counts up, although the runner went on, is none: the positions count.
    """
    at = np.flatnonzero(np.isfinite(distance_m))
    written = distance_m[at]
    covered_m, counted = _span(along_m), float(written[-1] - written[0])
    if covered_m > ENOUGH_WAY_M and counted <= 0:
        if not _alike(float(written.sum()), covered_m):
            return filled_between_fixes(t_s, along_m)
    elif told_m is not None and not np.isfinite(along_m).any():
        covered_m = told_m
    if covered_m > ENOUGH_WAY_M and not _alike(counted, covered_m):
        if _alike(float(written.sum()), covered_m):
            steps = distance_m.copy()
            steps[at] = np.cumsum(written)
            return steps
        factor = next((one for one in LENGTHS_M if _alike(counted * one, covered_m)), None)
        if factor is not None:
            return np.asarray((distance_m - written[0]) * factor, dtype=float)
    if written[0] > FAR_AT_START_M + TELEPORT_MPS * float(t_s[at[0]]) and (np.diff(written) >= 0).all():
        return np.asarray(distance_m - written[0], dtype=float)
    return distance_m


def _span(column: Floats) -> float:
    finite = column[np.isfinite(column)]
    return float(finite[-1] - finite[0]) if len(finite) else 0.0


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= ALIKE_SHARE * max(abs(one), abs(other))


def distance_along(t_s: Floats, latitude_deg: Floats, longitude_deg: Floats, segment: Ints | None = None) -> Floats:
    """Cumulated metres over the points that have a position; NaN where there is none.

    Jumps faster than 35 m/s, what lies between two segments and what lies within a pause add nothing.
    """
    distance = np.full(len(latitude_deg), np.nan)
    at = np.flatnonzero(np.isfinite(latitude_deg) & np.isfinite(longitude_deg))
    if len(at) > 1:
        lat, lon = latitude_deg[at], longitude_deg[at]
        step_m = haversine_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
        gap_s = np.diff(t_s[at])
        step_m[step_m > TELEPORT_MPS * np.maximum(gap_s, 1.0)] = 0.0
        step_m[gap_s > max(longest_step_s(t_s[at]), LONGEST_WITHOUT_FIX_S)] = 0.0
        if segment is not None:
            step_m[np.diff(segment[at]) != 0] = 0.0
        distance[at] = np.concatenate(([0.0], np.cumsum(step_m)))
    return distance


def longest_step_s(t_s: Floats) -> float:
    """Seconds between two readings that are still one stretch, not a pause."""
    if len(t_s) < 2:
        return LONGEST_STEP_S
    return min(max(LONGEST_STEP_S, 4 * float(np.median(np.diff(t_s)))), LONGEST_SPARSE_STEP_S)


def speed_from_distance(t_s: Floats, distance_m: Floats, segment: Ints | None = None) -> Floats:
    """Metres a second over a centred window of 5 s, which a position's jitter of some metres needs.

    The window never reaches over a pause or into another segment.
    """
    speed = np.full(len(t_s), np.nan)
    at = np.flatnonzero(np.isfinite(distance_m))
    if len(at) < 2:
        return speed
    t, d = t_s[at], distance_m[at]
    apart = np.diff(t) > longest_step_s(t)
    if segment is not None:
        apart |= np.diff(segment[at]) != 0
    stretch = np.concatenate(([0], np.cumsum(apart)))
    bounds = np.flatnonzero(np.diff(stretch)) + 1
    first = np.concatenate(([0], bounds))[stretch]
    last = np.concatenate((bounds, [len(t)]))[stretch] - 1
    # At least the neighbour on each side, so that readings every few seconds have a speed too.
    row = np.arange(len(t))
    low = np.maximum(np.minimum(np.searchsorted(t, t - SPEED_WINDOW_S / 2), row - 1), first)
    high = np.minimum(np.maximum(np.searchsorted(t, t + SPEED_WINDOW_S / 2, side="right") - 1, row + 1), last)
    span = t[high] - t[low]
    with np.errstate(invalid="ignore", divide="ignore"):
        speed[at] = np.where(span > 0, np.maximum(d[high] - d[low], 0) / span, np.nan)
    return speed


def moving(samples: Samples) -> tuple[float, float] | None:
    """Seconds and metres between readings that are one stretch and end at 0.5 m/s or more; ``None`` without a speed."""
    if len(samples) < 2 or not np.isfinite(samples.speed_mps).any():
        return None
    step_s = np.diff(samples.t_s)
    with np.errstate(invalid="ignore"):
        goes = (samples.speed_mps[1:] >= STANDING_MPS) & (step_s <= longest_step_s(samples.t_s))
    return float(step_s[goes].sum()), float((step_s * samples.speed_mps[1:])[goes].sum())


def moving_time_s(samples: Samples) -> float | None:
    """Seconds of ``moving``."""
    moved = moving(samples)
    return None if moved is None else moved[0]


def recording_time_s(samples: Samples) -> float:
    """Seconds without the pauses: what a watch's timer would show."""
    step_s = np.diff(samples.t_s)
    return float(step_s[step_s <= longest_step_s(samples.t_s)].sum())


def last_finite(column: Floats) -> float | None:
    finite = column[np.isfinite(column)]
    return float(finite[-1]) if len(finite) else None


def mean_finite(column: Floats) -> float | None:
    finite = column[np.isfinite(column)]
    return float(finite.mean()) if len(finite) else None


def max_finite(column: Floats) -> float | None:
    finite = column[np.isfinite(column)]
    return float(finite.max()) if len(finite) else None
