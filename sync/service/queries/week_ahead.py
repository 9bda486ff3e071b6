"""The week ahead as the pages show it: each day's runs and foot work, whether it is a training day, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rules.dose.ladder import current_level
from rules.facts.foot_work import PlannedRun
from rules.plan.week_plan import DayPlan, week_ahead
from rules.state.adherence import care_kept
from rules.state.feet import FootState
from rules.state.safety import verdict
from rules.text import Language
from sync.service.messages import reason_says
from sync.service.queries.context import QueryContext
from sync.service.queries.dates import clock_here, local_time
from sync.service.queries.footwork_views import kind_says
from sync.wire.footwork import PrescriptionView
from sync.wire.pages import DayAhead, PlannedView


def days_ahead(
    asking: QueryContext, state: FootState, stands: Sequence[PrescriptionView], language: Language
) -> list[DayAhead]:
    """Today and the six days after it; ``stands`` is what stands for them already. While the drills are stopped no day
    has any."""
    level = current_level(state.dose_changes)
    stopped = verdict(state, level).stop
    return [_view(one, asking, state, stands, language, stopped=stopped) for one in week_ahead(state, level)]


def _view(
    one: DayPlan,
    asking: QueryContext,
    state: FootState,
    stands: Sequence[PrescriptionView],
    language: Language,
    *,
    stopped: bool,
) -> DayAhead:
    pause = state.paused(one.day)
    return DayAhead(
        day=one.day,
        runs=[planned_view(run, asking, language) for run in state.planned if run.day == one.day],
        work=[work for work in stands if work.day == one.day],
        paused=language.say(f"pause.{pause.reason}") if pause is not None else None,
        training=one.training and not stopped,
        training_done=one.done,
        care=[] if stopped else [language.say(f"care.{slot.value.replace('-', '_')}") for slot in one.care],
        says=language.say("reason.stopped") if stopped else reason_says(one.reason, language),
    )


def planned_view(one: PlannedRun, asking: QueryContext, language: Language) -> PlannedView:
    start = local_time(one.start_utc, clock_here(asking)) if one.start_utc else None
    percent = round(100 * one.probability)
    key = "answer.planned_habit" if one.source == "habit" else "answer.planned"
    return PlannedView(
        day=one.day,
        kind=one.kind.value if one.kind else None,
        source=one.source,
        title=one.title,
        start_local=f"{start:%H:%M}" if start else None,
        probability=one.probability,
        says=language.say(
            key, kind=language.say("kind.race") if one.race else kind_says(one.kind, language), percent=percent
        ),
        race=one.race,
    )


def care_says(state: FootState, language: Language) -> str:
    """How much of the care that was asked for in the last seven days was done; it has a count of its own. Empty where
    none was: a run that came in too late, or today's, may need some all the same."""
    asked, done = care_kept(state, state.today - timedelta(days=6), state.today)
    return language.say("answer.care_kept", asked=asked, done=done) if asked else ""
