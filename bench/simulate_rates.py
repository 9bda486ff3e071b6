"""The reference's rates: how often *ready* and *dial back* are wrong, and how often they find what is there.

The figures are for 12 weeks of made-up diaries with AR(1) noise; ``why`` says what a difference comes from. No
reference knows the door of tolerance: its figures are the first that were measured here, watched for change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import sqrt

from bench.simulate_lives import Scenario

WAY_BACK = "five logged days must lie after the last score above 5, and none on or right after a jump: slower by design"
TWO_CLAUSES = (
    "the reference's figure is for two of the three clauses; the third, the mornings after a session, adds some"
)
NEAR = 3.0
"""Points that a rate may lie from the reference, chance apart."""
LEAST_LIVES = 50
"""A rate of fewer says nothing: of six lives one alone is a sixth, and no margin of chance is worth that name."""
EXPLAINED = {
    ("way_back", 0.3, 2.5, 0.0): (6.0, WAY_BACK),
    ("way_back", 0.3, 3.0, 0.0): (6.0, WAY_BACK),
    ("dial_back", 0.3, 2.0, 0.0): (8.0, TWO_CLAUSES),
    ("dial_back", 0.6, 2.0, 0.0): (8.0, TWO_CLAUSES),
    ("detect", 0.3, 4.0, 0.0): (8.0, TWO_CLAUSES),
}
"""Where a larger difference is expected, how large it may be, and where it comes from."""

REFERENCE: dict[tuple[str, float, float, float], float] = {
    # (what, φ, mean, change): per cent
    ("ready", 0.3, 5.0, 0.0): 3,
    ("ready", 0.6, 5.0, 0.0): 11,
    ("ready", 0.3, 5.0, -3.0): 93,
    ("ready", 0.6, 5.0, -3.0): 89,
    ("ready", 0.3, 5.0, -1.5): 42,
    ("ready", 0.6, 5.0, -1.5): 52,
    ("ready", 0.3, 4.0, 0.0): 8,
    ("ready", 0.6, 4.0, 0.0): 18,
    ("ready", 0.3, 6.0, 0.0): 0,
    ("ready", 0.6, 6.0, 0.0): 4,
    ("dial_back", 0.3, 1.5, 0.0): 15,
    ("dial_back", 0.6, 1.5, 0.0): 27,
    ("dial_back", 0.3, 1.0, 0.0): 2,
    ("dial_back", 0.6, 1.0, 0.0): 6,
    ("dial_back", 0.3, 2.0, 0.0): 51,
    ("dial_back", 0.6, 2.0, 0.0): 63,
    ("dial_back", 0.3, 2.5, 0.0): 93,
    ("detect", 0.3, 4.0, 0.0): 78,
    ("detect", 0.6, 4.0, 0.0): 78,
    ("detect", 0.3, 5.0, 0.0): 98,
    ("tolerance", 0.3, 1.0, 0.0): 98,
    ("tolerance", 0.3, 3.0, 0.0): 4,
    ("way_back", 0.3, 2.5, 0.0): 96,
    ("way_back", 0.3, 3.0, 0.0): 96,
}
TWICE = {("ready", 0.3, 5.0, 0.0), ("ready", 0.6, 5.0, 0.0), ("ready", 0.3, 5.0, -1.5), ("ready", 0.6, 5.0, -1.5)}
"""The rates that matter most get twice the lives."""


@dataclass(frozen=True, slots=True)
class Rate:
    name: str
    here: float
    reference: float
    lives: int
    allowed: float = NEAR
    why: str = ""

    @property
    def too_few(self) -> bool:
        return self.lives < LEAST_LIVES

    @property
    def margin(self) -> float:
        """95 % of what chance alone does, from so many lives, to a rate at the edge of what is allowed; in points."""
        edge = self.reference + (self.allowed if self.here > self.reference else -self.allowed)
        share = min(0.98, max(0.02, edge / 100))
        return 196 * sqrt(share * (1 - share) / self.lives)


def _scenario(what: str, phi: float, mean: float, change: float) -> Scenario:
    match what:
        case "ready":
            name = f"ready: stiffness {mean:g}, {f'{change:+g} in 12 weeks' if change else 'no change'}, φ {phi:g}"
            return Scenario(name, "ready", phi, mean, change, 0.6, 84, 1.3)
        case "tolerance":
            return Scenario(f"ready by tolerance, soreness {mean:g}, 12 weeks, φ {phi:g}", "tolerance", phi, mean)
        case "dial_back":
            return Scenario(f"dial back, healthy at {mean:g}, 12 weeks, φ {phi:g}", "dial_back", phi, mean)
        case "detect":
            return Scenario(f"dial back found in 7 days at {mean:g}, φ {phi:g}", "dial_back", phi, mean, days=7)
        case _:
            return Scenario(f"way back within 14 days at a true {mean:g}, φ {phi:g}", "way_back", phi, mean)


@cache
def scenarios() -> list[Scenario]:
    """The order in which lives are shared out: short ones more often, since a week costs a twelfth."""
    found = []
    for key in REFERENCE:
        times = 8 if key[0] == "detect" else 2 if key in TWICE else 1
        found += [_scenario(*key)] * times
    return found


def rates_of(counts: Counter[str]) -> list[Rate]:
    rates = []
    for key, reference in REFERENCE.items():
        name = _scenario(*key).name
        lives = counts[f"{name}|lives"]
        if lives:
            rates.append(Rate(name, 100 * counts[f"{name}|found"] / lives, reference, lives, *EXPLAINED.get(key, ())))
    return rates
