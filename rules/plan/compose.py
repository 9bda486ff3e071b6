"""A recipe becomes drills with doses: what may stand in it, in which order, how much fits (M4, M5, M9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from rules.facts.answers import Place
from rules.facts.foot_work import Dose, PrescribedDrill
from rules.knowledge.loader import Drill, Recipe, Timing, drill_seconds, knowledge


@dataclass(frozen=True, slots=True)
class CompositionOrder:
    """What to compose. Hashable, so that the same order is composed once."""

    recipe: str
    minutes: float
    extra_reps: int = 0
    avoid: frozenset[str] = frozenset()
    """Contra-indications that hold today, in the words of ``drills.toml``."""
    equipment: frozenset[str] = frozenset()
    gathers: frozenset[Place] = frozenset()
    """Where stiffness gathers: order within a stage and the extra set (M1)."""
    texture_blocks: int = 2
    one_minute: bool = False
    reserve_reps: int = 3
    """Room kept for the extra reps still to come, so that a rep more never costs a set."""


@dataclass(slots=True)
class _Item:
    drill: Drill
    timing: Timing

    def seconds(self, extra_reps: int) -> int:
        return drill_seconds(self.timing, extra_reps if self.timing.reps is not None else 0)


@lru_cache(maxsize=4096)
def compose(order: CompositionOrder) -> tuple[PrescribedDrill, ...]:
    """The drills of one plan, never longer than ``order.minutes`` (the one-minute version: 60 s)."""
    recipe = knowledge().recipes[order.recipe]
    if order.one_minute:
        return _one_minute(recipe, order)
    items = _chosen(recipe, order)
    if not items:
        return _one_minute(recipe, order)
    if not order.avoid & {"lighter"}:
        _fill(items, order)
    if not recipe.as_listed:
        items.sort(key=lambda item: (item.drill.stage, not item.drill.serves & order.gathers))
        items.sort(key=lambda item: item.drill.drill_id != "warm-feet")
    return tuple(_prescribed(item.drill, item.timing, order.extra_reps) for item in items)


def minutes_of(drills: tuple[PrescribedDrill, ...]) -> float:
    """The length of a plan in minutes, to a tenth."""
    return round(sum(drill.dose.seconds for drill in drills) / 60, 1)


def _one_minute(recipe: Recipe, order: CompositionOrder) -> tuple[PrescribedDrill, ...]:
    """One drill for a minute; while the work is to be lighter, what the lighter whole begins with, and never more."""
    if "lighter" in order.avoid:
        items = _chosen(recipe, replace(order, minutes=1.0))
        if items:
            return tuple(_prescribed(item.drill, item.timing, 0) for item in items)
    drill = resolve(recipe.one_minute, order) or knowledge().drills["slow-toe-flexion"]
    return (_prescribed(drill, drill.one_minute, 0),)


def resolve(drill_id: str, order: CompositionOrder) -> Drill | None:
    """The drill itself, or what takes its place for want of equipment or because it may not stand there; else None."""
    drills = knowledge().drills
    drill: Drill | None = drills[drill_id]
    while drill is not None and (drill.not_with & order.avoid or not set(drill.needs) <= order.equipment):
        drill = drills[drill.instead] if drill.instead else None
    return drill


def _chosen(recipe: Recipe, order: CompositionOrder) -> list[_Item]:
    room = int(order.minutes * 60)
    items: list[_Item] = []
    for index, drill_id in enumerate(recipe.drills):
        drill = resolve(drill_id, order)
        if drill is None or any(item.drill is drill for item in items):
            continue
        timing = _timing(drill, recipe.doses.get(drill.drill_id) or recipe.doses.get(drill_id), order)
        extra = index >= recipe.core
        if extra and ("lighter" in order.avoid or order.minutes < timing.from_minutes):
            continue
        item = _Item(drill, timing)
        while item.timing.sets > 1 and item.seconds(order.reserve_reps) > room:
            item.timing = replace(item.timing, sets=item.timing.sets - 1)
        if item.seconds(order.reserve_reps) <= room:
            items.append(item)
            room -= item.seconds(order.reserve_reps)
    return items


def _timing(drill: Drill, override: Mapping[str, Any] | None, order: CompositionOrder) -> Timing:
    timing = drill.timing if not override else replace(drill.timing, **override)
    if drill.drill_id == "texture-walk" and override:
        timing = replace(timing, sets=order.texture_blocks)
    if "lighter" in order.avoid:
        timing = replace(timing, sets=1)
    return replace(timing, most_sets=max(timing.most_sets, timing.sets))


def _fill(items: list[_Item], order: CompositionOrder) -> None:
    """Sets are added one at a time: first where stiffness gathers, then in the recipe's order."""
    room = int(order.minutes * 60) - sum(item.seconds(order.reserve_reps) for item in items)
    queue = sorted(items, key=lambda item: not item.drill.serves & order.gathers)
    grown = True
    while grown:
        grown = False
        for item in queue:
            one_more = replace(item.timing, sets=item.timing.sets + 1)
            cost = drill_seconds(one_more, order.reserve_reps if one_more.reps is not None else 0) - item.seconds(
                order.reserve_reps
            )
            if item.timing.sets < item.timing.most_sets and cost <= room:
                item.timing, room, grown = one_more, room - cost, True


def _prescribed(drill: Drill, timing: Timing, extra_reps: int) -> PrescribedDrill:
    more = extra_reps if timing.reps is not None else 0
    reps = timing.reps + more if timing.reps is not None else None
    dose = Dose(timing.sets, reps, timing.hold_s, timing.per_side, drill_seconds(timing, more))
    return PrescribedDrill(drill.drill_id, dose, drill.stage, drill.needs, drill.origin.facts)
