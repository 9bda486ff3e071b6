"""Runs that may still come: planned, or usual on the weekday, at the clock where the runner is (M6, M15)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import IntEnum
from math import ceil

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import SOFT, Kind
from rules.state.feet import FootState, RunSeen

DEMANDING = frozenset({Kind.TEMPO, Kind.LONG, Kind.HILLS})


class Strain(IntEnum):
    """What the runs of one day ask of the feet, the lightest first."""

    EASY = 0
    SURFACE = 1
    DEMANDING = 2
    """Hard, long or hilly."""


def run_expected(state: FootState, day: date) -> bool:
    """Whether a run is planned for ``day`` or usual on its weekday; a day of rest that was planned has none."""
    return bool(planned_on(state, day) or _usual(state, day))


def strain_expected(state: FootState, day: date) -> Strain | None:
    """What the run of ``day`` is going to be; None when none is planned or usual. Somebody's word for the day comes
    before what is usual, and a weekday set to be hard is one."""
    told = [one for one in planned_on(state, day) if one.probability >= state.thresholds.habit_probability]
    kinds = {one.kind for one in told if one.kind is not None}
    if kinds & DEMANDING or day.weekday() in state.settings.hard_weekdays:
        return Strain.DEMANDING
    if kinds:
        return Strain.SURFACE if kinds == {Kind.SURFACE} else Strain.EASY
    if usual := _usual(state, day):
        return _mostly(usual)
    return Strain.EASY if planned_on(state, day) else None


def tiring_expected(state: FootState, day: date) -> bool:
    """Whether the run of ``day`` is going to be a long or hilly one, and asks for a reset."""
    told = planned_on(state, day)
    if any(one.kind in (Kind.LONG, Kind.HILLS) for one in told):
        return True
    if any(one.kind for one in told):
        return False
    usual = _usual(state, day)
    return bool(usual) and 2 * sum(run.tiring for run in usual) >= len(usual)


def before_long(state: FootState, day: date) -> bool:
    """Whether a long or hilly run, a race, or a weekday named as hard follows the day after ``day``: calves that
    carry that much are not to be tired the day before."""
    return tiring_expected(state, day + timedelta(days=1)) or _named_or_race(state, day + timedelta(days=1))


def before_hills_alone(state: FootState, day: date) -> bool:
    """Whether what follows the day after ``day`` is no more than a hilly run: neither long, nor a race, nor named."""
    next_day = day + timedelta(days=1)
    if not tiring_expected(state, next_day) or _named_or_race(state, next_day):
        return False
    if kinds := {one.kind for one in planned_on(state, next_day) if one.kind is not None}:
        return Kind.LONG not in kinds
    return not any(run.long or run.primary is Kind.LONG for run in _usual(state, next_day))


def _named_or_race(state: FootState, day: date) -> bool:
    named = day.weekday() in state.settings.hard_weekdays and day not in state.rest
    return named or any(plan.race for plan in planned_on(state, day))


def runs_on(state: FootState, day: date) -> list[RunSeen]:
    """The runs of ``day``, in order."""
    found: list[RunSeen] = []
    for run in reversed(state.runs):
        if run.day < day:
            break
        if run.day == day:
            found.append(run)
    return found[::-1]


def planned_on(state: FootState, day: date) -> list[PlannedRun]:
    """However unsure: what may be a run is waited for."""
    return [plan for plan in state.planned if plan.day == day]


def run_soon(state: FootState) -> bool:
    """Whether a run that is expected today may begin in the next three hours, or should have begun a little ago.

    Without an hour of its own it begins when runs usually do; when nothing is known of that either, at any moment.
    """
    before = timedelta(minutes=state.thresholds.unloaded_before_minutes)
    overdue = timedelta(minutes=state.thresholds.run_overdue_minutes)

    def near(first_utc: datetime, last_utc: datetime) -> bool:
        return first_utc - before <= state.now_utc < last_utc + overdue

    if any(near(start_utc, start_utc) for start_utc in _planned_starts(state)):
        return True
    starts, anytime = _other_starts(state)
    return anytime or (bool(starts) and near(min(starts), max(starts)))


def may_load(state: FootState) -> bool:
    """Whether towel, band and bare feet may stand in work that is done now: no run is near, none began in the next
    three hours on this weekday of the last weeks, and in the first week the runs of which nothing is known yet may come
    at any hour."""
    if run_soon(state) or _ran_then(state):
        return False
    first_week = (state.today - state.started).days < 7
    known = bool(state.runs) and (state.today - state.runs[0].day).days >= 7
    return not first_week or known or bool(runs_on(state, state.today))


def _ran_then(state: FootState) -> bool:
    """Whether a run of this weekday in the last weeks, usual or not, began in the three hours from now on: who runs on
    other days each week has no usual run, and runs all the same."""
    if state.today in state.rest or runs_on(state, state.today):
        return False
    until = state.now_utc + timedelta(minutes=state.thresholds.unloaded_before_minutes)
    weeks = timedelta(days=7 * state.thresholds.expected_weeks)
    same = (
        run for run in _recent(state) if run.day.weekday() == state.today.weekday() and state.today - run.day < weeks
    )
    return any(state.now_utc <= _today(state, run) <= until for run in same)


def run_awaited(state: FootState) -> bool:
    """Whether today's expected run may still come: it is waited for until two hours after its hour, 17:00 when none is
    known."""
    overdue = timedelta(minutes=state.thresholds.run_overdue_minutes)
    starts = _planned_starts(state)
    others, anytime = _other_starts(state)
    late = [start + overdue for start in (*starts, *others)]
    if anytime:
        five = datetime.combine(state.today, time(state.thresholds.foot_day_from_hour))
        late.append(five - timedelta(seconds=state.utc_offset_s))
    return any(state.now_utc < one for one in late)


def _planned_starts(state: FootState) -> list[datetime]:
    """Hours told for runs of today that no run of today has reached."""
    ended = max((run.end_utc for run in runs_on(state, state.today)), default=datetime.min)
    planned = planned_on(state, state.today)
    return [plan.start_utc for plan in planned if plan.start_utc is not None and ended <= plan.start_utc]


def _other_starts(state: FootState) -> tuple[list[datetime], bool]:
    """When the expected runs of today without an hour of their own may begin, and whether nothing is known of that."""
    ran = runs_on(state, state.today)
    planned = planned_on(state, state.today)
    timed = [plan for plan in planned if plan.start_utc is not None]
    if timed and len(timed) == len(planned):
        return [], False
    # After the first run of the day only a second one that is usual there is waited for.
    usual = [_today(state, run) for run in _usual(state, state.today, after=len(ran))]
    if len(planned) <= len(ran) or usual:
        return usual, False
    starts = [_today(state, run) for run in _recent(state)]
    return starts, not starts


def _usual(state: FootState, day: date, after: int = 0) -> list[RunSeen]:
    """The runs of recent weeks on the weekday of ``day``, each day's first ``after`` left out; none unless every other
    week had one. The first weeks are judged by themselves, so that a plan's first run mornings are careful too."""
    if day in state.rest or not state.runs:
        return []
    weeks = min(state.thresholds.expected_weeks, max(1, (state.today - state.runs[0].day).days // 7))
    last = state.today - timedelta(days=1 + (state.today.weekday() - day.weekday() - 1) % 7)
    days = [last - timedelta(days=7 * back) for back in range(state.thresholds.expected_weeks)]
    ran: dict[date, list[RunSeen]] = {}
    for run in reversed(state.runs):
        if run.day < days[-1]:
            break
        if run.day in days:
            ran.setdefault(run.day, []).append(run)
    later = [runs[::-1][after:] for runs in ran.values() if len(runs) > after]
    return [run for runs in later for run in runs] if len(later) >= ceil(weeks / 2) else []


def _recent(state: FootState) -> list[RunSeen]:
    """The runs of the weeks before today that say what is usual."""
    horizon = state.today - timedelta(days=7 * state.thresholds.expected_weeks)
    found: list[RunSeen] = []
    for run in reversed(state.runs):
        if run.day < horizon:
            break
        if run.day < state.today:
            found.append(run)
    return found[::-1]


def _today(state: FootState, run: RunSeen) -> datetime:
    """The instant of today at which the clock here shows what it showed there when ``run`` began."""
    return run.start_utc + (state.today - run.day) + timedelta(seconds=run.utc_offset_s - state.utc_offset_s)


def _mostly(runs: list[RunSeen]) -> Strain:
    """What most of them asked; as labelled, because a usual day is no guess at one run."""
    strains = [_as_labelled(run) for run in runs]
    return max(Strain, key=lambda one: (2 * strains.count(one) >= len(strains), strains.count(one), -one))


def strain_of(run: RunSeen) -> Strain:
    """What one finished run asked of the feet; of an unsure kind: of the hardest that it may have been."""
    possible = run.possible or (frozenset(Kind) if run.primary is None else frozenset())
    return Strain.DEMANDING if len(possible) > 1 and possible & DEMANDING else _as_labelled(run)


def _as_labelled(run: RunSeen) -> Strain:
    if run.demanding:
        return Strain.DEMANDING
    return Strain.SURFACE if run.surface in SOFT or run.primary is Kind.SURFACE else Strain.EASY
