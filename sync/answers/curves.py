"""A run's curves, thinned on the owner's side: at most 1,000 points, whatever the recording holds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rules.effort import grade_factor
from rules.facts import Floats
from sync.store import runs as stored
from sync.store.database import Store
from sync.store.rows import RecordingRow, RunRow
from sync.wire import Lines

SMOOTH_M = 60.0
"""Grade is taken over this distance: shorter ones show the altimeter's noise, not the hill."""
STANDING_MPS = 0.5


def curves(store: Store, recordings: Sequence[RecordingRow], run: RunRow) -> Lines | None:
    """The curves of the run's richest recording that has samples; None when there is none."""
    with_samples = [one for one in recordings if one.sample_count > 0]
    if not with_samples or run.removed:
        return None
    chosen = next((one for one in with_samples if one.recording_id == run.run_id), with_samples[0])
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
