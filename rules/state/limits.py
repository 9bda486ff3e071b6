"""What keeps drills out of the plan beside the day's soreness: pain in a drill, a stiff big toe, what was advised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from rules.facts.answers import DrillAnswer
from rules.facts.card_answers import ONLY
from rules.facts.foot_work import Reason, SessionDone
from rules.knowledge.loader import knowledge
from rules.state.absence import back_from_illness
from rules.state.advice import advice
from rules.state.big_toe import stiff_big_toe
from rules.state.feet import FootState
from rules.state.pain import hurt

REST = "rest_"
LOADED = "rest_loaded"


def limits(state: FootState, day: date) -> frozenset[str]:
    """The contra-indications that hold on ``day``, in the words of ``drills.toml``; the day's own scale is apart."""
    found = _after_pain(state, day) | swapped(state, day)
    if stiff_big_toe(state):
        found.add("stiff_big_toe")
    if state.screened("diabetes_or_numb"):
        found.add("one_leg")
    if back_from_illness(state, day) is not None:
        found.add("dialled_back")
    told = advice(state)
    if told is not None and told.kind == ONLY:
        found |= _other_than(told.drills)
    return frozenset(found)


def swapped(state: FootState, day: date) -> set[str]:
    """The drills that make room for others on ``day``, as contra-indications."""
    since = day - timedelta(days=state.thresholds.swap_days)
    return {f"swapped_{drill}" for drill, at in state.settings.swapped.items() if since < at <= day}


def _other_than(drills: frozenset[str]) -> set[str]:
    """Every family but those of ``drills``, and the loaded drills unless one of these is loaded."""
    known = knowledge().drills
    rest = {tag for drill in known for tag in families(drill)} - {tag for drill in drills for tag in families(drill)}
    return rest if any(LOADED in known[drill].not_with for drill in drills) else rest | {LOADED}


def _after_pain(state: FootState, day: date) -> set[str]:
    """What trains the same as a drill that hurt; the loaded drills when nobody said which one it was."""
    found: set[str] = set()
    for session in _hurting(state, day):
        found |= {tag for drill in _named(session) for tag in families(drill)} or {LOADED}
    return found


def pain_rests(state: FootState, day: date) -> tuple[Reason, ...]:
    """What rests on ``day`` because foot work hurt, and until when: of the latest such work."""
    last = next(_hurting(state, day), None)
    if last is None:
        return ()
    values = {"day": last.day, "until": last.day + timedelta(days=state.thresholds.pain_rests_days - 1)}
    named = [drill for drill in _named(last) if families(drill)]
    if named:
        return (Reason("rests_drill", {**values, "drill": named[0]}, ("S6", "M12")),)
    return (Reason("rests_loaded", values, ("S6", "M12")),)


def _hurting(state: FootState, day: date) -> Iterator[SessionDone]:
    """Foot work that hurt so lately that something still rests, the latest first."""
    since = day - timedelta(days=state.thresholds.pain_rests_days)
    for session in reversed(state.sessions):
        if session.day <= since:
            return
        if hurt(session):
            yield session


def _named(session: SessionDone) -> list[str]:
    return [drill for drill, answer in session.drills.items() if answer is DrillAnswer.HURT]


def families(drill_id: str) -> frozenset[str]:
    """The tags under which the drill's family rests; none for a drill that is no more."""
    drill = knowledge().drills.get(drill_id)
    tags = drill.not_with if drill is not None else frozenset[str]()
    return frozenset(tag for tag in tags if tag.startswith(REST) and tag != LOADED)
