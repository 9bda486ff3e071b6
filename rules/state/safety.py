"""What stops the drills today, what makes them lighter, and which texts must be shown (S2, S4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rules.facts.answers import When
from rules.facts.card_answers import LIGHTER
from rules.facts.foot_work import DiaryEntry, DoseChange, DoseLevel, FlagRaised, Reason
from rules.knowledge.loader import knowledge
from rules.knowledge.thresholds import Thresholds
from rules.state.absence import back_from_illness
from rules.state.advice import advice
from rules.state.diary import backwards
from rules.state.feet import FootState
from rules.state.pain import Pain, heard

Zone = Literal["go on", "lighter", "stop"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Today's word on safety. ``cards`` are red-flag texts in the order they must be shown, emergencies first."""

    stop: bool
    waits: bool
    """A score above the limit has no entry after it yet: the next morning decides."""
    lighter: bool
    cards: tuple[Reason, ...]
    why: tuple[Reason, ...]
    pain: tuple[Reason, ...] = ()
    """Foot work hurt lately: why the next one is lighter, on whichever day it comes; at most one."""

    def lighter_on(self, day: date, today: date) -> bool:
        """A score lightens its own day; pain lightens what comes next."""
        return self.lighter if day == today else bool(self.pain)

    def why_on(self, day: date, today: date) -> tuple[Reason, ...]:
        return self.why if day == today else self.pain

    @property
    def pain_keys(self) -> list[str]:
        return [one.key for one in self.pain]


def zone(score: int, thresholds: Thresholds) -> Zone:
    """S4's scale: 0–3 go on, 4–5 lighter, above 5 stop."""
    if score > thresholds.stop_above:
        return "stop"
    return "lighter" if score >= thresholds.lighter_from else "go on"


def stops_yet(score: int, age_days: int, limits: Thresholds) -> bool:
    """Whether a soreness score of ``age_days`` ago stops the drills, today or until the next entry decides."""
    return zone(score, limits) == "stop" and age_days <= limits.next_morning_wait_days


def open_flags(state: FootState) -> list[FlagRaised]:
    """Flags raised and not yet cleared at ``now_utc``."""
    return [
        flag
        for flag in state.flags
        if flag.at_utc <= state.now_utc and (flag.cleared_utc is None or flag.cleared_utc > state.now_utc)
    ]


def verdict(state: FootState, level: DoseLevel) -> Verdict:
    """Whether today's drills stop, wait or go on lighter, with every text that belongs to it."""
    today, deciding, unlogged = _scores(state)
    cards = [red_flag(flag.name) for flag in open_flags(state)]
    why: list[Reason] = []
    screened = state.screened("fracture_or_surgery")
    if screened:
        cards.append(red_flag("fracture-or-surgery"))
    told = advice(state)
    if told is not None and told.until is not None:
        cards.append(Reason("red_flag_advice", {"flag": "advice", "emergency": False, "until": told.until}, ("S2",)))
    raised = {card.values["flag"] for card in cards}
    if level.level == "stopped" and stopped_for(state.dose_changes) == "stop_no_relief" and "no-relief" not in raised:
        cards.append(red_flag("no-relief"))
    worst = max(today, key=lambda entry: entry.score, default=None)
    now = "go on" if worst is None else zone(worst.score, state.thresholds)
    stop, waits = now == "stop", False
    if worst is not None and now == "stop":
        cards.append(soreness_flag(worst.score, worst.place, day=worst.day))
        why.append(Reason("stopped_today", {"score": worst.score, "limit": state.thresholds.stop_above}, ("S4", "S2")))
    elif worst is not None and now == "lighter":
        why.append(Reason("lighter_today", {"score": worst.score}, ("S4",)))
    if worst is None and deciding is not None:
        waits = True
        cards.append(soreness_flag(deciding.score, deciding.place, day=deciding.day))
        why.append(Reason("next_morning_decides", {"score": deciding.score}, ("S4",)))
    evening = _evening(state) if worst is None and not waits else None
    if evening is not None:
        why.append(Reason("lighter_evening", {"score": evening.score}, ("S4",)))
    lighter = now == "lighter" or evening is not None or (worst is None and unlogged)
    if lighter and not why:
        why.append(Reason("lighter_unlogged", {}, ("S4",)))
    if told is not None and told.kind == LIGHTER:
        lighter = True
        why.append(Reason("lighter_advice", {}, ("S2",)))
    if back_from_illness(state, state.today) is not None:
        why.append(Reason("after_illness", {"days": state.thresholds.illness_back_days}, ("M10", "M11")))
    pain = _lightens(heard(state), state.thresholds)
    if not stop and not waits:
        lighter = lighter or bool(pain)
        why += [one for one in pain if not why or one.key == "lighter_pain"]
    cards.sort(key=lambda card: not card.values["emergency"])
    stopped = bool(cards) or stop or waits or level.level == "stopped"
    return Verdict(stopped, waits, lighter, tuple(cards), tuple(why), pain)


def _lightens(pain: Pain | None, thresholds: Thresholds) -> tuple[Reason, ...]:
    """Why pain makes the next foot work lighter: nobody has said yet how much it hurts, or it hurts that much."""
    if pain is None or (pain.worked and pain.score is not None):
        return ()
    if pain.score is None:
        return (Reason("lighter_pain", {}, ("S6",)),)
    if zone(pain.score, thresholds) == "lighter":
        return (Reason("lighter_pain_score", {"score": pain.score}, ("S6", "S4")),)
    return ()


def red_flag(name: str, **values: object) -> Reason:
    """The card of one red flag: what to do, in the words of its group; ``flag.<name>`` names the sign itself."""
    known = knowledge().flags.get(name)
    emergency = known is not None and known.emergency
    # A runner may tick soreness like any sign; the score's own sentence needs the score.
    raised_by = "runner" if known is None or (known.raised_by == "diary" and not values) else known.raised_by
    key = "red_flag_emergency" if emergency else f"red_flag_{raised_by}"
    return Reason(key, {"flag": name, "emergency": emergency, **values}, ("S2", "S4") if values else ("S2",))


def soreness_flag(score: int, place: str | None, **more: object) -> Reason:
    """The card of a soreness score above the limit."""
    return red_flag("soreness", score=score, place=str(place or "foot"), **more)


def stopped_for(changes: Sequence[DoseChange]) -> str | None:
    """The key of the first reason of the last stop: why the ladder stands still."""
    for change in reversed(changes):
        if change.verdict == "stop":
            return change.reasons[0].key if change.reasons else None
    return None


def _evening(state: FootState) -> DiaryEntry | None:
    """The last soreness of yesterday evening when it makes today's work lighter; an entry of today decides again."""
    yesterday = state.today - timedelta(days=1)
    for entry in backwards(state.diary, state.today):
        if entry.day < yesterday:
            break
        if entry.what == "soreness":
            evening = entry.day == yesterday and entry.when is When.EVENING
            return entry if evening and zone(entry.score, state.thresholds) == "lighter" else None
    return None


def _scores(state: FootState) -> tuple[list[DiaryEntry], DiaryEntry | None, bool]:
    """Today's soreness; the score above the limit that waits for its next morning; whether one was never answered.

    Only the latest logged day before today can wait: a later entry has decided.
    """
    today: list[DiaryEntry] = []
    worst: DiaryEntry | None = None
    horizon = state.today - timedelta(days=7)
    for entry in backwards(state.diary, state.today):
        if entry.day < horizon or (worst is not None and entry.day < worst.day):
            break
        if entry.what != "soreness":
            continue
        if entry.day == state.today:
            today.append(entry)
        elif worst is None or entry.score > worst.score:
            worst = entry
    if worst is None or zone(worst.score, state.thresholds) != "stop":
        return today, None, False
    waiting = (state.today - worst.day).days <= state.thresholds.next_morning_wait_days
    return today, worst if waiting else None, not waiting
