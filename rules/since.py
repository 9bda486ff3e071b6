"""How stiff the feet are now against an earlier month: the one sentence that a runner looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean

from rules.dose.readiness import stiffness_by_day
from rules.facts.foot_work import DiaryEntry

NOW_DAYS = 28
BACK_DAYS = 185
"""Half a year: further back a score of 3 may have meant something else to the same runner."""
LEAST_DAYS = 8
"""Logged days on either side; fewer say little about a month."""
NOTICED = 0.5
"""Points; a smaller difference is said as none."""


@dataclass(frozen=True, slots=True)
class Since:
    """The last four weeks against ``month`` (its first day): below zero is looser. ``n_then`` and ``n_now`` count
    logged days."""

    month: date
    points: float
    n_then: int
    n_now: int

    @property
    def noticed(self) -> bool:
        return abs(self.points) >= NOTICED


def since(diary: Sequence[DiaryEntry], today: date) -> Since | None:
    """Against the earliest whole month of the last half-year that was logged well; None without one."""
    scores = stiffness_by_day(diary, today - timedelta(days=BACK_DAYS), today)
    start = today - timedelta(days=NOW_DAYS - 1)
    now = [score for day, score in scores.items() if day >= start]
    months: dict[date, list[float]] = {}
    for day, score in scores.items():
        if day < start:
            months.setdefault(day.replace(day=1), []).append(score)
    kept = {first: found for first, found in months.items() if len(found) >= LEAST_DAYS}
    if not kept or len(now) < LEAST_DAYS:
        return None
    first = min(kept)
    return Since(first, round(mean(now) - mean(kept[first]), 1), len(kept[first]), len(now))
