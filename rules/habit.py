"""The weekday habit: how likely a hard or long run is on each weekday, learned from the runs so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from rules.classify import Judge
from rules.facts import Kind, PlannedRun

HALF_LIFE_DAYS = 56.0
PRIOR_WEEKS = 2.0
"""Strength of the prior: two weeks of the runner's own average weekday (Dirichlet)."""
LEAST_WEEKS = 4.0
OFFER_FROM = 0.6


@dataclass(frozen=True, slots=True)
class Habits:
    """Probabilities by weekday, Monday first; ``weeks`` is how many (decayed) weeks they rest on."""

    any_run: tuple[float, ...]
    hard: tuple[float, ...]
    long: tuple[float, ...]
    weeks: float


def habits(judge: Judge, today: date) -> Habits:
    """The habit as of ``today``, from the days before it."""
    days = judge.history.column("day")
    past = days < today.toordinal()
    if not past.any():
        return Habits((0.0,) * 7, (0.0,) * 7, (0.0,) * 7, 0.0)
    first = int(days[past].min())
    span = np.arange(first, today.toordinal())
    weight = 0.5 ** ((today.toordinal() - span) / HALF_LIFE_DAYS)
    weekday = (span + 6) % 7  # date.fromordinal(1) was a Monday
    totals = np.bincount(weekday, weights=weight, minlength=7)
    shares: list[tuple[float, ...]] = []
    for name in ("any", "hard", "long"):
        value = np.ones(past.sum()) if name == "any" else judge.history.column(name)[past]
        on_day = np.zeros(len(span))
        np.maximum.at(on_day, days[past].astype(np.intp) - first, value)
        counts = np.bincount(weekday, weights=weight * on_day, minlength=7)
        mean = counts.sum() / totals.sum()
        shares.append(tuple(float(p) for p in (counts + PRIOR_WEEKS * mean) / (totals + PRIOR_WEEKS)))
    return Habits(shares[0], shares[1], shares[2], float(weight.sum() / 7))


def offers(judge: Judge, today: date, *, days: int = 7, least: float = OFFER_FROM) -> tuple[PlannedRun, ...]:
    """Hard and long runs that the habit makes likely on the coming ``days``, today first: offers, not plans."""
    known = habits(judge, today)
    if known.weeks < LEAST_WEEKS:
        return ()
    made: list[PlannedRun] = []
    for ahead in range(days):
        day = today + timedelta(days=ahead)
        for kind, shares in ((Kind.TEMPO, known.hard), (Kind.LONG, known.long)):
            p = shares[day.weekday()]
            if p >= least:
                made.append(PlannedRun(day=day, kind=kind, source="habit", probability=round(p, 2)))
    return tuple(made)
