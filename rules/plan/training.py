"""What one training session trains: the guide's content of its window, the week's elements, and every family in turn.

The guide gives each window its content (M4, M8, M14). What is left of a session goes to elements that the week still
lacks (M3), then to the families that were done longest ago, so that sessions differ and each week adds up (ours).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, takewhile

from rules.dose.ceiling import weekly_km
from rules.facts.foot_work import DoseLevel, Window
from rules.knowledge.loader import Drill, Recipe, knowledge
from rules.knowledge.may_say import ELEMENTS, FAMILIES, WARM_UP_FAMILY
from rules.plan.choose import hard_run_ahead, morning_after
from rules.plan.compose import CompositionOrder, compose, most_drills, resolve
from rules.plan.week_plan import training_days
from rules.state.expected_runs import before_hills_alone, before_long, runs_on
from rules.state.feet import FootState
from rules.state.variety import (
    Trained,
    elements_since,
    last_days,
    left_for_pain,
    levels,
    on_trial,
    texture_waits,
    trained,
)
from rules.state.week import monday

WARM_FROM_MINUTES = 4.0
"""A session with cold feet warms them first, where it is long enough for that (M12)."""
WHOLE_DRILLS = 4
"""A session of fewer drills keeps the first of its window's families only: the week's elements come before the rest."""
OTHER_DAYS = 28
"""For so long no session has the same drills as one before it, as far as others may stand in it (ours)."""
WEEK_DAYS = 7
HILLY_TRAININGS = 4
"""So many in two weeks, each on the day before a hilly run, and heel raises need not wait for another (ours)."""
OVERDUE_DAYS = 8
"""A family that was not trained for so long takes the place of one that may give way: each comes within three weeks."""


def training_order(state: FootState, order: CompositionOrder, level: DoseLevel, day: date) -> CompositionOrder:
    """``order`` with the drills of this session. What is to be lighter keeps the recipe's own drills."""
    recipe = knowledge().recipes[order.recipe]
    if not recipe.families or order.one_minute:
        return order
    left = left_for_pain(state, day)
    if "lighter" in order.avoid:
        return _lighter(order, recipe, left)
    done = trained(state, day)
    last = last_days(done)
    # A finisher keeps the guide's own content: it comes hours after the morning's care, from a run of its own.
    cared = _cared(state, day) if recipe.window is Window.BASE else frozenset[str]()
    later = _later(state, level, day)
    due = _heel_raises_due(state, later, day, last.get("heel_raise"))
    choice = _Choice(recipe, order, levels(state, level, day), last, done, day, cared, due)
    had, waits = elements_since(done, monday(day)), texture_waits(state, done, day)
    if later:
        # What the morning after has given is trained later that week: today's session holds the other elements.
        had |= {knowledge().drills[name].element for name in cared}
    drills = _drills(choice, had, texture_first=waits)
    if _as_left(left, drills):
        drills = _another(choice, had, drills, left, texture_first=waits)
    if not drills:
        return order
    warms = recipe.window is Window.BASE and order.minutes >= WARM_FROM_MINUTES
    trial = on_trial(state, day) & set(drills)
    return replace(order, drills=(*(_warm_up() if warms else ()), *drills), trial=trial)


def drill_of(
    family: str,
    reached: int,
    order: CompositionOrder,
    last: Mapping[str, date],
    preferred: tuple[str, ...] = (),
) -> Drill | None:
    """The drill that a family trains with: the highest level reached that may be and has its equipment; of several the
    one the recipe names, else the one done longest ago. None when the family may not be today."""
    may = [
        drill
        for drill in knowledge().drills.values()
        if drill.family == family
        and drill.level <= reached
        and not drill.not_with & order.avoid
        and set(drill.needs) <= order.equipment
    ]
    if not may:
        return None
    top = max(drill.level for drill in may)
    best = [drill for drill in may if drill.level == top]
    named = [drill for drill in best if drill.drill_id in preferred]
    return min(named or best, key=lambda drill: last.get(drill.drill_id, date.min))


def loading_barred(order: CompositionOrder) -> bool:
    """Whether no drill of mindful loading may be: neither bare on a texture nor standing in socks. A week then holds
    the other three elements, three of three possible (M3)."""
    if not knowledge().recipes[order.recipe].families or "lighter" in order.avoid:
        return False
    may = (drill_of(family, most_level(family), order, {}) for family in FAMILIES)
    return all(drill is None or drill.element != "load" for drill in may)


def most_level(family: str) -> int:
    return max(drill.level for drill in knowledge().drills.values() if drill.family == family)


@dataclass(frozen=True, slots=True)
class _Choice:
    recipe: Recipe
    order: CompositionOrder
    levels: Mapping[str, int]
    last: Mapping[str, date]
    done: tuple[Trained, ...]
    day: date
    cared: frozenset[str]
    """Drills of the morning after that was done today."""
    heel_raises_due: bool
    """Whether it is time for heel raises again."""

    def drill(self, family: str) -> Drill | None:
        return drill_of(family, self.levels.get(family, 1), self.order, self.last, self.recipe.prefers)

    def age(self, family: str) -> int:
        """Days since the family was trained, or had its turn this morning; very many when it never was. Heel raises
        have a day of their own: before it they come last."""
        waits = family == "heel_raise" and not self.heel_raises_due
        return 0 if waits or self.rests(family) else (self.day - self.last.get(family, date.min)).days

    def rests(self, family: str) -> bool:
        """Whether the morning after has held it today; not when training has left it out for a fortnight."""
        first = self.done[0].day if self.done else self.day
        left_out = (self.day - self.last.get(family, first)).days >= OTHER_DAYS / 2
        return not left_out and any(knowledge().drills[name].family == family for name in self.cared)

    def due(self, family: str) -> bool:
        """Whether it is time for the family again."""
        return self.heel_raises_due if family == "heel_raise" else self.age(family) >= OVERDUE_DAYS

    def all_due(self, families: list[str]) -> list[str]:
        """Those of ``families``, oldest first, whose time it is: heel raises come before the others, as not every day
        of the week may have them, but for families that were left out for a fortnight."""
        due = [one for one in families if self.due(one)]
        left = {one for one in due if one in self.last and self.age(one) >= OTHER_DAYS / 2}
        return sorted(due, key=lambda family: family != "heel_raise" and family not in left)

    def element(self, family: str) -> str | None:
        drill = self.drill(family)
        return drill.element if drill is not None else None


def _drills(choice: _Choice, had: frozenset[str], *, texture_first: bool) -> list[str]:
    """The session's drills. Where the same ones were trained lately, one or two families that can wait make room."""
    first = _families(choice, had, frozenset(), texture_first=texture_first)
    since = choice.day - timedelta(days=OTHER_DAYS)
    lately = {one.drills for one in choice.done if one.day >= since}
    can_wait = [one for one in reversed(first) if _can_wait(choice, one, had)]
    needed = {choice.element(family) for family in first} - had
    for out in ((), *combinations(can_wait, 1), *combinations(can_wait, 2)):
        families = _families(choice, had, frozenset(out), texture_first=texture_first)
        drills = _names(choice, families)
        same = any(frozenset(drills) == one - frozenset(_warm_up()) for one in lately)
        if not same and len(drills) == len(first) and needed <= {choice.element(family) for family in families}:
            return drills
    return _names(choice, first)


def _as_left(left: frozenset[frozenset[str]], drills: list[str]) -> bool:
    """Whether these are the drills of a session that was skipped for pain."""
    return any(frozenset(drills) == one - frozenset(_warm_up()) for one in left)


def _another(
    choice: _Choice, had: frozenset[str], drills: list[str], left: frozenset[frozenset[str]], *, texture_first: bool
) -> list[str]:
    """The session without one or two of the families of ``drills``: what was skipped for pain does not come again as it
    was, however often that was (S6)."""
    families = [knowledge().drills[name].family for name in reversed(drills)]
    for out in (*combinations(families, 1), *combinations(families, 2)):
        found = _names(choice, _families(choice, had, frozenset(out), texture_first=texture_first))
        if found and not _as_left(left, found):
            return found
    return drills


def _lighter(order: CompositionOrder, recipe: Recipe, left: frozenset[frozenset[str]]) -> CompositionOrder:
    """The recipe's own drills; where just these were skipped for pain, as many others that the recipe names and that
    may be, else fewer (S6)."""
    own = [one.drill for one in compose(order)]
    if not _as_left(left, own):
        return order
    may = dict.fromkeys(drill.drill_id for name in recipe.drills if (drill := resolve(name, order)) is not None)
    for size in range(len(own), 0, -1):
        for some in reversed([*combinations(may, size)]):
            if not _as_left(left, list(some)):
                return replace(order, drills=some)
    return order


def _can_wait(choice: _Choice, family: str, had: frozenset[str]) -> bool:
    """Whether it was trained lately enough; what belongs to the window may rest only after a session that held it."""
    if family == "heel_raise" and choice.due(family):
        return False
    if family not in choice.recipe.families:
        return choice.age(family) < OTHER_DAYS / 2
    last = choice.done[-1].families if choice.done else frozenset()
    return family in choice.recipe.may_rest and family in last and choice.element(family) in had


def _names(choice: _Choice, families: list[str]) -> list[str]:
    return [drill.drill_id for family in families if (drill := choice.drill(family)) is not None]


def _families(choice: _Choice, had: frozenset[str], out: frozenset[str], *, texture_first: bool) -> list[str]:
    """The families of the session but ``out``, those that are kept when time is short first."""
    most = most_drills(choice.order.minutes)
    allowed = [family for family in FAMILIES if family not in out and choice.drill(family) is not None]
    by_age = sorted(allowed, key=lambda family: -choice.age(family))
    core = [family for family in choice.recipe.families if family in allowed and not choice.rests(family)]
    core = core if most >= WHOLE_DRILLS else core[:1]
    wanted = ["texture"] if texture_first and "texture" in allowed else []
    wanted += [one for one in _lacking(choice, by_age, had, core + wanted) if one not in wanted]
    wanted += [one for one in choice.all_due(by_age) if one not in (*wanted, *core)]
    core = _give_way(choice, core, len(wanted), most, had)
    rest = [one for one in by_age if one not in (*core, *wanted)]
    return [*core, *wanted, *rest][:most]


def _lacking(choice: _Choice, by_age: list[str], had: frozenset[str], chosen: list[str]) -> Iterator[str]:
    """For each element that the week still lacks, the family that gives it and was trained longest ago. A week may have
    no more than this session and one other, so a session is never without loading or mobilising twice."""
    have = had | {choice.element(family) for family in chosen}
    for element in reversed(ELEMENTS):
        if element in have:
            continue
        found = next((family for family in by_age if choice.element(family) == element), None)
        if found is not None:
            yield found


def _give_way(choice: _Choice, core: list[str], wanted: int, most: int, had: frozenset[str]) -> list[str]:
    """``core`` without one that may rest, when more is wanted than there is room for: only one that the last session
    held, and never the only one of an element that the week lacks."""
    if len(core) + wanted <= most:
        return core
    before = choice.done[-1].families if choice.done else frozenset()
    for family in reversed(core):
        others = had | {choice.element(one) for one in core if one != family}
        if family in choice.recipe.may_rest and family in before and choice.element(family) in others:
            return [one for one in core if one != family]
    return core


def _cared(state: FootState, day: date) -> frozenset[str]:
    """The drills of the morning after that was done on ``day``: training right after it need not repeat them."""
    of_day = takewhile(lambda session: session.day >= day, reversed(state.sessions))
    done = {one.prescription_id for one in of_day if one.day == day and one.state != "skipped"}
    return frozenset(
        drill.drill
        for one in state.issued
        if one.day == day and one.window is Window.MORNING and one.prescription_id in done
        for drill in one.drills
        if drill.drill in knowledge().drills
    )


def calves_wait(state: FootState, level: DoseLevel, day: date) -> bool:
    """Whether the training of ``day`` leaves heel raises out: a long or hilly run, a race or a weekday named as hard
    follows. Where hills on nearly every run left no other training in two weeks, nor leave one this week, they come
    once a week before a run that is no more than hilly."""
    if not before_long(state, day):
        return False
    done = [one for one in trained(state, day) if (day - one.day).days <= OTHER_DAYS / 2]
    tiring = {run.day for run in state.runs if run.tiring}
    lately = any("heel_raise" in one.families and (day - one.day).days < WEEK_DAYS for one in done)
    other = [one for one in done if one.day + timedelta(days=1) not in tiring]
    if lately or other or len(done) < HILLY_TRAININGS or not before_hills_alone(state, day):
        return True
    return not all(before_long(state, one) for one in _later(state, level, day))


def _later(state: FootState, level: DoseLevel, day: date) -> tuple[date, ...]:
    """The days after ``day`` on which the week still has training."""
    return tuple(sorted(one for one in training_days(state, level, day) if one > day))


def _heel_raises_due(state: FootState, later: tuple[date, ...], day: date, last: date | None) -> bool:
    """Each week from the one they may first be, oftener where much is run, as calves carry most of each step (M20,
    M26). They wait for one of the ``later`` sessions of the week on the day before a hard run, and on the day of a long
    or hilly one and the day after it."""
    age = (day - (last or date.min)).days
    limits, weekly = state.thresholds, weekly_km(state)
    often = weekly is not None and weekly >= limits.ceiling_high_km
    least = limits.heel_raise_days if often else WEEK_DAYS
    ran = any(run.tiring for run in runs_on(state, day)) or morning_after(state, day) is not None
    waits = ran or hard_run_ahead(state, day + timedelta(days=1)) is not None
    if waits or age < least:
        lacks = age >= limits.heel_raise_days and (last is None or last < monday(day))
        return lacks and all(
            hard_run_ahead(state, one + timedelta(days=1)) is not None or before_long(state, one) for one in later
        )
    return True


def _warm_up() -> Iterator[str]:
    return (name for name, drill in knowledge().drills.items() if drill.family == WARM_UP_FAMILY)
