"""What lies ahead, and whose word counts for a day: the runner's, a calendar's, the usual week's, the habit's (M27)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import Kind
from rules.knowledge.thresholds import Thresholds
from rules.state.feet import RunSeen
from rules.state.habit import AHEAD_DAYS, coming_habits

RUNNER = "runner"
"""The source of what the runner typed."""


@dataclass(frozen=True, slots=True)
class DayTold:
    """What the runner or a calendar says of one day; ``run`` is None for a day of rest."""

    day: date
    source: str
    run: PlannedRun | None


@dataclass(frozen=True, slots=True)
class ComingDays:
    planned: tuple[PlannedRun, ...]
    """The runner's and the calendars', then the usual week's, then the habits."""
    rest: frozenset[date]


def whose_word(told: Sequence[DayTold]) -> list[DayTold]:
    """Where the runner has spoken for a day, no calendar does."""
    own = {one.day for one in told if one.source == RUNNER}
    return [one for one in told if one.source == RUNNER or one.day not in own]


def usual_week(
    week: Mapping[int, Kind | None], today: date, spoken_for: Collection[date]
) -> list[tuple[date, Kind | None]]:
    """What the runner's usual week holds for the coming seven days, but for days already ``spoken_for``.

    ``week`` goes by weekday, 0 = Monday; None is a day of rest, a weekday that is missing is left open.
    """
    days = (today + timedelta(days=ahead) for ahead in range(AHEAD_DAYS))
    return [(day, week[day.weekday()]) for day in days if day not in spoken_for and day.weekday() in week]


def coming(
    told: Sequence[DayTold],
    week: Mapping[int, Kind | None],
    runs: Sequence[RunSeen],
    today: date,
    limits: Thresholds,
) -> ComingDays:
    """Every run that is coming and every day of rest, each day by the word that counts for it."""
    heard = whose_word(told)
    # A day the runner or a calendar has spoken for, a rest day included, is not the habit's any more.
    spoken_for = {one.day for one in heard}
    usual = usual_week(week, today, spoken_for)
    habits = coming_habits(runs, today, limits, spoken_for | {day for day, _ in usual})
    runs_told = (one.run for one in heard if one.run is not None)
    runs_usual = (PlannedRun(day, kind, "template") for day, kind in usual if kind is not None)
    rest_told = {one.day for one in heard if one.run is None}
    return ComingDays(
        (*runs_told, *runs_usual, *habits), frozenset(rest_told | {day for day, kind in usual if kind is None})
    )
