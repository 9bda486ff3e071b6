"""What keeps drills out of the plan beside the day's soreness: pain in a drill, a stiff big toe, what was advised."""

from __future__ import annotations

from datetime import date, timedelta

from rules.facts.answers import DrillAnswer
from rules.knowledge.loader import knowledge
from rules.state.feet import FootState
from rules.state.pain import hurt

REST = "rest_"
LOADED = "rest_loaded"


def limits(state: FootState, day: date) -> frozenset[str]:
    """The contra-indications that hold on ``day``, in the words of ``drills.toml``; the day's own scale is apart."""
    return frozenset(_after_pain(state, day))


def _after_pain(state: FootState, day: date) -> set[str]:
    """What trains the same as a drill that hurt; the loaded drills when nobody said which one it was."""
    found: set[str] = set()
    since = day - timedelta(days=state.thresholds.pain_rests_days)
    for session in reversed(state.sessions):
        if session.day <= since:
            break
        if hurt(session):
            named = [drill for drill, answer in session.drills.items() if answer is DrillAnswer.HURT]
            found |= {tag for drill in named for tag in families(drill)} or {LOADED}
    return found


def families(drill_id: str) -> frozenset[str]:
    """The tags under which the drill's family rests; none for a drill that is no more."""
    drill = knowledge().drills.get(drill_id)
    tags = drill.not_with if drill is not None else frozenset[str]()
    return frozenset(tag for tag in tags if tag.startswith(REST) and tag != LOADED)
