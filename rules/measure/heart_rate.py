"""Heart rate of one run, judged only where it can be trusted: quality flags, settled seconds, drift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.facts.recorded import Floats, Recording
from rules.measure.grade_adjusted import best_mean, rolling_mean
from rules.measure.stream import Stream

HR_FROM_BPM, HR_STEP_BPM, HR_BINS = 60, 5, 34
SETTLED_S = 600
"""The first ten minutes lag behind the effort (τ = 58 ± 24 s, Hunt 2015) and hold most optical errors."""
LOCK_BPM = 3.0
LOCK_S = 120
JUMP_BPM = 8.0


@dataclass(frozen=True, slots=True)
class Pulse:
    """``seconds`` counts settled seconds per 5 bpm from 60 up. ``quality`` is 0–1; ``flags`` name what lowered it."""

    mean_bpm: float | None = None
    max_bpm: float | None = None
    peak_bpm: float | None = None
    """Highest 30-s rolling median: one wild beat does not make a maximum."""
    core_bpm: float | None = None
    best_20_bpm: float | None = None
    best_60_bpm: float | None = None
    drift: float | None = None
    """(EF1 − EF2) / EF1 with EF = grade-adjusted speed over heart rate, halves after the first ten minutes."""
    quality: float = 0.0
    flags: tuple[str, ...] = ()
    seconds: tuple[int, ...] = ()


def pulse(recording: Recording, ride: Stream | None) -> Pulse:
    """Everything about heart rate; without samples only the source's own mean and maximum."""
    told_mean, told_max = _sane(recording.mean_heart_rate_bpm), _sane(recording.max_heart_rate_bpm)
    if ride is None or np.isfinite(ride.heart_rate_bpm).sum() < 60:
        return Pulse(mean_bpm=told_mean, max_bpm=told_max, quality=0.7 if told_mean else 0.0)
    heart = ride.heart_rate_bpm
    known = heart[np.isfinite(heart)]
    quality, flags = _quality(ride)
    settled = heart[SETTLED_S:] if len(heart) > SETTLED_S + 300 else heart[len(heart) // 3 :]
    settled = settled[np.isfinite(settled)]
    core = heart[600:2700]
    core = core[np.isfinite(core)]
    bins = np.clip(((settled - HR_FROM_BPM) / HR_STEP_BPM).astype(np.int64), 0, HR_BINS - 1)
    counts = np.bincount(bins, minlength=HR_BINS)
    last = np.flatnonzero(counts)
    return Pulse(
        mean_bpm=float(known.mean()),
        max_bpm=float(known.max()),
        peak_bpm=_peak(heart),
        core_bpm=float(np.median(core)) if len(core) >= 300 else None,
        best_20_bpm=best_mean(heart, 1200),
        best_60_bpm=best_mean(heart, 3600),
        drift=_drift(ride),
        quality=quality,
        flags=flags,
        seconds=tuple(int(c) for c in counts[: last[-1] + 1]) if len(last) else (),
    )


def _sane(value: float | None) -> float | None:
    return value if value is not None and 60 <= value <= 230 else None


def _peak(heart: Floats) -> float | None:
    if len(heart) < 30:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(heart, 30)[::3]
    whole = windows[np.isfinite(windows).all(axis=1)]
    return float(np.median(whole, axis=1).max()) if len(whole) else None


def _quality(ride: Stream) -> tuple[float, tuple[str, ...]]:
    heart = ride.heart_rate_bpm
    moving = ride.moving
    if not moving.any():
        return 0.0, ("dropouts",)
    flags: list[str] = []
    cover = float(np.isfinite(heart[moving]).mean())
    if cover < 0.9:
        flags.append("dropouts")
    step = np.abs(np.diff(heart))
    jumps = float(np.mean(step[np.isfinite(step)] > JUMP_BPM)) if np.isfinite(step).any() else 0.0
    if jumps > 0.005:
        flags.append("noise")
    flat = np.abs(np.diff(heart[::60]))
    stuck = float(np.mean(flat[np.isfinite(flat)] == 0)) if np.isfinite(flat).sum() >= 10 else 0.0
    if stuck > 0.5:
        flags.append("plateau")
    lock = _locked_share(ride)
    if lock > 0.1:
        flags.append("cadence_lock")
    quality = cover * (1 - min(jumps * 30, 0.5)) * (1 - 0.5 * min(lock * 2, 1.0)) * (0.7 if stuck > 0.5 else 1.0)
    return quality, tuple(flags)


def _locked_share(ride: Stream) -> float:
    """Share of two-minute windows in which heart rate sits on the step rate and moves with it."""
    heart, cadence = ride.heart_rate_bpm, ride.cadence_spm
    both = np.isfinite(heart) & np.isfinite(cadence)
    if both.sum() < 2 * LOCK_S:
        return 0.0
    locked = total = 0
    for start in range(0, len(heart) - LOCK_S + 1, LOCK_S):
        h, c = heart[start : start + LOCK_S], cadence[start : start + LOCK_S]
        good = np.isfinite(h) & np.isfinite(c)
        if good.sum() < 0.8 * LOCK_S:
            continue
        total += 1
        near = np.abs(h[good] - c[good]).mean() < LOCK_BPM
        still = h[good].std() < 0.5 or c[good].std() < 0.5
        if near and (still or np.corrcoef(h[good], c[good])[0, 1] > 0.8):
            locked += 1
    return locked / total if total else 0.0


def _drift(ride: Stream) -> float | None:
    heart = rolling_mean(ride.heart_rate_bpm, 15)
    good = np.isfinite(heart) & np.isfinite(ride.gap_mps)
    good[:SETTLED_S] = False
    at = np.flatnonzero(good)
    if len(at) < 1500:
        return None
    half = len(at) // 2
    first, second = at[:half], at[half:]
    before = ride.gap_mps[first].mean() / heart[first].mean()
    after = ride.gap_mps[second].mean() / heart[second].mean()
    return float((before - after) / before)
