"""What kind of run it was: facets, their values, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Facet(StrEnum):
    INTENSITY = "intensity"
    LONG = "long"
    HILLS = "hills"
    SURFACE = "surface"


class Kind(StrEnum):
    """The primary kind: chosen from the facets only to choose the foot work."""

    EASY = "easy"
    TEMPO = "tempo"
    LONG = "long"
    HILLS = "hills"
    SURFACE = "surface"


class Intensity(StrEnum):
    RECOVERY = "recovery"
    EASY = "easy"
    STEADY = "steady"
    TEMPO = "tempo"
    INTERVALS = "intervals"
    RACE = "race"


class Hills(StrEnum):
    FLAT = "flat"
    ROLLING = "rolling"
    HILLS = "hills"
    HILL_REPEATS = "hill_repeats"
    DOWNHILL = "downhill"


class Surface(StrEnum):
    ROAD = "road"
    TRAIL = "trail"
    TRACK = "track"
    TREADMILL = "treadmill"
    GRASS = "grass"
    GRAVEL = "gravel"
    SAND = "sand"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Tier(StrEnum):
    """How much there was to judge by."""

    FULL = "full"
    NO_HEART_RATE = "no_heart_rate"
    NO_GPS = "no_gps"
    SUMMARY = "summary"


HARD = frozenset({Intensity.TEMPO, Intensity.INTERVALS, Intensity.RACE})
HILLY = frozenset({Hills.HILLS, Hills.HILL_REPEATS, Hills.DOWNHILL})
SOFT = frozenset({Surface.TRAIL, Surface.TRACK, Surface.GRASS, Surface.GRAVEL, Surface.SAND})
"""Grounds that name a run. Mixed does not: less than half of such a way is soft."""


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
