"""Windows over the stiffness diary: the day's score, the next morning's, and what is usual for this runner."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from statistics import median
from typing import Literal

from rules.facts.answers import Place, When
from rules.facts.foot_work import DiaryEntry

DiaryScale = Literal["stiffness", "soreness"]
FOREFOOT = frozenset({Place.TOES, Place.BALL, Place.BIG_TOE_JOINT, None})
"""Where soreness dials the plan back (M11). A score without a place counts: a false alarm costs a lighter week."""


def _day(entry: DiaryEntry) -> date:
    return entry.day


def between(diary: Sequence[DiaryEntry], first: date, last: date) -> Sequence[DiaryEntry]:
    """The entries from ``first`` to ``last``, both included; ``diary`` is in order of day."""
    start = bisect_left(diary, first, key=_day)
    return diary[start : bisect_right(diary, last, lo=start, key=_day)]


def backwards(diary: Sequence[DiaryEntry], last: date) -> Iterator[DiaryEntry]:
    """Entries of ``last`` and before, the latest first."""
    for index in range(bisect_right(diary, last, key=_day) - 1, -1, -1):
        yield diary[index]


def by_day(
    diary: Sequence[DiaryEntry], what: DiaryScale, first: date, last: date, *, forefoot: bool = False
) -> dict[date, int]:
    """The highest score of each logged day."""
    worst: dict[date, int] = {}
    for entry in between(diary, first, last):
        if entry.what == what and (not forefoot or entry.place in FOREFOOT) and entry.score >= worst.get(entry.day, 0):
            worst[entry.day] = entry.score
    return worst


def usual(diary: Sequence[DiaryEntry], before: date, count: int) -> float | None:
    """The median forefoot soreness of the ``count`` logged days before ``before``; None when none is logged."""
    worst: dict[date, int] = {}
    for entry in backwards(diary, before):
        if entry.day >= before or entry.what != "soreness" or entry.place not in FOREFOOT:
            continue
        if entry.day not in worst and len(worst) == count:
            break
        worst[entry.day] = max(worst.get(entry.day, 0), entry.score)
    return float(median(worst.values())) if worst else None


def mornings(diary: Sequence[DiaryEntry], first: date, last: date) -> dict[date, int]:
    """Forefoot soreness at the first steps: the waking score, else the first of the day that names no time."""
    waking: dict[date, int] = {}
    plain: dict[date, int] = {}
    for entry in between(diary, first, last):
        if entry.what != "soreness" or entry.place not in FOREFOOT:
            continue
        if entry.when is When.WAKING:
            waking[entry.day] = max(waking.get(entry.day, 0), entry.score)
        elif entry.when is None:
            plain.setdefault(entry.day, entry.score)
    return plain | waking
