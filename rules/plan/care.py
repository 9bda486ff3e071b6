"""The care that runs ask for: its whole dose or the lighter one, and what goes first when a day or a week is full.

Care is never cut by the week's count and never stands in it (M15, M16). What holds it are the day (two sittings, 20
minutes) and one ceiling over training and care together: twice the ladder's weekly minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from rules.facts.foot_work import DoseLevel, Reason
from rules.facts.kinds import Kind
from rules.plan.choose import Wanted, hard_run_ahead
from rules.plan.compose import CompositionOrder
from rules.plan.week_plan import ceiling_minutes, full_week, minutes_used, training_left_minutes
from rules.state.expected_runs import runs_on, tiring_expected
from rules.state.feet import FootState
from rules.state.week import SessionTold, Slot, monday

SPARED = frozenset({"lighter", "dialled_back"})
"""While one of these holds, care is bends and spreads in half the time."""
LIGHTER = {"reset": "light-hard", "reset-morning": "light-hard", "gentle": "light-hard", "before-hard": "before-light"}


TURNS = {
    "before-hard": ("before-hard", "before-hard-turned"),
    "reset": ("reset", "reset-turned"),
    "reset-morning": ("reset-morning", "reset-morning-turned"),
}
"""Two versions of one care, by turns: what each hard, long or hilly run asks for need not be the same each time."""


def care_order(
    wanted: Wanted, avoid: frozenset[str], state: FootState, level: DoseLevel, day: date
) -> CompositionOrder:
    """Care is given whole, whatever the ladder says: its repetitions and its short days are for training."""
    minutes = care_minutes(wanted, state, level, day)
    if wanted.recipe == "after-warm-up":
        return CompositionOrder(wanted.recipe, 1.0, avoid=avoid - SPARED, one_minute=True)
    if not avoid & SPARED:
        return CompositionOrder(_turn(wanted, state, day), minutes, avoid=avoid)
    # Bends and spreads are light already: half the time is what is spared of them.
    recipe = LIGHTER.get(wanted.recipe, wanted.recipe)
    return CompositionOrder(recipe, minutes / 2, avoid=avoid - {"lighter"})


def _turn(wanted: Wanted, state: FootState, day: date) -> str:
    """Another version than that of the same weekday a week ago, so that two long runs a week change places too; else
    than the one given last on an earlier day of eight weeks; at first the guide's own."""
    turns = TURNS.get(wanted.recipe, (wanted.recipe,))
    since = day - timedelta(days=state.thresholds.family_level_days)
    given = {
        one.day: one.inputs["recipe"]
        for one in state.issued
        if since <= one.day < day and one.window is wanted.window and one.inputs.get("recipe") in turns
    }
    last = given.get(day - timedelta(days=7)) or given.get(max(given, default=day), turns[-1])
    return turns[(turns.index(last) + 1) % len(turns)]


def turned(recipe: str) -> list[Reason]:
    """What is said where the order is not the guide's own."""
    return [Reason("warm_up_turned", {}, ("M15",))] if recipe == "before-hard-turned" else []


def care_minutes(wanted: Wanted, state: FootState, level: DoseLevel, day: date) -> float:
    """The whole dose: what it may fill at most. In a week with so many long or hilly runs that their care would leave
    no room for mornings after or for training, it is the shortest that is still whole."""
    limits = state.thresholds
    if wanted.slot is Slot.OFFER:
        return limits.short_care_minutes
    if wanted.slot is Slot.RESET and wanted.kind is Kind.TEMPO:
        return limits.care_after_hard_minutes
    if wanted.slot in (Slot.RESET, Slot.MORNING) and full_week(state, level, day):
        return limits.care_full_week_minutes
    return limits.care_minutes


def care_reason(wanted: Wanted, avoid: frozenset[str], *, short: bool) -> Reason:
    """Whether it is half of it for now, an offer, as ``short`` as the runner chose, or given whole."""
    if avoid & SPARED and wanted.recipe != "after-warm-up":
        return Reason("care_lighter", {}, ("M11", "S4"))
    if wanted.slot is Slot.OFFER:
        return Reason("care_offer", {}, ("M8",))
    return Reason("care_short" if short else "care", {}, ("M15", "M16"))


def goes_first(
    asked: Sequence[Wanted], state: FootState, level: DoseLevel, told: Sequence[SessionTold], *, training: bool
) -> Wanted | None:
    """What of ``asked`` is open now: one card at a time, and only what the day and the week still have room for."""
    return next((one for one in asked if has_room(one, state, level, told, training=training)), None)


def has_room(
    wanted: Wanted, state: FootState, level: DoseLevel, told: Sequence[SessionTold], *, training: bool
) -> bool:
    """Whether ``wanted`` fits into the day, beside the care that is known to come, and under the week's ceiling.

    Offers give way first, then the morning after, then training; the warm-up and the reset stay.
    """
    limits = state.thresholds
    if wanted.slot is Slot.OFFER:
        return offers_room(state, level, told, training=training)
    sittings = sum(one.done and one.slot is not Slot.OFFER for one in told)
    coming = 0 if wanted.slot in (Slot.WARM_UP, Slot.RESET) else _care_coming(state)
    if wanted.slot is Slot.MORNING and coming:
        # The run's own care and the training of the day are two sittings already.
        coming += training
    minutes = level.minutes if wanted.slot is Slot.TRAINING else care_minutes(wanted, state, level, state.today)
    if sittings + coming >= limits.day_sittings or _minutes(told) + minutes > limits.day_minutes:
        return False
    if wanted.slot is Slot.MORNING:
        given = _week_minutes(state) + training_left_minutes(state, level)
        return given + minutes <= ceiling_minutes(state, level)
    return True


def offers_room(state: FootState, level: DoseLevel, told: Sequence[SessionTold], *, training: bool) -> bool:
    """Whether an offer of up to two minutes leaves the day room for what is asked for whole."""
    sittings = sum(one.done for one in told)
    trained = any(one.slot is Slot.TRAINING for one in told)
    coming = _care_coming(state) + (training and not trained)
    return sittings + coming < state.thresholds.day_sittings and _week_minutes(state) < ceiling_minutes(state, level)


def _care_coming(state: FootState) -> int:
    """Sittings that today's planned and usual runs are still going to ask for."""
    reset = tiring_expected(state, state.today) and not any(run.tiring for run in runs_on(state, state.today))
    return (hard_run_ahead(state, state.today) is not None) + reset


def _minutes(told: Sequence[SessionTold]) -> float:
    return sum(one.minutes for one in told if one.done)


def _week_minutes(state: FootState) -> float:
    week = monday(state.today)
    return minutes_used(state, week, week + timedelta(days=6))
