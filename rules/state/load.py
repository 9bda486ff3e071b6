"""Load: what was run lately against what was run before. Shown, and a reason to revisit the dose; never a risk."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median, pstdev
from typing import Any, Literal

import numpy as np

from rules.facts.kinds import Intensity, Surface
from rules.knowledge.thresholds import Thresholds
from rules.state.feet import FootState, RunSeen
from rules.state.week import monday

SPIKE_BANDS = (1.0, 0.3, 0.1)
"""More than 100, 30 and 10 % over the longest run of the 30 days before (Frandsen 2025)."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """Volume, pace, surface or shoes changed: the foot work wants another look (M20)."""

    detector: Literal["spike", "week", "pace", "first_tempo", "surface", "shoe", "minimalist"]
    day: date
    values: Mapping[str, Any] = field(default_factory=dict)


def revisits(state: FootState) -> tuple[Revisit, ...]:
    """Cards for the last fortnight that no self-check has answered: one a detector and ISO week, each run judged at its
    own date with what had been run by then."""
    since = state.today - timedelta(days=state.thresholds.revisit_days)
    answered = state.assessments[-1].day if state.assessments else date.min
    if not state.runs or state.runs[-1].day <= max(since, answered):
        return ()
    seen: dict[tuple[str, int, int], Revisit] = {}
    for found in _detect(state.runs, max(since, answered), state.thresholds):
        year, week, _ = found.day.isocalendar()
        seen.setdefault((found.detector, year, week), found)
    latest: dict[str, Revisit] = {}
    for one in seen.values():
        latest[one.detector] = one
    return tuple(latest.values())


def unanswered(state: FootState) -> bool:
    """Whether a rise of the last fortnight still waits for its self-check: no step up until then."""
    return bool(revisits(state))


def _detect(runs: Sequence[RunSeen], after: date, limits: Thresholds) -> Iterator[Revisit]:
    for index in range(bisect_right(runs, after, key=lambda run: run.day), len(runs)):
        run = runs[index]
        history = runs[:index]
        if not history or (run.day - history[0].day).days < limits.history_days:
            continue
        yield from _judge(run, history, limits)


def _judge(run: RunSeen, history: Sequence[RunSeen], limits: Thresholds) -> Iterator[Revisit]:
    # Nothing looks back further than the new surface's sixty days and the pace's 63, but a shoe remembers.
    recent = _since(history, run.day - timedelta(days=max(63, limits.new_surface_days)))
    share = spike(run, recent, limits.spike_days)
    # 11 km after 10 km is ten per cent, whatever floating point makes of it.
    if share is not None and share > limits.spike_share + 1e-9:
        band = next((int(100 * band) for band in SPIKE_BANDS if share > band), round(100 * limits.spike_share))
        km = round((run.distance_m or 0) / 1000, 1)
        yield Revisit("spike", run.day, {"percent": round(100 * share), "band": band, "km": km})
    week = week_rise(run, recent, limits)
    if week is not None:
        km, usual = week
        values = {"percent": round(100 * (km / usual - 1)), "km": round(km, 1), "usual": round(usual, 1)}
        yield Revisit("week", run.day, values)
    pace = pace_rise(run, recent)
    if pace is not None and pace > limits.pace_share:
        yield Revisit("pace", run.day, {"percent": round(100 * pace, 1)})
    if run.hard and not any(one.hard and (run.day - one.day).days < limits.first_tempo_days for one in recent):
        yield Revisit("first_tempo", run.day, {"days": limits.first_tempo_days})
    if run.surface is not None and run.surface not in (Surface.UNKNOWN, Surface.MIXED):
        on_it = sum(one.surface is run.surface and (run.day - one.day).days < limits.new_surface_days for one in recent)
        if on_it < limits.new_surface_runs:
            yield Revisit("surface", run.day, {"surface": run.surface.value, "runs": on_it + 1})
    if run.shoe is not None and any(one.shoe not in (None, run.shoe) for one in history):
        worn = [one for one in history if one.shoe == run.shoe]
        km = sum(one.distance_m or 0.0 for one in worn) / 1000
        if len(worn) < limits.new_shoe_runs or km < limits.new_shoe_km:
            yield Revisit("shoe", run.day, {"shoe": run.shoe, "runs": len(worn) + 1, "km": round(km, 1)})
    rise = minimalist_rise(run, recent)
    if rise is not None and rise > limits.minimalist_share:
        yield Revisit("minimalist", run.day, {"points": round(100 * rise)})


def _since(history: Sequence[RunSeen], first: date) -> Sequence[RunSeen]:
    return history[bisect_left(history, first, key=lambda run: run.day) :]


def spike(run: RunSeen, history: Sequence[RunSeen], days: int = 30) -> float | None:
    """Distance over the longest run of the ``days`` before, less one; None without any."""
    longest = 0.0
    for one in reversed(history):
        if (run.day - one.day).days > days:
            break
        longest = max(longest, one.distance_m or 0.0)
    if longest <= 0 or not run.distance_m:
        return None
    return run.distance_m / longest - 1


def week_rise(run: RunSeen, history: Sequence[RunSeen], limits: Thresholds) -> tuple[float, float] | None:
    """Kilometres of the seven days up to ``run`` and the mean of the three weeks before, when that is a rise.

    A race does not raise the card alone: without its kilometres the rise must still stand.
    """
    this, before, races = (run.distance_m or 0.0), 0.0, 0.0
    races += this if run.intensity is Intensity.RACE else 0.0
    for one in reversed(history):
        age = (run.day - one.day).days
        if age >= 28:
            break
        metres = one.distance_m or 0.0
        if age < 7:
            this += metres
            races += metres if one.intensity is Intensity.RACE else 0.0
        else:
            before += metres
    usual = before / 3000
    for km in (this / 1000, (this - races) / 1000):
        if usual <= 0 or km <= limits.week_ratio * usual or km - usual < limits.week_km:
            return None
    return this / 1000, usual


def pace_rise(run: RunSeen, history: Sequence[RunSeen]) -> float | None:
    """Median grade-adjusted speed of easy runs: 21 days against the 42 before, as a share; None below three each."""
    if run.easy_gap_mps is None:
        return None
    recent: list[float] = [run.easy_gap_mps]
    before: list[float] = []
    for one in reversed(history):
        age = (run.day - one.day).days
        if age >= 63:
            break
        if one.easy_gap_mps is not None:
            (recent if age < 21 else before).append(one.easy_gap_mps)
    if len(recent) < 3 or len(before) < 3:
        return None
    return float(median(recent) / median(before) - 1)


def minimalist_rise(run: RunSeen, history: Sequence[RunSeen]) -> float | None:
    """How much the share of kilometres in minimalist shoes rose from the fortnight before to this one."""
    if not run.minimalist:
        return None
    metres = [[0.0, 0.0], [0.0, 0.0]]
    for one in (*history, run):
        age = (run.day - one.day).days
        if age < 28:
            metres[age >= 14][one.minimalist] += one.distance_m or 0.0
    now, then = (row[1] / sum(row) if sum(row) else None for row in metres)
    return None if now is None or then is None else now - then


def monotony(loads: Sequence[float]) -> float:
    """Mean of seven daily loads over their population SD, capped at 10; shown, never acted on."""
    spread = pstdev(loads)
    mean = sum(loads) / len(loads)
    return 10.0 if spread == 0 else min(10.0, mean / spread)


def ewma(loads: Sequence[float], days: int) -> float:
    """Exponentially weighted mean seeded with the first load, λ = 2 / (days + 1) (Williams 2017)."""
    weight = 2 / (days + 1)
    value = loads[0]
    for load in loads[1:]:
        value = weight * load + (1 - weight) * value
    return float(value)


def ewma_series(loads: Sequence[float], days: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The same after each day, for a chart."""
    return np.array([ewma(loads[: end + 1], days) for end in range(len(loads))], dtype=np.float64)


def minutes_by_day(runs: Sequence[RunSeen], first: date, last: date) -> list[float]:
    """Minutes run on each day: the load that needs neither heart rate nor a rating."""
    minutes: dict[date, float] = defaultdict(float)
    for run in runs:
        minutes[run.day] += run.duration_s / 60
    return [minutes[first + timedelta(days=n)] for n in range((last - first).days + 1)]


def averaged(loads: Sequence[float], first: date, days: int) -> list[tuple[date, float]]:
    """The weighted mean over ``days`` on each day from ``first`` on."""
    series = ewma_series(loads, days)
    return [(first + timedelta(days=n), round(float(value), 1)) for n, value in enumerate(series)]


def weekly_distance(runs: Sequence[RunSeen], first: date, last: date) -> list[tuple[date, float]]:
    """Metres of each week from that of ``first`` to that of ``last``, by its Monday."""
    weeks: dict[date, float] = {}
    week = monday(first)
    while week <= last:
        weeks[week] = 0.0
        week += timedelta(days=7)
    for run in runs:
        if (week := monday(run.day)) in weeks:
            weeks[week] += run.distance_m or 0.0
    return [(week, round(metres, 1)) for week, metres in weeks.items()]
