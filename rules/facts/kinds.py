"""What kind of run it was: the facets and their values."""

from __future__ import annotations

from enum import StrEnum


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


EASY = frozenset({Intensity.RECOVERY, Intensity.EASY, Intensity.STEADY})
"""Runs whose speed may be compared with one another (M20)."""
HARD = frozenset({Intensity.TEMPO, Intensity.INTERVALS, Intensity.RACE})
HILLY = frozenset({Hills.HILLS, Hills.HILL_REPEATS, Hills.DOWNHILL})
SOFT = frozenset({Surface.TRAIL, Surface.TRACK, Surface.GRASS, Surface.GRAVEL, Surface.SAND})
"""Grounds that name a run. Mixed does not: less than half of such a way is soft."""


def name_of(primary: str | None, intensity: str | None, surface: str | None) -> str:
    """The one name under which a run is spoken of, everywhere: its kind; intervals and a race by themselves; a run
    off the road by its ground; ``unsure`` while the kind is open."""
    if primary == Kind.TEMPO and intensity in (Intensity.INTERVALS, Intensity.RACE):
        return str(intensity)
    if primary == Kind.SURFACE and surface in SOFT:
        return str(surface)
    return primary or "unsure"
