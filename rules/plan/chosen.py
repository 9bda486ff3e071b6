"""What the runner chose for a day: how long, and which drills make room for others (M10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rules.plan.compose import CompositionOrder
from rules.state.feet import FootState
from rules.state.limits import swapped


def choice_marks(state: FootState, day: date) -> list[str]:
    """What the runner's choices add to a plan's signature: another choice is another plan."""
    chosen = state.settings.lengths.get(day, "planned")
    return [*([] if chosen == "planned" else [chosen]), *sorted(swapped(state, day))]


def is_short(state: FootState, day: date) -> bool:
    return state.settings.lengths.get(day) == "short"


def chosen_minutes(minutes: float, state: FootState, day: date, *, care: bool) -> float:
    """Short is two minutes, whatever it is for. Longer lengthens training alone: care has its own dose."""
    limits = state.thresholds
    match state.settings.lengths.get(day):
        case "short":
            return min(minutes, limits.short_minutes)
        case "longer" if not care:
            return min(limits.max_minutes, minutes + limits.longer_minutes)
        case _:
            return minutes


def as_chosen(order: CompositionOrder, state: FootState, day: date, *, care: bool) -> CompositionOrder:
    """As long as the runner chose; the one-minute version is never lengthened."""
    return replace(order, minutes=chosen_minutes(order.minutes, state, day, care=care or order.one_minute))
