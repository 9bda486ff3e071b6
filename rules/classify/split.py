"""Which easy and which hard: recovery, easy or steady; tempo, intervals or race."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rules.classify.inputs import Input
from rules.classify.thresholds import RunnerThresholds
from rules.facts.kinds import Intensity
from rules.measure.features import RunFeatures
from rules.measure.grade_adjusted import vdot

LONG_RACES_M = (21_097.5, 42_195.0)
RACES_M = (1609.3, 3000.0, 5000.0, 10_000.0, 15_000.0, 16_093.0, *LONG_RACES_M)
HARD_KINDS = (Intensity.TEMPO, Intensity.INTERVALS, Intensity.RACE)
EASY_KINDS = (Intensity.RECOVERY, Intensity.EASY, Intensity.STEADY)


def signals(run: RunFeatures, given: Mapping[str, Input], now: RunnerThresholds) -> dict[str, float]:
    """Named numbers that tell kinds of the same effort apart, each 0 when it says nothing."""
    found = {name: item.value for name, item in given.items()}
    found["always"] = 1.0
    found["tries"] = _all_out(run, now)
    found["race_distance"] = _over(run, RACES_M)
    # Nobody runs a half marathon or a marathon to the metre, and hard, but in a race.
    found["long_race"] = _over(run, LONG_RACES_M)
    minutes = (run.moving_s or 0) / 60
    found["very_short"] = max(0.0, min(1.0, (32 - minutes) / 12)) if minutes else 0.0
    if run.speed_mps:
        share = run.speed_mps / now.threshold_mps.value
        found["slow"] = max(-1.5, min(1.5, (0.72 - share) / 0.06)) * min(1.0, 2 * now.threshold_mps.trust)
        found["brisk"] = max(0.0, 1 - abs(share - 0.845) / 0.05) * min(1.0, 2 * now.threshold_mps.trust)
    return found


def _all_out(run: RunFeatures, now: RunnerThresholds) -> float:
    """How near the whole run came to the runner's best rating: 1 at par, 0 five percent below."""
    if now.vdot is None or not run.distance_m or not run.moving_s or run.distance_m < 1500:
        return 0.0
    return max(0.0, min(1.5, (vdot(run.distance_m, run.moving_s) / now.vdot.value - 0.95) / 0.05))


def _over(run: RunFeatures, races_m: Sequence[float]) -> float:
    if not run.distance_m:
        return 0.0
    return float(any(-0.01 <= run.distance_m / race - 1 <= 0.025 for race in races_m))


def shares(
    hard: float, found: Mapping[str, float], words: Mapping[str, float], split: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """Probabilities of the six intensities; ``hard`` is the probability of the last three together."""
    out: dict[str, float] = {}
    for kinds, whole in ((EASY_KINDS, 1 - hard), (HARD_KINDS, hard)):
        scores = [
            sum(weight * found.get(name, 0.0) for name, weight in split[kind].items()) + words.get(kind, 0.0)
            for kind in kinds
        ]
        top = max(scores)
        weights = [math.exp(score - top) for score in scores]
        for kind, weight in zip(kinds, weights, strict=True):
            out[kind.value] = whole * weight / sum(weights)
    return out
