"""Away or ill: what silence asks, and the gentle week after an illness (M10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from rules.facts.foot_work import DoseLevel, Pause, Reason
from rules.state.feet import FootState

SILENT_CARD = "silent"


def back_from_illness(state: FootState, day: date) -> Pause | None:
    """The illness of a week or longer that ended in the week before ``day``."""
    limits = state.thresholds
    for pause in state.pauses:
        if pause.reason != "ill" or pause.until_day is None:
            continue
        length = (pause.until_day - pause.from_day).days + 1
        if length >= limits.illness_days and 0 < (day - pause.until_day).days <= limits.illness_back_days:
            return pause
    return None


def this_week(level: DoseLevel, state: FootState) -> DoseLevel:
    """The level as it holds today: half the minutes in the week after an illness. The ladder keeps its own."""
    if back_from_illness(state, state.today) is None:
        return level
    return replace(level, minutes=max(state.thresholds.min_minutes, level.minutes / 2))


def silence(state: FootState) -> tuple[date, date] | None:
    """The first and last of seven or more days, up to yesterday, without a run, foot work or an entry, after which
    nothing came or what came is a day or two old; None when there are none, or a pause covers them."""
    limits = state.thresholds
    days = sorted(
        {
            *(run.day for run in state.runs[-60:]),
            *(session.day for session in state.sessions[-60:]),
            *(entry.day for entry in state.diary[-60:]),
            *(pause.until_day for pause in state.pauses if pause.until_day is not None),
            *(answer.day for answer in state.card_answers[-20:] if not answer.card_id.startswith(SILENT_CARD)),
        }
    )
    past = [day for day in days if day <= state.today]
    recent = [day for day in past if (state.today - day).days < limits.silent_asks_days]
    before = [day for day in past if day not in recent]
    if not before:
        return None
    first = before[-1] + timedelta(days=1)
    last = (recent[0] if recent else state.today) - timedelta(days=1)
    if (last - first).days + 1 < limits.silent_days:
        return None
    covered = any(
        pause.from_day <= last and (pause.until_day is None or pause.until_day >= first) for pause in state.pauses
    )
    return None if covered else (first, last)


def question(state: FootState) -> Reason | None:
    """Seven silent days: ill or away? Once for each silence."""
    found = silence(state)
    if found is None:
        return None
    first, last = found
    if any(one.card_id == f"{SILENT_CARD}:{first}" for one in state.card_answers):
        return None
    return Reason("silent", {"day": first, "days": (last - first).days + 1, "until": last}, ("M10",))
