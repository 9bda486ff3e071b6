"""Kilometres or miles, of a table that names neither, from all that speaks for one of them.

Each sign adds its log odds (`unit_signs.py` weighs those of words and numbers): how the runner counts, the usual pace,
their other files, steps, race distances, the words of the header, and what nobody ever ran.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sync.formats.tables.sheets import METRES, Units
from sync.formats.tables.unit_signs import Signs, of_header, of_paces, of_races, of_steps

RUNNING_MPS = (1.2, 7.0)
"""Between these lies every runner's usual speed."""
MILE_PACE_S = 450.0
"""A usual pace above 7:30 is rather a mile's, one below rather a kilometre's: this only names what told."""
SURE, LEAVES_HOME = 0.95, 0.9
"""Below the first the runner is asked; meanwhile a table is read as they count unless the other unit is so likely."""
HOME: dict[Units, float] = {"km": 2.0, "mi": -3.2}
"""Log odds for kilometres. Kilometres are also what is set where nobody said anything; miles somebody chose."""
CERTAIN, FEW_RUN_SO = 12.0, 3.5
FEW_MPS, NOBODY_MPS = 4.5, 5.4
"""A usual speed above the first (3:42 a km) is a few champions', above the second nobody's. Slow runners are many:
there is no such bound for them."""
RECORDS = (
    (100.0, 10.44), (400.0, 9.30), (800.0, 7.93), (1_500.0, 7.29), (5_000.0, 6.63), (10_000.0, 6.37), (21_097.5, 6.21),
    (42_195.0, 5.84), (100_000.0, 4.57),
)  # fmt: skip
"""Metres, and the mean speed in m/s of the fastest person over them (world records of the track and the road)."""
SPRINT_MPS = 12.5
"""Nobody was ever faster, for however short a stretch."""
IMPOSSIBLE_AT_LEAST, IMPOSSIBLE_SHARE = 3, 0.05
"""Rows that nobody can have run must be so many: satellites stray, and a ride is sometimes recorded as a run."""


@dataclass(frozen=True, slots=True)
class Effort:
    """One row as written: the distance in a unit not known yet, its seconds, the best pace in seconds a unit, and the
    steps of both feet a minute."""

    distance: float
    took_s: float
    best_s: float | None = None
    cadence_spm: float | None = None


By = Literal["override", "stride", "temperature", "record", "pace", "runner", "files", "steps", "races", "header"]


@dataclass(frozen=True, slots=True)
class Told:
    """``by`` says what told it; ``record`` that nobody runs miles so fast. One that is not ``sure`` is to be asked."""

    units: Units
    by: By
    sure: bool
    pace_s: float | None = None
    """The usual pace: seconds a unit."""
    probability: float = 1.0
    """That ``units`` are right, by all signs together."""

    @property
    def asked_s(self) -> float | None:
        """The pace that makes it doubtful."""
        return None if self.sure else self.pace_s


def unit_of(efforts: Iterable[Effort], runner_counts: Units, signs: Signs = Signs()) -> Told:  # noqa: B008 (frozen)
    """The unit that all signs together make likely; a doubtful table stays in the runner's unit, and is asked about."""
    runs = [one for one in efforts if one.distance > 0 and one.took_s > 0]
    if not runs:
        return Told(runner_counts, "runner", sure=True)
    pace_s = statistics.median(one.took_s / one.distance for one in runs)
    odds = _log_odds(runs, pace_s, runner_counts, signs)
    likely_km = 1 / (1 + math.exp(-sum(odds.values())))
    likelier: Units = "km" if likely_km >= 0.5 else "mi"
    share = max(likely_km, 1 - likely_km)
    units = likelier if share >= LEAVES_HOME else runner_counts
    sign = 1 if units == "km" else -1
    by = max(odds, key=lambda name: sign * odds[name])
    if by == "runner" and (pace_s > MILE_PACE_S) == (units == "mi"):
        by = "pace"
    probability = likely_km if units == "km" else 1 - likely_km
    return Told(units, by, sure=probability >= SURE, pace_s=pace_s, probability=round(probability, 3))


def _log_odds(runs: Sequence[Effort], pace_s: float, runner_counts: Units, signs: Signs) -> dict[By, float]:
    """What each sign adds to the log odds for kilometres."""
    km_mps, mi_mps = METRES["km"] / pace_s, METRES["mi"] / pace_s
    paces = of_paces(km_mps, mi_mps, signs.usual_mps)
    odds: dict[By, float] = {
        "runner": HOME[runner_counts],
        "files" if signs.usual_mps else "pace": paces,
        "steps": of_steps([one.cadence_spm for one in runs if one.cadence_spm], km_mps, mi_mps),
        "races": of_races([one.distance for one in runs]),
        "header": of_header(signs.header),
    }
    if not signs.usual_mps and km_mps < RUNNING_MPS[0]:
        odds["pace"] = -CERTAIN
    elif mi_mps > NOBODY_MPS:
        odds["pace"] = CERTAIN
    elif _too_fast_for_miles(runs):
        odds["record"] = CERTAIN
    elif mi_mps > FEW_MPS:
        odds["pace"] = odds.get("pace", 0.0) + FEW_RUN_SO
    return odds


def clock(pace_s: float) -> str:
    """Seconds as m:ss."""
    minutes, rest = divmod(round(pace_s), 60)
    return f"{minutes}:{rest:02}"


def _too_fast_for_miles(runs: Sequence[Effort]) -> bool:
    found = sum(_beats_all(one, METRES["mi"]) and not _beats_all(one, METRES["km"]) for one in runs)
    return found >= min(len(runs), max(IMPOSSIBLE_AT_LEAST, math.ceil(IMPOSSIBLE_SHARE * len(runs))))


def _beats_all(one: Effort, metres_a_unit: float) -> bool:
    far_m = one.distance * metres_a_unit
    if far_m / one.took_s > _record_mps(far_m):
        return True
    return one.best_s is not None and one.best_s > 0 and metres_a_unit / one.best_s > SPRINT_MPS


def _record_mps(far_m: float) -> float:
    """The fastest mean speed over a distance, between the records by the distance's logarithm."""
    if far_m <= RECORDS[0][0]:
        return SPRINT_MPS
    for (short_m, quick_mps), (long_m, slow_mps) in pairwise(RECORDS):
        if far_m <= long_m:
            share = math.log(far_m / short_m) / math.log(long_m / short_m)
            return quick_mps + share * (slow_mps - quick_mps)
    return RECORDS[-1][1]
