"""What was shown and done in a life, counted from outside: nothing here asks the rules what they meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from bench.lives_day import Life, Look, Run
from bench.lives_runners import HOME_OFFSET_H, START
from rules.facts.foot_work import Prescription
from rules.facts.kinds import HILLY
from rules.knowledge.loader import knowledge

GENTLE_NOT = frozenset({"warm-feet", "toe-spread"})

Found = tuple[str, str]
"""``kept``, ``broken`` or ``excused``, and where."""


def shown_on(life: Life, day: date) -> dict[str, Prescription]:
    """Every prescription for ``day`` that was shown on it."""
    looks = [look for look in life.looks if look.day == day]
    return {one.prescription_id: one for look in looks for one in look.plan.today if one.day == day}


def looks_on(life: Life, day: date) -> list[Look]:
    return [look for look in life.looks if look.day == day]


def spared(look: Look) -> bool:
    """Whether the feet are to be spared then: the lighter version is right."""
    state = look.state
    level = state.dose_changes[-1].after.level if state.dose_changes else "steady"
    sore = [one for one in state.diary if one.what == "soreness" and 0 <= (look.day - one.day).days <= 1]
    pain = any(one.reason == "pain" and (look.day - one.day).days <= 14 for one in state.sessions[-12:])
    ill = any(
        one.reason == "ill" and one.until_day is not None and 0 <= (look.day - one.until_day).days <= 7
        for one in state.pauses
    )
    return level != "steady" or any(one.score >= 4 for one in sore) or pain or ill


def stopped(look: Look) -> bool:
    return look.plan.stopped or look.state.paused(look.day) is not None


def seconds(one: Prescription, drills: Callable[[str], bool] = lambda _: True) -> int:
    return sum(drill.dose.seconds for drill in one.drills if drills(drill.drill))


def loaded(one: Prescription) -> set[str]:
    return {drill.drill for drill in one.drills if knowledge().drills[drill.drill].load >= 2}


def families_in(given: Iterable[Prescription]) -> set[str]:
    """The families of every drill in it."""
    drills = knowledge().drills
    return {drills[drill.drill].family for one in given for drill in one.drills}


def demands_reset(run: Run) -> bool:
    return run.facets.long or run.facets.hills in HILLY


def gentle(drill: str) -> bool:
    return drill not in GENTLE_NOT and knowledge().drills[drill].element in ("mobilise", "stretch")


def trainings(life: Life, first: date, last: date, *, done: bool = True) -> list[Prescription]:
    """Sessions of the ladder from ``first`` to ``last``: those done, or every one shown, one a day."""
    if done:
        found = [one for _, one, how in life.did if how in ("done", "partial") or how.startswith("hurt")]
    else:
        found = [one for look in life.looks for one in look.plan.today]
    return list({one.day: one for one in found if one.counts and first <= one.day <= last}.values())


def weeks(life: Life) -> Iterator[tuple[int, date, date]]:
    """Number from 0, Monday and Sunday of each whole week that was lived."""
    last = life.looks[-1].day
    number = 0
    while (sunday := START + timedelta(days=7 * number + 6)) <= last:
        yield number, sunday - timedelta(days=6), sunday
        number += 1


def lived(life: Life) -> list[Run]:
    return [run for run in life.runs if run.day >= START]


def ceiling(life: Life, day: date) -> bool:
    """Whether training and care of the week of ``day`` come to twice the ladder's minutes, another morning included."""
    monday = day - timedelta(days=day.weekday())
    given = {one.prescription_id: one for _, one, how in life.did if how in ("done", "partial")}
    of_week = (one for one in given.values() if monday <= one.day <= monday + timedelta(days=6))
    used = sum(one.minutes for one in of_week if one.minutes > 2)
    levels = [change.after for change in life.changes if change.day <= day]
    return bool(levels) and used + 3 > 2 * levels[-1].minutes * levels[-1].days_per_week


def knows_the_clock(life: Life, look: Look) -> bool:
    """Whether a run of the last 48 hours, or being at home, tells which clock the runner lives by."""
    number = (look.day - START).days
    offset_h = next((hours for first, last, hours in life.runner.away if first <= number <= last), HOME_OFFSET_H)
    known = [run for run in life.runs if run.arrives_utc <= look.at_utc <= run.end_utc + timedelta(hours=48)]
    return (known[-1].offset_h if known else HOME_OFFSET_H) == offset_h
