"""What the diary shows, with its uncertainty: the trend, mornings by surface, kind and shoe, the work and the morning.

Words are keys of the language files (``insight.<word>``); nothing here is a verdict on the foot, only on this diary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import erf, sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rules.dose.readiness import stiffness_by_day
from rules.facts.foot_work import Reason
from rules.state.feet import FootState, RunSeen

_Floats = NDArray[np.float64]
Word = Literal["likely_eased", "no_clear_change", "likely_worse", "not_enough"]
GroupBy = Literal["surface", "kind", "shoe"]

BLOCK_DAYS = 7
RESAMPLES = 300
SEED = 56
TREND_DAYS_MOST = 112
"""Sixteen weeks: a slope over longer says little about now."""
LEVEL_DAYS = 28
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Trend:
    """Theil–Sen slope in points per four weeks with 80 % and 95 % intervals of a 7-day moving-block bootstrap."""

    word: Word
    days: int
    entries: int
    missing: int
    slope: float | None = None
    low_80: float | None = None
    high_80: float | None = None
    low_95: float | None = None
    high_95: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One surface, kind or shoe: mornings after it against the own 28-day level, drawn towards the common mean.

    ``mean``, ``low``, ``high`` (80 %) are None below the least number of entries.
    """

    name: str
    n: int
    mean: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    groups: tuple[Group, ...]
    better: tuple[str, str, float, float] | None
    """(a, b, difference in points, probability): a felt better than b."""
    word: Literal["felt_better", "no_difference", "not_enough"]


@dataclass(frozen=True, slots=True)
class AfterFootWork:
    """Mornings after a session against mornings after none, both against the own 28-day level."""

    word: Word
    with_mean: float | None
    n_with: int
    without_mean: float | None
    n_without: int


def trend(state: FootState) -> Trend:
    """The stiffness trend of the last sixteen weeks, from 56 days and 28 logged days on."""
    first = state.today - timedelta(days=TREND_DAYS_MOST - 1)
    days = stiffness_by_day(state.diary, first, state.today)
    if not days:
        return Trend("not_enough", 0, 0, 0)
    begin = min(days)
    span = (state.today - begin).days + 1
    missing = span - len(days)
    if span < state.thresholds.trend_days or len(days) < state.thresholds.trend_entries:
        return Trend("not_enough", span, len(days), missing)
    values = np.full(span, np.nan, dtype=np.float64)
    for day, score in days.items():
        values[(day - begin).days] = score
    slope, slopes = block_bootstrap(values)
    low_95, low_80, high_80, high_95 = (28 * float(one) for one in np.quantile(slopes, (0.025, 0.1, 0.9, 0.975)))
    word: Word = "likely_eased" if high_95 < 0 else "likely_worse" if low_95 > 0 else "no_clear_change"
    rounded = (round(28 * slope, 2), *(round(one, 2) for one in (low_80, high_80, low_95, high_95)))
    return Trend(word, span, len(days), missing, *rounded)


@lru_cache(maxsize=64)
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The indices of all pairs: the resamples of one diary ask for the same few counts again and again."""
    i, j = np.triu_indices(count, 1)
    return i, j


def theil_sen(t: _Floats, y: _Floats) -> float:
    """The median of the slopes of all pairs, per unit of ``t``."""
    i, j = _pairs(len(t))
    return float(np.median((y[j] - y[i]) / (t[j] - t[i])))


def block_bootstrap(values: _Floats, resamples: int = RESAMPLES, seed: int = SEED) -> tuple[float, _Floats]:
    """Slope a day and its resampled slopes: residuals drawn in blocks of seven days, so that what lasts for days stays.

    ``values`` is one a day with NaN where nothing was logged.
    """
    t = np.arange(len(values), dtype=float)
    known = ~np.isnan(values)
    slope = theil_sen(t[known], values[known])
    line = slope * t + float(np.median(values[known] - slope * t[known]))
    rest = values - line
    luck = np.random.default_rng(seed)
    blocks = -(-len(values) // BLOCK_DAYS)
    slopes = np.empty(resamples)
    for number in range(resamples):
        starts = luck.integers(0, len(values) - BLOCK_DAYS + 1, blocks)
        drawn = np.concatenate([rest[start : start + BLOCK_DAYS] for start in starts])[: len(values)]
        seen = ~np.isnan(drawn)
        slopes[number] = theil_sen(t[seen], (line + drawn)[seen]) if seen.sum() > 2 else slope
    return slope, slopes


def by_group(state: FootState, group: GroupBy) -> Groups:
    """Which surfaces, kinds or shoes feel best the next morning: partial pooling with the own level taken off."""
    rows = _mornings_after_runs(state)
    named = [(name, y, x) for run, y, x in rows if (name := _name(run, group)) is not None]
    counts: dict[str, int] = {}
    for name, _, _ in named:
        counts[name] = counts.get(name, 0) + 1
    least = state.thresholds.group_entries
    shown = {name for name, n in counts.items() if n >= least}
    few = tuple(Group(name, n, None) for name, n in sorted(counts.items()) if name not in shown)
    if len(shown) < 2:
        only = tuple(Group(name, counts[name], None) for name in sorted(shown))
        return Groups((*only, *few), None, "not_enough")
    used = [(name, y, x) for name, y, x in named if name in shown]
    scores, usual = (np.array([row[at] for row in used], dtype=np.float64) for at in (1, 2))
    y = _adjusted(scores, usual)
    samples = {name: y[[row[0] == name for row in used]] for name in sorted(shown)}
    means, spreads, tau2 = pool(samples)
    groups = tuple(
        Group(name, len(samples[name]), *(round(one, 2) for one in (m, m - 1.2816 * s, m + 1.2816 * s)))
        for name, m, s in zip(samples, means, spreads, strict=True)
    )
    better = _better(list(samples), means, spreads, state) if tau2 > 0 else None
    return Groups((*groups, *few), better, "felt_better" if better else "no_difference")


def pool(samples: Mapping[str, _Floats]) -> tuple[list[float], list[float], float]:
    """Shrunken means, their standard errors and τ²: θ̂ = μ + w(ȳ − μ), w = τ² / (τ² + σ²/n), by analysis of variance."""
    sizes = np.array([len(one) for one in samples.values()], dtype=float)
    raw = np.array([float(np.mean(one)) for one in samples.values()], dtype=np.float64)
    total, count = sizes.sum(), len(sizes)
    within = sum(float(((one - one.mean()) ** 2).sum()) for one in samples.values()) / max(1.0, total - count)
    grand = float((sizes * raw).sum() / total)
    between = float((sizes * (raw - grand) ** 2).sum() / (count - 1))
    n0 = (total - (sizes**2).sum() / total) / (count - 1)
    tau2 = max(0.0, (between - within) / n0)
    noise = within / sizes
    weights = 1 / (tau2 + noise) if within > 0 or tau2 > 0 else np.ones(count)
    mu = float((weights * raw).sum() / weights.sum())
    pull = tau2 / (tau2 + noise) if tau2 > 0 else np.zeros(count)
    means = mu + pull * (raw - mu)
    spreads = np.sqrt(pull * noise) if tau2 > 0 else np.full(count, sqrt(1 / float(weights.sum())), dtype=np.float64)
    return [float(one) for one in means], [float(one) for one in spreads], tau2


def _better(
    names: Sequence[str], means: Sequence[float], spreads: Sequence[float], state: FootState
) -> tuple[str, str, float, float] | None:
    best, worst = int(np.argmin(means)), int(np.argmax(means))
    difference = means[worst] - means[best]
    spread = sqrt(spreads[best] ** 2 + spreads[worst] ** 2)
    chance = 0.5 * (1 + erf(difference / spread / sqrt(2))) if spread > 0 else 1.0
    limits = state.thresholds
    if chance < limits.felt_better_probability or difference < limits.felt_better_points:
        return None
    return names[best], names[worst], round(difference, 1), round(chance, 3)


def _adjusted(y: _Floats, x: _Floats) -> _Floats:
    """``y`` with duration, intensity and hills taken off by ridge regression."""
    centred = x - x.mean(axis=0)
    spread = centred.std(axis=0)
    scaled = centred / np.where(spread > 0, spread, 1)
    weights = np.linalg.solve(scaled.T @ scaled + RIDGE * np.eye(x.shape[1]), scaled.T @ (y - y.mean()))
    return np.asarray(y - scaled @ weights, dtype=float)


def _mornings_after_runs(state: FootState) -> list[tuple[RunSeen, float, tuple[float, float, float]]]:
    """Each run with the next morning's stiffness against the own level of the 28 days before, and three covariates."""
    if not state.runs:
        return []
    days = stiffness_by_day(state.diary, state.runs[0].day - timedelta(days=LEVEL_DAYS), state.today)
    last_of_day = {run.day: run for run in state.runs}
    rows = []
    for run in last_of_day.values():
        morning = days.get(run.day + timedelta(days=1))
        level = _level(days, run.day)
        if morning is not None and level is not None:
            facts = (run.duration_s / 3600, float(run.hard), float(run.demanding and not run.hard))
            rows.append((run, morning - level, facts))
    return rows


def _level(days: Mapping[date, float], before: date) -> float | None:
    window = [days[day] for n in range(LEVEL_DAYS) if (day := before - timedelta(days=n)) in days]
    return sum(window) / len(window) if len(window) >= 5 else None


def _name(run: RunSeen, group: GroupBy) -> str | None:
    match group:
        case "surface":
            return run.surface.value if run.surface is not None and run.surface.value != "unknown" else None
        case "kind":
            return run.primary.value if run.primary is not None else None
        case "shoe":
            return run.shoe


def kept(state: FootState) -> AfterFootWork:
    """Does the morning after a session look different from the morning after none? Said only when it is clear."""
    first = state.today - timedelta(days=TREND_DAYS_MOST - 1)
    days = stiffness_by_day(state.diary, first, state.today)
    done = {one.day for one in state.sessions if one.state != "skipped"}
    groups: tuple[list[float], list[float]] = ([], [])
    for day, score in sorted(days.items()):
        level = _level(days, day - timedelta(days=1))
        if level is not None:
            groups[day - timedelta(days=1) not in done].append(score - level)
    after, none = (np.array(one, dtype=np.float64) for one in groups)
    means = (round(float(one.mean()), 2) if len(one) else None for one in (after, none))
    with_mean, without_mean = means
    least = state.thresholds.group_entries
    word: Word = "not_enough"
    if len(after) >= least and len(none) >= least:
        difference = float(after.mean() - none.mean())
        # Neighbouring mornings resemble each other: with φ near 0.5 the effective number is a third.
        spread = sqrt(3 * (after.var(ddof=1) / len(after) + none.var(ddof=1) / len(none)))
        clear = abs(difference) >= state.thresholds.felt_better_points and abs(difference) > 1.96 * spread
        word = "no_clear_change" if not clear else "likely_eased" if difference < 0 else "likely_worse"
    return AfterFootWork(word, with_mean, len(after), without_mean, len(none))


def wins(state: FootState, streak_weeks: int = 0) -> tuple[Reason, ...]:
    """Small things worth a word (M23); each ``insight.<key>``, at most one of a kind."""
    found: list[Reason] = []
    days = stiffness_by_day(state.diary, state.today - timedelta(days=TREND_DAYS_MOST - 1), state.today)
    today = days.get(state.today)
    before = [score for day, score in days.items() if day < state.today]
    if today is not None:
        morning = _win_after_run(state, days, today)
        if morning is not None:
            found.append(morning)
        if len(before) >= state.thresholds.trend_entries and today < min(before):
            span = (state.today - min(days)).days
            found.append(Reason("win_lowest", {"score": today, "days": span}, ("M23",)))
    found += _win_checks(state)
    if streak_weeks >= 4:
        found.append(Reason("win_streak", {"weeks": streak_weeks}, ("M23",)))
    return tuple(found)


def _win_after_run(state: FootState, days: Mapping[date, float], today: float) -> Reason | None:
    run = next((run for run in reversed(state.runs) if run.day == state.today - timedelta(days=1)), None)
    if run is None or run.primary is None:
        return None
    same = {one.day for one in state.runs if one.primary is run.primary and one.day < run.day}
    scores = [days[after] for day in same if (after := day + timedelta(days=1)) in days]
    if len(scores) < 3:
        return None
    mean = sum(scores) / len(scores)
    if today > mean - state.thresholds.win_points:
        return None
    return Reason("win_after_run", {"score": today, "kind": run.primary.value, "mean": round(mean, 1)}, ("M23",))


def _win_checks(state: FootState) -> list[Reason]:
    if len(state.assessments) < 2 or (state.today - state.assessments[-1].day).days > 7:
        return []
    then, now = state.assessments[-2], state.assessments[-1]
    found: list[Reason] = []
    for key, name in (("win_curls", "curl_ease_0_10"), ("win_balance", "balance_s")):
        pairs = [(getattr(getattr(then, side), name), getattr(getattr(now, side), name)) for side in ("left", "right")]
        rise = [(a, b) for a, b in pairs if a is not None and b is not None and b > a]
        fall = [(a, b) for a, b in pairs if a is not None and b is not None and b < a]
        if rise and not fall:
            found.append(Reason(key, {"before": rise[0][0], "now": rise[0][1]}, ("M23",)))
    return found


def signs(state: FootState) -> tuple[Reason, ...]:
    """Signs of M24 that the self-checks can show, against the runner's own last one; no norms."""
    if len(state.assessments) < 2:
        return ()
    then, now = state.assessments[-2], state.assessments[-1]
    found: list[Reason] = []
    measures: tuple[tuple[str, str, float], ...] = (
        ("sign_range", "range_0_10", 1),
        ("sign_wall", "knee_to_wall_cm", 2),
    )
    for key, name, least in measures:
        for side in ("left", "right"):
            a: Any = getattr(getattr(then, side), name)
            b: Any = getattr(getattr(now, side), name)
            if a is not None and b is not None and b - a >= least:
                found.append(Reason(key, {"before": a, "now": b, "side": side}, ("M24", "M1")))
    if then.night_cramps and now.night_cramps is False:
        found.append(Reason("sign_cramps_fewer", {}, ("M24",)))
    return tuple(found)
