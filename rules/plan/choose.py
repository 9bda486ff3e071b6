"""Which foot work one day asks for: the window first, then the finished runs (M13–M17), else a base day (M8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.facts.foot_work import PlannedRun, Prescription, Reason, Window
from rules.facts.kinds import HILLY, SOFT, Kind, Surface
from rules.state.feet import FootState, RunSeen
from rules.state.week import Budget, Slot, base_due, closed, sessions_on

DEMANDING = frozenset({Kind.TEMPO, Kind.LONG, Kind.HILLS})
LATE = "yesterdays_run"
"""The reason that work for yesterday's run carries."""
RECIPE_OF = {Kind.EASY: "finisher", Kind.SURFACE: "surface", **dict.fromkeys(DEMANDING, "reset")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The work one day asks for, before it is given a dose."""

    window: Window
    recipe: str
    kind: Kind | None
    run_id: str | None
    reasons: tuple[Reason, ...]
    counts: bool = True
    unsure: bool = False
    late: bool = False
    """For yesterday's run: the feet are cold again."""

    @property
    def slot(self) -> Slot:
        """Warm-ups, resets after long and hilly runs and the mornings after them are care; the rest is training."""
        if self.window is Window.BEFORE:
            return Slot.WARM_UP
        if self.window is Window.MORNING:
            return Slot.MORNING
        if self.window is Window.AFTER and self.kind in (Kind.LONG, Kind.HILLS):
            return Slot.RESET
        return Slot.TRAINING


def wanted_on(state: FootState, day: date, stands: Sequence[Prescription]) -> Wanted | None:
    """What runs, finished or coming, ask of ``day`` (today or tomorrow); None when they ask for nothing."""
    ahead = _before(state, day)
    if ahead is not None:
        return ahead
    if day == state.today:
        today = _finished(state, day)
        if today:
            return after_runs(state, today)
        late = _late(state, stands)
        if late is not None:
            return late
    return _morning(state, day)


def base_day(state: FootState, left: Budget) -> Wanted | None:
    """Today's base day, when the week has one left for it (M8)."""
    if not base_due(state, left):
        return None
    return Wanted(Window.BASE, "base", None, None, (Reason("base_day", {"days": left.days}, ("M8", "M13")),))


def hard_run_ahead(state: FootState, day: date) -> PlannedRun | None:
    """The hard run of ``day`` that has not been run: the runner's own word before the calendar's, the habit last."""
    ran = [run for run in state.runs if run.day == day] if day <= state.today else []
    late = timedelta(minutes=state.thresholds.warm_up_late_minutes)
    for plan in sorted(state.planned, key=lambda plan: (plan.source == "habit", -plan.probability)):
        if plan.day != day or plan.kind is not Kind.TEMPO or plan.probability < state.thresholds.habit_probability:
            continue
        if plan.start_utc is not None and state.now_utc >= plan.start_utc + late:
            continue
        if any(Kind.TEMPO in kinds_of(run) or plan.start_utc is None for run in ran):
            continue
        if any(plan.start_utc is not None and run.end_utc > plan.start_utc for run in ran):
            continue
        return plan
    return None


def kinds_of(run: RunSeen) -> frozenset[Kind]:
    """Every kind the run may have been."""
    if run.possible:
        return run.possible | ({run.primary} if run.primary is not None else set())
    return frozenset({run.primary}) if run.primary is not None else frozenset(Kind)


def _before(state: FootState, day: date) -> Wanted | None:
    plan = hard_run_ahead(state, day)
    if plan is None:
        return None
    new = (day - state.started).days < state.thresholds.light_start_days
    confirmed = plan.source != "habit"
    facts = ("M15", "M13") if new else ("M15",)
    told = "before_hard" if confirmed else "before_maybe"
    reasons = [Reason(told, {"warm_minutes": state.thresholds.warm_minutes}, ("M15", "M12"))]
    reasons.append(Reason(f"before_source_{plan.source}", {"percent": round(100 * plan.probability)}, facts))
    if new:
        reasons.append(Reason("light_start", {"days": state.thresholds.light_start_days}, ("M13",)))
    return Wanted(
        Window.BEFORE, "before-light" if new else "before-hard", Kind.TEMPO, plan.planned_id, tuple(reasons), confirmed
    )


def _finished(state: FootState, day: date) -> list[RunSeen]:
    return [run for run in state.runs if run.day == day and run.fresh and run.end_utc <= state.now_utc]


def after_runs(state: FootState, runs: Sequence[RunSeen]) -> Wanted:
    """One plan for all that was run that day: the gentlest that is right for every kind still possible (M14–M17)."""
    last = runs[-1]
    recipes = {recipe for run in runs for recipe in _recipes(run)}
    sure = all(len(_recipes(run)) == 1 for run in runs)
    demanding = any(run.demanding for run in runs)
    new = (state.today - state.started).days < state.thresholds.light_start_days
    if demanding:
        kind, recipe = _demanding_kind(runs), "reset"
    elif sure and len(recipes) == 1:
        kind, recipe = last.primary or min(kinds_of(last)), recipes.pop()
    elif sure and recipes == {"finisher", "surface"}:
        kind, recipe = Kind.SURFACE, "surface"
    else:
        kind, recipe = None, "gentle"
    unsure = kind is None
    reasons = [_after_reason(recipe, kind, runs)]
    if new and recipe in ("reset", "gentle"):
        recipe = "light-hard"
        reasons.append(Reason("light_start", {"days": state.thresholds.light_start_days}, ("M13",)))
    if len(runs) > 1:
        reasons.append(Reason("one_plan", {"runs": len(runs)}, ("M4", "M10")))
    return Wanted(Window.AFTER, recipe, kind, last.run_id, tuple(reasons), True, unsure)


def _recipes(run: RunSeen) -> set[str]:
    if run.demanding:
        return {"reset"}
    return {RECIPE_OF[kind] for kind in kinds_of(run)}


def _demanding_kind(runs: Sequence[RunSeen]) -> Kind:
    """Hills and length ask for the morning after too, so they name the plan before the tempo does."""
    if any(run.long or run.primary is Kind.LONG for run in runs):
        return Kind.LONG
    if any(run.hills in HILLY or run.primary is Kind.HILLS for run in runs):
        return Kind.HILLS
    return Kind.TEMPO


def _after_reason(recipe: str, kind: Kind | None, runs: Sequence[RunSeen]) -> Reason:
    km = round(sum(run.distance_m or 0.0 for run in runs) / 1000, 1)
    minutes = round(sum(run.duration_s for run in runs) / 60)
    values = {"km": km, "minutes": minutes}
    if recipe == "gentle":
        return Reason("gentle", values, ("M16", "M12"))
    match kind:
        case Kind.TEMPO:
            return Reason("reset_tempo", values, ("M15", "M16"))
        case Kind.LONG:
            return Reason("reset_long", values, ("M16",))
        case Kind.HILLS:
            return Reason("reset_hills", values, ("M16",))
        case Kind.SURFACE:
            surface = next((run.surface for run in reversed(runs) if run.surface in SOFT), Surface.MIXED)
            return Reason("surface_day", {**values, "surface": (surface or Surface.MIXED).value}, ("M17",))
        case _:
            return Reason("finisher", values, ("M14",))


def _late(state: FootState, stands: Sequence[Prescription]) -> Wanted | None:
    """Yesterday's run that has had no work yet; a long or hilly one gets its morning after."""
    yesterday = state.today - timedelta(days=1)
    given = any(one.day == yesterday and one.window is Window.AFTER for one in stands)
    runs = _finished(state, yesterday)
    if given or not runs or _asks_for_morning(runs):
        return None
    found = after_runs(state, runs)
    if closed(found.slot, found.window, sessions_on(state, yesterday)):
        return None
    late = Reason(LATE, {}, found.reasons[0].facts)
    return replace(found, reasons=(*found.reasons, late), late=True)


def _asks_for_morning(runs: Sequence[RunSeen]) -> bool:
    return any(run.long or run.hills in HILLY or kinds_of(run) <= {Kind.LONG, Kind.HILLS} for run in runs)


def _morning(state: FootState, day: date) -> Wanted | None:
    """The morning after a long or hilly run (M16)."""
    runs = _finished(state, day - timedelta(days=1))
    if not _asks_for_morning(runs):
        return None
    kind = _demanding_kind(runs)
    last = [run for run in runs if _asks_for_morning([run])][-1]
    return Wanted(Window.MORNING, "reset-morning", kind, last.run_id, (Reason("morning_after", {}, ("M16",)),))
