"""The cards beside the plan: red flags, the self-check, the dose to revisit, what to ask (M2, M17, M20, S2, S3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rules.dose.dial_back import episode, relief, relief_limit
from rules.dose.ladder import open_offer
from rules.dose.tolerance import asked_how_it_went
from rules.facts.foot_work import DoseLevel, FootCheck, PlannedRun, Prescription, Reason
from rules.facts.kinds import SOFT
from rules.plan.texture import felt_this_week, two_surfaces
from rules.state import absence, advice, big_toe
from rules.state.diary import by_day
from rules.state.feet import FootState
from rules.state.load import Revisit, revisits
from rules.state.pain import heard, pain_question
from rules.state.put_off import ASKED_FOR_DAYS, asked_again
from rules.state.safety import Verdict
from rules.state.week import monday


def cards(state: FootState, level: DoseLevel, safe: Verdict, today: Prescription | None) -> tuple[Reason, ...]:
    """Red-flag texts first, emergencies before the others; then what is due, asked or new."""
    found = [*safe.cards]
    if safe.stop:
        asked = advice.question(state)
        told = [one for one in safe.why if one.key == "next_morning_decides"]
        return (*found, *told, *([asked] if asked is not None else []))
    pain = heard(state)
    if pain is not None and pain.asks:
        found.append(pain_question(pain))
    found += [one for one in (big_toe.question(state), advice.question(state), constant(state)) if one is not None]
    silent = absence.question(state)
    if silent is not None:
        found.append(silent)
    rises = revisits(state)
    found += [
        Reason(f"revisit_{one.detector}", {**one.values, "day": one.day}, ("M20",))
        for one in rises
        if (state.today - one.day).days <= ASKED_FOR_DAYS
    ]
    found += self_check_asked(state, rises)
    offer = open_offer(state)
    if offer is not None:
        found.append(Reason("step_offer", {"change": offer.change_id, **offer.reasons[0].values}, ("M9",)))
    found += _asks(state, today)
    session = asked_how_it_went(state, state.dose_changes)
    if session is not None:
        found.append(Reason("ask_went", {"session": session.session_id}, ("M9", "M10")))
    if level.level == "dialled_back":
        found += _way_back(state, level)
    if (state.today - state.started).days < ASKED_FOR_DAYS:
        found.append(Reason("expect_weeks", {}, ("S3", "M24")))
    return tuple(found)


def constant(state: FootState) -> Reason | None:
    """Stiffness that stayed high for eight weeks: have it looked at, said on two days, once in four weeks."""
    limits = state.thresholds
    this = monday(state.today)
    weeks = 0
    empty = False
    while True:
        first = this - timedelta(days=7 * (weeks + 1))
        scores = by_day(state.diary, "stiffness", first, first + timedelta(days=6))
        high = bool(scores) and sum(scores.values()) / len(scores) >= limits.constant_score
        if not high and (scores or empty):
            break
        empty = not scores
        weeks += 1
    over = weeks - (1 if empty else 0) - limits.constant_weeks
    if over < 0 or over % limits.constant_every_weeks or state.today.weekday() > 1:
        return None
    return Reason("have_it_looked_at", {"weeks": over + limits.constant_weeks, "score": limits.constant_score}, ("S2",))


def _way_back(state: FootState, level: DoseLevel) -> list[Reason]:
    """How long the plan stays lighter, and what it waits for."""
    going = episode(state.dose_changes)
    if going is None:
        return []
    found = relief(state, going)
    needed = state.thresholds.relief_entries
    values = {"minutes": level.minutes, "limit": relief_limit(state, going), "needed": needed}
    if going.returning:
        return [Reason("dialled_back_returning", values, ("M11",))]
    return [Reason("dialled_back_card", {**values, "logged": found[2] if found is not None else 0}, ("M11",))]


def self_check_due(state: FootState, rises: Sequence[Revisit]) -> Sequence[Reason]:
    """Why the self-check is due: the first one, a fortnight later, or after a rise; empty when it is not."""
    last = state.assessments[-1].day if state.assessments else None
    if last is None:
        return [Reason("self_check_first", {}, ("M1",))]
    since = (state.today - last).days
    if since >= state.thresholds.self_check_days:
        return [Reason("self_check_due", {"days": since}, ("M2",))]
    if any(last < one.day for one in rises):
        return [Reason("self_check_revisit", {"days": since}, ("M2", "M20"))]
    return []


def self_check_asked(state: FootState, rises: Sequence[Revisit]) -> Sequence[Reason]:
    """The self-check that is due, on the days it is asked for: two days each time, three times, then no more. The
    days count from the first plan that the runner got since it is due."""
    last = state.assessments[-1].day if state.assessments else None
    due = state.started if last is None else last + timedelta(days=state.thresholds.self_check_days)
    found = self_check_due(state, rises)
    if found and found[0].key == "self_check_revisit":
        asked = any((state.today - one.day).days <= ASKED_FOR_DAYS for one in rises)
    else:
        got = (one.day for one in state.issued if due <= one.day < state.today)
        asked = asked_again((state.today - min(got, default=state.today)).days)
    return found if asked else []


def self_checked(state: FootState) -> bool:
    """Whether the self-check was done today: it was the day's card. The safety screen alone is none."""
    none = FootCheck()
    return any(one.day == state.today and (one.left, one.right) != (none, none) for one in state.assessments)


def asked_of_coming(state: FootState) -> list[PlannedRun]:
    """What only the runner knows of today and tomorrow: runs of which nobody told the kind, and habits that may not
    hold, while nothing was run that day."""
    ran = {run.day for run in state.runs}
    near = [one for one in state.planned if one.day <= state.today + timedelta(days=1)]
    return [one for one in near if one.kind is None or (one.source == "habit" and one.day not in ran)]


def _asks(state: FootState, today: Prescription | None) -> list[Reason]:
    found: list[Reason] = []
    if today is not None and today.gentle:
        found.append(Reason("ask_kind", {"run": today.run_id or ""}, ("M16",)))
    if not two_surfaces(state):
        return found
    answered = {one.run_id for one in state.feels}
    for run in reversed(state.runs):
        if run.day < state.today - timedelta(days=1):
            break
        if run.surface in SOFT and run.fresh and run.run_id not in answered and not felt_this_week(state, run.surface):
            found.append(Reason("ask_feel", {"run": run.run_id, "surface": run.surface.value}, ("M17", "M22")))
            break
    return found
