"""The week planned ahead: which of the coming days bring a session of the ladder, and why (M8, M10, M13, M27).

A pure function of what was done, is planned, is usual and is left. It is remade each day, so what was missed or
skipped lies on the next day that suits; what is left on Sunday is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, pairwise

from rules.facts.foot_work import DoseLevel, Reason
from rules.facts.kinds import Kind
from rules.state.expected_runs import Strain, planned_on, runs_on, strain_expected, strain_of, tiring_expected
from rules.state.feet import FootState
from rules.state.week import Budget, SessionTold, Slot, budget, monday, told_between

AHEAD_DAYS = 7
FINISHER, FOOT_DAY, HARD_DAY = 0, 1, 3
"""How well a day suits training, the best first; 2 is a run on a special surface."""
UNNAMED = 10
"""Added where the runner named weekdays and this is none of them."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What one coming day holds."""

    day: date
    training: bool
    done: bool
    """Its training is done."""
    care: tuple[Slot, ...]
    """What its runs, planned and usual, and those of the day before are going to ask for."""
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Days:
    """What every question about one week looks at."""

    state: FootState
    level: DoseLevel
    told: tuple[SessionTold, ...]
    """From the day before the week on."""


def week_ahead(state: FootState, level: DoseLevel, days: int = AHEAD_DAYS) -> tuple[DayPlan, ...]:
    """Today and the days after it, each with its reason; beyond Sunday the next week begins with its whole count."""
    told = _told(state, monday(state.today))
    ahead: list[DayPlan] = []
    training: frozenset[date] = frozenset()
    planned_until = state.today - timedelta(days=1)
    for number in range(days):
        day = state.today + timedelta(days=number)
        if day > planned_until:
            training |= training_days(state, level, day, training)
            planned_until = monday(day) + timedelta(days=6)
        ahead.append(_day_ahead(_Days(state, level, told), day, training))
    return tuple(ahead)


def trains_today(state: FootState, level: DoseLevel) -> bool:
    return state.today in training_days(state, level, state.today)


def training_days(
    state: FootState, level: DoseLevel, first: date, before: frozenset[date] = frozenset()
) -> frozenset[date]:
    """The days from ``first`` to its Sunday that training falls on; ``before`` are days planned ahead of them."""
    week = monday(first)
    days = _Days(state, level, _told(state, week))
    done = {one.day for one in days.told if one.done and one.slot is Slot.TRAINING}
    left = budget(level, first, state) if week == monday(state.today) else None
    need = _left(state, level, left) if left is not None else level.days_per_week
    if first in done:
        need = min(need, level.days_per_week - len([day for day in done if week <= day]))
    week_days = [first + timedelta(days=number) for number in range((week - first).days + 7)]
    ranks = {day: _rank(state, day) for day in (week + timedelta(days=number) for number in range(7))}
    suits = tuple(None if _barred(days, day) is not None else ranks[day] for day in week_days)
    if not state.settings.weekdays and _fits_light_days(tuple(ranks.values()), level.days_per_week):
        # Hard, long and hilly days are for a week that has no others; what was missed does not move there.
        suits = tuple(None if suit is not None and suit % UNNAMED == HARD_DAY else suit for suit in suits)
    if state.settings.weekdays:
        need = min(need, _named_need(days, week, week_days, suits))
    yesterday = first - timedelta(days=1)
    taken = frozenset(number for number, day in enumerate(week_days) if day in done)
    if yesterday in done or yesterday in before:
        taken |= {-1}
    near = enumerate([yesterday, *week_days], -1)
    named = frozenset(place for place, day in near if day.weekday() in state.settings.weekdays)
    chosen = _best(suits, max(0, need), level.days_per_week, taken, named)
    return frozenset(week_days[number] for number in chosen)


def _fits_light_days(ranks: tuple[int, ...], times: int) -> bool:
    """Whether a week with days of these ranks has light ones for its whole count."""
    light = tuple(None if rank == HARD_DAY else rank for rank in ranks)
    return len(_best(light, times, times, frozenset(), frozenset())) >= times


def _named_need(days: _Days, week: date, ahead: Sequence[date], suits: Sequence[int | None]) -> int:
    """How many sessions the rest of the week may have where the runner named the weekdays: on the named ones still to
    come, and elsewhere as many as were missed on a named one, or are asked for beyond their number."""
    state = days.state
    named = state.settings.weekdays
    of_week = [week + timedelta(days=number) for number in range(7)]
    done = {one.day for one in days.told if one.done and one.slot is Slot.TRAINING}
    open_ = {day for day, suit in zip(ahead, suits, strict=True) if suit is not None and day.weekday() in named}
    missed = [
        day
        for day in of_week
        if day.weekday() in named and day >= state.started and day not in done and day not in open_
    ]
    return len(open_) + len(missed) + max(0, days.level.days_per_week - len(named))


def minutes_used(state: FootState, week: date, last: date) -> float:
    """Training and care done from Monday ``week`` to ``last``; offers of up to two minutes are left out."""
    done = [one for one in told_between(state, week, last) if one.done and one.slot is not Slot.OFFER]
    return round(sum(one.minutes for one in done), 1)


def ceiling_minutes(state: FootState, level: DoseLevel) -> float:
    """What training and care may come to in a week."""
    return state.thresholds.ceiling_weeks * level.days_per_week * level.minutes


def training_left_minutes(state: FootState, level: DoseLevel) -> float:
    """The training that is planned from today to Sunday and not done, with the resets that are going to be asked for
    before it, each at its shortest: what a morning after must leave room for."""
    training = training_days(state, level, state.today)
    if not training:
        return 0.0
    days = (state.today + timedelta(days=number) for number in range((max(training) - state.today).days + 1))
    resets = sum(Slot.RESET in _care(state, day) for day in days)
    return level.minutes * len(training) + state.thresholds.care_full_week_minutes * resets


def full_week(state: FootState, level: DoseLevel, day: date) -> bool:
    """Whether a morning after or a training that the rest of the week of ``day`` is going to ask for would pass the
    ceiling, were all care given at its longest."""
    first, limits = max(state.today, monday(day)), state.thresholds
    total, most = minutes_used(state, monday(day), first), ceiling_minutes(state, level)
    training = training_days(state, level, first)
    done = {one.slot for one in told_between(state, first, first) if one.done}
    for number in range(7 - first.weekday()):
        each = first + timedelta(days=number)
        care = [one for one in _care(state, each) if number or one not in done]
        gives_way = limits.care_minutes * (Slot.MORNING in care) + level.minutes * (each in training)
        total += gives_way
        if gives_way and total > most:
            return True
        total += limits.care_minutes * sum(one is not Slot.MORNING for one in care)
    return False


def after_race(state: FootState, day: date) -> bool:
    """Whether a race was run, or is planned, the day before."""
    return _race(state, day - timedelta(days=1))


def _told(state: FootState, week: date) -> tuple[SessionTold, ...]:
    return tuple(told_between(state, week - timedelta(days=1), week + timedelta(days=6)))


def _left(state: FootState, level: DoseLevel, left: Budget) -> int:
    """Sessions that this week still holds: none when its minutes are used up, or care has filled it to the ceiling."""
    week = monday(state.today)
    used = minutes_used(state, week, week + timedelta(days=6)) + min(level.minutes, left.minutes_left)
    full = left.minutes_left < state.thresholds.min_minutes or used > ceiling_minutes(state, level)
    return 0 if full else left.days_left


def _race(state: FootState, day: date) -> bool:
    return any(run.race for run in runs_on(state, day)) or any(one.race for one in planned_on(state, day))


def _strain(state: FootState, day: date) -> Strain | None:
    """What the runs of ``day`` asked, or are going to ask: what was run today comes before what was expected."""
    ran = [strain_of(run) for run in runs_on(state, day)]
    expected = strain_expected(state, day)
    if not ran:
        return expected
    coming = [one for one in planned_on(state, day) if one.start_utc is not None and one.start_utc > state.now_utc]
    return max(ran) if not coming or expected is None else max(*ran, expected)


def _rank(state: FootState, day: date) -> int:
    """How well ``day`` suits training, the lowest best."""
    strain = _strain(state, day)
    rank = {None: FOOT_DAY, Strain.EASY: FINISHER, Strain.SURFACE: 2, Strain.DEMANDING: HARD_DAY}[strain]
    named = state.settings.weekdays
    return rank + (UNNAMED if named and day.weekday() not in named else 0)


def _barred(days: _Days, day: date) -> str | None:
    """Why no training may fall on ``day``, in the words of its reason."""
    state = days.state
    of_day = [one for one in days.told if one.day == day]
    pause = state.paused(day)
    if pause is not None:
        return "week_paused"
    if any(one.done and one.slot is Slot.TRAINING for one in of_day):
        return "week_done"
    if any(one.ends_the_day or one.slot is Slot.TRAINING for one in of_day):
        return "week_skipped"
    if any(one.done and one.prescription is not None and one.prescription.gentle for one in of_day):
        return "week_cared"
    if _race(state, day):
        return "week_race"
    if after_race(state, day):
        return "week_after_race"
    new = (day - state.started).days < state.thresholds.light_start_days
    if new and _strain(state, day) is Strain.DEMANDING:
        return "week_light_start"
    return None


@lru_cache(maxsize=8192)
def _best(
    suits: tuple[int | None, ...], need: int, times: int, taken: frozenset[int], named: frozenset[int]
) -> tuple[int, ...]:
    """The places of at most ``need`` days: as many as may be, the most suitable, apart from one another, early.

    ``times`` is how often a week training comes: up to three times no two days in a row, ``taken`` ones included, but
    where the runner named both.
    """
    open_ = [place for place, suit in enumerate(suits) if suit is not None]
    gap = 7 // max(1, times)
    for size in range(min(need, len(open_)), 0, -1):
        fitting = [
            some
            for some in combinations(open_, size)
            if times > 3 or not _in_a_row(sorted({*some, *taken}), some, named)
        ]
        if fitting:
            return min(fitting, key=lambda some: _cost(some, suits, taken, gap))
    return ()


def _value(suit: int | None) -> int:
    return -1 if suit is None else suit


def _in_a_row(places: Sequence[int], chosen: Sequence[int], named: frozenset[int]) -> bool:
    return any(
        late - early == 1 and (early in chosen or late in chosen) and not {early, late} <= named
        for early, late in pairwise(places)
    )


def _cost(
    some: tuple[int, ...], suits: tuple[int | None, ...], taken: frozenset[int], gap: int
) -> tuple[int, int, int, int, tuple[int, ...]]:
    ranks = [_value(suits[place]) for place in some]
    together = sorted({*some, *taken})
    return (
        sum(rank >= UNNAMED for rank in ranks),
        sum(rank % UNNAMED == HARD_DAY for rank in ranks),
        sum(rank % UNNAMED for rank in ranks),
        sum(max(0, gap - (late - early)) for early, late in pairwise(together)),
        some,
    )


def _day_ahead(days: _Days, day: date, training: frozenset[date]) -> DayPlan:
    state = days.state
    barred = _barred(days, day)
    care = _care(state, day) if state.paused(day) is None else ()
    done = barred == "week_done"
    if day in training:
        return DayPlan(day, True, False, care, _why_training(state, day))
    values = {"days": days.level.days_per_week}
    if barred is not None:
        facts = {"week_light_start": ("M13",), "week_done": ("M8",)}.get(barred, ("M10",))
        return DayPlan(day, False, done, care, Reason(barred, values if done else {}, facts))
    return DayPlan(day, False, False, care, _why_free(days, day, training, care, values))


def _why_training(state: FootState, day: date) -> Reason:
    rank = _rank(state, day)
    if state.settings.weekdays and rank < UNNAMED:
        return Reason("week_named", {}, ("M27",))
    key = {FINISHER: "week_finisher", FOOT_DAY: "week_foot_day", HARD_DAY: "week_hard_day"}
    return Reason(key.get(rank % UNNAMED, "week_surface_day"), {}, ("M14",) if rank % UNNAMED == FINISHER else ("M8",))


def _why_free(
    days: _Days, day: date, training: frozenset[date], care: tuple[Slot, ...], values: dict[str, int]
) -> Reason:
    state = days.state
    for slot, key, facts in (
        (Slot.WARM_UP, "week_warm_up", ("M15",)),
        (Slot.RESET, "week_reset", ("M16",)),
        (Slot.MORNING, "week_morning", ("M16",)),
    ):
        if slot in care:
            return Reason(key, {}, facts)
    if _strain(state, day) is Strain.DEMANDING:
        return Reason("week_hard_run", {}, ("M13",))
    near = [day - timedelta(days=1), day + timedelta(days=1)]
    done = {one.day for one in days.told if one.done and one.slot is Slot.TRAINING}
    if days.level.days_per_week <= 3 and any(one in training or one in done for one in near):
        return Reason("week_apart", {}, ("M8",))
    return Reason("week_enough", values, ("M8", "M10"))


def _care(state: FootState, day: date) -> tuple[Slot, ...]:
    """The care that is going to be asked for on ``day``."""
    found = []
    likely = state.thresholds.habit_probability
    if any(one.kind is Kind.TEMPO and one.probability >= likely for one in planned_on(state, day)):
        found.append(Slot.WARM_UP)
    if any(run.tiring for run in runs_on(state, day)) or tiring_expected(state, day):
        found.append(Slot.RESET)
    before = day - timedelta(days=1)
    if (
        after_race(state, day)
        or any(run.tiring and run.fresh for run in runs_on(state, before))
        or (before >= state.today and tiring_expected(state, before))
    ):
        found.append(Slot.MORNING)
    return tuple(found)
