"""What may be said to a card: that it is put off, which signs of the big-toe joint hold, what a professional said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

NOT_NOW, NEVER = "not-now", "never"
"""Instead of an answer, to any card."""

MOST_DAYS = "most-days"
"""Pain in or on the big-toe joint on most days for twelve weeks: enough by itself."""
SIGNS = (MOST_DAYS, "bump", "bends-less", "push-off")
NONE = "none"
"""An answer names every sign that holds, commas between them, or says this."""

CARRY_ON, LIGHTER, STOP, ONLY = "carry-on", "lighter", "stop-until", "only"
AdviceKind = Literal["carry-on", "lighter", "stop-until", "only"]


def signs_of(answer: str) -> frozenset[str] | None:
    """The signs that an answer names, none for ``none``; None for what is no answer to these questions."""
    named = frozenset(part.strip() for part in answer.split(","))
    if named == {NONE}:
        return frozenset()
    return named if named and named <= set(SIGNS) else None


def means_stiff(signs: Iterable[str]) -> bool:
    """Pain on most days, or two of: a tender bump, bends clearly less than the other, pain at push-off."""
    found = set(signs)
    return MOST_DAYS in found or len(found) >= 2


@dataclass(frozen=True, slots=True)
class Advice:
    kind: AdviceKind
    day: date
    """The day the runner told it."""
    until: date | None = None
    """The first day with drills again, of ``stop-until``."""
    drills: frozenset[str] = frozenset()
    """The drills that ``only`` names, by their ids."""


def read_advice(answer: str, day: date) -> Advice | None:
    """``carry-on``, ``lighter``, ``stop-until:DAY`` or ``only:DRILL+DRILL``; None for anything else."""
    word, _, rest = answer.partition(":")
    match word:
        case "carry-on" | "lighter" if not rest:
            return Advice("carry-on" if word == CARRY_ON else "lighter", day)
        case "stop-until":
            try:
                return Advice("stop-until", day, until=date.fromisoformat(rest))
            except ValueError:
                return None
        case "only" if all(rest.split("+")):
            return Advice("only", day, drills=frozenset(rest.split("+")))
        case _:
            return None
