"""Windows over the stiffness diary: the day's score, the next morning's, what is usual for this runner, its line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Literal

from rules.facts.answers import Place, When
from rules.facts.foot_work import DiaryEntry
from rules.knowledge.thresholds import Thresholds

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


def means_by_day(entries: Sequence[DiaryEntry]) -> dict[tuple[date, DiaryScale], float]:
    """The mean score of each day, stiffness and soreness apart."""
    scores: dict[tuple[date, DiaryScale], list[int]] = defaultdict(list)
    for entry in entries:
        scores[entry.day, entry.what].append(entry.score)
    return {key: round(sum(found) / len(found), 2) for key, found in scores.items()}


def level_by_day(scores: Mapping[date, float], first: date, last: date, limits: Thresholds) -> list[tuple[date, float]]:
    """The mean of the logged days of the last fortnight, on each day from ``first`` to ``last`` that has enough."""
    rows = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        window = [scores[at] for n in range(limits.level_days) if (at := day - timedelta(days=n)) in scores]
        if len(window) >= limits.level_entries:
            rows.append((day, round(sum(window) / len(window), 2)))
    return rows


def usual_stiffness(diary: Sequence[DiaryEntry], today: date, limits: Thresholds) -> float | None:
    """The median of the last logged days, each at its highest stiffness; None when none is logged."""
    worst = by_day(diary, "stiffness", date.min, today)
    latest = [worst[day] for day in sorted(worst)[-limits.usual_stiffness_days :]]
    return float(median(latest)) if latest else None


def likely_when(now_local: datetime, limits: Thresholds, *, worked_ago: timedelta | None = None) -> When:
    """The moment a score most likely belongs to; ``worked_ago``: how long ago foot work was last logged."""
    if worked_ago is not None and worked_ago < timedelta(minutes=limits.after_work_minutes):
        return When.AFTER
    if limits.waking_from_hour <= now_local.hour < limits.waking_until_hour:
        return When.WAKING
    late = now_local.hour >= limits.evening_from_hour or now_local.hour < limits.waking_from_hour
    return When.EVENING if late else When.BEFORE
