"""Ready for a step: stiffness against the runner's own fixed baseline (M9). Looked at once a fortnight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.facts.answers import When
from rules.facts.foot_work import DiaryEntry, DoseChange
from rules.state.diary import between
from rules.state.feet import FootState

BLOCKS = 8
"""How many fortnights after a change of dose may serve as baseline before we stop looking: sixteen weeks."""


@dataclass(frozen=True, slots=True)
class Easing:
    """Baseline and recent mean stiffness with their counts of logged days."""

    baseline: float
    recent: float
    baseline_entries: int
    recent_entries: int
    baseline_from: date
    checked: date
    ready: bool


def last_change(changes: Sequence[DoseChange]) -> DoseChange | None:
    """The last row that changed the dose: the baseline counts from it. Offers and refusals change nothing."""
    for change in reversed(changes):
        if change.verdict not in ("offer", "declined", "stop"):
            return change
    return None


def easing(state: FootState, changes: Sequence[DoseChange]) -> Easing | None:
    """The latest fortnightly check; None when none is due or there are too few entries.

    A check missed because nothing ran that day is made up for within six days, as of its own day.
    """
    limits = state.thresholds
    change = last_change(changes)
    if change is None:
        return None
    # Today ends the window, so the change's own day is the first of ``days``.
    days = (state.today - change.day).days + 1
    if days < limits.ready_baseline_days + limits.ready_recent_days or days % limits.ready_every_days > 6:
        return None
    checked = state.today - timedelta(days=days % limits.ready_every_days)
    recent = stiffness_by_day(state.diary, checked - timedelta(days=limits.ready_recent_days - 1), checked)
    if len(recent) < limits.ready_least_entries:
        return None
    baseline = _baseline(state, change.day, checked - timedelta(days=limits.ready_recent_days))
    if baseline is None:
        return None
    first, then = baseline
    usual, now = _mean(then), _mean(recent)
    drop = max(limits.ready_drop, limits.ready_drop_share * usual)
    # A mean is compared with a mean: a hair of floating point must not decide about a step.
    ready = usual >= limits.ready_least_baseline and now <= usual - drop + 1e-9
    return Easing(usual, now, len(then), len(recent), first, checked, ready)


def stiffness_by_day(diary: Sequence[DiaryEntry], first: date, last: date) -> dict[date, float]:
    """One value a logged day: the score at the first steps, else the mean of the day's scores."""
    waking: dict[date, float] = {}
    others: dict[date, list[int]] = {}
    for entry in between(diary, first, last):
        if entry.what != "stiffness":
            continue
        if entry.when is When.WAKING:
            waking[entry.day] = entry.score
        else:
            others.setdefault(entry.day, []).append(entry.score)
    return {day: sum(scores) / len(scores) for day, scores in others.items()} | waking


def _baseline(state: FootState, start: date, last: date) -> tuple[date, Mapping[date, float]] | None:
    """The first fortnight after ``start`` that holds enough entries and ends by ``last``: fixed once it is full."""
    limits = state.thresholds
    for number in range(BLOCKS):
        first = start + timedelta(days=number * limits.ready_baseline_days)
        end = first + timedelta(days=limits.ready_baseline_days - 1)
        if end > last:
            return None
        days = stiffness_by_day(state.diary, first, end)
        if len(days) >= limits.ready_least_entries:
            return first, days
    return None


def _mean(days: Mapping[date, float]) -> float:
    return sum(days.values()) / len(days)
