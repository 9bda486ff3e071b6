"""Which activities are runs: by the runner's word, else by the sport of any of their recordings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rules.facts.sports import RUNNING, sport_family


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """The runner said that an activity is a run, or is none. A higher ``number`` was said later."""

    number: int
    is_run: bool


def is_run(said: Collection[RunVerdict], sports: Collection[str | None]) -> bool:
    """The runner's latest word, else whether one of the activity's recordings names running."""
    if said:
        return max(said, key=lambda one: one.number).is_run
    return any(sport_family(sport) == RUNNING for sport in sports)


def asks_about_word(words: Collection[str | None], named: Collection[str | None], *, told: bool) -> bool:
    """Whether the runner is asked about a word for a sport: nobody has said, and no other recording names a sport."""
    return not told and bool(words) and all(sport_family(sport) is None for sport in named)


def asks_whether_run(sports: Collection[str | None], *, told: bool) -> bool:
    """Whether the runner is asked: no recording names a known sport, and nobody has said yet."""
    return not told and bool(sports) and all(sport_family(sport) is None for sport in sports)
