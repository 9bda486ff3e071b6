"""The minute on waking: always an offer, never counted; towel curls only where no run may follow (M6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.facts.foot_work import DoseLevel, Prescription, Reason, Window
from rules.plan.compose import CompositionOrder, compose, minutes_of
from rules.plan.notes import beside, stop_lines
from rules.state.expected_runs import may_load, run_expected
from rules.state.feet import RULES_VERSION, FootState, make_id
from rules.state.limits import limits
from rules.state.safety import Verdict


@dataclass(frozen=True, slots=True)
class OfDay:
    """What the minute on waking looks at."""

    state: FootState
    level: DoseLevel
    verdict: Verdict


def primer_of_today(on: OfDay, issue: Sequence[Prescription]) -> Prescription:
    """The primer that is there already, unless the feet have asked for a lighter one before it was done or skipped."""
    fresh = primer(on, None, on.state.today)
    there = [one for one in (*on.state.issued, *issue) if one.window is Window.PRIMER and one.day == fresh.day]
    told = {session.prescription_id for session in on.state.sessions}
    stays = (one for one in reversed(there) if one.inputs == fresh.inputs or one.prescription_id in told)
    return next(stays, fresh)


def primer(on: OfDay, current: Prescription | None, day: date) -> Prescription:
    """The one-minute primer: always an offer, never counted (M6). It takes the place of what is withdrawn. Towel curls
    only where no run is expected that day, nothing is spared and the safety screen is answered."""
    state = on.state
    expected = run_expected(state, day)
    tags = {
        "dialled_back": on.level.level == "dialled_back",
        "lighter": on.verdict.lighter_on(day, state.today),
        "before": expected or (day == state.today and not may_load(state)),
        "unscreened": state.unscreened,
    }
    barred = limits(state, day)
    avoid = frozenset(tag for tag, holds in tags.items() if holds)
    light = bool(avoid - {"unscreened"})
    avoid |= barred
    order = CompositionOrder("primer-light" if light else "primer", 1.0, 0, avoid, state.settings.equipment)
    drills = compose(replace(order, one_minute=not light))
    why = [Reason("primer", {}, ("M6", "M5")), *([Reason("primer_light", {}, ("M6", "M15"))] if light else ())]
    if "unscreened" in avoid and not light:
        why.append(Reason("unscreened", {}, ("S2",)))
    pain = on.verdict.pain_keys
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
        reasons=(*why, *on.verdict.pain, *beside(day, Window.PRIMER, state.settings.anchors, runs=expected)),
        warnings=stop_lines(Window.PRIMER, cold=True),
        rules_version=RULES_VERSION,
        one_minute=True,
        counts=False,
        supersedes=predecessor,
        inputs={"plan": "primer", **({"avoid": [*sorted(avoid), *pain]} if avoid else {})},
    )
