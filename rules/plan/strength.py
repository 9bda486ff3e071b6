"""The strength card (M25, M26): ten optional minutes for calves, hips and core, twice a week, once they are wished for.

It is counted apart: what was said to it is the answer to a card of its day, and nothing else looks at it. It never
comes before a hard run, on the day before one, while the drills are stopped, or two days running.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from rules.dose.ladder import current_level
from rules.facts.answers import SkipReason
from rules.facts.foot_work import DoseLevel, Reason
from rules.knowledge.loader import CHANGE_S
from rules.knowledge.strength import StrengthDrill, strength_drills
from rules.plan.choose import hard_run_ahead
from rules.state.absence import back_from_illness
from rules.state.expected_runs import before_long, run_soon, runs_on
from rules.state.feet import FootState
from rules.state.limits import limits
from rules.state.put_off import STRENGTH_CARD
from rules.state.safety import Verdict, verdict
from rules.state.week import monday

DONE: Final = "done"
OPEN: Final = "open"
SKIPPED: Final = "skipped"
"""What may be said to the card of one day; a skip is followed by a colon and its reason."""
LEAST_DRILLS = 2
"""Fewer that may be done are no session."""


@dataclass(frozen=True, slots=True)
class StrengthCard:
    """The card as it stands on one day; ``drills`` is empty while it is neither due nor told."""

    day: date
    drills: tuple[StrengthDrill, ...]
    told: Literal["done", "skipped"] | None
    """``done`` or ``skipped``, once the runner said so."""
    reason: Reason
    """Why it is due, or why not."""
    done: int
    """Sessions of this week, of ``asked``."""
    asked: int

    @property
    def due(self) -> bool:
        return bool(self.drills) and self.told is None

    @property
    def minutes(self) -> float:
        """To half a minute, the time to get into place included."""
        seconds = sum(one.seconds + CHANGE_S for one in self.drills)
        return round(seconds / 30) / 2


def card_id(day: date) -> str:
    return f"{STRENGTH_CARD}:{day}"


def read_answer(answer: str) -> Literal["done", "open", "skipped"] | None:
    """``done``, ``open`` (nothing was done, after all) or ``skipped``; None for what is no answer to this card."""
    word, colon, why = answer.partition(":")
    if word == DONE and not colon:
        return DONE
    if word == OPEN and not colon:
        return OPEN
    return SKIPPED if word == SKIPPED and why in set(SkipReason) else None


def strength_card(state: FootState) -> StrengthCard | None:
    """Today's card; None while the runner does not wish it."""
    if not state.settings.strength:
        return None
    level, told = current_level(state.dose_changes), _told(state)
    safe = verdict(state, level)
    asked, first = state.thresholds.strength_days, monday(state.today)
    done = sum(said == DONE for day, said in told.items() if first <= day <= state.today)
    drills = _may_be_done(state, level, safe)
    said = told.get(state.today)
    if said is not None:
        over = Reason(f"strength_{said}", {}, ("M26",))
        return StrengthCard(state.today, drills, said, over, done, asked)
    rests = next((key for key, holds in RESTS if holds(state, safe)), None)
    if rests is None and done >= asked:
        rests = "strength_week_done"
    if rests is None and len(drills) < LEAST_DRILLS:
        rests = "strength_spared"
    if rests is not None:
        return StrengthCard(state.today, (), None, Reason(rests, {"done": done, "asked": asked}, ("M26",)), done, asked)
    why = "strength_due" if len(drills) == len(strength_drills()) else "strength_lighter"
    if state.unscreened:
        why = "strength_unscreened"
    return StrengthCard(state.today, drills, None, Reason(why, {}, ("M25", "M26")), done, asked)


def _stopped(_: FootState, safe: Verdict) -> bool:
    return safe.stop


def _paused(state: FootState, _: Verdict) -> bool:
    return state.paused(state.today) is not None


def _after_illness(state: FootState, _: Verdict) -> bool:
    return back_from_illness(state, state.today) is not None


def _hurt(state: FootState, _: Verdict) -> bool:
    since = state.today - timedelta(days=state.thresholds.pain_rests_days)
    hurt = f"{SKIPPED}:{SkipReason.PAIN}"
    return any(day > since and answer == hurt for day, answer in _answers(state).items())


def _after_race(state: FootState, _: Verdict) -> bool:
    """On the day of a race and the day after it nothing is asked but care."""
    days = (state.today, state.today - timedelta(days=1))
    return any(run.race for day in days for run in runs_on(state, day))


def _before_hard(state: FootState, _: Verdict) -> bool:
    """A hard run of today is still to come: planned, or on a weekday named as hard."""
    usual = state.today.weekday() in state.settings.hard_weekdays and not runs_on(state, state.today)
    return usual or hard_run_ahead(state, state.today) is not None


def _day_before_hard(state: FootState, _: Verdict) -> bool:
    tomorrow = state.today + timedelta(days=1)
    return tomorrow.weekday() in state.settings.hard_weekdays or hard_run_ahead(state, tomorrow) is not None


def _run_soon(state: FootState, _: Verdict) -> bool:
    """S7 holds here too: nothing loaded in the three hours before a run that is planned or usual."""
    return run_soon(state)


def _just_done(state: FootState, _: Verdict) -> bool:
    since = state.today - timedelta(days=state.thresholds.strength_rest_days)
    return any(said == DONE and since <= day < state.today for day, said in _told(state).items())


RESTS: tuple[tuple[str, Callable[[FootState, Verdict], bool]], ...] = (
    ("strength_stopped", _stopped),
    ("strength_paused", _paused),
    ("strength_after_illness", _after_illness),
    ("strength_hurt", _hurt),
    ("strength_after_race", _after_race),
    ("strength_before_hard", _before_hard),
    ("strength_day_before_hard", _day_before_hard),
    ("strength_just_done", _just_done),
    ("strength_run_soon", _run_soon),
)
"""Why there is no card today, the first that holds; each names a text."""


def _may_be_done(state: FootState, level: DoseLevel, safe: Verdict) -> tuple[StrengthDrill, ...]:
    """What neither the day's soreness nor anything else about the runner keeps out."""
    tags = set(limits(state, state.today))
    tags |= {"lighter"} if safe.lighter_on(state.today, state.today) else set()
    tags |= {"dialled_back"} if level.level != "steady" else set()
    tags |= {"unscreened"} if state.unscreened else set()
    tags |= {"before_long"} if before_long(state, state.today) else set()
    return tuple(one for one in strength_drills() if not one.not_with & tags)


def _answers(state: FootState) -> dict[date, str]:
    """What was said to the cards of the last weeks, by the day that each is for."""
    found: dict[date, str] = {}
    for one in state.card_answers:
        head, _, day = one.card_id.partition(":")
        if head == STRENGTH_CARD:
            try:
                found[date.fromisoformat(day)] = one.answer
            except ValueError:
                continue
    return found


def _told(state: FootState) -> dict[date, Literal["done", "skipped"]]:
    """``done`` or ``skipped`` by day; what was taken back is absent."""
    read = {day: read_answer(answer) for day, answer in _answers(state).items()}
    return {day: said for day, said in read.items() if said is not None and said != "open"}
