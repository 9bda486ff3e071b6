"""How much each sign speaks for kilometres rather than miles: log odds, positive for kilometres. Pure.

The weights are judgements, kept small where a sign is weak: no sign alone but how the runner's other files go and a
header that names feet can outweigh how the runner counts.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from sync.formats.tables.header_words import heading

USUAL_MPS, QUICKER, SLOWER = 1000 / 340, 0.22, 0.35
"""A runner's usual speed (5:40 a km) and how far others lie from it, as its logarithm: slow runners are many."""
OWN, OWN_MOST = 0.12, 6.0
"""How far the usual speed of one runner's tables lies from that of their recordings, and what it may weigh at most."""
STEPS_AT_REST, STEPS_A_MPS, STEPS_VARY = 140.0, 10.0, 9.0
"""Steps a minute of both feet grow with speed (about 160 at 2 m/s, 175 at 3.5); people differ by some nine."""
STEPS_MOST, FEWEST_STEPPED = 1.5, 3
RACES = ((21.1, 1.0), (42.2, 1.0), (13.1, -1.0), (26.2, -1.0))
"""Half and whole marathons as written in either unit: one is a sign."""
ROUND = ((5.0, 0.4), (10.0, 0.4), (3.1, -0.6), (6.2, -0.6))
"""Five and ten kilometres in either unit: miles have round numbers too, so it takes several and weighs less."""
SEVERAL, RACES_MOST = 3, 3.0
FEET, METRIC, FOREIGN = -5.0, 3.0, 2.5
FEET_WORDS = re.compile(r"\b(mph|miles?|feet|lbs?)\b|°\s?f\b", re.IGNORECASE)
METRIC_WORDS = re.compile(r"\b(km/?h|kph|kg)\b|°\s?c\b|min/km", re.IGNORECASE)
ENGLISH = re.compile(r"\b(date|day|distance|time|duration|activity|start|pace|run)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a table's rows do not tell: its header, and the usual speed of the runner's recordings that have a unit."""

    header: tuple[str, ...] = ()
    usual_mps: float | None = None


def of_paces(km_mps: float, mi_mps: float, usual_mps: float | None = None) -> float:
    """Which of both speeds is rather this runner's usual one; of nobody in particular where theirs is not known."""
    if usual_mps:
        found = _unlikely(mi_mps, usual_mps, OWN, OWN) - _unlikely(km_mps, usual_mps, OWN, OWN)
        return max(-OWN_MOST, min(OWN_MOST, found))
    return _unlikely(mi_mps, USUAL_MPS, QUICKER, SLOWER) - _unlikely(km_mps, USUAL_MPS, QUICKER, SLOWER)


def of_steps(cadences_spm: Sequence[float], km_mps: float, mi_mps: float) -> float:
    """Whose steps these are: those of the slower or of the quicker speed."""
    both_feet = [value * 2 if value < 120 else value for value in cadences_spm]
    if len(both_feet) < FEWEST_STEPPED:
        return 0.0
    steps = statistics.median(both_feet)
    off_km, off_mi = (steps - STEPS_AT_REST - STEPS_A_MPS * mps for mps in (km_mps, mi_mps))
    return max(-STEPS_MOST, min(STEPS_MOST, (off_mi**2 - off_km**2) / (2 * STEPS_VARY**2)))


def of_races(distances: Sequence[float]) -> float:
    """Distances that stand out from those just beside them, where races have them in one of both units."""
    found = 0.0
    for least, table in ((1, RACES), (SEVERAL, ROUND)):
        for far, weight in table:
            hits = _between(distances, far * 0.995, far * 1.015)
            beside = _between(distances, far * 0.96, far * 0.99) + _between(distances, far * 1.02, far * 1.05)
            if hits >= least:
                found += weight * max(0.0, math.log((hits + 0.5) / (beside / 3 + 0.5)))
    return max(-RACES_MOST, min(RACES_MOST, found))


def of_header(header: Sequence[str]) -> float:
    """Words of either system beside the distance; miles are counted where English is written."""
    climbs = {one.unit for one in map(heading, header) if one.role in ("ascent", "descent")}
    words = " ".join(header).replace("_", " ")
    if "ft" in climbs or FEET_WORDS.search(words):
        return FEET
    if "m" in climbs or METRIC_WORDS.search(words):
        return METRIC
    return FOREIGN if header and not ENGLISH.search(words) else 0.0


def _between(distances: Sequence[float], low: float, high: float) -> int:
    return sum(low <= one <= high for one in distances)


def _unlikely(mps: float, usual_mps: float, quicker: float, slower: float) -> float:
    """Half the square of how many deviations a speed lies off."""
    off = math.log(mps / usual_mps)
    return (off / (quicker if off > 0 else slower)) ** 2 / 2
