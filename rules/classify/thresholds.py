"""The runner's own thresholds as of one day, each with the source it was read from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from rules.measure.features import RunFeatures
from rules.measure.grade_adjusted import critical_speed, vdot, vdot_speed_mps
from rules.measure.heart_rate import HR_FROM_BPM, HR_STEP_BPM

HR_MAX_DAYS = 180
SPEED_DAYS = 120
TRUSTED_PULSE = 0.8
TANAKA_FLOOR = 0.95
"""A maximum seen in easy months may not fall below 0.95 of 208 − 0.7 · age (Tanaka; 5 bpm too high in women)."""
LTHR_SHARE = 0.92
"""LTHR as a share of HRmax: between 0.90 (Garmin) and 0.935 (VT2 in 1,411 runners, Esteve-Lanao)."""
MEAN_TO_MAX = 0.92
"""Highest mean heart rate of 15 min and more over HRmax, when only means are known."""
USUAL_OF_MAX = 0.76
"""Mean heart rate of a usual run over HRmax: most running is done at 65–79 % (Daniels' easy), the rest is above."""
HR_MAX_SPREAD_BPM = 13.0
"""How far runners of unknown age lie about the common HRmax; 9 once the age is known."""
HR_MAX_SPREAD_OF_AGE_BPM = 9.0
USUAL_SPREAD_BPM = 10.0
WITHIN_OF_MAX = (0.97, 1.12)
"""Where LTHR and the highest heart rate may lie for a watch's settings to be believed."""
THRESHOLD_OF_VVDOT = 0.90
NEW_RUNNER_MPS = 2.95
NEW_RUNNER_HR_MAX = 186.0
OLDEST_DAYS = 730
FADE_RUNS = 4.0
USUAL_OF_THRESHOLD = 0.84
BEST_20_OF_THRESHOLD = 1.10
"""Nobody holds more for 20 min: 1.06 by Daniels' curve (20 against 60 min), the rest is room for GPS."""
LEAP = 1.4
TELLING_S = 480
"""Shorter efforts say little about endurance, and GPS leaps would lift the threshold."""
HARD_OF_MAX = 0.88


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value with the day it holds for, where it comes from, and how sure it is (1 = measured)."""

    value: float
    source: str
    day: date
    trust: float


@dataclass(frozen=True, slots=True)
class RunnerThresholds:
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
    score: float
    """Best VDOT of the efforts that last 8 min and more; 0 without one."""
    speed_mps: float | None
    """Mean grade-adjusted speed of runs of 15 min and more."""
    whole: bool
    """The efforts are one whole run at its mean speed, not best stretches."""
    watch_hr_max_bpm: float | None = None
    watch_lthr_bpm: float | None = None


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
        score=max((vdot(m, s) for m, s in efforts if s >= TELLING_S), default=0.0),
        speed_mps=(run.pace.mean_mps or run.speed_mps) if long_enough else None,
        whole=whole,
        watch_hr_max_bpm=_plausible(run.watch_hr_max_bpm),
        watch_lthr_bpm=_plausible(run.watch_lthr_bpm),
    )


def _plausible(peak: float | None) -> float | None:
    return peak if peak is not None and 120 <= peak <= 225 else None


def runner_thresholds(
    marks: Sequence[Mark], day: date, *, birth_year: int | None = None, told: RunFeatures | None = None
) -> RunnerThresholds:
    """Thresholds as of ``day`` from runs before it; ``marks`` in order of time.

    ``told`` is the run they are for: only what its watch was set to is read from it, and what it proves by itself.
    """
    longer = _since(marks, day, HR_MAX_DAYS, least=25)
    set_on_watch = [*longer, mark(told)] if told is not None else longer
    hr_max = _hr_max(longer, set_on_watch, day, birth_year)
    recent = _since(marks, day, SPEED_DAYS, least=15)
    speed, score = _speed(recent, day)
    proven_mps = (told.pace.best_20_mps or 0.0) / BEST_20_OF_THRESHOLD if told is not None else 0.0
    if proven_mps > speed.value:
        speed = replace(speed, value=proven_mps, source="this_run")
    return RunnerThresholds(hr_max, _lthr(recent, set_on_watch, hr_max, day), speed, score)


def _since(marks: Sequence[Mark], day: date, days: int, *, least: int) -> list[Mark]:
    """Marks of the last ``days``; with fewer than ``least`` of them, older ones too, two years at most."""
    first, oldest = day - timedelta(days=days), day - timedelta(days=OLDEST_DAYS)
    found: list[Mark] = []
    for one in reversed(marks):
        if one.day < oldest or (one.day < first and len(found) >= least):
            break
        found.append(one)
    return found[::-1]


def _hr_max(marks: Sequence[Mark], set_on_watch: Sequence[Mark], day: date, birth_year: int | None) -> Threshold:
    peaks = sorted((one.peak_bpm for one in marks if one.peak_bpm), reverse=True)
    means = sorted((one.mean_bpm for one in marks if one.mean_bpm), reverse=True)
    # One run in many has a false peak: from eight runs on the second highest stands.
    top = peaks or [value / MEAN_TO_MAX for value in means]
    seen = (top[1] if len(top) >= 8 else top[0]) if top else 0.0
    watch = _latest(one.watch_hr_max_bpm for one in set_on_watch)
    if watch is not None and seen <= WITHIN_OF_MAX[1] * watch:
        return Threshold(max(watch, seen), "watch" if watch >= seen else "seen", day, 0.9)
    if peaks and means:
        seen = max(seen, means[0])
    common = 208 - 0.7 * (day.year - birth_year) if birth_year else NEW_RUNNER_HR_MAX
    if not top or (not peaks and len(top) < 3):
        return Threshold(common, "age" if birth_year else "assumed", day, 0.4 if birth_year else 0.1)
    likely = _likely_hr_max(common, means, known_age=birth_year is not None)
    # Easy runs never show the maximum: what is missing fades only as runs show something well above the usual.
    above = seen / median(means) - 1 if means else 0.0
    shown = max(0.0, min(1.0, (above - 0.10) / 0.12)) * (1 - math.exp(-len(top) / FADE_RUNS))
    value = seen + max(likely - seen, 0.0) * (1 - shown)
    if birth_year:
        value = max(value, TANAKA_FLOOR * common)
    trust = (0.6 + 0.4 * shown) * (1.0 if peaks else 0.85) * (1 - math.exp(-(len(top) + 1) / (2 * FADE_RUNS)))
    return Threshold(value, "seen" if peaks else "means", day, max(trust, 0.15))


def _likely_hr_max(common: float, means: Sequence[float], *, known_age: bool) -> float:
    """A common runner's HRmax and the one that this runner's usual heart rate speaks for, by how sure each is."""
    if not means:
        return common
    spread = HR_MAX_SPREAD_OF_AGE_BPM if known_age else HR_MAX_SPREAD_BPM
    # Beginners run every run hard: a high usual heart rate speaks of them, not of a maximum above 200.
    usual = min(median(means) / USUAL_OF_MAX, common + 10.0)
    known = len(means) / (len(means) + 2) / USUAL_SPREAD_BPM**2
    return (common / spread**2 + usual * known) / (1 / spread**2 + known)


def _latest(values: Iterable[float | None]) -> float | None:
    return next((value for value in reversed(list(values)) if value is not None), None)


def _lthr(marks: Sequence[Mark], set_on_watch: Sequence[Mark], hr_max: Threshold, day: date) -> Threshold:
    watch = _latest(one.watch_lthr_bpm for one in set_on_watch)
    if watch is not None and 0.8 * hr_max.value <= watch <= WITHIN_OF_MAX[0] * hr_max.value:
        return Threshold(watch, "watch", day, 0.85)
    tested = [max(one.best_60_bpm or 0.0, 0.95 * (one.best_20_bpm or 0.0)) for one in marks]
    best = sorted((value for value in tested if value > 0), reverse=True)
    if len(best) >= 4:
        high = best[1] if len(best) >= 8 else best[0]
        # Someone who never ran hard for 20 min shows too low a value; a stuck sensor too high a one.
        if 0.88 * hr_max.value <= high <= 0.96 * hr_max.value:
            return Threshold(high, "best_20_min", day, 0.7)
    return Threshold(LTHR_SHARE * hr_max.value, "share_of_max", day, 0.8 * hr_max.trust)


def _speed(marks: Sequence[Mark], day: date) -> tuple[Threshold, Threshold | None]:
    runs = sum(bool(one.efforts) for one in marks)
    scores = _plausible_scores(marks)
    if not scores:
        return Threshold(NEW_RUNNER_MPS, "assumed", day, 0.1), None
    score = scores[1] if len(scores) >= 8 else scores[0]
    by_vdot = THRESHOLD_OF_VVDOT * vdot_speed_mps(score)
    rated = Threshold(score, "best_efforts", day, min(0.2 + 0.05 * runs, 0.8))
    fitted = _fitted(marks, runs)
    if fitted and 0.93 * by_vdot <= fitted <= 1.08 * by_vdot:
        return Threshold(fitted, "critical_speed", day, 0.9), rated
    usual = median([one.speed_mps for one in marks if one.speed_mps] or [0.0])
    # Nobody's usual run is at threshold: without a hard effort on record the usual speed says more than the best.
    value = max(by_vdot, usual / USUAL_OF_THRESHOLD)
    source = "vdot" if value == by_vdot and runs >= 3 else "usual_speed"
    return Threshold(value, source, day, min(0.2 + 0.04 * runs, 0.75)), rated


def _plausible_scores(marks: Sequence[Mark]) -> list[float]:
    """VDOT of every telling effort, highest first, without rides and GPS leaps far above the runner's own."""
    best = [one.score for one in marks if one.score > 0]
    if not best:
        return []
    limit = LEAP * median(best) if len(best) >= 3 else 85.0
    return sorted((score for score in best if score <= limit), reverse=True)


def _fitted(marks: Sequence[Mark], runs: int) -> float | None:
    """Critical speed, when one effort past 12 min was hard enough by heart rate to speak of a limit."""
    highest = max((one.peak_bpm for one in marks if one.peak_bpm), default=0.0)
    hard = any(not one.whole and (one.best_20_bpm or 0) > HARD_OF_MAX * highest > 0 for one in marks)
    if not hard or runs < 6:
        return None
    best: dict[float, float] = {}
    for one in marks:
        if not one.whole:
            for metres, seconds in one.efforts:
                best[metres] = min(best.get(metres, 1e9), seconds)
    found = critical_speed([(m, s) for m, s in best.items() if m <= 5000])
    return found[0] if found else None


def zone_seconds(run: RunFeatures, now: RunnerThresholds) -> tuple[float, ...]:
    """Seconds in Friel's zones 1 to 5 by settled heart rate; the source's own zones when it has no samples."""
    if not run.pulse.seconds:
        return run.hr_zone_s
    zones = [0.0] * 5
    bounds = now.zone_bounds_bpm()
    for at, seconds in enumerate(run.pulse.seconds):
        middle = HR_FROM_BPM + (at + 0.5) * HR_STEP_BPM
        zones[sum(middle >= bound for bound in bounds)] += seconds
    return tuple(zones)
