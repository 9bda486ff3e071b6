"""Where the made-up runner runs: round loops, an oval and slopes, all of them far out at sea.

The coordinates lie about the oceanic pole of inaccessibility, more than 2,600 km from any land: nobody runs there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from rules.facts.recorded import Floats

LATITUDE_DEG, LONGITUDE_DEG = -48.8767, -123.3933
METRES_PER_DEGREE = 111_320.0

OVAL_M = 400.0
"""Lane one of a standard track: two straights of 84.39 m joined by half circles."""
_STRAIGHT_M = 84.39


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A closed way: east and north in metres at every metre, and the height above its start."""

    east_m: Floats
    north_m: Floats
    altitude_m: Callable[[float], float]
    firm: bool = True

    @property
    def length_m(self) -> int:
        return len(self.east_m)

    def at(self, distance_m: float) -> tuple[float, float]:
        index = int(distance_m) % self.length_m
        return float(self.east_m[index]), float(self.north_m[index])

    def grade(self, distance_m: float) -> float:
        """Rise over run across the next 10 m."""
        return (self.altitude_m(distance_m + 10.0) - self.altitude_m(distance_m)) / 10.0


@cache
def route(name: str) -> Route:
    """``flat``, ``rolling``, ``hilly``, ``wood`` (narrow and winding), ``oval`` or ``slope`` (one long climb)."""
    match name:
        case "flat":
            return _loop(5_200, bends=(3, 0.20), waves=((3.0, 2), (1.3, 5)), turn=0.4, away_m=(0, 0))
        case "rolling":
            return _loop(9_100, bends=(4, 0.25), waves=((6.0, 3), (3.4, 8)), turn=1.9, away_m=(2_500, 800))
        case "hilly":
            return _loop(10_300, bends=(5, 0.22), waves=((30.0, 3), (16.0, 8)), turn=3.1, away_m=(-4_000, 1_500))
        case "wood":
            return _loop(
                6_300,
                bends=(11, 0.30),
                waves=((5.0, 2), (2.6, 5), (1.1, 11)),
                turn=5.2,
                away_m=(1_000, -5_000),
                firm=False,
            )
        case "slope":
            return _loop(8_000, bends=(2, 0.15), waves=((2.0, 2), (0.6, 9)), turn=0.9, away_m=(-1_500, -2_500))
        case "oval":
            return _oval()
    raise KeyError(name)


def degrees(east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude of metres east and north of the spot at sea."""
    latitude = LATITUDE_DEG + north_m / METRES_PER_DEGREE
    longitude = LONGITUDE_DEG + east_m / (METRES_PER_DEGREE * math.cos(math.radians(LATITUDE_DEG)))
    return latitude, longitude


def _loop(
    length_m: int,
    *,
    bends: tuple[int, float],
    waves: tuple[tuple[float, int], ...],
    turn: float,
    away_m: tuple[float, float],
    firm: bool = True,
) -> Route:
    """A bent circle; ``waves`` are (height in m, whole waves a round), so that it closes in height too."""
    angle = np.linspace(0.0, 2 * math.pi, 20_001)
    count, depth = bends
    radius = 1 + depth * np.sin(count * angle + turn) + 0.5 * depth * np.sin(2 * angle + 2 * turn)
    east, north = radius * np.cos(angle), radius * np.sin(angle)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(east), np.diff(north)))))
    scale = length_m / along[-1]
    metres = np.arange(length_m, dtype=float)
    east_m = np.interp(metres, along * scale, east * scale) - east[0] * scale + away_m[0]
    north_m = np.interp(metres, along * scale, north * scale) - north[0] * scale + away_m[1]

    def altitude(distance_m: float) -> float:
        part = 2 * math.pi * distance_m / length_m
        return sum(height * math.sin(count * part + turn) - height * math.sin(turn) for height, count in waves)

    return Route(east_m, north_m, altitude, firm)


def _oval() -> Route:
    """Two straights joined by half circles; its 400th metre is its first."""
    metres = np.arange(int(OVAL_M), dtype=float)
    bend = (OVAL_M - 2 * _STRAIGHT_M) / 2
    radius = bend / math.pi
    east, north = np.empty_like(metres), np.empty_like(metres)
    for index, metre in enumerate(metres):
        second, rest = metre >= OVAL_M / 2, metre % (OVAL_M / 2)
        if rest < _STRAIGHT_M:
            x, y = rest - _STRAIGHT_M / 2, -radius
        else:
            swept = (rest - _STRAIGHT_M) / radius
            x, y = _STRAIGHT_M / 2 + radius * math.sin(swept), -radius * math.cos(swept)
        east[index], north[index] = (-x, -y) if second else (x, y)
    turned = math.radians(25)
    return Route(
        east * math.cos(turned) - north * math.sin(turned) + 3_000,
        east * math.sin(turned) + north * math.cos(turned) - 2_000,
        lambda _: 0.0,
    )
