"""Runs that may still come today: planned ones, and those that are usual on the weekday (M6, M15)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil

from rules.facts.foot_work import PlannedRun
from rules.state.feet import FootState, RunSeen


def run_expected(state: FootState, day: date) -> bool:
    """Whether a run is planned for ``day`` or usual on its weekday; a day of rest that was planned has none."""
    return bool(_planned(state, day) or _usual_starts(state, day))


def run_soon(state: FootState) -> bool:
    """Whether a run that is expected today may begin in the next three hours, or should have begun a little ago.

    Without an hour of its own it begins when runs usually do; when nothing is known of that either, at any moment.
    """
    before = timedelta(minutes=state.thresholds.unloaded_before_minutes)
    overdue = timedelta(minutes=state.thresholds.run_overdue_minutes)

    def near(first_utc: datetime, last_utc: datetime) -> bool:
        return first_utc - before <= state.now_utc < last_utc + overdue

    ended = max((run.end_utc for run in state.runs if run.day == state.today), default=datetime.min)
    planned = _planned(state, state.today)
    timed = [plan.start_utc for plan in planned if plan.start_utc is not None]
    if any(near(start_utc, start_utc) for start_utc in timed if ended <= start_utc):
        return True
    if ended > datetime.min or (timed and len(timed) == len(planned)):
        return False
    starts = _usual_starts(state, state.today)
    if planned and not starts:
        starts = [run.start_utc + (state.today - run.day) for run in _recent(state)]
        if not starts:
            return True
    return bool(starts) and near(min(starts), max(starts))


def _planned(state: FootState, day: date) -> list[PlannedRun]:
    """However unsure: what may be a run is waited for."""
    return [plan for plan in state.planned if plan.day == day]


def _usual_starts(state: FootState, day: date) -> list[datetime]:
    """When the runs of recent weeks began on the weekday of ``day``, as instants of ``day``; none unless every other
    week had one. The first weeks are judged by themselves, so that a plan's first run mornings are careful too."""
    if day in state.rest or not state.runs:
        return []
    weeks = min(state.thresholds.expected_weeks, max(1, (state.today - state.runs[0].day).days // 7))
    ran = [run for run in _recent(state) if run.day.weekday() == day.weekday()]
    if len({run.day for run in ran}) < ceil(weeks / 2):
        return []
    return [run.start_utc + (day - run.day) for run in ran]


def _recent(state: FootState) -> list[RunSeen]:
    """The runs of the weeks before today that say what is usual."""
    horizon = state.today - timedelta(days=7 * state.thresholds.expected_weeks)
    return [run for run in state.runs if horizon <= run.day < state.today]
