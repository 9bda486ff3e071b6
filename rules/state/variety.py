"""What was trained when: families of drills by their last day, elements of the week, and the level of each family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rules.facts.answers import DrillAnswer, SkipReason
from rules.facts.foot_work import DoseLevel
from rules.facts.kinds import SOFT
from rules.knowledge.loader import knowledge
from rules.knowledge.may_say import FAMILIES
from rules.state.feet import FootState
from rules.state.pain import hurt


@dataclass(frozen=True, slots=True)
class Trained:
    """One session of the ladder that was done, wholly or in part."""

    day: date
    drills: frozenset[str]
    painful: frozenset[str]
    """The drills that hurt; all of them where the session hurt and nobody said which."""

    @property
    def families(self) -> frozenset[str]:
        return frozenset(knowledge().drills[drill].family for drill in self.drills if drill in knowledge().drills)

    @property
    def elements(self) -> frozenset[str]:
        return frozenset(knowledge().drills[drill].element for drill in self.drills if drill in knowledge().drills)


def trained(state: FootState, before: date) -> tuple[Trained, ...]:
    """Training done in the eight weeks before ``before``, oldest first. Care and the wake-up minute
    are no training, and of work without a prescription nobody knows the drills."""
    since = before - timedelta(days=state.thresholds.family_level_days)
    issued = {one.prescription_id: one for one in state.issued if one.counts and since <= one.day < before}
    found: list[Trained] = []
    for session in state.sessions:
        one = issued.get(session.prescription_id or "")
        if one is not None and session.state != "skipped":
            drills = frozenset(drill.drill for drill in one.drills)
            named = {name for name, answer in session.drills.items() if answer is DrillAnswer.HURT}
            found.append(Trained(one.day, drills, frozenset(named) or (drills if hurt(session) else frozenset())))
    return tuple(sorted(found, key=lambda one: one.day))


def left_for_pain(state: FootState, before: date) -> frozenset[frozenset[str]]:
    """The drills of each session that was skipped for pain in the time that what hurt rests: none comes again as it
    was."""
    since = before - timedelta(days=state.thresholds.pain_rests_days)
    left = {one.prescription_id for one in state.sessions if one.state == "skipped" and one.reason is SkipReason.PAIN}
    return frozenset(
        frozenset(drill.drill for drill in one.drills)
        for one in state.issued
        if one.prescription_id in left and since < one.day < before
    )


def on_trial(state: FootState, day: date) -> frozenset[str]:
    """Drills that have rested since they hurt, with their families; of pain without a name, the loaded ones. The first
    time again they are tried with one set, until a session with one of them went without pain (S6)."""
    drills = knowledge().drills
    hurt_on: dict[str, date] = {}
    since = day - timedelta(days=state.thresholds.family_level_days)
    for session in state.sessions:
        if since <= session.day < day and hurt(session):
            named = {name for name, answer in session.drills.items() if answer is DrillAnswer.HURT}
            families = {drills[name].family for name in named if name in drills}
            resting = [name for name, one in drills.items() if (one.family in families if families else one.loaded)]
            hurt_on |= dict.fromkeys(resting, session.day)
    for one in trained(state, day):
        well = {drills[name].family for name in one.drills - one.painful if hurt_on.get(name, day) < one.day}
        hurt_on = {name: at for name, at in hurt_on.items() if drills[name].family not in well}
    return frozenset(hurt_on)


def last_days(done: tuple[Trained, ...]) -> Mapping[str, date]:
    """The last day of each drill and of each family; one never done is missing."""
    days: dict[str, date] = {}
    for one in done:
        days.update(dict.fromkeys((*one.drills, *one.families), one.day))
    return days


def elements_since(done: tuple[Trained, ...], first: date) -> frozenset[str]:
    """The elements (M3) trained since ``first``."""
    return frozenset[str]().union(*(one.elements for one in done if one.day >= first))


def levels(state: FootState, level: DoseLevel, day: date) -> Mapping[str, int]:
    """Where each family stands: as a step has set it; else the highest level among the sessions of the last weeks that
    were done without pain; at the start 1."""
    found = dict.fromkeys(FAMILIES, 1)
    for one in trained(state, day):
        for name in one.drills - one.painful:
            drill = knowledge().drills.get(name)
            if drill is not None and drill.family in found:
                found[drill.family] = max(found[drill.family], drill.level)
    return found | {family: reached for family, reached in level.families.items() if family in found}


def texture_waits(state: FootState, done: tuple[Trained, ...], day: date) -> bool:
    """Whether a run on grass, trail, sand and the like has had no bare block since (M17): the next training has it."""
    since = day - timedelta(days=state.thresholds.texture_waits_days)
    ran = [run.day for run in state.runs if since <= run.day <= day and run.surface in SOFT]
    walked = last_days(done).get("texture")
    return bool(ran) and (walked is None or walked < max(ran))
