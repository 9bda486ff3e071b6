"""Kilometres or miles, of a table that names neither: what nobody runs, how the runner counts, the usual pace."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sync.formats.tables.sheets import METRES, Units

RUNNING_MPS = (1.2, 7.0)
"""Between these lies every runner's usual speed."""
MILE_PACE_S = 450.0
"""A usual pace above 7:30 is rather a mile's, one below rather a kilometre's."""
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
    """One row as written: the distance in a unit not known yet, its seconds, and the best pace in seconds a unit."""

    distance: float
    took_s: float
    best_s: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """``by`` says what told it; ``record`` that nobody runs miles so fast. One that is not ``sure`` is to be asked."""

    units: Units
    by: Literal["override", "stride", "temperature", "record", "pace", "runner"]
    sure: bool
    pace_s: float | None = None
    """The usual pace: seconds a unit."""

    @property
    def asked_s(self) -> float | None:
        """The pace that makes it doubtful."""
        return None if self.sure else self.pace_s


def unit_of(efforts: Iterable[Effort], runner_counts: Units) -> Told:
    """How the runner counts decides, unless next to nobody runs so; what the usual pace speaks against is asked."""
    runs = [one for one in efforts if one.distance > 0 and one.took_s > 0]
    if not runs:
        return Told(runner_counts, "runner", sure=True)
    pace_s = statistics.median(one.took_s / one.distance for one in runs)
    if METRES["km"] / pace_s < RUNNING_MPS[0]:
        return Told("mi", "pace", sure=True, pace_s=pace_s)
    if METRES["mi"] / pace_s > NOBODY_MPS:
        return Told("km", "pace", sure=True, pace_s=pace_s)
    if _too_fast_for_miles(runs):
        return Told("km", "record", sure=True, pace_s=pace_s)
    if METRES["mi"] / pace_s > FEW_MPS and runner_counts == "mi":
        return Told("km", "pace", sure=False, pace_s=pace_s)
    agrees = (pace_s > MILE_PACE_S) == (runner_counts == "mi")
    return Told(runner_counts, "pace" if agrees else "runner", sure=agrees, pace_s=pace_s)


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
