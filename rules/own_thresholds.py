"""The runner's own thresholds as of one day, each with the source it was read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.effort import critical_speed, vdot, vdot_speed_mps
from rules.features import RunFeatures
from rules.pulse import HR_FROM_BPM, HR_STEP_BPM

HR_MAX_DAYS = 180
SPEED_DAYS = 120
TRUSTED_PULSE = 0.8
TANAKA_FLOOR = 0.95
"""A maximum seen in easy months may not fall below 0.95 of 208 − 0.7 · age (Tanaka; 5 bpm too high in women)."""
LTHR_SHARE = 0.92
"""LTHR as a share of HRmax: between 0.90 (Garmin) and 0.935 (VT2 in 1,411 runners, Esteve-Lanao)."""
MEAN_TO_MAX = 0.92
"""Highest mean heart rate of 15 min and more over HRmax, when only means are known."""
THRESHOLD_OF_VVDOT = 0.90
NEW_RUNNER_MPS = 2.95
NEW_RUNNER_HR_MAX = 188.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value with the day it holds for, where it comes from, and how sure it is (1 = measured)."""

    value: float
    source: str
    day: date
    trust: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """HRmax and LTHR in bpm, threshold speed in m/s on the flat, VDOT."""

    hr_max_bpm: Threshold
    lthr_bpm: Threshold
    threshold_mps: Threshold
    vdot: Threshold | None = None

    def zone_bounds_bpm(self) -> tuple[float, ...]:
        """Lower bounds of Friel's zones 2 to 5 as shares of LTHR."""
        return tuple(share * self.lthr_bpm.value for share in (0.85, 0.90, 0.95, 1.00))


@dataclass(frozen=True, slots=True)
class Mark:
    """What one past run says about thresholds."""

    day: date
    peak_bpm: float | None
    """A maximum that was held: 30-s median, or the source's own maximum; None when heart rate was not trusted."""
    mean_bpm: float | None
    best_20_bpm: float | None
    best_60_bpm: float | None
    efforts: tuple[tuple[float, float], ...]
    """(metres, seconds) by grade-adjusted speed; for summary rows the whole run."""
    whole: bool
    """The efforts are one whole run at its mean speed, not best stretches."""


def mark(run: RunFeatures) -> Mark:
    """The run's contribution to later thresholds."""
    heart = run.pulse
    trusted = heart.quality >= TRUSTED_PULSE
    told_max = heart.max_bpm if not heart.seconds and heart.max_bpm else None
    long_enough = (run.moving_s or 0) >= 900
    efforts = tuple((m, s) for m, s in run.pace.efforts if 1.5 < m / s < 7.2)
    whole = not efforts
    if whole and run.distance_m and run.moving_s and run.speed_mps and 1.5 < run.speed_mps < 6.6:
        efforts = ((run.distance_m, run.moving_s),) if 1500 <= run.distance_m <= 45_000 else ()
    return Mark(
        day=run.day,
        peak_bpm=_plausible(heart.peak_bpm if trusted and heart.seconds else told_max),
        mean_bpm=heart.mean_bpm if long_enough else None,
        best_20_bpm=heart.best_20_bpm if trusted else None,
        best_60_bpm=heart.best_60_bpm if trusted else None,
        efforts=efforts,
        whole=whole,
    )


def _plausible(peak: float | None) -> float | None:
    return peak if peak is not None and 120 <= peak <= 225 else None


def thresholds(marks: Sequence[Mark], day: date, *, birth_year: int | None = None) -> Thresholds:
    """Thresholds as of ``day`` from runs before it; ``marks`` in order of time."""
    hr_max = _hr_max(_since(marks, day, HR_MAX_DAYS), day, birth_year)
    recent = _since(marks, day, SPEED_DAYS) or list(marks[-20:])
    speed, score = _speed(recent, day)
    return Thresholds(hr_max, _lthr(recent, hr_max, day), speed, score)


def _since(marks: Sequence[Mark], day: date, days: int) -> list[Mark]:
    first = day - timedelta(days=days)
    found: list[Mark] = []
    for one in reversed(marks):
        if one.day < first:
            break
        found.append(one)
    return found[::-1]


def _hr_max(marks: Sequence[Mark], day: date, birth_year: int | None) -> Threshold:
    by_age = 208 - 0.7 * (day.year - birth_year) if birth_year else None
    peaks = sorted((one.peak_bpm for one in marks if one.peak_bpm), reverse=True)
    if peaks:
        # One run in many has a false peak: from eight runs on the second highest stands.
        seen = peaks[1] if len(peaks) >= 8 else peaks[0]
        floor = TANAKA_FLOOR * by_age if by_age else 0.0
        if seen >= floor:
            return Threshold(seen, "seen", day, min(0.5 + 0.05 * len(peaks), 1.0))
    if by_age:
        return Threshold(by_age, "age", day, 0.4)
    means = sorted((one.mean_bpm for one in marks if one.mean_bpm), reverse=True)
    if peaks:
        return Threshold(max(peaks[0], (means[0] if means else 0) / MEAN_TO_MAX), "seen", day, 0.4)
    if len(means) >= 3:
        high = means[1] if len(means) >= 8 else means[0]
        return Threshold(max(high / MEAN_TO_MAX, 165.0), "means", day, min(0.2 + 0.02 * len(means), 0.6))
    return Threshold(NEW_RUNNER_HR_MAX, "assumed", day, 0.1)


def _lthr(marks: Sequence[Mark], hr_max: Threshold, day: date) -> Threshold:
    by_max = LTHR_SHARE * hr_max.value
    tested = [max(one.best_60_bpm or 0.0, 0.95 * (one.best_20_bpm or 0.0)) for one in marks]
    best = sorted((value for value in tested if value > 0), reverse=True)
    if len(best) >= 4:
        high = best[1] if len(best) >= 8 else best[0]
        # Someone who never ran hard for 20 min shows too low a value; a stuck sensor too high a one.
        if 0.86 * hr_max.value <= high <= 0.96 * hr_max.value:
            return Threshold(high, "best_20_min", day, 0.7)
    return Threshold(by_max, "share_of_max", day, 0.8 * hr_max.trust)


def _speed(marks: Sequence[Mark], day: date) -> tuple[Threshold, Threshold | None]:
    scores = sorted((vdot(m, s) for one in marks for m, s in _telling(one)), reverse=True)
    runs = sum(bool(one.efforts) for one in marks)
    if not scores:
        return Threshold(NEW_RUNNER_MPS, "assumed", day, 0.1), None
    score = scores[1] if len(scores) >= 8 else scores[0]
    by_vdot = THRESHOLD_OF_VVDOT * vdot_speed_mps(score)
    rated = Threshold(score, "best_efforts", day, min(0.2 + 0.05 * runs, 0.8))
    best: dict[float, float] = {}
    for one in marks:
        if not one.whole:
            for metres, seconds in one.efforts:
                best[metres] = min(best.get(metres, 1e9), seconds)
    hard_enough = any(
        not one.whole and any(s > 720 for _, s in one.efforts) and (one.best_20_bpm or 0) > 0.88 * _highest(marks)
        for one in marks
    )
    fitted = critical_speed([(m, s) for m, s in best.items() if m <= 5000]) if hard_enough and runs >= 4 else None
    if fitted and 0.93 * by_vdot <= fitted[0] <= 1.08 * by_vdot:
        return Threshold(fitted[0], "critical_speed", day, 0.9), rated
    trust = min(0.25 + 0.03 * runs, 0.7)
    return Threshold(by_vdot, "vdot" if runs >= 3 else "few_runs", day, trust), rated


def _telling(one: Mark) -> tuple[tuple[float, float], ...]:
    """Efforts long enough to speak of endurance: short ones and GPS spikes would lift the threshold."""
    return tuple((m, s) for m, s in one.efforts if s >= 480)


def _highest(marks: Sequence[Mark]) -> float:
    return max((one.peak_bpm for one in marks if one.peak_bpm), default=190.0)


def zone_seconds(run: RunFeatures, now: Thresholds) -> tuple[float, ...]:
    """Seconds in Friel's zones 1 to 5 by settled heart rate; the source's own zones when it has no samples."""
    if not run.pulse.seconds:
        return run.hr_zone_s
    zones = [0.0] * 5
    bounds = now.zone_bounds_bpm()
    for at, seconds in enumerate(run.pulse.seconds):
        middle = HR_FROM_BPM + (at + 0.5) * HR_STEP_BPM
        zones[sum(middle >= bound for bound in bounds)] += seconds
    return tuple(zones)
