"""A recipe becomes drills with doses: what may stand in it, in which order, how much fits (M4, M5, M9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from rules.facts.answers import Place
from rules.facts.foot_work import Dose, PrescribedDrill
from rules.knowledge.loader import CHANGE_S, Drill, Recipe, Timing, drill_seconds, knowledge
from rules.knowledge.may_say import WARM_UP_FAMILY

MOST_DRILL_S = 180
"""No drill takes longer, whatever the session (ours)."""
ROOM_FOR_REPS = 3
"""Extra repetitions that still fit into `MOST_DRILL_S`, so that one more never costs a set."""
HOLD_STEP_S = 5
SHORT_MINUTES = 4.0
"""A shorter training session begins with one set of each drill, so that several have room."""
LEAST_REPS, LEAST_HOLD_S = 3, 15
"""Fewer or shorter does not train; the guide's own shortest hold (M4)."""
LEAST_DRILLS = 2
"""A session of one drill is none: before that, each drill is done less often."""
LEAST_DRILL_S = 45
"""A drill shorter than this is none: so many seconds a drill a short session has at least (ours)."""


@dataclass(frozen=True, slots=True)
class CompositionOrder:
    """What to compose. Hashable, so that the same order is composed once."""

    recipe: str
    minutes: float
    extra_reps: int = 0
    """Repetitions of the ladder on top of what fills the minutes: the label tells them too."""
    avoid: frozenset[str] = frozenset()
    """Contra-indications that hold today, in the words of ``drills.toml``."""
    equipment: frozenset[str] = frozenset()
    gathers: frozenset[Place] = frozenset()
    """Where stiffness gathers: order within a stage and the extra set (M1)."""
    texture_blocks: int = 2
    one_minute: bool = False
    drills: tuple[str, ...] = ()
    """What a training session chose, in the order in which it is kept; empty: the recipe's own drills."""
    trial: frozenset[str] = frozenset()
    """Drills of these that come back after pain: one set, neither filled up nor with the ladder's repetitions."""


@dataclass(slots=True)
class _Item:
    drill: Drill
    timing: Timing

    def seconds(self, extra_reps: int = 0) -> int:
        """The player's time for it: getting ready included."""
        return CHANGE_S + drill_seconds(self.timing, extra_reps if self.timing.reps is not None else 0)

    def fits(self, timing: Timing, extra_reps: int = ROOM_FOR_REPS) -> bool:
        return _Item(self.drill, timing).seconds(extra_reps) - CHANGE_S <= MOST_DRILL_S


def most_drills(minutes: float) -> int:
    """How many drills a session has at most besides warming up: two to four up to 8 minutes, one more for each three
    above, six at most (Henry 1999, n = 15: at home two exercises were done better than eight, and as often)."""
    shortest = max(2, int(minutes * 60 / (LEAST_DRILL_S + CHANGE_S)))
    return min(shortest, 4) if minutes <= 8 else min(6, 4 + int((minutes - 8) / 3))


@lru_cache(maxsize=4096)
def compose(order: CompositionOrder) -> tuple[PrescribedDrill, ...]:
    """The drills of one plan. Without the ladder's extra repetitions it is never longer than ``order.minutes``, and
    hardly shorter where enough drills may stand in it (the one-minute version: 60 s)."""
    recipe = knowledge().recipes[order.recipe]
    if order.one_minute:
        return _one_minute(recipe, order)
    items = _chosen(recipe, order)
    if order.drills and len(items) < LEAST_DRILLS:
        items = _chosen(recipe, order, least=True)
    if not items:
        return _one_minute(recipe, order)
    if not (recipe.fixed or "lighter" in order.avoid):
        _fill([item for item in items if item.drill.drill_id not in order.trial], items, order)
    if not recipe.as_listed:
        items.sort(key=lambda item: (item.drill.stage, not item.drill.serves & order.gathers))
        items.sort(key=lambda item: item.drill.family != WARM_UP_FAMILY)
    return tuple(
        _prescribed(item.drill, item.timing, 0 if item.drill.drill_id in order.trial else order.extra_reps)
        for item in items
    )


def minutes_of(drills: tuple[PrescribedDrill, ...]) -> float:
    """The length of a plan in minutes, to a tenth: as long as the player takes, getting ready for each drill
    included."""
    return round(sum(CHANGE_S + drill.dose.seconds for drill in drills) / 60, 1)


def _one_minute(recipe: Recipe, order: CompositionOrder) -> tuple[PrescribedDrill, ...]:
    """One drill for a minute; while the work is to be lighter, what the lighter whole begins with, and never more."""
    if "lighter" in order.avoid:
        items = _chosen(recipe, replace(order, minutes=1.0))
        if items:
            return tuple(_prescribed(item.drill, item.timing, 0) for item in items)
    # Warming the feet is right whatever else may not be.
    bends = resolve("slow-toe-flexion", order)
    drill = resolve(recipe.one_minute, order) or bends or knowledge().drills["warm-feet"]
    return (_prescribed(drill, drill.one_minute, 0),)


def resolve(drill_id: str, order: CompositionOrder) -> Drill | None:
    """The drill itself, or what takes its place for want of equipment or because it may not stand there; else None."""
    drills = knowledge().drills
    drill: Drill | None = drills[drill_id]
    while drill is not None and (drill.not_with & order.avoid or not set(drill.needs) <= order.equipment):
        drill = drills[drill.instead] if drill.instead else None
    return drill


def _chosen(recipe: Recipe, order: CompositionOrder, *, least: bool = False) -> list[_Item]:
    """What stands in it, each with its fewest sets: as many drills as there is room for, the first ones first. With
    ``least`` each begins with its fewest repetitions, too."""
    room, most = int(order.minutes * 60), most_drills(order.minutes)
    named = order.drills or recipe.drills
    items: list[_Item] = []
    for index, drill_id in enumerate(named):
        drill = resolve(drill_id, order)
        if drill is None or any(item.drill is drill for item in items):
            continue
        timing = _timing(drill, recipe.doses.get(drill.drill_id) or recipe.doses.get(drill_id), order)
        extra = index >= recipe.core and not order.drills
        warms = drill.family == WARM_UP_FAMILY
        if not warms and sum(item.drill.family != WARM_UP_FAMILY for item in items) >= most:
            continue
        if extra and ("lighter" in order.avoid or order.minutes < timing.from_minutes):
            continue
        item = _Item(drill, timing)
        while item.timing.sets > 1 and (item.seconds() > room or not item.fits(item.timing)):
            item.timing = replace(item.timing, sets=item.timing.sets - 1)
        while least and (less := _less(item.timing)) is not None:
            item.timing = less
        if item.seconds() <= room:
            items.append(item)
            room -= item.seconds()
    return items


def _timing(drill: Drill, override: Mapping[str, Any] | None, order: CompositionOrder) -> Timing:
    timing = drill.timing if not override else replace(drill.timing, **override)
    if drill.drill_id == "texture-walk" and (override or order.drills):
        timing = replace(timing, sets=order.texture_blocks)
    trial = drill.drill_id in order.trial
    if trial or "lighter" in order.avoid or (order.drills and order.minutes < SHORT_MINUTES):
        timing = replace(timing, sets=1)
    return replace(timing, most_sets=max(timing.most_sets, timing.sets))


def _fill(may_grow: list[_Item], items: list[_Item], order: CompositionOrder) -> None:
    """The minutes are filled by sets, one at a time, first where stiffness gathers, then in the order of keeping; then
    by repetitions and holds; in training by sets beyond the drill's usual most, too. Never by rests."""
    room = int(order.minutes * 60) - sum(item.seconds() for item in items)
    queue = sorted(may_grow, key=lambda item: not item.drill.serves & order.gathers)
    for longer in (_one_set_more, _one_rep_more):
        room = _grow(queue, longer, room)
    if order.drills:  # care keeps to its most
        room = _grow(queue, _one_set_beyond, room)
        _grow(queue, _one_rep_more, room, ROOM_FOR_REPS - 1)


def _grow(
    queue: list[_Item], longer: Callable[[Timing], Timing | None], room: int, reserve: int = ROOM_FOR_REPS
) -> int:
    """Each in turn by one step while it fits; gives the seconds that are left."""
    grown = True
    while grown:
        grown = False
        for item in queue:
            more = longer(item.timing)
            if item.drill.family == WARM_UP_FAMILY or more is None or not item.fits(more, reserve):
                continue
            cost = drill_seconds(more) - drill_seconds(item.timing)
            if cost <= room:
                item.timing, room, grown = more, room - cost, True
    return room


def _one_set_more(timing: Timing) -> Timing | None:
    return replace(timing, sets=timing.sets + 1) if timing.sets < timing.most_sets else None


def _one_set_beyond(timing: Timing) -> Timing | None:
    return replace(timing, sets=timing.sets + 1)


def _less(timing: Timing) -> Timing | None:
    """One repetition, or five seconds of the hold, less; None where that would be too little to do anything."""
    if timing.reps is not None:
        return replace(timing, reps=timing.reps - 1) if timing.reps > LEAST_REPS else None
    hold_s = (timing.hold_s or 0) - HOLD_STEP_S
    return replace(timing, hold_s=hold_s) if hold_s >= LEAST_HOLD_S else None


def _one_rep_more(timing: Timing) -> Timing | None:
    if timing.reps is not None:
        return replace(timing, reps=timing.reps + 1) if timing.reps < timing.most_reps else None
    hold_s = timing.hold_s or 0
    return replace(timing, hold_s=hold_s + HOLD_STEP_S) if hold_s + HOLD_STEP_S <= timing.most_hold_s else None


def _prescribed(drill: Drill, timing: Timing, extra_reps: int) -> PrescribedDrill:
    more = extra_reps if timing.reps is not None else 0
    reps = timing.reps + more if timing.reps is not None else None
    dose = Dose(timing.sets, reps, timing.hold_s, timing.per_side, drill_seconds(timing, more), timing.rest_s)
    return PrescribedDrill(drill.drill_id, dose, drill.stage, drill.needs, drill.origin.facts)
