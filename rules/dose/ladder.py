"""The dose ladder: start, ready for a step, dial back and its way back, stop and resume. Every change is a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Literal, assert_never

from rules.dose.ceiling import room_for, session_ceiling
from rules.dose.dial_back import (
    CAUSE_GONE,
    dial_back_reasons,
    episode,
    give_back,
    lighter_dose,
    relief,
    relieved,
    unrelieved,
    without_cause,
)
from rules.dose.families import next_level, raised
from rules.dose.gates import (
    GATES,
    HAND_GATES,
    NEW_SHOES,
    REVISIT,
    STEADY,
    Gate,
    Ladder,
    first_closed,
    last_rise,
)
from rules.dose.ready import ready_for_step
from rules.facts.foot_work import DoseChange, DoseLevel, DoseVerdict, Reason
from rules.knowledge.loader import Drill
from rules.knowledge.thresholds import Thresholds, thresholds
from rules.state.feet import RULES_VERSION, FootState, make_id
from rules.state.safety import open_flags, stopped_for

WAY_BACK_GATES = tuple(gate for gate in HAND_GATES if gate not in (STEADY, REVISIT, NEW_SHOES))
"""What is given back was carried before: only the week's gap and a fresh jump hold it up."""


HandStep = Literal["minutes", "repetition", "level", "less"]


class Choice(StrEnum):
    """The runner's answer to an offer: one more minute, two, one more repetition of each drill, the next level of one
    family of drills, or none (M9, M5)."""

    MINUTES = "minutes"
    TWO_MINUTES = "two-minutes"
    REPETITION = "repetition"
    LEVEL = "level"
    DECLINE = "decline"


def current_level(changes: Sequence[DoseChange]) -> DoseLevel:
    """Where the runner stands: the last row's ``after``, or the start of the ladder when there is none."""
    return changes[-1].after if changes else start_level(thresholds(), None)


def start_level(limits: Thresholds, days: int | None) -> DoseLevel:
    """5–7 minutes on three days (M8), or on as many as the runner wished for (M10)."""
    wished = limits.start_days if days is None else min(limits.max_days, max(limits.min_days, days))
    return DoseLevel(limits.start_minutes, wished)


def review(state: FootState, gates: Sequence[Gate] = GATES) -> tuple[DoseChange, ...]:
    """Every change of dose that ``state.today`` asks for, in order. With them in the state it asks for none."""
    changes = list(state.dose_changes)
    known = len(changes)
    if not changes:
        level = start_level(state.thresholds, state.settings.days_per_week)
        changes.append(_row(state, "start", level, level, Reason("start", _dose(level), ("M8", "S3"))))
    for decide in (_stop, _resume, _dial_back, _take_back, _no_relief, _way_back, _wished_days):
        change = decide(Ladder(state, changes))
        if change is not None:
            changes.append(change)
    offer = _offer(Ladder(state, changes), gates)
    if offer is not None:
        changes.append(offer)
    return tuple(changes[known:])


def flag_raised(change: DoseChange) -> str | None:
    """The red flag that a row raises by itself: two weeks without relief. The runner clears it like any other."""
    if change.verdict == "stop" and change.reasons[0].key == "stop_no_relief":
        return "no-relief"
    return None


def open_offer(state: FootState) -> DoseChange | None:
    """The offer that waits for an answer: the last row, not older than a fortnight."""
    if not state.dose_changes:
        return None
    last = state.dose_changes[-1]
    fresh = (state.today - last.day).days < state.thresholds.ready_every_days
    return last if last.verdict == "offer" and fresh else None


def choices(state: FootState, level: DoseLevel) -> tuple[Choice, ...]:
    """What an offer may be answered with from ``level``: nothing beyond the ceilings."""
    limits = state.thresholds
    open_: list[Choice] = []
    if room_for(state, level, minutes=limits.step_minutes):
        open_.append(Choice.MINUTES)
    if room_for(state, level, minutes=limits.step_minutes_most):
        open_.append(Choice.TWO_MINUTES)
    if level.extra_reps < limits.max_extra_reps and room_for(state, level, reps=1):
        open_.append(Choice.REPETITION)
    if next_level(state, level, offered=True) is not None:
        open_.append(Choice.LEVEL)
    return (*open_, Choice.DECLINE)


def accept(state: FootState, change_id: str, choice: Choice, gates: Sequence[Gate] = GATES) -> DoseChange | Reason:
    """The row that answers an offer, or the reason why the step cannot be taken today (the offer stays open)."""
    offer = open_offer(state)
    if offer is None or offer.change_id != change_id:
        return Reason("offer_gone", {}, ("M9",))
    level, limits = offer.after, state.thresholds
    if choice is Choice.DECLINE:
        return _row(state, "declined", level, level, Reason("declined", _dose(level), ("M10",)))
    if choice not in choices(state, level):
        if choice is Choice.LEVEL:
            return Reason("step_no_level", {}, ("M5", "M9"))
        return Reason(
            "step_ceiling", {"minutes": session_ceiling(state, level), "reps": limits.max_extra_reps}, ("M9", "M20")
        )
    closed = first_closed(gates, Ladder(state, state.dose_changes))
    if closed is not None:
        return closed
    drill = next_level(state, level, offered=True)
    if choice is Choice.LEVEL and drill is not None:
        return _row(state, "step_up", level, raised(level, drill), _level_reason("step_level", drill))
    if choice is Choice.REPETITION:
        after = replace(level, extra_reps=level.extra_reps + 1)
    else:
        more = limits.step_minutes if choice is Choice.MINUTES else limits.step_minutes_most
        after = replace(level, minutes=level.minutes + more)
    return _row(state, "step_up", level, after, Reason(f"step_{choice.name.lower()}", _dose(after), ("M9",)))


def change_by_hand(
    state: FootState,
    *,
    minutes: float | None = None,
    days: int | None = None,
    extra_reps: int | None = None,
    gates: Sequence[Gate] = HAND_GATES,
) -> DoseChange | Reason:
    """The runner's own change (M10): down at any time, up by one thing and one step a week."""
    level, limits = current_level(state.dose_changes), state.thresholds
    after = replace(
        level,
        minutes=level.minutes if minutes is None else minutes,
        days_per_week=level.days_per_week if days is None else days,
        extra_reps=level.extra_reps if extra_reps is None else extra_reps,
    )
    if after.minutes < limits.min_minutes or after.days_per_week < limits.min_days or after.extra_reps < 0:
        return Reason("step_floor", {"minutes": limits.min_minutes, "days": limits.min_days}, ("M10", "M6"))
    inside = (
        after.minutes <= limits.max_minutes
        and after.days_per_week <= limits.max_days
        and after.extra_reps <= limits.max_extra_reps
    )
    if not inside:
        return Reason("step_ceiling", {"minutes": limits.max_minutes, "reps": limits.max_extra_reps}, ("M9", "M10"))
    if after == level:
        return Reason("no_change", {}, ("M10",))
    rises = (
        (after.minutes - level.minutes) / limits.step_minutes_most,
        after.days_per_week - level.days_per_week,
        after.extra_reps - level.extra_reps,
    )
    if any(rise > 0 for rise in rises):
        if sum(rise > 0 for rise in rises) > 1 or any(rise > 1 for rise in rises):
            return Reason("one_step_only", {"minutes": limits.step_minutes_most}, ("M9",))
        closed = first_closed(gates, Ladder(state, state.dose_changes))
        if closed is not None:
            return closed
    told = "by_hand_reps" if after.extra_reps else "by_hand"
    return _row(state, "manual", level, after, Reason(told, _dose(after), ("M10",)))


def step_by_hand(state: FootState, step: HandStep | None, days: int | None) -> DoseChange | Reason:
    """The runner's own step (M10): more minutes by the smaller step, one repetition more, the next level of one family
    of drills, or less, and days a week.
    Less takes a repetition while there is one, then minutes."""
    level, limits = current_level(state.dose_changes), state.thresholds
    minutes, extra_reps = None, None
    match step:
        case "level":
            return _level_by_hand(state, level)
        case "minutes":
            minutes = level.minutes + limits.step_minutes
        case "repetition":
            extra_reps = level.extra_reps + 1
        case "less" if level.extra_reps > 0:
            extra_reps = level.extra_reps - 1
        case "less":
            minutes = level.minutes - limits.step_minutes
        case None:
            pass
        case _:
            assert_never(step)
    return change_by_hand(state, minutes=minutes, days=days, extra_reps=extra_reps)


def _level_by_hand(state: FootState, level: DoseLevel) -> DoseChange | Reason:
    drill = next_level(state, level, offered=False)
    if drill is None:
        return Reason("step_no_level", {}, ("M5", "M10"))
    closed = first_closed(HAND_GATES, Ladder(state, state.dose_changes))
    if closed is not None:
        return closed
    return _row(state, "manual", level, raised(level, drill), _level_reason("by_hand_level", drill))


def _level_reason(key: str, drill: Drill) -> Reason:
    return Reason(key, {"drill": drill.drill_id, "level": drill.level}, ("M5", "M9"))


def _stop(on: Ladder) -> DoseChange | None:
    flags = open_flags(on.state)
    if not flags or on.level.level == "stopped":
        return None
    why = Reason("stop_flag", {"flag": flags[0].name}, ("S2",))
    return _row(on.state, "stop", on.level, replace(on.level, level="stopped"), why)


def _resume(on: Ladder) -> DoseChange | None:
    """Drills resume when every flag is cleared; dialled back if they were, or if soreness asked for it meanwhile."""
    if on.level.level != "stopped" or open_flags(on.state):
        return None
    stop = max(index for index, change in enumerate(on.changes) if change.verdict == "stop")
    if stopped_for(on.changes) == "stop_no_relief":
        cleared = any(
            flag.name == "no-relief" and flag.cleared_utc is not None and flag.day >= on.changes[stop].day
            for flag in on.state.flags
        )
        going = episode(on.changes)
        if not cleared and not (going is not None and relieved(on.state, going)):
            return None
    dialled = on.changes[stop].before.level == "dialled_back" or any(
        change.verdict == "dial_back" for change in on.changes[stop + 1 :]
    )
    after = replace(on.level, level="dialled_back" if dialled else "steady")
    return _row(on.state, "resume", on.level, after, Reason("resume", _dose(after), ("S2", "M11")))


def _dial_back(on: Ladder) -> DoseChange | None:
    """A cut of about a third; while one is less than a week old, a new score above the limit is a row without a cut."""
    reasons = dial_back_reasons(on.state, on.changes, on.level)
    if not reasons:
        return None
    going = episode(on.changes)
    standing = going is not None and (on.state.today - going.last_cut).days < on.state.thresholds.sore_window_days
    after = on.level if standing else lighter_dose(on.level, on.state.thresholds)
    return _row(on.state, "dial_back", on.level, after, *reasons)


def _take_back(on: Ladder) -> DoseChange | None:
    """The old dose at once when the entries that asked for a lighter one are changed or removed."""
    row = without_cause(on.state, on.changes) if on.level.level == "dialled_back" else None
    if row is None:
        return None
    after = replace(on.level, minutes=row.before.minutes, extra_reps=row.before.extra_reps, level="steady")
    return _row(on.state, "way_back", on.level, after, Reason(CAUSE_GONE, _dose(after), ("M11", "M22")))


def _no_relief(on: Ladder) -> DoseChange | None:
    if on.level.level != "dialled_back":
        return None
    going = episode(on.changes)
    if going is None or not unrelieved(on.state, going):
        return None
    why = Reason("stop_no_relief", {"days": (on.state.today - going.holding_since).days}, ("S2", "M11"))
    return _row(on.state, "stop", on.level, replace(on.level, level="stopped"), why)


def _way_back(on: Ladder) -> DoseChange | None:
    if on.level.level != "dialled_back":
        return None
    going = episode(on.changes)
    if going is None or not relieved(on.state, going):
        return None
    if _last_way_back_within_gap(on) or first_closed(WAY_BACK_GATES, on) is not None:
        return None
    found = relief(on.state, going)
    mean, limit = (found[0], found[1]) if found is not None else (0.0, 0.0)
    after = give_back(on.level, going.old, on.state.thresholds)
    why = Reason("way_back", {"mean": round(mean, 1), "limit": round(limit, 1), **_dose(after)}, ("M11",))
    return _row(on.state, "way_back", on.level, after, why)


def _last_way_back_within_gap(on: Ladder) -> bool:
    days = [change.day for change in on.changes if change.verdict == "way_back"]
    return bool(days) and (on.state.today - days[-1]).days < on.state.thresholds.step_gap_days


def _wished_days(on: Ladder) -> DoseChange | None:
    """The runner's wish for days a week: fewer at once, more by one a week (M10). Days set by hand are a later word."""
    wish, limits = on.state.settings.days_per_week, on.state.thresholds
    if wish is None or on.level.level == "stopped" or any(_set_days(change) for change in on.changes):
        return None
    wish = min(limits.max_days, max(limits.min_days, wish))
    if wish == on.level.days_per_week:
        return None
    days = wish
    if wish > on.level.days_per_week:
        if first_closed(HAND_GATES, on) is not None:
            return None
        days = on.level.days_per_week + 1
    after = replace(on.level, days_per_week=days)
    return _row(on.state, "manual", on.level, after, Reason("wished_days", _dose(after), ("M10", "M27")))


def _set_days(change: DoseChange) -> bool:
    return change.before.days_per_week != change.after.days_per_week and change.reasons[0].key.startswith("by_hand")


def _offer(on: Ladder, gates: Sequence[Gate]) -> DoseChange | None:
    """An offer when stiffness has eased against the baseline, or the last two weeks' work was taken well, and every
    gate of an offer is open. By both doors together there is at most one step in that time."""
    last, limits, today = on.changes[-1], on.state.thresholds, on.state.today
    if on.level.level != "steady" or (last.day == today and last.verdict != "offer"):
        return None
    since = last_rise(on.changes)
    if since is not None and (today - since).days < limits.tolerance_days:
        return None
    ready = ready_for_step(on.state, on.changes)
    if ready is None or len(choices(on.state, on.level)) == 1:
        return None
    why, checked = ready
    for change in reversed(on.changes):
        if change.verdict == "offer" and change.day >= checked:
            return None
        if change.verdict == "declined" and (today - change.day).days < limits.declined_days:
            return None
    if first_closed([gate for gate in gates if gate.offer], on) is not None:
        return None
    return _row(on.state, "offer", on.level, on.level, why)


def _dose(level: DoseLevel) -> dict[str, float | int]:
    return {"minutes": level.minutes, "days": level.days_per_week, "reps": level.extra_reps}


def _row(state: FootState, verdict: DoseVerdict, before: DoseLevel, after: DoseLevel, *reasons: Reason) -> DoseChange:
    day: date = state.today
    # The same may happen twice in a day, a flag raised and cleared and raised again: each is a row of its own.
    again = sum(one.day == day and one.verdict == verdict for one in state.dose_changes)
    name = make_id(state.athlete, "dose", day, verdict, before, after, *([again] if again else []))
    return DoseChange(name, day, verdict, before, after, reasons, RULES_VERSION)


__all__ = [
    "Choice",
    "HandStep",
    "accept",
    "change_by_hand",
    "choices",
    "current_level",
    "flag_raised",
    "last_rise",
    "open_offer",
    "review",
    "start_level",
    "step_by_hand",
]
