"""The foot work of one day: what to issue now, what stands, which cards to show. Pure; the clock is in the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

from rules.dose.ladder import current_level
from rules.facts.answers import Place
from rules.facts.foot_work import DoseLevel, Prescription, Reason, Window
from rules.knowledge.loader import knowledge
from rules.plan.cards import cards
from rules.plan.care import care_order, care_reason, goes_first, offers_room, turned
from rules.plan.choose import (
    DayAsked,
    Wanted,
    hard_run_ahead,
    morning_after,
    wanted_today,
    warm_up,
    warm_up_from,
    warm_up_offered,
)
from rules.plan.chosen import as_chosen, choice_marks, chosen_minutes, is_short
from rules.plan.compose import CompositionOrder, compose, minutes_of
from rules.plan.notes import beside, stop_lines
from rules.plan.primer import OfDay, primer, primer_of_today
from rules.plan.texture import Bare, bare_block, new_shoes, surface_run
from rules.plan.training import calves_wait, loading_barred, training_order
from rules.plan.week_plan import trains_today, week_ahead
from rules.state.absence import this_week
from rules.state.expected_runs import may_load, run_awaited, run_expected
from rules.state.feet import RULES_VERSION, FootState, make_id
from rules.state.limits import limits, pain_rests
from rules.state.safety import Verdict, verdict
from rules.state.week import Budget, Slot, budget, slot_of, standing, told_between

PERSONAL = ("under_18", "diabetes_or_numb", "stiff_big_toe")
"""Answers about safety that shape every plan and are shown with it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer for one day."""

    issue: tuple[Prescription, ...]
    """New prescriptions to store, in this order; nothing when nothing changed."""
    today: tuple[Prescription, ...]
    """What stands for today: what is done first, then at most one that is open, the primer last; empty when the drills
    are stopped, waiting or paused."""
    ahead: tuple[Prescription, ...]
    """What already stands for tomorrow: the block before a hard run, the morning after a long one."""
    cards: tuple[Reason, ...]
    """Red-flag texts first, then what is due, asked or new."""
    nothing: Reason | None
    """Why no session is due today; None when one is."""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every step of one plan looks at."""

    state: FootState
    level: DoseLevel
    verdict: Verdict
    stands: list[Prescription]

    @property
    def of_day(self) -> OfDay:
        return OfDay(self.state, self.level, self.verdict)


def plan(state: FootState) -> Plan:
    """What to issue and to show on ``state.today``. Calling it again with what it issued issues nothing more."""
    level = this_week(current_level(state.dose_changes), state)
    safe = verdict(state, level)
    desk = _Desk(state, level, safe, standing(state.issued))
    pause = state.paused(state.today)
    if safe.stop or pause is not None:
        paused = Reason(f"paused_{pause.reason}" if pause is not None else "", {}, ("M10",))
        why = Reason("stopped", {}, ("S2",)) if safe.stop else paused
        return Plan((), (), (), cards(state, level, safe, None), why, stopped=safe.stop)
    on = _today(desk)
    later, new_later = _later_today(desk)
    today, new_today = _settle(desk, on, later)
    ahead, new_ahead = _tomorrow(desk)
    issue = [one for one in (new_later, new_today, new_ahead) if one is not None]
    wake_up = primer_of_today(desk.of_day, issue) if not today and _primer_fits(desk, on) else None
    if wake_up is not None and wake_up not in (*state.issued, *issue):
        issue.append(wake_up)
    stands = (*today, wake_up) if wake_up is not None else today
    shown = cards(state, level, safe, today[-1] if today else None)
    nothing = None if today else _why_nothing(desk, on, later)
    return Plan(tuple(issue), stands, (*later, *ahead), shown, nothing)


def _today(desk: _Desk) -> DayAsked:
    state = desk.state
    told = told_between(state, state.today, state.today)
    training = trains_today(state, desk.level)
    return DayAsked(state, told, state.issued, training, desk.level.days_per_week)


def _later_today(desk: _Desk) -> tuple[tuple[Prescription, ...], Prescription | None]:
    """The warm-up of a hard run later today, while it is too early for it."""
    state = desk.state
    run = hard_run_ahead(state, state.today)
    if run is None or warm_up_offered(state, run):
        return (), None
    blocks = [one for one in desk.stands if one.day == state.today and one.window is Window.BEFORE]
    told = {one.prescription_id for one in state.sessions}
    current = next((one for one in reversed(blocks) if one.prescription_id not in told), None)
    return _given_or_new(desk, state.today, warm_up(state, run), current)


def _tomorrow(desk: _Desk) -> tuple[tuple[Prescription, ...], Prescription | None]:
    """What already stands for tomorrow: the warm-up before a hard run, else the morning after."""
    state = desk.state
    day = state.today + timedelta(days=1)
    given = [one for one in desk.stands if one.day == day]
    current = given[-1] if given else None
    run = hard_run_ahead(state, day)
    wanted = None
    if state.paused(day) is None:
        wanted = warm_up(state, run) if run is not None else morning_after(state, day)
    if wanted is not None:
        return _given_or_new(desk, day, wanted, current)
    return (), None if current is None else primer(desk.of_day, current, day)


def _settle(
    desk: _Desk, on: DayAsked, later: tuple[Prescription, ...]
) -> tuple[tuple[Prescription, ...], Prescription | None]:
    """What stands for today, done work first, and what of it is new."""
    state, day = desk.state, desk.state.today
    told = {one.session.prescription_id for one in on.told}
    given = tuple(one for one in desk.stands if one.day == day and one not in later)
    done = tuple(one for one in given if _is_done(one, on))
    wanted = goes_first(wanted_today(on), state, desk.level, on.told, training=on.training)
    # Before a hard run only the warm-up is open: other work waits, and stands again when it is over.
    warms_up = wanted is not None and wanted.slot is Slot.WARM_UP
    pool = [one for one in given if one.window is Window.BEFORE or not warms_up]
    open_ = [one for one in pool if one not in done and one.prescription_id not in told]
    current = open_[-1] if open_ else None
    if wanted is None:
        if current is not None:
            # What is open belongs to something that is not coming any more.
            return done, primer(desk.of_day, current, day)
        return given, None
    shown, new = _given_or_new(desk, day, wanted, current)
    return (*done, *shown), new


def _given_or_new(
    desk: _Desk, day: date, wanted: Wanted, current: Prescription | None
) -> tuple[tuple[Prescription, ...], Prescription | None]:
    """What stands when it is what is wanted, else what succeeds it."""
    draft = _draft(desk, day, wanted)
    if current is not None and _same(current, draft):
        return (current,), None
    new = _prescription(desk, day, draft, current)
    return (new,), new


def _is_done(one: Prescription, on: DayAsked) -> bool:
    """Whether it was done, itself or as what it took the place of in its slot; training that was done without a
    prescription is today's training."""
    known = {other.prescription_id: other for other in on.issued}
    done = {told.session.prescription_id: told.slot for told in on.told if told.done}
    slot, before = slot_of(one), one
    if slot is Slot.TRAINING and any(told.done and told.prescription is None for told in on.told):
        return True
    while True:
        if done.get(before.prescription_id) is slot:
            return True
        earlier = known.get(before.supersedes or "")
        if earlier is None:
            return False
        before = earlier


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is wanted, what must stay out of it, and the signature that says whether it is what already stands."""

    wanted: Wanted
    bare: Bare
    avoid: frozenset[str]
    signature: str


def _draft(desk: _Desk, day: date, wanted: Wanted) -> _Draft:
    bare = bare_block(desk.state, day, desk.level, wanted.run_id or surface_run(desk.state))
    avoid = _avoid(desk, day, wanted, bare)
    care = sorted(avoid & {"lighter", "dialled_back", *PERSONAL}) + desk.verdict.pain_keys
    care += choice_marks(desk.state, day)
    if "unscreened" in avoid and _bars(wanted.recipe, "unscreened"):
        care.append("unscreened")
    run = wanted.run_id or "" if wanted.window is not Window.BEFORE else ""
    parts = (wanted.window, wanted.recipe, wanted.kind or "?", wanted.slot, run, *_told_once(wanted), *care)
    return _Draft(wanted, bare, avoid, ":".join(parts))


def _told_once(wanted: Wanted) -> list[str]:
    """What must not change its sentence unseen: whose word the warm-up follows."""
    return [reason.key for reason in wanted.reasons if reason.key.startswith("before_")]


def _bars(recipe: str, tag: str) -> bool:
    """Whether ``tag`` keeps a drill out of the recipe; training may hold any."""
    known = knowledge()
    return bool(known.recipes[recipe].families) or any(
        tag in known.drills[drill].not_with for drill in known.recipes[recipe].drills
    )


def _same(current: Prescription, draft: _Draft) -> bool:
    """Whether what stands is what is wanted, and no drill in it has become wrong meanwhile (broken skin, a wish)."""
    if current.inputs.get("plan") != draft.signature:
        return False
    if draft.wanted.counts and "before" in current.inputs.get("avoid", ()) and "before" not in draft.avoid:
        # Made for the hours before a run that may have come: these are over.
        return False
    avoid, drills = draft.avoid - {"early"}, knowledge().drills
    return not any(drills[drill.drill].not_with & avoid for drill in current.drills)


def _why_nothing(desk: _Desk, on: DayAsked, later: Sequence[Prescription]) -> Reason:
    state, left = desk.state, budget(desk.level, desk.state.today, desk.state)
    run = hard_run_ahead(state, state.today)
    if later and run is not None and run.start_utc is not None:
        from_utc = warm_up_from(state, run.start_utc, race=run.race)
        at = from_utc + timedelta(seconds=state.utc_offset_s)
        return Reason("warm_up_later", {"at": f"{at:%H:%M}"}, ("M15",))
    told = [one for one in on.told if one.prescription is None or one.prescription.window is not Window.PRIMER]
    if told:
        return Reason("done_today" if any(one.done for one in told) else "skipped_today", {}, ("M8",))
    if on.training:
        return Reason("waits_for_run", {}, ("M15", "M6"))
    if left.days_left < 1:
        return Reason("week_full", {"days": left.days}, ("M8", "M10"))
    return Reason("nothing_due", {"days_left": left.days_left}, ("M8", "M6"))


def _prescription(desk: _Desk, day: date, draft: _Draft, current: Prescription | None) -> Prescription:
    state, level, wanted = desk.state, desk.level, draft.wanted
    care = not wanted.counts
    left = budget(level, day, state)
    order = (
        as_chosen(care_order(wanted, draft.avoid, state, level, day), state, day, care=True)
        if care
        else _training(desk, day, draft, left)
    )
    drills = compose(order)
    reasons = [*wanted.reasons, *desk.verdict.why_on(day, state.today)]
    reasons += [Reason(name, {}, ("S2",)) for name in PERSONAL if name in draft.avoid]
    if "unscreened" in draft.avoid and _bars(order.recipe, "unscreened"):
        reasons.append(Reason("unscreened", {}, ("S2",)))
    walk = next((drill for drill in drills if drill.drill == "texture-walk"), None)
    if walk is not None:
        values = {"texture": draft.bare.texture, "blocks": walk.dose.sets, "run": surface_run(state)}
        reasons.append(Reason("texture", values, ("M17",)))
    reasons += [Reason("gathers", {"place": place.value}, ("M1",)) for place in sorted(order.gathers)]
    reasons += [Reason("trial_set", {"drill": one.drill}, ("S6",)) for one in drills if one.drill in order.trial][:1]
    if not care and "lighter" not in draft.avoid:
        reasons += pain_rests(state, day)
    if not care and loading_barred(order):
        reasons.append(Reason("three_of_three", {}, ("M3",)))
    if care:
        reasons.append(care_reason(wanted, draft.avoid, short=is_short(state, day)))
        reasons += [*turned(order.recipe), *_then(desk, day, wanted, minutes_of(drills))]
    elif level.level == "dialled_back":
        reasons.append(Reason("dialled_back", {"minutes": level.minutes}, ("M11",)))
    reasons += beside(day, wanted.window, state.settings.anchors, runs=run_expected(state, day))
    predecessor = current.prescription_id if current is not None else None
    # A block taken back and planned again is a new one: the old id stays withdrawn.
    again = sum(one.day == day and one.window is wanted.window for one in state.issued)
    return Prescription(
        prescription_id=make_id(state.athlete, day, wanted.window, wanted.run_id, predecessor, draft.signature, again),
        athlete=state.athlete,
        day=day,
        window=wanted.window,
        kind=wanted.kind,
        run_id=wanted.run_id,
        minutes=minutes_of(drills),
        drills=drills,
        reasons=tuple(reasons),
        warnings=stop_lines(wanted.window, cold=wanted.late),
        rules_version=RULES_VERSION,
        one_minute=order.one_minute,
        gentle=wanted.unsure,
        counts=wanted.counts,
        supersedes=predecessor,
        inputs={
            "plan": draft.signature,
            "slot": wanted.slot.value,
            "recipe": order.recipe,
            "avoid": sorted(draft.avoid - {"early"}),
            "level": [level.minutes, level.days_per_week, level.extra_reps, level.level],
            "week": [left.days_used, left.minutes_used],
        },
    )


def _then(desk: _Desk, day: date, wanted: Wanted, minutes: float) -> list[Reason]:
    """After a morning's care on a day without a run: the foot day follows at once, and the two are one sitting."""
    state = desk.state
    comes = run_awaited(state) if day == state.today else run_expected(state, day)
    if wanted.slot is not Slot.MORNING or comes:
        return []
    ahead = week_ahead(state, desk.level, 1 + (day - state.today).days)
    if not ahead[-1].training:
        return []
    follows = chosen_minutes(desk.level.minutes, state, day, care=False)
    # Rounded as the two cards say them, so that they add up.
    first, second = (floor(one + 0.5) for one in (minutes, follows))
    both = {"minutes": second, "together": first + second}
    return [Reason("then_foot_day", both, ("M16", "M21"))]


def _training(desk: _Desk, day: date, draft: _Draft, left: Budget) -> CompositionOrder:
    """A session of the ladder, within what the week's minutes leave."""
    state, level = desk.state, desk.level
    order = CompositionOrder(
        draft.wanted.recipe,
        min(level.minutes, left.minutes_left),
        level.extra_reps,
        draft.avoid,
        state.settings.equipment,
        _gathers(state),
        draft.bare.blocks,
    )
    return training_order(state, as_chosen(order, state, day, care=False), level, day)


def _avoid(desk: _Desk, day: date, wanted: Wanted, bare: Bare) -> frozenset[str]:
    state, level = desk.state, desk.level
    tags = {
        "lighter": desk.verdict.lighter_on(day, state.today),
        "dialled_back": level.level == "dialled_back",
        # Late work, or work after a first run, may stand close before the next one.
        "before": wanted.window is Window.BEFORE or (day == state.today and not may_load(state)),
        "before_long": wanted.counts and calves_wait(state, level, day),
        "unsure": wanted.unsure,
        "new_shoes": new_shoes(state, day),
        "broken_skin": state.settings.broken_skin,
        "diabetes_or_numb": state.screened("diabetes_or_numb"),
        "under_18": state.screened("under_18"),
        "unscreened": state.unscreened,
        "no_barefoot": not bare.allowed,
        "early": level.extra_reps == 0
        and not level.families
        and level.minutes <= state.thresholds.start_minutes
        and (day - state.started).days < state.thresholds.band_from_days,
    }
    return frozenset(tag for tag, holds in tags.items() if holds) | limits(state, day)


def _gathers(state: FootState) -> frozenset[Place]:
    """Where the latest self-check says stiffness gathers, either foot (M1)."""
    if not state.assessments:
        return frozenset()
    last = state.assessments[-1]
    return frozenset(foot.gathers for foot in (last.left, last.right) if foot.gathers is not None)


def _primer_fits(desk: _Desk, on: DayAsked) -> bool:
    """One minute on waking, while it leaves the day room for what is asked for whole."""
    return offers_room(desk.state, desk.level, on.told, training=on.training)
