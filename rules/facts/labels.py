"""What was concluded about a run: its labels, why, and the stretches of effort they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rules.facts.kinds import Facet, Kind, Tier


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a facet got its value: a rule's id, the vote it cast and the numbers for its sentence.

    The sentence itself is ``evidence.<rule>`` in the language files, filled with ``values``.
    """

    rule: str
    weight: float
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetLabel:
    """One facet's verdict. ``value`` is None when it abstained; ``probabilities`` covers every value."""

    facet: Facet
    value: str | None
    confidence: float
    probabilities: Mapping[str, float]
    evidence: tuple[Evidence, ...] = ()
    corrected: bool = False
    names: bool = True
    """Whether the run may be named by it: what holds is not always what a runner would call the run."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What kind of run it was. ``primary`` is None when no kind is sure enough."""

    primary: Kind | None
    primary_confidence: float
    possible: frozenset[Kind]
    """Every kind still possible: the foot work must be right for each of them."""
    facets: Mapping[Facet, FacetLabel]
    tier: Tier
    rules_version: str
    asks: bool = False
    """The runner should be asked about this one."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of steady effort inside a run."""

    start_s: float
    end_s: float
    role: Literal["warmup", "work", "recovery", "cooldown", "steady", "pause"]
    distance_m: float | None = None
    speed_mps: float | None = None
    grade_adjusted_mps: float | None = None
    mean_heart_rate_bpm: float | None = None
    ascent_m: float | None = None
