"""A run's curves, thinned on the owner's side: at most 500 points, whatever the recording holds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rules.facts.recorded import Floats
from rules.measure.grade_adjusted import grade_factor
from rules.measure.map_match import DEGREE_M
from sync.storage import recordings as stored
from sync.storage.database import Store
from sync.storage.rows.arrived import RecordingRow, RunRow
from sync.wire.runs import Lines

SMOOTH_M = 60.0
"""Grade is taken over this distance: shorter ones show the altimeter's noise, not the hill."""
STANDING_MPS = 0.5


def curves(store: Store, recordings: Sequence[RecordingRow], run: RunRow) -> Lines | None:
    """The curves of the run's richest recording that has samples; None when there is none."""
    chosen = _drawn(recordings, run)
    if chosen is None:
        return None
    columns = stored.thinned_samples(store, chosen.number)
    adjusted = grade_adjusted(columns["distance_m"], columns["altitude_m"], columns["speed_mps"])
    return Lines(
        t_s=_known(columns["t_s"], 1),
        distance_m=_plain(columns["distance_m"], 1),
        speed_mps=_plain(columns["speed_mps"], 3),
        grade_adjusted_mps=_plain(adjusted, 3),
        heart_rate_bpm=_plain(columns["heart_rate_bpm"], 0),
        altitude_m=_plain(columns["altitude_m"], 1),
    )


def course(store: Store, recordings: Sequence[RecordingRow], run: RunRow) -> list[tuple[float, float]] | None:
    """Where the same recording went, in metres east and north of its start; None without a trace."""
    chosen = _drawn(recordings, run)
    if chosen is None:
        return None
    places = stored.thinned_places(store, chosen.number)
    latitude, longitude = places["latitude_deg"], places["longitude_deg"]
    if len(latitude) < 2:
        return None
    north = (latitude - latitude[0]) * DEGREE_M
    east = (longitude - longitude[0]) * DEGREE_M * math.cos(math.radians(latitude[0]))
    return [(round(float(x), 1), round(float(y), 1)) for x, y in zip(east, north, strict=True)]


def _drawn(recordings: Sequence[RecordingRow], run: RunRow) -> RecordingRow | None:
    """The recording that the page draws: the lead if it has samples, else the first that has."""
    with_samples = [one for one in recordings if one.sample_count > 0]
    if not with_samples or run.removed:
        return None
    return next((one for one in with_samples if one.recording_id == run.run_id), with_samples[0])


def grade_adjusted(distance_m: Floats, altitude_m: Floats, speed_mps: Floats) -> Floats:
    """Speed on the flat that costs the same, point by point; NaN where altitude, distance or speed is not known."""
    adjusted = np.full(len(speed_mps), np.nan)
    known = np.isfinite(distance_m) & np.isfinite(altitude_m)
    if known.sum() < 3 or distance_m[known][-1] - distance_m[known][0] < 2 * SMOOTH_M:
        return adjusted
    at, height = distance_m[known], altitude_m[known]
    rise = np.interp(at + SMOOTH_M / 2, at, height) - np.interp(at - SMOOTH_M / 2, at, height)
    ran = np.clip(at + SMOOTH_M / 2, at[0], at[-1]) - np.clip(at - SMOOTH_M / 2, at[0], at[-1])
    grade = np.divide(rise, ran, out=np.zeros_like(rise), where=ran > 1.0)
    speed = speed_mps[known]
    adjusted[known] = np.where(speed > STANDING_MPS, speed * grade_factor(100 * grade), speed)
    return adjusted


def _plain(column: Floats, digits: int) -> list[float | None]:
    return [None if math.isnan(value) else round(float(value), digits) for value in column]


def _known(column: Floats, digits: int) -> list[float]:
    return [round(float(value), digits) for value in column]
