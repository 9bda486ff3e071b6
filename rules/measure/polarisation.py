"""How the time with heart rate was shared out between easy, middle and hard (Treff 2019)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rules.knowledge.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Polarisation:
    low_s: float
    middle_s: float
    high_s: float
    index: float | None
    """None where one of the three has hardly any time: it means nothing there."""


def polarisation(zone_s: Mapping[str, float], limits: Thresholds) -> Polarisation | None:
    """Three bands of the five zones, "1" to "5"; None without any time."""
    low = middle = high = 0.0
    for zone, seconds in zone_s.items():
        if int(zone) <= limits.polarisation_easy_zone:
            low += seconds
        elif int(zone) < limits.polarisation_hard_zone:
            middle += seconds
        else:
            high += seconds
    if low + middle + high <= 0:
        return None
    index = polarization_index(low, middle, high, least_share=limits.polarisation_least_share)
    return Polarisation(low, middle, high, index)


def polarization_index(low: float, middle: float, high: float, *, least_share: float) -> float | None:
    """Treff's log10(low / middle · high · 100) of time shares; undefined below ``least_share`` in a band."""
    total = low + middle + high
    if total <= 0 or min(low, middle, high) / total < least_share:
        return None
    return math.log10(low / middle * high / total * 100)
