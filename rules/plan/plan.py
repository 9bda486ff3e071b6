"""The foot work of one day: what to issue now, what stands, which cards to show. Pure; the clock is in the state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from rules.dose.ladder import current_level
from rules.facts.answers import Place
from rules.facts.foot_work import DoseLevel, Prescription, Reason, SessionDone, Window
from rules.knowledge.loader import knowledge
from rules.plan.cards import cards
from rules.plan.choose import Wanted, base_day, wanted_on
from rules.plan.compose import CompositionOrder, compose, minutes_of
from rules.plan.notes import anchor_of, words_of_the_day
from rules.plan.texture import Bare, bare_block, new_shoes
from rules.plan.training import training_order
from rules.state.expected_runs import run_expected, run_soon
from rules.state.feet import RULES_VERSION, FootState, make_id
from rules.state.limits import limits
from rules.state.safety import Verdict, verdict
from rules.state.week import Budget, Slot, budget, closed, sessions_on, slot_of, standing

Sessions = Mapping[Slot, tuple[SessionDone, Window | None]]
PERSONAL = ("under_18", "diabetes_or_numb")
"""Answers of the safety screen that shape every plan and are told with it."""


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


def plan(state: FootState) -> Plan:
    """What to issue and to show on ``state.today``. Calling it again with what it issued issues nothing more."""
    level = current_level(state.dose_changes)
    safe = verdict(state, level)
    desk = _Desk(state, level, safe, standing(state.issued))
    pause = state.paused(state.today)
    if safe.stop or pause is not None:
        paused = Reason(f"paused_{pause.reason}" if pause is not None else "", {}, ("M10",))
        why = Reason("stopped", {}, ("S2",)) if safe.stop else paused
        return Plan((), (), (), cards(state, level, safe, None), why, stopped=safe.stop)
    today, new_today, nothing = _day(desk, state.today)
    if new_today is not None:
        # Tomorrow is reckoned with today's work given, else a second look would reckon otherwise.
        issued = (*state.issued, new_today)
        desk = replace(desk, state=replace(state, issued=issued), stands=standing(issued))
    ahead, new_ahead, _ = _day(desk, state.today + timedelta(days=1))
    issue = [one for one in (new_today, new_ahead) if one is not None]
    primer = _primer_of_today(desk, issue) if not today else None
    if primer is not None and primer not in (*state.issued, *issue):
        issue.append(primer)
    stands = (*today, primer) if primer is not None else today
    shown = cards(state, level, safe, today[-1] if today else None)
    return Plan(tuple(issue), stands, ahead, shown, nothing)


def _day(desk: _Desk, day: date) -> tuple[tuple[Prescription, ...], Prescription | None, Reason | None]:
    """What stands for ``day``, what of it is new, and why nothing does."""
    state, is_today = desk.state, day == desk.state.today
    given = tuple(one for one in desk.stands if one.day == day)
    wanted = wanted_on(state, day, desk.stands) if state.paused(day) is None else None
    if not is_today and wanted is None and not given:
        return (), None, None
    sessions, left = sessions_on(state, day), budget(desk.level, day, state)
    if wanted is None and is_today and not sessions:
        wanted = base_day(state, left)
    done = tuple(one for one in given if _is_done(one, state, sessions))
    current = next((one for one in reversed(given) if one not in done), None)
    answered = {session.prescription_id for session, _ in sessions.values()}
    skipped = current is not None and current.prescription_id in answered
    draft = _draft(desk, day, wanted) if wanted is not None else None
    if current is not None and not skipped and draft is not None and _same(current, draft):
        return (*done, current), None, None
    if draft is None or closed(draft.wanted.slot, draft.wanted.window, sessions):
        if current is None or skipped or (draft is None and is_today and _still_holds(current, state)):
            return given, None, None if given else _why_nothing(state, left, sessions)
        # What is open belongs to something that is not coming any more.
        return done, _primer(desk, current, day), None if done else _why_nothing(state, left, sessions)
    new = _prescription(desk, day, draft, left, current)
    return (*done, new), new, None


def _is_done(one: Prescription, state: FootState, sessions: Sessions) -> bool:
    """Whether it was done, itself or as what it took the place of in its slot; training without a prescription is
    today's training."""
    session, _ = sessions.get(slot_of(one), (None, None))
    if session is None or session.state == "skipped":
        return False
    known = {other.prescription_id: other for other in state.issued}
    if session.prescription_id not in known:
        return True
    before: Prescription | None = one
    while before is not None:
        if before.prescription_id == session.prescription_id:
            return True
        before = known.get(before.supersedes or "")
    return False


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is wanted, what must stay out of it, and the signature that says whether it is what already stands."""

    wanted: Wanted
    bare: Bare
    avoid: frozenset[str]
    signature: str


def _draft(desk: _Desk, day: date, wanted: Wanted) -> _Draft:
    bare = bare_block(desk.state, day, desk.level, wanted.run_id)
    avoid = _avoid(desk, day, wanted, bare)
    care = sorted(avoid & {"lighter", "dialled_back", *PERSONAL}) + desk.verdict.pain_keys
    if "unscreened" in avoid and _bars(wanted.recipe, "unscreened"):
        care.append("unscreened")
    return _Draft(
        wanted, bare, avoid, ":".join((wanted.window, wanted.recipe, wanted.kind or "?", str(wanted.counts), *care))
    )


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
    avoid, drills = draft.avoid - {"early"}, knowledge().drills
    return not any(drills[drill.drill].not_with & avoid for drill in current.drills)


def _still_holds(current: Prescription, state: FootState) -> bool:
    """Today's base day or finisher stays once given. What belongs to a run that is not coming any more, or that turned
    out to be none, is withdrawn."""
    if current.window is Window.AFTER:
        return current.run_id is None or any(run.run_id == current.run_id for run in state.runs)
    return current.window is Window.BASE and not run_soon(state)


def _why_nothing(state: FootState, left: Budget, sessions: Sessions) -> Reason:
    if sessions:
        skipped = all(session.state == "skipped" for session, _ in sessions.values())
        return Reason("skipped_today" if skipped else "done_today", {}, ("M8",))
    if left.days_left < 1:
        return Reason("week_full", {"days": left.days}, ("M8", "M10"))
    if run_soon(state):
        return Reason("waits_for_run", {}, ("M15", "M6"))
    return Reason("nothing_due", {"days_left": left.days_left}, ("M8", "M6"))


def _prescription(desk: _Desk, day: date, draft: _Draft, left: Budget, current: Prescription | None) -> Prescription:
    state, level, wanted, bare = desk.state, desk.level, draft.wanted, draft.bare
    recipe = "surface-shod" if wanted.recipe == "surface" and not bare.allowed else wanted.recipe
    care = wanted.slot is not Slot.TRAINING
    full = care or (left.days_left >= 1 and left.minutes_left >= state.thresholds.min_minutes)
    order = CompositionOrder(
        recipe,
        min(level.minutes, left.minutes_left) if full else 1.0,
        level.extra_reps,
        draft.avoid,
        state.settings.equipment,
        _gathers(state),
        bare.blocks,
        not full,
    )
    if care:
        order = _care(order, state)
        recipe = order.recipe
    elif full:
        order = training_order(state, order, level, day)
    drills = compose(order)
    reasons = [*wanted.reasons, *desk.verdict.why_on(day, state.today)]
    reasons += [Reason(name, {}, ("S2",)) for name in PERSONAL if name in draft.avoid]
    if "unscreened" in draft.avoid and _bars(recipe, "unscreened"):
        reasons.append(Reason("unscreened", {}, ("S2",)))
    if not full:
        reasons.append(Reason("one_minute", {"days": left.days}, ("M6", "M10")))
    walk = next((drill for drill in drills if drill.drill == "texture-walk"), None)
    if walk is not None:
        reasons.append(Reason("texture", {"texture": bare.texture, "blocks": walk.dose.sets}, ("M17",)))
    reasons += [Reason("gathers", {"place": place.value}, ("M1",)) for place in sorted(order.gathers)]
    if care:
        spared = draft.avoid & {"lighter", "dialled_back"}
        reasons.append(Reason("care_lighter" if spared else "care", {}, ("M11", "S4") if spared else ("M15", "M16")))
    elif level.level == "dialled_back":
        reasons.append(Reason("dialled_back", {"minutes": level.minutes}, ("M11",)))
    reasons += anchor_of(day, wanted.window, state.settings.anchors)
    reasons += words_of_the_day(day, wanted.window)
    predecessor = current.prescription_id if current is not None else None
    run_id = wanted.run_id
    # A block taken back and planned again is a new one: the old id stays withdrawn.
    again = sum(one.day == day and one.window is wanted.window for one in state.issued)
    return Prescription(
        prescription_id=make_id(state.athlete, day, wanted.window, run_id, predecessor, draft.signature, again),
        athlete=state.athlete,
        day=day,
        window=wanted.window,
        kind=wanted.kind,
        run_id=run_id,
        minutes=minutes_of(drills),
        drills=drills,
        reasons=tuple(reasons),
        warnings=_warnings(wanted.window, cold=wanted.late),
        rules_version=RULES_VERSION,
        one_minute=order.one_minute,
        gentle=wanted.unsure,
        counts=wanted.counts and full and not care,
        supersedes=predecessor,
        inputs={
            "plan": draft.signature,
            "recipe": recipe,
            "avoid": sorted(draft.avoid - {"early"}),
            "level": [level.minutes, level.days_per_week, level.extra_reps, level.level],
            "week": [left.days_used, left.minutes_used],
        },
    )


def _care(order: CompositionOrder, state: FootState) -> CompositionOrder:
    """Care is given whole, whatever the ladder says: its repetitions and its short days are for training. While the
    feet are to be spared it is half as long, bends and spreads."""
    minutes = state.thresholds.care_minutes
    order = replace(order, minutes=minutes, extra_reps=0, reserve_reps=0)
    if not order.avoid & {"lighter", "dialled_back"}:
        return order
    recipe = {"reset": "light-hard", "before-hard": "before-light"}.get(order.recipe, order.recipe)
    # Bends and spreads are light already: half the time is what is spared of them.
    return replace(order, recipe=recipe, minutes=minutes / 2, avoid=order.avoid - {"lighter"})


def _avoid(desk: _Desk, day: date, wanted: Wanted, bare: Bare) -> frozenset[str]:
    state, level = desk.state, desk.level
    tags = {
        "lighter": desk.verdict.lighter_on(day, state.today),
        "dialled_back": level.level == "dialled_back",
        # Late work, or work after a first run, may stand close before the next one.
        "before": wanted.window is Window.BEFORE or (day == state.today and run_soon(state)),
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


def _primer_of_today(desk: _Desk, issue: list[Prescription]) -> Prescription:
    """The primer that is there already, unless the feet have asked for a lighter one before it was done or skipped."""
    fresh = _primer(desk, None, desk.state.today)
    there = [one for one in (*desk.state.issued, *issue) if one.window is Window.PRIMER and one.day == fresh.day]
    told = {session.prescription_id for session in desk.state.sessions}
    stays = (one for one in reversed(there) if one.inputs == fresh.inputs or one.prescription_id in told)
    return next(stays, fresh)


def _primer(desk: _Desk, current: Prescription | None, day: date) -> Prescription:
    """The one-minute primer: always an offer, never counted (M6). It takes the place of what is withdrawn. Towel curls
    only where no run is expected that day, nothing is spared and the safety screen is answered."""
    state = desk.state
    tags = {
        "dialled_back": desk.level.level == "dialled_back",
        "lighter": desk.verdict.lighter_on(day, state.today),
        "before": run_expected(state, day),
        "unscreened": state.unscreened,
    }
    barred = limits(state, day)
    avoid = frozenset(tag for tag, holds in tags.items() if holds)
    light = bool(avoid - {"unscreened"})
    avoid |= barred
    order = CompositionOrder(
        "primer-light" if light else "primer", 1.0, 0, avoid, state.settings.equipment, reserve_reps=0
    )
    drills = compose(replace(order, one_minute=not light))
    why = [Reason("primer", {}, ("M6", "M5")), *([Reason("primer_light", {}, ("M6", "M15"))] if light else ())]
    if "unscreened" in avoid and not light:
        why.append(Reason("unscreened", {}, ("S2",)))
    pain = desk.verdict.pain_keys
    predecessor = current.prescription_id if current is not None else None
    return Prescription(
        prescription_id=make_id(state.athlete, day, Window.PRIMER, predecessor, *sorted(avoid), *pain),
        athlete=state.athlete,
        day=day,
        window=Window.PRIMER,
        kind=None,
        run_id=None,
        minutes=minutes_of(drills),
        drills=drills,
        reasons=(*why, *desk.verdict.pain, *words_of_the_day(day, Window.PRIMER)),
        warnings=_warnings(Window.PRIMER, cold=True),
        rules_version=RULES_VERSION,
        one_minute=True,
        counts=False,
        supersedes=predecessor,
        inputs={"plan": "primer", **({"avoid": [*sorted(avoid), *pain]} if avoid else {})},
    )


@lru_cache(maxsize=64)
def _warnings(window: Window, *, cold: bool) -> tuple[Reason, ...]:
    """Stop lines, in the order they must be shown. ``cold``: no run has warmed the feet just before."""
    lines = [Reason("stop_sharp", {}, ("M12",)), Reason("stop_scale", {}, ("S4",))]
    if window is Window.BEFORE:
        lines.insert(0, Reason("warm_first", {}, ("M15", "M12")))
    elif cold or window in (Window.BASE, Window.MORNING):
        lines.insert(0, Reason("warm_feet", {}, ("M12",)))
    return tuple(lines)
