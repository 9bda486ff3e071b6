"""The next level of one family of drills: quality before quantity means a harder drill instead of more minutes (M5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from rules.facts.foot_work import DoseLevel
from rules.knowledge.loader import Drill, knowledge
from rules.knowledge.may_say import FAMILIES
from rules.state.feet import FootState
from rules.state.limits import limits
from rules.state.variety import levels, trained

LEAST_TIMES = 3
"""So often a family was trained at its level, without pain, before an offer leads to the next (ours)."""


def next_level(state: FootState, level: DoseLevel, *, offered: bool) -> Drill | None:
    """The drill that a step of level leads to: of the families the one that stands lowest, then the one trained most.
    Levels without their equipment, or that this runner may not do, are skipped. None when there is none."""
    reached = levels(state, level, state.today + timedelta(days=1))
    times = _times(state, reached)
    found = [
        (reached[family], -times[family], FAMILIES.index(family), drill)
        for family in FAMILIES
        if (drill := _above(state, family, reached[family])) is not None
        and (times[family] >= LEAST_TIMES or not offered)
    ]
    return min(found, key=lambda one: one[:3])[3] if found else None


def raised(level: DoseLevel, drill: Drill) -> DoseLevel:
    return replace(level, families={**level.families, drill.family: drill.level})


def rises(before: DoseLevel, after: DoseLevel) -> bool:
    """Whether a family stands higher, or was set for the first time."""
    return any(reached > before.families.get(family, 0) for family, reached in after.families.items())


def _above(state: FootState, family: str, reached: int) -> Drill | None:
    barred = limits(state, state.today) | _lasting(state)
    may = [
        drill
        for drill in knowledge().drills.values()
        if drill.family == family
        and drill.level > reached
        and not drill.not_with & barred
        and set(drill.needs) <= state.settings.equipment
    ]
    return min(may, key=lambda drill: drill.level, default=None)


def _lasting(state: FootState) -> set[str]:
    """What keeps drills out for longer than a day, in the words of ``drills.toml``."""
    tags = {
        "under_18": state.screened("under_18"),
        "diabetes_or_numb": state.screened("diabetes_or_numb"),
        "unscreened": state.unscreened,
        "new_shoes": state.settings.shoes != "usual",
    }
    return {tag for tag, holds in tags.items() if holds}


def _times(state: FootState, reached: Mapping[str, int]) -> Counter[str]:
    """How often each family was trained without pain by a drill of the level that it stands at."""
    found: Counter[str] = Counter()
    for one in trained(state, state.today + timedelta(days=1)):
        for name in one.drills - one.painful:
            drill = knowledge().drills.get(name)
            if drill is not None and drill.level == reached.get(drill.family):
                found[drill.family] += 1
    return found
