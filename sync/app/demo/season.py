"""The made-up runner's training: sixteen weeks as data, and what each day holds.

The story the weeks tell: a careful start, a race, more trail than the feet liked, a lighter week, a way back, six runs
in one busy week, and hard days that are known before they come. After week 16 weeks 15 and 16 repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

WEEKS = 16

What = Literal[
    "recovery", "easy", "steady", "tempo", "intervals", "track", "race", "long", "hills", "hill_repeats", "trail",
    "treadmill",
]  # fmt: skip

# Monday to Sunday: what, and kilometres (easy kinds), minutes (tempo) or repetitions (intervals, track, hill repeats).
# A trailing + is the run that the phone recorded too.
_SEASON = """
-  easy 6    -       easy 7      -  trail 8   long 11
-  easy 7    -       tempo 2     -  easy 6    long 12
-  track 6   easy 6  steady 7    -  race 5    long 12
-  easy 7    easy 6  tempo 2     -  trail 8   long 13
-  intervals 5  easy 7  -        easy 5  hills 9  long 14
-  easy 8    -       tempo 3     -  easy 6    long 12
-  track 8   easy 7  steady 8    -  trail 9   long 15
-  easy 8    recovery 5  hill_repeats 8  -  easy 7+  long 16
-  intervals 6  easy 7  trail 11 -  trail 12  long 16
-  recovery 5  -     easy 7      -  easy 7    long 11
-  easy 8    -       tempo 3     -  easy 7    long 14
-  treadmill 7  easy 8  hill_repeats 9  -  race 10  recovery 6
-  intervals 6  easy 8  tempo 3  easy 6  trail 9   long 16
-  easy 8    treadmill 7  tempo 3  -  hills 10  long 17
-  track 8   -       easy 8+     -  trail 9   long 18
-  easy 8    -       tempo 3     -  trail 9   long 16
"""

_STARTS = {"long": time(8, 40), "race": time(9, 0), "trail": time(9, 30), "hills": time(9, 10)}
_WEEKDAY_START, _WEEKEND_START = time(6, 50), time(9, 20)


@dataclass(frozen=True, slots=True)
class Outing:
    """One run of the plan; ``amount`` is kilometres or repetitions, as the kind has it."""

    number: int
    """Days since the season's first Monday: with it every run has its own dice."""
    day: date
    start: time
    what: What
    amount: int
    on_phone_too: bool = False


def _weeks() -> list[list[tuple[What, int, bool] | None]]:
    weeks: list[list[tuple[What, int, bool] | None]] = []
    for line in _SEASON.strip().splitlines():
        words = iter(line.split())
        week: list[tuple[What, int, bool] | None] = []
        for word in words:
            if word == "-":
                week.append(None)
            else:
                amount = next(words)
                week.append((word, int(amount.rstrip("+")), amount.endswith("+")))  # type: ignore[arg-type]
        weeks.append(week)
    return weeks


_PLAN = _weeks()


def first_day(today: date) -> date:
    """The Monday sixteen whole weeks before this week's."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS)


def outing(first: date, day: date) -> Outing | None:
    """What the season that began on ``first`` (a Monday) holds on ``day``; None is a day without a run."""
    number = (day - first).days
    if number < 0:
        return None
    week = number // 7
    planned = _PLAN[week if week < WEEKS else WEEKS - 2 + week % 2][number % 7]
    if planned is None:
        return None
    what, amount, on_phone_too = planned
    late = _STARTS.get(what, _WEEKEND_START) if day.weekday() >= 5 else _WEEKDAY_START
    start = datetime.combine(day, late) + timedelta(minutes=(number * 37) % 23)
    return Outing(number, day, start.time(), what, amount, on_phone_too)


def outings(first: date, until: date) -> list[Outing]:
    """Every run from ``first`` to ``until``, both days included."""
    days = (first + timedelta(days=number) for number in range((until - first).days + 1))
    return [found for day in days if (found := outing(first, day)) is not None]
