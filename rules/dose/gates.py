"""Gates of a step up: each names why the dose stays where it is today. A step passes only when every gate is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.dose.families import rises
from rules.facts.foot_work import DoseChange, DoseLevel, Reason
from rules.state.adherence import month_share
from rules.state.diary import backwards
from rules.state.feet import FootState
from rules.state.load import unanswered
from rules.state.safety import open_flags


@dataclass(frozen=True, slots=True)
class Ladder:
    """What every decision about the dose looks at: the state, the rows so far (today's included) and where they end."""

    state: FootState
    changes: Sequence[DoseChange]

    @property
    def level(self) -> DoseLevel:
        return self.changes[-1].after


@dataclass(frozen=True, slots=True)
class Gate:
    """``closed`` gives the reason why not, or None. ``offer`` gates already hold the offer back."""

    name: str
    closed: Callable[[Ladder], Reason | None]
    offer: bool = True


def _steady(on: Ladder) -> Reason | None:
    if on.level.level == "steady" and not open_flags(on.state):
        return None
    return Reason("step_not_steady", {"level": on.level.level}, ("M11", "S2"))


def _paused(on: Ladder) -> Reason | None:
    return Reason("step_paused", {}, ("M10",)) if on.state.paused(on.state.today) is not None else None


def _quiet(on: Ladder) -> Reason | None:
    days = on.state.thresholds.ready_quiet_days
    for change in reversed(on.changes):
        if (on.state.today - change.day).days >= days:
            break
        if change.verdict == "dial_back":
            return Reason("step_after_dial_back", {"days": days}, ("M11",))
    return None


def _gap(on: Ladder) -> Reason | None:
    days = on.state.thresholds.step_gap_days
    since = last_rise(on.changes)
    if since is None or (on.state.today - since).days >= days:
        return None
    return Reason("step_gap", {"days": days, "from_day": (since + timedelta(days=days)).isoformat()}, ("M9",))


def _new_shoes(on: Ladder) -> Reason | None:
    if on.state.settings.shoes == "usual":
        return None
    days, since = on.state.thresholds.minimalist_step_days, last_rise(on.changes)
    if since is None or (on.state.today - since).days >= days:
        return None
    return Reason("step_new_shoes", {"days": days, "from_day": (since + timedelta(days=days)).isoformat()}, ("M18",))


def _jump(on: Ladder) -> Reason | None:
    """An entry of today or yesterday at least two points above the mean of the seven days before it."""
    entry = jump(on.state, on.state.today)
    if entry is None:
        return None
    return Reason("step_after_jump", {"score": entry[0], "mean": round(entry[1], 1)}, ("M9",))


def _revisit(on: Ladder) -> Reason | None:
    found = unanswered(on.state)
    return Reason("step_revisit", {"days": on.state.thresholds.revisit_days}, ("M20", "M2")) if found else None


def _kept(on: Ladder) -> Reason | None:
    kept = month_share(on.state, on.state.today).share
    if kept is not None and kept >= on.state.thresholds.ready_adherence:
        return None
    needed = round(100 * on.state.thresholds.ready_adherence)
    return Reason("step_not_kept", {"percent": round(100 * (kept or 0.0)), "needed": needed}, ("M5", "M9"))


STEADY = Gate("steady", _steady)
PAUSED = Gate("paused", _paused)
QUIET = Gate("quiet", _quiet)
GAP = Gate("gap", _gap, offer=False)
NEW_SHOES = Gate("new-shoes", _new_shoes)
JUMP = Gate("jump", _jump, offer=False)
REVISIT = Gate("revisit", _revisit)
KEPT = Gate("kept", _kept)
GATES: tuple[Gate, ...] = (STEADY, PAUSED, QUIET, GAP, NEW_SHOES, JUMP, REVISIT, KEPT)
"""Every gate of an offered step, cheap ones first."""
HAND_GATES: tuple[Gate, ...] = (STEADY, GAP, NEW_SHOES, JUMP, REVISIT)
"""Gates of a step the runner takes by hand (M10), of more days a week, and of each step of the way back but STEADY."""


def first_closed(gates: Sequence[Gate], on: Ladder) -> Reason | None:
    """Why no step today; None when every gate is open."""
    for gate in gates:
        reason = gate.closed(on)
        if reason is not None:
            return reason
    return None


def last_rise(changes: Sequence[DoseChange]) -> date | None:
    """The day of the last row that raised minutes, days, reps or a family's level."""
    for change in reversed(changes):
        before, after = change.before, change.after
        if (
            after.minutes > before.minutes
            or after.days_per_week > before.days_per_week
            or after.extra_reps > before.extra_reps
            or rises(before, after)
        ):
            return change.day
    return None


def jump(state: FootState, day: date) -> tuple[int, float] | None:
    """An entry of ``day`` or the day before, ``entry_jump`` or above the mean of its kind in the week before.

    Its score and that mean; None when there is none.
    """
    limit = state.thresholds.entry_jump
    recent: list[tuple[date, str, int]] = []
    for entry in backwards(state.diary, day):
        if (day - entry.day).days > 8:
            break
        recent.append((entry.day, entry.what, entry.score))
    for at, what, score in recent:
        if (day - at).days > 1:
            break
        before = [one for when, kind, one in recent if kind == what and 1 <= (at - when).days <= 7]
        if before and score - sum(before) / len(before) >= limit:
            return score, sum(before) / len(before)
    return None
