"""Dial back and the way back (M11): when soreness in toes or ball makes the work lighter, and when it comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from rules.facts.foot_work import DoseChange, DoseLevel, Reason, SessionDone
from rules.knowledge.thresholds import Thresholds
from rules.state.diary import by_day, mornings, usual
from rules.state.feet import FootState


@dataclass(frozen=True, slots=True)
class Episode:
    """The dial-back that is going on."""

    began: date
    holding_since: date
    """Since when nothing has been given back: two weeks of it without relief is a red flag."""
    last_cut: date
    last_row: date
    returning: bool
    old: DoseLevel
    """The dose to come back to."""


def episode(changes: Sequence[DoseChange]) -> Episode | None:
    """The episode the ladder is in; None when it is steady."""
    began = holding = last_cut = last_row = None
    returning = False
    old = None
    for change in changes:
        if change.verdict == "dial_back":
            if began is None:
                began, old = change.day, replace(change.before, level="steady")
            if holding is None or returning:
                holding = change.day
            if change.after.minutes < change.before.minutes or change.after.extra_reps < change.before.extra_reps:
                last_cut = change.day
            last_row, returning = change.day, False
        elif change.verdict == "way_back":
            returning = True
        elif change.verdict == "resume" and began is not None and not returning:
            holding = change.day
        if change.after.level == "steady":
            began = holding = last_cut = last_row = old = None
            returning = False
    if began is None or holding is None or last_row is None or old is None:
        return None
    return Episode(began, holding, last_cut or last_row, last_row, returning, old)


CAUSE_GONE = "cause_gone"
"""The reason of a row that takes back a dial-back whose entries are gone."""
SORE = frozenset({"sore_once", "sore_days", "sore_mornings"})
STANDING_BY = frozenset({"manual", "declined"})
"""Rows that may come while the plan is lighter and do not end that."""


def without_cause(state: FootState, changes: Sequence[DoseChange]) -> DoseChange | None:
    """The dial-back that began the episode, when the entries behind it were changed or removed since; else None.

    A slip of the finger must not cost weeks. Once something was given back or cut again, the episode goes its way.
    """
    at = next((n for n in range(len(changes) - 1, -1, -1) if changes[n].verdict not in STANDING_BY), None)
    if at is None or changes[at].verdict != "dial_back" or changes[at].before.level != "steady":
        return None
    row = changes[at]
    asked = any(reason.key in SORE for reason in row.reasons)
    if not asked or (state.today - row.day).days >= state.thresholds.no_relief_days:
        return None
    return None if dial_back_reasons(replace(state, today=row.day), changes[:at], row.before) else row


def dial_back_reasons(state: FootState, changes: Sequence[DoseChange], level: DoseLevel) -> tuple[Reason, ...]:
    """Why the plan dials back today; empty when it does not. Only days after the last dial-back count."""
    limits, today = state.thresholds, state.today
    window = today - timedelta(days=limits.sore_window_days - 1)
    first = _after(changes, window, "dial_back")
    days = by_day(state.diary, "soreness", first, today, forefoot=True) if first <= today else {}
    if not days:
        return ()
    found: list[Reason] = []
    worst = max(days.values())
    if worst > limits.stop_above:
        found.append(Reason("sore_once", {"score": worst, "limit": limits.stop_above}, ("M11", "S4", "S2")))
    going = episode(changes)
    if level.level == "steady" or (level.level == "dialled_back" and going is not None and going.returning):
        # What was weighed when a step was given back does not take it away again.
        since = max(first, _after(changes, window, "way_back"))
        sore = sum(score >= limits.sore_score for day, score in days.items() if day >= since)
        if sore >= limits.sore_days:
            values = {"days": sore, "score": limits.sore_score, "window": limits.sore_window_days}
            found.append(Reason("sore_days", values, ("M11",)))
        times = worse_mornings(state, since, today)
        if times >= limits.morning_times:
            found.append(Reason("sore_mornings", {"times": times, "rise": limits.morning_rise}, ("M11", "S4")))
    if found:
        own = usual(state.diary, window, limits.usual_entries)
        known = Reason("usual_level", {"usual": own}, ("M11",))
        found.append(known if own is not None else Reason("usual_unknown", {}, ("M11",)))
    return tuple(found)


def _after(changes: Sequence[DoseChange], window: date, verdict: str) -> date:
    """The first day in the window that is after the last row of that verdict; what was taken back does not count."""
    taken_back = False
    for change in reversed(changes):
        if change.reasons and change.reasons[0].key == CAUSE_GONE:
            taken_back = True
        elif taken_back and change.verdict == "dial_back":
            taken_back = False
        elif change.verdict == verdict:
            return max(window, change.day + timedelta(days=1))
    return window


def worse_mornings(state: FootState, first: date, last: date) -> int:
    """How often the morning after a session stood at the limit and clearly above the morning before it."""
    limits = state.thresholds
    done = {one.day for one in _recent_sessions(state, first - timedelta(days=1), last)}
    if not done:
        return 0
    scores = mornings(state.diary, first - timedelta(days=1), last)
    return sum(
        day - timedelta(days=1) in done
        and score >= limits.sore_score
        and (before := scores.get(day - timedelta(days=1))) is not None
        and score - before >= limits.morning_rise
        for day, score in scores.items()
        if day >= first
    )


def _recent_sessions(state: FootState, first: date, last: date) -> Iterator[SessionDone]:
    for session in reversed(state.sessions):
        if session.day < first:
            break
        if session.day <= last and session.state != "skipped":
            yield session


def lighter_dose(level: DoseLevel, limits: Thresholds) -> DoseLevel:
    """About a third shorter, to half a minute; at the floor one extra repetition goes instead."""
    minutes = max(limits.min_minutes, round(2 * level.minutes * (1 - limits.cut_share)) / 2)
    kept: Literal["stopped", "dialled_back"] = "stopped" if level.level == "stopped" else "dialled_back"
    if minutes < level.minutes:
        return replace(level, minutes=minutes, level=kept)
    return replace(level, extra_reps=max(0, level.extra_reps - 1), level=kept)


def relief(state: FootState, going: Episode) -> tuple[float, float, int] | None:
    """Mean of the last logged days since the dial-back, the limit, and how many days; None when none is logged."""
    limits = state.thresholds
    since = (state.today - going.last_row).days
    if since <= 0:
        return None
    days = by_day(state.diary, "soreness", going.last_row + timedelta(days=1), state.today, forefoot=True)
    if not days:
        return None
    scores = [days[day] for day in sorted(days)][-limits.relief_entries :]
    return sum(scores) / len(scores), relief_limit(state, going), len(scores)


def relief_limit(state: FootState, going: Episode) -> float:
    """The mean soreness at which the way back begins: two, or the usual level and half a point.

    What dialled the plan back is nobody's usual level: the days that it was weighed by are left out.
    """
    limits = state.thresholds
    before = going.began - timedelta(days=limits.sore_window_days - 1)
    own = usual(state.diary, before, limits.usual_entries) or 0.0
    return max(limits.relief_floor, own + limits.relief_above_usual)


def relieved(state: FootState, going: Episode) -> bool:
    """Whether enough logged days since the dial-back lie at the usual level or at two and less."""
    found = relief(state, going)
    return found is not None and found[2] >= state.thresholds.relief_entries and found[0] <= found[1] + 1e-9


def unrelieved(state: FootState, going: Episode) -> bool:
    """Two weeks of holding, and what is logged is still above the usual level and as high as the day's own scale asks
    for lighter work (S4): a red flag (S2). What the scale lets go on never stops the drills by its mean."""
    if going.returning or (state.today - going.holding_since).days < state.thresholds.no_relief_days:
        return False
    found = relief(state, going)
    return found is not None and found[0] > found[1] + 1e-9 and found[0] >= state.thresholds.lighter_from


def give_back(level: DoseLevel, old: DoseLevel, limits: Thresholds) -> DoseLevel:
    """One step towards the old dose: minutes first, then repetitions; steady again when it is reached."""
    if level.minutes < old.minutes:
        level = replace(level, minutes=min(old.minutes, level.minutes + limits.step_minutes))
    elif level.extra_reps < old.extra_reps:
        level = replace(level, extra_reps=level.extra_reps + 1)
    whole = level.minutes >= old.minutes and level.extra_reps >= old.extra_reps
    return replace(level, level="steady" if whole else "dialled_back")
