"""Which foot work one day asks for: the warm-up before a hard run, each run's own answer, else training (M13–M17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from rules.facts.foot_work import PlannedRun, Prescription, Reason, Window
from rules.facts.kinds import HILLY, SOFT, Kind, Surface
from rules.state.expected_runs import DEMANDING, planned_on, run_awaited, runs_on
from rules.state.feet import FootState, RunSeen
from rules.state.week import SessionTold, Slot, told_between

LATE = "late_run"
"""The reason that work for a run of another day carries, with the run's day."""
LATE_KEYS = (LATE, "yesterdays_run")
"""The second one stands in what was issued before."""
LATE_DAYS = 2
"""A run that arrived within 48 hours of its end still asks for its care on these days after it."""
EASY_KINDS = frozenset({Kind.EASY, Kind.SURFACE})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The work one day asks for, before it is given a dose."""

    slot: Slot
    window: Window
    recipe: str
    kind: Kind | None
    run_id: str | None
    reasons: tuple[Reason, ...]
    unsure: bool = False
    late: bool = False
    """For a run of another day: the feet are cold again."""

    @property
    def counts(self) -> bool:
        return self.slot is Slot.TRAINING


@dataclass(frozen=True, slots=True)
class DayAsked:
    """What the choice for today looks at besides the state."""

    state: FootState
    told: Sequence[SessionTold]
    """What the runner said of today's work."""
    issued: Sequence[Prescription]
    training: bool
    """The week's plan has a session of the ladder for today."""
    days: int
    """How many such sessions a week has."""


def wanted_today(on: DayAsked) -> tuple[Wanted, ...]:
    """Everything that today still asks for, in the order in which it goes first."""
    if any(one.ends_the_day for one in on.told):
        return ()
    state = on.state
    runs = _finished(state, state.today)
    plan = hard_run_ahead(state, state.today)
    if plan is not None and warm_up_offered(state, plan):
        return () if _warmed_up(on, told=True) else (warm_up(state, plan),)
    found: list[Wanted] = []
    hard = _care_after(on, runs)
    if hard is not None:
        found.append(hard)
    after = _after_easy(on, runs) if hard is None else []
    morning = morning_after(state, state.today)
    if morning is not None and not _answered_morning(on, hard) and not _warms_up_in_the_morning(state, plan):
        # What was left all morning does not stand before the answer to the day's own run.
        found += [*after, morning] if state.now_utc >= _noon(state) else [morning, *after]
    else:
        found += after
    found += _late(on)
    if on.training and not any(one.slot is Slot.TRAINING for one in found) and not run_awaited(state):
        why = Reason("base_day", {"days": on.days}, ("M8", "M13"))
        found.append(Wanted(Slot.TRAINING, Window.BASE, "base", None, None, (why,)))
    return tuple(found)


# --- before a hard run ----------------------------------------------------------------------------


def hard_run_ahead(state: FootState, day: date) -> PlannedRun | None:
    """The hard run of ``day`` that has not been run: the runner's own word before the calendar's, the habit last."""
    ran = runs_on(state, day) if day <= state.today else []
    late = timedelta(minutes=state.thresholds.warm_up_late_minutes)
    planned = planned_on(state, day)
    for plan in sorted(planned, key=lambda plan: (plan.source == "habit", -plan.probability)):
        if plan.kind is not Kind.TEMPO or plan.probability < state.thresholds.habit_probability:
            continue
        if any(Kind.TEMPO in kinds_of(run) for run in ran):
            continue
        # Without an hour it was this one that was run, unless the day has more runs to come than were run.
        if plan.start_utc is None and len(ran) >= len(planned):
            continue
        if plan.start_utc is not None and (
            state.now_utc > plan.start_utc + late or any(run.end_utc > plan.start_utc for run in ran)
        ):
            continue
        return plan
    return None


def warm_up_offered(state: FootState, plan: PlannedRun) -> bool:
    """From 45 minutes before a known start on, before a race from 75; without a start all day: right before the run."""
    return plan.start_utc is None or state.now_utc >= warm_up_from(state, plan.start_utc, race=plan.race)


def warm_up_from(state: FootState, start_utc: datetime, *, race: bool) -> datetime:
    limits = state.thresholds
    minutes = limits.race_warm_up_from_minutes if race else limits.warm_up_from_minutes
    return start_utc - timedelta(minutes=minutes)


def warm_up(state: FootState, plan: PlannedRun) -> Wanted:
    told = "before_maybe" if plan.source == "habit" else "before_race" if plan.race else "before_hard"
    when = "before_start" if plan.start_utc is not None else "before_right"
    reasons = (
        Reason(told, {"warm_minutes": state.thresholds.warm_minutes}, ("M15", "M12")),
        Reason(when, {}, ("M15",)),
        Reason(f"before_source_{plan.source}", {"percent": round(100 * plan.probability)}, ("M15",)),
    )
    return Wanted(Slot.WARM_UP, Window.BEFORE, "before-hard", Kind.TEMPO, plan.planned_id, reasons)


def _warmed_up(on: DayAsked, *, told: bool = False) -> bool:
    """Whether a warm-up was done today; with ``told`` a skipped one will do."""
    return any(one.slot is Slot.WARM_UP and (told or one.done) for one in on.told)


def _warms_up_in_the_morning(state: FootState, plan: PlannedRun | None) -> bool:
    """Whether the warm-up and the morning after would meet: then the warm-up is the only one."""
    if plan is None:
        return False
    return plan.start_utc is None or plan.start_utc < _noon(state)


def _noon(state: FootState) -> datetime:
    """Noon of today where the runner is, in UTC."""
    return datetime.combine(state.today, time(12)) - timedelta(seconds=state.utc_offset_s)


# --- after a run ----------------------------------------------------------------------------------


def kinds_of(run: RunSeen) -> frozenset[Kind]:
    """Every kind the run may have been."""
    if run.possible:
        return run.possible | ({run.primary} if run.primary is not None else set())
    return frozenset({run.primary}) if run.primary is not None else frozenset(Kind)


def _finished(state: FootState, day: date) -> list[RunSeen]:
    return [run for run in runs_on(state, day) if run.fresh and run.end_utc <= state.now_utc]


def _demands(run: RunSeen) -> bool:
    """Whether only a reset is right for it: hard, long, hilly, or nobody knows which kind."""
    return run.demanding or len(kinds_of(run)) > 1 or not kinds_of(run) <= EASY_KINDS


def _care_after(on: DayAsked, runs: Sequence[RunSeen]) -> Wanted | None:
    """The reset that today's demanding runs ask for: one for all that were run since the last one."""
    asking = [run for run in runs if _demands(run) and not _answered(on, run, (Slot.RESET, Slot.OFFER))]
    if not asking:
        return None
    found = reset(asking)
    hard = all(run.hard and not run.tiring for run in asking)
    if hard and _warmed_up(on):
        why = Reason("after_warm_up", {}, ("M15", "M16"))
        return replace(found, slot=Slot.OFFER, recipe="after-warm-up", reasons=(why,))
    missed = any(one.window is Window.BEFORE and one.day == on.state.today for one in on.issued)
    if missed and any(run.hard for run in asking) and not _warmed_up(on):
        found = replace(found, reasons=(*found.reasons, Reason("warm_up_missed", {}, ("M15",))))
    return replace(found, reasons=(*found.reasons, *_which(runs, asking)))


def reset(runs: Sequence[RunSeen]) -> Wanted:
    """One reset for all of ``runs``, by every facet that is known of them (M16)."""
    last = runs[-1]
    if not any(run.demanding or kinds_of(run) <= DEMANDING for run in runs):
        why = Reason("gentle", _size(runs), ("M16", "M12"))
        return Wanted(Slot.RESET, Window.AFTER, "gentle", None, last.run_id, (why,), unsure=True)
    kind = _demanding_kind(runs)
    asking = [run for run in runs if run.tiring] or [run for run in runs if run.demanding] or runs
    return Wanted(Slot.RESET, Window.AFTER, "reset", kind, asking[-1].run_id, (_after_reason(kind, runs),))


def _after_easy(on: DayAsked, runs: Sequence[RunSeen]) -> list[Wanted]:
    """The finisher on a training day, else two minutes of care."""
    asking = [
        run for run in runs if not _demands(run) and not _answered(on, run, (Slot.TRAINING, Slot.RESET, Slot.OFFER))
    ]
    if not asking:
        return []
    which = _which(runs, asking)
    easy = [run for run in asking if Kind.EASY in kinds_of(run) and run.surface not in SOFT]
    if on.training and easy:
        why = (_after_reason(Kind.EASY, easy), *which)
        return [Wanted(Slot.TRAINING, Window.AFTER, "finisher", Kind.EASY, easy[-1].run_id, why)]
    return [replace(found := short_care(asking), reasons=(*found.reasons, *which))]


def short_care(runs: Sequence[RunSeen]) -> Wanted:
    """Two minutes after a run that asks for no more."""
    last = runs[-1]
    kind = Kind.SURFACE if last.surface in SOFT or last.primary is Kind.SURFACE else Kind.EASY
    why = (_after_reason(kind, runs),) if kind is Kind.SURFACE else (Reason("short_care", _size(runs), ("M14",)),)
    return Wanted(Slot.OFFER, Window.AFTER, "short-care", kind, last.run_id, why)


def _answered(on: DayAsked, run: RunSeen, slots: Sequence[Slot]) -> bool:
    """Whether work after ``run`` was done or skipped today: its own, or what stands for every run before it."""
    return any(_answers(one, run, slots) for one in on.told)


def _answers(one: SessionTold, run: RunSeen, slots: Sequence[Slot]) -> bool:
    given = one.prescription
    if given is not None and given.window is Window.PRIMER:
        return False
    own = given is not None and given.window is Window.AFTER and given.run_id == run.run_id
    if own and given is not None and given.gentle and one.done:
        return True
    if one.slot is Slot.OFFER and _demands(run) and (run.tiring or given is None or not given.one_minute):
        # Two minutes after an easy run, or one after a warm-up, are no reset for what turned out to be long or hilly.
        return False
    return one.slot in slots and (own or one.session.at_utc >= run.end_utc)


def _which(runs: Sequence[RunSeen], asking: Sequence[RunSeen]) -> tuple[Reason, ...]:
    """On a day with several runs the sitting names its own, or says that it is for all of them."""
    if len(runs) < 2:
        return ()
    if len(asking) > 1:
        return (Reason("one_plan", {"runs": len(asking)}, ("M4", "M10")),)
    run = asking[-1]
    local = run.start_utc + timedelta(seconds=run.utc_offset_s)
    return (Reason("for_run", {"at": f"{local:%H:%M}"}, ("M4", "M10")),)


def _demanding_kind(runs: Sequence[RunSeen]) -> Kind:
    """Hills and length ask for the morning after too, so they name the plan before the tempo does."""
    if any(run.long or run.primary is Kind.LONG for run in runs):
        return Kind.LONG
    if any(run.hills in HILLY or run.primary is Kind.HILLS for run in runs):
        return Kind.HILLS
    if any(run.hard for run in runs):
        return Kind.TEMPO
    return min(kinds_of(runs[-1]))


def _size(runs: Sequence[RunSeen]) -> dict[str, float]:
    km = round(sum(run.distance_m or 0.0 for run in runs) / 1000, 1)
    return {"km": km, "minutes": round(sum(run.duration_s for run in runs) / 60)}


def _after_reason(kind: Kind | None, runs: Sequence[RunSeen]) -> Reason:
    values = _size(runs)
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


# --- runs of the days before ----------------------------------------------------------------------


def morning_after(state: FootState, day: date) -> Wanted | None:
    """The morning after a long or hilly run, or a race (M16)."""
    runs = _finished(state, day - timedelta(days=1))
    asking = [run for run in runs if asks_for_morning(run)]
    if not asking:
        return None
    last, kind = asking[-1], _demanding_kind(asking)
    why = Reason("morning_after" if kind is not Kind.TEMPO else "morning_after_race", {}, ("M16",))
    named = Reason(LATE, {"day": last.day}, ("M16",)) if _came_late(state, last, day) else None
    reasons = (why,) if named is None else (why, named)
    return Wanted(Slot.MORNING, Window.MORNING, "reset-morning", kind, last.run_id, reasons)


def asks_for_morning(run: RunSeen) -> bool:
    return run.tiring or run.race or kinds_of(run) <= {Kind.LONG, Kind.HILLS}


def _came_late(state: FootState, run: RunSeen, day: date) -> bool:
    """Whether nothing was given for ``run`` on its own day: it was not in the store yet."""
    return not any(one.run_id == run.run_id and one.day < day for one in state.issued) and day == state.today


def _answered_morning(on: DayAsked, hard: Wanted | None) -> bool:
    """Done or skipped; today's own reset stands for it."""
    resets = any(one.slot is Slot.RESET and one.done for one in on.told)
    return resets or hard is not None or any(one.slot is Slot.MORNING for one in on.told)


def _late(on: DayAsked) -> list[Wanted]:
    """A run of yesterday or the day before that came in too late for work on its own day, by name."""
    state = on.state
    free = not (on.told or on.training or runs_on(state, state.today))
    for ago in range(1, LATE_DAYS + 1):
        day = state.today - timedelta(days=ago)
        warmed_up = any(one.slot is Slot.WARM_UP and one.done for one in told_between(state, day, day))
        runs = [
            run
            for run in _finished(state, day)
            # A hard run whose warm-up was done asks for no more than the optional minute of its own day.
            if not (warmed_up and run.hard and not asks_for_morning(run))
            and _came_late(state, run, state.today)
            and not _answered(on, run, (Slot.RESET, Slot.OFFER, Slot.MORNING))
        ]
        resets = [run for run in runs if _demands(run) and not (ago == 1 and asks_for_morning(run))]
        if resets:
            found = reset(resets)
        elif runs and ago == 1 and free and not any(map(_demands, runs)):
            # On a day that asks for nothing else.
            found = short_care(runs)
        else:
            continue
        why = Reason(LATE, {"day": day}, found.reasons[0].facts)
        which = _which(runs, resets or runs)
        return [replace(found, reasons=(*found.reasons, why, *which), late=True)]
    return []
