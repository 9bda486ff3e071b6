"""Which runs to ask the runner about: at most one in three, half drawn at random, half where an answer teaches most."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import StrEnum

from rules.facts.labels import Labels

RANDOM_SHARE = 1 / 6
"""Only the random half scores the classifier: its answers are a fair sample of all runs."""
INFORMATIVE_SHARE = 1 / 6
WINDOW = 6
MOST_IN_WINDOW = 2
DOUBT_OF_A_COMMON_RUN = 0.30


class Asked(StrEnum):
    RANDOM = "random"
    INFORMATIVE = "informative"


def chance(run_id: str) -> float:
    """A number in [0, 1) that is always the same for the same run and unrelated to anything about it."""
    return int.from_bytes(hashlib.blake2b(run_id.encode(), digest_size=8).digest()) / 2**64


def doubt(labels: Labels) -> float:
    """How much an answer would teach: 1 when the primary kind was left open, else what is missing to certainty."""
    if any(label.corrected for label in labels.facets.values()):
        return 0.0
    return 1.0 if labels.primary is None else 1.0 - labels.primary_confidence


def choose_questions(
    run_id: str, labels: Labels, *, asked: Sequence[Asked | None] = (), doubts: Sequence[float] = ()
) -> Asked | None:
    """Whether to ask about this run, and why.

    ``asked`` and ``doubts`` are those of the runs before it, in order. The draw depends on the run's id alone
    and is dropped only for what was asked before, so it stays fair; the informative question goes to a run that is more
    doubtful than five in six of the recent ones, abstentions always first.
    """
    recent = asked[-(WINDOW - 1) :]
    if sum(one is not None for one in recent) >= MOST_IN_WINDOW:
        return None
    if chance(run_id) < RANDOM_SHARE:
        return Asked.RANDOM
    if any(one is Asked.INFORMATIVE for one in recent):
        return None
    own = doubt(labels)
    past = sorted(doubts[-60:])
    limit = past[int(len(past) * (1 - INFORMATIVE_SHARE))] if len(past) >= WINDOW else DOUBT_OF_A_COMMON_RUN
    if own >= 1.0 or own > max(limit, 0.15):
        return Asked.INFORMATIVE
    return None
