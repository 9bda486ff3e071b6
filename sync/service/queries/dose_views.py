"""The dose ladder and adherence in the runner's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rules.dose.ladder import choices, current_level, open_offer
from rules.facts.foot_work import DoseChange, DoseLevel
from rules.state.adherence import Adherence, adherence
from rules.state.feet import FootState
from rules.text import Language
from sync.service.footwork_state import load_state
from sync.service.messages import reason_says
from sync.service.queries.context import QueryContext
from sync.service.queries.dates import today_of
from sync.service.queries.footwork_views import reason_view
from sync.storage.footwork import FootworkRepository
from sync.wire.footwork import AdherenceView, DoseChangeView, DoseView

YEAR = timedelta(days=364)
SAID_BY_THE_VERDICT = ("by_hand", "by_hand_reps")
"""Reasons that would name the level once more, right below the line that names it."""


def dose_view(state: FootState, language: Language, *, history: bool) -> DoseView:
    """Where the runner stands; ``history`` brings every row of the ladder, newest first."""
    level = current_level(state.dose_changes)
    offer = open_offer(state)
    rows = reversed(state.dose_changes) if history else ()
    return DoseView(
        minutes=level.minutes,
        days_per_week=level.days_per_week,
        extra_reps=level.extra_reps,
        level=level.level,
        says=level_says(level, language),
        history=[change_view(change, language) for change in rows],
        offer=change_view(offer, language) if offer is not None else None,
        choices=[str(choice) for choice in choices(state, level)] if offer is not None else [],
    )


def level_says(level: DoseLevel, language: Language) -> str:
    key = level.level if level.level != "steady" or not level.extra_reps else "reps"
    return language.say(
        f"answer.dose_level_{key}", minutes=f"{level.minutes:g}", days=level.days_per_week, reps=level.extra_reps
    )


def change_view(change: DoseChange, language: Language) -> DoseChangeView:
    """Verdict, the level it led to, and the reasons."""
    verdict = language.say(f"changed.{change.verdict}", level=level_says(change.after, language))
    return DoseChangeView(
        change_id=change.change_id,
        day=change.day,
        verdict=change.verdict,
        says=verdict,
        reasons=[reason_view(reason, language) for reason in change.reasons if reason.key not in SAID_BY_THE_VERDICT],
    )


def changes_lately(state: FootState, language: Language) -> list[str]:
    """What changed in the dose in the last days, and why, each with its day, newest first."""
    since = state.today - timedelta(days=state.thresholds.changes_told_days)
    return [
        language.say("answer.changed", day=change.day, says=_told(change, language))
        for change in reversed(state.dose_changes)
        if change.day >= since and change.verdict not in ("start", "offer")
    ]


def _told(change: DoseChange, language: Language) -> str:
    """One row in full: its reasons name the new dose themselves, but for what soreness asked for."""
    told = [reason_says(reason, language) for reason in change.reasons]
    return " ".join([change_view(change, language).says, *told] if change.verdict == "dial_back" else told)


def kept_so_far(asking: QueryContext) -> Adherence:
    """Adherence over the year up to today, or as long as the plan exists: streak and score need more than a month."""
    depends = (str(asking.athlete), today_of(asking), str(asking.config.rules))
    return asking.store.cached(("kept so far", *depends), lambda: _kept_so_far(asking))


def _kept_so_far(asking: QueryContext) -> Adherence:
    state = load_state(asking.store, asking.athlete, asking.config, asking.now_utc)
    first = max(state.started, state.today - YEAR)
    given = FootworkRepository(asking.store, asking.athlete.id).given(first)
    return adherence(replace(state, issued=given), first, state.today)


def adherence_view(asking: QueryContext, language: Language) -> AdherenceView:
    found = kept_so_far(asking)
    return AdherenceView(
        done_7=found.week.done,
        due_7=found.week.prescribed,
        done_28=found.month.done,
        due_28=found.month.prescribed,
        minutes_7=found.week.minutes_done,
        minutes_due_7=found.week.minutes_prescribed,
        on_time_share=found.on_time / found.before_runs if found.before_runs else None,
        score=round(found.score, 3),
        weeks_kept=found.streak_weeks,
        excused_7=found.week.excused_days,
        says=_says(found, language),
    )


def _says(found: Adherence, language: Language) -> str:
    if not found.month.prescribed:
        return language.say("answer.adherence_none")
    kept = min(found.month.done, found.month.prescribed)
    says = language.say("answer.adherence", done=kept, due=found.month.prescribed)
    if not found.month.over:
        return says
    over = "adherence_over_one" if found.month.over == 1 else "adherence_over"
    return f"{says} {language.say(f'answer.{over}', days=found.month.over)}"
