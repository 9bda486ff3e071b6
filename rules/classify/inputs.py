"""The judge's inputs: one run against its runner's own history and thresholds, each with the numbers that explain it.

Every input is about 0 for the runner's usual run and about 1 when it is clearly more; unknown is 0, so a missing sensor
casts no vote.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rules.classify.history import (
    AUTOMATIC_LAP_M,
    History,
    burst,
    climb_doubt,
    climb_per_km,
    flat_speed,
    laps_each,
    laps_per_km,
    weekday_counts,
)
from rules.classify.thresholds import RunnerThresholds
from rules.measure.features import GAP_FROM_MPS, GAP_STEP_MPS, RunFeatures
from rules.measure.heart_rate import HR_FROM_BPM, HR_STEP_BPM

HARD_SHARE = 0.88
"""Easy and tempo meet at 0.86–0.88 of threshold speed and 0.90–0.92 of LTHR (Friel, Daniels, COROS, GoldenCheetah)."""
HARD_LTHR = 0.92
WITHIN_DAYS = 0.1
REPEATS = {"repeats_planned": 1.0, "repeats_told": 1.0, "repeats_seen": 0.5}
"""How far repeats by source silence the averages: change points are surmised, steps and laps were meant."""
EVEN_BURST = 0.2
"""Log ratio of the fastest moment to the mean of an even run: the column is 0 there, as if it were missing."""
AVERAGES = frozenset(
    {"speed_vs_usual", "speed_vs_threshold", "speed_rank", "speed_range", "core_speed", "fast_minutes", "best_20"}
    | {"heart_vs_usual", "heart_rank", "heart_of_max", "heart_minutes", "core_heart", "heart_top"}
)


@dataclass(frozen=True, slots=True)
class Input:
    value: float
    values: Mapping[str, Any] = field(default_factory=dict)


def inputs(run: RunFeatures, history: History, now: RunnerThresholds) -> dict[str, Input]:
    """Every named input that is known for this run."""
    found: dict[str, Input] = {}
    _length(found, run, history)
    _speed(found, run, history, now)
    _heart(found, run, history, now)
    _climb(found, run, history)
    _calendar(found, run, history)
    _efforts(found, run, now)
    _laps(found, run, history)
    return _without_averages(found)


def _without_averages(found: dict[str, Input]) -> dict[str, Input]:
    """Where repeats are clear, averages over them and their rests say nothing against a hard run.

    Heart rate lags a minute behind (Hunt 2015) and misses repeats below two minutes; time in zone called 86 % of the
    interval sessions easy (Sylta 2014).
    """
    clear = max((min(1.0, found[name].value * part) for name, part in REPEATS.items() if name in found), default=0.0)
    return {
        name: replace(item, value=item.value * (1 - clear)) if name in AVERAGES and item.value < 0 else item
        for name, item in found.items()
    }


def _clip(value: float, most: float = 3.0) -> float:
    return max(-most, min(most, value))


def _length(found: dict[str, Input], run: RunFeatures, history: History) -> None:
    minutes = (run.moving_s or 0) / 60
    distance = run.distance_m
    if minutes <= 0 and distance:
        minutes = distance / 1000 * 6
    if minutes <= 0:
        return
    told = {"minutes": round(minutes)}
    found["minutes"] = Input(_clip(math.log(minutes / 45)), told)
    found["past_75_minutes"] = Input(_clip(max(minutes - 75, 0) / 30, 2), told)
    found["short"] = Input(_clip(max(25 - minutes, 0) / 15, 1.5), told)
    if not distance:
        return
    usual = history.usual("distance_m", distance)
    if usual:
        share: dict[str, Any] = {"percent": round(100 * math.exp(usual.log_ratio)), "runs": usual.runs}
        found["distance_vs_usual"] = Input(_clip(usual.log_ratio / 0.5), share)
        found["distance_rank"] = Input((usual.rank - 0.5) * 2, {"percent": round(100 * usual.rank), "runs": usual.runs})
        found["half_again"] = Input(_clip(max(usual.log_ratio - math.log(1.35), 0) / 0.3, 2), share)
        found["much_shorter"] = Input(_clip(max(-usual.log_ratio - 0.5, 0) / 0.4, 2), share)
    for days in (7, 28):
        past = history.column("distance_m")[history.recent(run, days)]
        past = past[np.isfinite(past)]
        if len(past) >= (2 if days == 7 else 4):
            most = float(past.max())
            values = {"percent": round(100 * distance / most), "days": days}
            found[f"against_longest_{days}"] = Input(_clip((math.log(distance / most) + 0.15) / 0.4), values)


def _speed(found: dict[str, Input], run: RunFeatures, history: History, now: RunnerThresholds) -> None:
    speed = flat_speed(run)
    if speed is None:
        return
    usual = history.usual("speed_mps", speed)
    if usual:
        off = abs(100 * (math.exp(usual.log_ratio) - 1))
        values: dict[str, Any] = {"percent": round(off, 1) if off < 10 else round(off), "runs": usual.runs}
        found["speed_vs_usual"] = Input(_clip(usual.log_ratio / 0.08), values)
        found["speed_rank"] = Input((usual.rank - 0.5) * 2, {"percent": round(100 * usual.rank), "runs": usual.runs})
        if usual.of_range is not None:
            found["speed_range"] = Input(_clip(2 * usual.of_range - 1, 2), {"percent": round(100 * usual.of_range)})
        found["much_faster"] = Input(_clip(max(usual.log_ratio - 0.08, 0) / 0.08, 2), values)
        found["much_slower"] = Input(_clip(max(-usual.log_ratio - 0.08, 0) / 0.1, 2), values)
    share = speed / now.threshold_mps.value
    values = {"percent": round(100 * share), "threshold_mps": round(now.threshold_mps.value, 3)}
    found["speed_vs_threshold"] = Input(_clip((share - 0.84) / 0.08) * min(1.0, now.threshold_mps.trust * 2), values)


def _heart(found: dict[str, Input], run: RunFeatures, history: History, now: RunnerThresholds) -> None:
    mean = run.pulse.mean_bpm
    if mean is None:
        return
    trust = min(1.0, max(run.pulse.quality, 0.2) / 0.7)
    usual = history.usual("heart_bpm", mean)
    if usual:
        values = {"bpm": round(mean), "difference": round(abs(mean - usual.median)), "runs": usual.runs}
        found["heart_vs_usual"] = Input(trust * _clip(usual.log_ratio / 0.05), values)
        found["heart_rank"] = Input(
            trust * (usual.rank - 0.5) * 2, {"percent": round(100 * usual.rank), "runs": usual.runs}
        )
    share = mean / now.hr_max_bpm.value
    values = {"bpm": round(mean), "percent": round(100 * share), "max": round(now.hr_max_bpm.value)}
    found["heart_of_max"] = Input(trust * _clip((share - 0.79) / 0.07) * (0.4 + 0.6 * now.hr_max_bpm.trust), values)
    top = run.pulse.max_bpm
    if top and not run.pulse.seconds:
        above = top / now.hr_max_bpm.value
        values = {"bpm": round(top), "percent": round(100 * above)}
        found["heart_peak"] = Input(_clip((above - 0.91) / 0.05) * now.hr_max_bpm.trust, values)
        found["heart_range"] = Input(_clip((top / mean - 1.13) / 0.06), {"bpm": round(top - mean)})


def _climb(found: dict[str, Input], run: RunFeatures, history: History) -> None:
    steep = run.climb.steep_share
    trusted = climb_doubt(run) is None
    if steep is not None and trusted:
        found["steep_share"] = Input(_clip((steep - 0.15) / 0.2, 3), {"percent": round(100 * steep)})
    if run.structure.climb_reps >= 3 and trusted:
        found["climb_reps"] = Input(_clip((run.structure.climb_reps - 2) / 3, 2), {"reps": run.structure.climb_reps})
    per_km = climb_per_km(run)
    if per_km is None:
        return
    found["climb"] = Input(_clip(math.log((per_km + 2) / 14)), {"climb_m_per_km": round(per_km, 1)})
    down = descent_per_km(run)
    if down is not None and down > per_km:
        # What goes down further than up is as hilly as its descent: that is where the foot brakes.
        found["descent"] = Input(_clip(math.log((down + 2) / (per_km + 2))), {"descent_m_per_km": round(down, 1)})
    usual = history.usual("climb_per_km", per_km)
    if usual:
        values = {"climb_m_per_km": round(per_km, 1), "usual_m_per_km": round(usual.median, 1), "runs": usual.runs}
        found["climb_vs_usual"] = Input(_clip(usual.log_ratio / 0.5), values)
        found["climb_above_usual"] = Input(_clip(max(usual.log_ratio, 0.0) / 0.5), values)
        found["climb_rank"] = Input((usual.rank - 0.5) * 2, {"percent": round(100 * usual.rank), "runs": usual.runs})


def descent_per_km(run: RunFeatures) -> float | None:
    """Metres of descent a kilometre, as far as the climb is trusted."""
    if run.climb.descent_m is None or climb_per_km(run) is None or not run.distance_m:
        return None
    return run.climb.descent_m / run.distance_m * 1000.0


def _calendar(found: dict[str, Input], run: RunFeatures, history: History) -> None:
    day = run.day.weekday()
    found["weekend"] = Input(float(day >= 5), {})
    habit = weekday_counts(history, run.start_utc)
    runs = sum(habit.runs)
    if runs > 3:
        for name, column in (("weekday_hard", habit.hard), ("weekday_long", habit.long)):
            whole = (sum(column) + 0.4) / (runs + 2)
            here = (column[day] + 4 * whole) / (habit.runs[day] + 4)
            odds = math.log(here / (1 - here)) - math.log(whole / (1 - whole)) if 0 < here < 1 and 0 < whole < 1 else 0
            found[name] = Input(_clip(odds, 2), {"percent": round(100 * here)})
    hour = history.middle("hour")
    if run.hour and hour is not None:
        found["evening"] = Input(_clip((run.hour - hour) / 5, 1.5), {})
    lately = history.share("hard")
    if lately is not None:
        hard_runs, runs_before = lately[0] * lately[1], lately[1]
        odds = math.log((hard_runs + 1) / (runs_before - hard_runs + 3))
        found["hard_lately"] = Input(_clip(odds + 1.3, 2), {"percent": round(100 * lately[0]), "runs": runs_before})
    since = history.days_since(run, "distance_m", 0)
    if since is not None:
        # A log without times has every run of a day at midnight: nothing then says which came first.
        if 0 < since < WITHIN_DAYS:
            # Warm-up, workout, cool-down on three recordings: what follows a run at once depends on what that one was.
            after = "after_hard" if history.column("hard")[-1] >= 0.5 else "after_warmup"
            found[after] = Input(1.0, {"minutes": round(since * 1440)})
        found["rested"] = Input(_clip((min(since, 4) - 1) / 1.5), {"days": round(since)})
    hard = history.days_since(run, "hard", 0.5)
    if hard is not None:
        found["days_since_hard"] = Input(_clip((min(hard, 8) - 3) / 3), {"days": round(hard)})
        found["hard_yesterday"] = Input(float(0.3 < hard < 1.5), {})
    long = history.days_since(run, "long", 0.5)
    if long is not None:
        found["days_since_long"] = Input(_clip((min(long, 14) - 6) / 4), {"days": round(long)})


def _efforts(found: dict[str, Input], run: RunFeatures, now: RunnerThresholds) -> None:
    """What only samples or laps tell: time at threshold, settled heart rate, repeats."""
    limit = now.threshold_mps.value
    if run.pace.seconds:
        speeds = GAP_FROM_MPS + (np.arange(len(run.pace.seconds)) + 0.5) * GAP_STEP_MPS
        minutes = float(np.array(run.pace.seconds, dtype=np.float64)[speeds >= HARD_SHARE * limit].sum()) / 60
        found["fast_minutes"] = Input(_clip(math.log1p(minutes / 6) - 0.9), {"minutes": round(minutes)})
        middle = run.pace.quantiles_mps[2]
        found["spread"] = Input(
            _clip((run.pace.quantiles_mps[4] / middle - 1.12) / 0.12),
            {"percent": round(100 * (run.pace.quantiles_mps[4] / middle - 1))},
        )
    if run.pace.best_20_mps:
        share = run.pace.best_20_mps / limit
        found["best_20"] = Input(_clip((share - 0.9) / 0.07), {"percent": round(100 * share)})
    if run.pace.core_mps:
        share = run.pace.core_mps / limit
        found["core_speed"] = Input(_clip((share - 0.84) / 0.08), {"percent": round(100 * share)})
    if run.pulse.seconds:
        trust = min(1.0, run.pulse.quality / 0.8)
        beats = HR_FROM_BPM + (np.arange(len(run.pulse.seconds)) + 0.5) * HR_STEP_BPM
        seconds = np.array(run.pulse.seconds, dtype=np.float64)
        minutes = float(seconds[beats >= HARD_LTHR * now.lthr_bpm.value].sum()) / 60
        values = {"minutes": round(minutes), "bpm": round(HARD_LTHR * now.lthr_bpm.value)}
        found["heart_minutes"] = Input(trust * _clip(math.log1p(minutes / 6) - 0.9), values)
        if run.pulse.peak_bpm:
            share = run.pulse.peak_bpm / now.hr_max_bpm.value
            values = {"bpm": round(run.pulse.peak_bpm), "percent": round(100 * share)}
            found["heart_top"] = Input(trust * _clip((share - 0.91) / 0.05), values)
        if run.pulse.core_bpm:
            share = run.pulse.core_bpm / now.lthr_bpm.value
            found["core_heart"] = Input(trust * _clip((share - 0.88) / 0.06), {"percent": round(100 * share)})
    _repeats(found, run)


def _laps(found: dict[str, Input], run: RunFeatures, history: History) -> None:
    """What a table's own columns tell of laps and of the fastest moment; nothing where it has no such column.

    A watch cuts a lap every kilometre or mile by itself, another runner never: only the number against the runner's own
    usual says anything. Since another watch cuts them, a kilometre's laps in place of a mile's are no workout.
    """
    rate, usual = laps_per_km(run), history.middle("laps_per_km")
    by_watch = any(laps_each(run, lap_m) and history.is_new(name) for name, lap_m in AUTOMATIC_LAP_M.items())
    if rate is not None and usual is not None and run.distance_m and run.lap_count and not by_watch:
        expected = usual * run.distance_m / 1000
        values: dict[str, Any] = {"laps": run.lap_count, "usual": max(1, round(expected))}
        found["laps_vs_usual"] = Input(_clip(math.log((run.lap_count + 1) / (expected + 1)) / 0.5), values)
    fastest = burst(run)
    if fastest is not None:
        values = {"percent": round(100 * (math.exp(fastest) - 1))}
        found["burst"] = Input(_clip((fastest - EVEN_BURST) / 0.15), values)
        own = history.middle("burst")
        if own is not None:
            found["burst_vs_usual"] = Input(_clip((fastest - own) / 0.15), values)


def _repeats(found: dict[str, Input], run: RunFeatures) -> None:
    parts = run.structure
    told = parts.source in ("steps", "laps")
    if parts.reps >= 2 and parts.contrast >= 1.05 and parts.pattern in ("intervals", "fartlek"):
        clear = 1.0 if told else max(0.0, min(1.2, (parts.clearness - 0.5) / 0.2))
        # Eight minutes of work, or many short sprints: four strides at the end of an easy run are neither.
        enough = min(1.0, max(parts.work_s / 480, (parts.reps - 4) / 4 if told else 0.0))
        strength = _clip((parts.contrast - 1.05) / 0.15, 2) * enough * clear
        name = {"steps": "repeats_planned", "laps": "repeats_told"}.get(parts.source, "repeats_seen")
        found[name] = Input(
            strength,
            {"reps": parts.reps, "duration": duration(parts.rep_s), "percent": round(100 * (parts.contrast - 1))},
        )
    elif parts.pattern == "tempo_block" and parts.work_s >= 480 and parts.contrast >= 1.08:
        values = {"minutes": round(parts.work_s / 60), "percent": round(100 * (parts.contrast - 1))}
        found["block"] = Input(_clip((parts.contrast - 1.05) / 0.12, 2), values)


def duration(seconds: float) -> str:
    """ "3:00": minutes and seconds, rounded to five seconds below ten minutes."""
    whole = round(seconds / 5) * 5 if seconds < 600 else round(seconds / 30) * 30
    return f"{whole // 60}:{whole % 60:02d}"
