"""The ground under a run by an offline map: tags to grounds, and the trace matched to the nearest ways.

Values in, values out: the map comes as arrays, the trace as a stream. Nothing that leaves here holds a coordinate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rules.facts.kinds import Surface
from rules.facts.recorded import Floats
from rules.knowledge.typed_toml import Each, ListOf, load_typed
from rules.measure.stream import Stream

KNOWLEDGE = Path(__file__).parent.parent / "knowledge" / "ground.toml"
SHAPE = Each(Each(ListOf(str)))
GROUNDS = (Surface.ROAD, Surface.TRAIL, Surface.GRAVEL, Surface.GRASS, Surface.SAND, Surface.TRACK)
"""What a map can tell apart; a stretch's code is a ground's number here, plus `GUESSED`."""
GUESSED = 128
"""Added to the code of a way whose ground follows from its kind alone."""
NO_WAY = 255
RUNNING_TRACKS = ("", "running", "athletics")

EVERY_M = 20.0
REACH_M = 15.0
TURNED_DEG = 30.0
"""A way that lies across the runner's course is crossed, not run."""
SMOOTH_POINTS = 5
LONGEST_M = 50.0
"""Longest stretch: with its middle within one cell of a point, no part of a stretch in reach is missed."""
DEGREE_M = 111_195.0
E7 = 1e7
CELLS_ROUND = 180_000
"""Cells once round the earth: 0.002° wide and 0.001° high, more than 40 m up to 78° of latitude."""

Codes = NDArray[np.uint8]
PlacesE7 = NDArray[np.int32]
"""(n, …) latitude and longitude in 10⁻⁷ degrees."""


@dataclass(frozen=True, slots=True, eq=False)
class GroundMap:
    """Ways as short stretches, ordered by the cell of their middle, and open ground as rings.

    ``stretches`` is (n, 4): latitude and longitude of both ends; ``corners`` holds all rings one after the other,
    ring i from ``begins[i]`` up to ``begins[i + 1]``.
    """

    name: str
    """Changes with the map's content."""
    stretches: PlacesE7
    codes: Codes
    corners: PlacesE7
    begins: NDArray[np.int64]
    ring_codes: Codes
    cells: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Underfoot:
    """Share of a run's way by ground, ``unknown`` included; the shares add up to one."""

    map: str
    shares: Mapping[str, float]
    guessed: float = 0.0
    """Share of the way whose ground follows only from the kind of way."""


@cache
def _meanings() -> Mapping[str, Mapping[str, int]]:
    """Key of the knowledge file -> tag value -> code."""
    told = load_typed(KNOWLEDGE, SHAPE)
    return {
        key: {value: GROUNDS.index(Surface(ground)) for ground, values in grounds.items() for value in values}
        for key, grounds in told.items()
    }


def way_code(tags: Mapping[str, str]) -> int | None:
    """The code of a way that can be run on, None for anything else."""
    known = _meanings()
    if tags.get("leisure") == "track":
        return GROUNDS.index(Surface.TRACK) if _for_runners(tags.get("sport", "")) else None
    guess = known["highway"].get(tags.get("highway", ""))
    if guess is None:
        return None
    for key in ("surface", "tracktype"):
        for value in tags.get(key, "").split(";"):
            if (code := known[key].get(value.strip().lower())) is not None:
                return code
    return guess + GUESSED


def _for_runners(sports: str) -> bool:
    return any(sport.strip() in RUNNING_TRACKS for sport in sports.split(";"))


def area_code(tags: Mapping[str, str]) -> int | None:
    """The code of open ground, None for anything else."""
    if "highway" in tags or "building" in tags:
        return None
    known = _meanings()
    for key in ("natural", "leisure", "landuse"):
        if (code := known["area"].get(f"{key}={tags.get(key)}")) is not None:
            return code
    return None


def open_grounds() -> tuple[tuple[str, str], ...]:
    """Tags, as key and value, that make an area open ground."""
    pairs = (tag.split("=") for tag in _meanings()["area"])
    return tuple((key, value) for key, value in pairs)


def cell(latitude_deg: Floats, longitude_deg: Floats) -> NDArray[np.int64]:
    """The number of the cell that each place lies in."""
    row = np.floor((latitude_deg + 90.0) * 1000.0).astype(np.int64)
    column = np.floor((longitude_deg + 180.0) * 500.0).astype(np.int64)
    return row * CELLS_ROUND + column


def ground_map(
    name: str, stretches: PlacesE7, codes: Codes, corners: PlacesE7, begins: NDArray[np.int64], ring_codes: Codes
) -> GroundMap:
    """Puts the stretches in order, whatever order they come in."""
    middle = stretches.reshape(-1, 2, 2).mean(axis=1) / E7
    cells = cell(middle[:, 0], middle[:, 1])
    order = np.argsort(cells, kind="stable")
    return GroundMap(name, stretches[order], codes[order], corners, begins, ring_codes, cells[order])


def cut_ways(stretches: PlacesE7, codes: Codes) -> tuple[PlacesE7, Codes]:
    """The same stretches with those longer than `LONGEST_M` cut into equal parts."""
    ends = stretches.astype(np.float64)
    wide = np.cos(np.radians(ends[:, 0] / E7))
    length = np.hypot(ends[:, 2] - ends[:, 0], (ends[:, 3] - ends[:, 1]) * wide) / E7 * DEGREE_M
    parts = np.maximum(1, np.ceil(length / LONGEST_M)).astype(np.int64)
    whole = np.repeat(np.arange(len(ends)), parts)
    nth = np.arange(len(whole)) - np.repeat(np.cumsum(parts) - parts, parts)
    begin, step = ends[whole, :2], (ends[whole, 2:] - ends[whole, :2]) / parts[whole, None]
    made = np.column_stack((begin + step * nth[:, None], begin + step * (nth[:, None] + 1)))
    return np.rint(made).astype(np.int32), codes[whole]


def underfoot(ride: Stream | None, ground: GroundMap) -> Underfoot:
    """What the map says of the ground under a run; without a trace everything is unknown."""
    course = _course(ride)
    if course is None:
        return Underfoot(ground.name, {Surface.UNKNOWN.value: 1.0})
    latitude, longitude, heading = course
    codes = _nearest(ground, latitude, longitude, heading)
    guessed = float(((codes >= GUESSED) & (codes != NO_WAY)).mean())
    steady = _steady(np.where(codes == NO_WAY, len(GROUNDS), codes % GUESSED))
    off = np.flatnonzero(steady == len(GROUNDS))
    steady[off] = _open_ground(ground, latitude[off], longitude[off])
    counts = np.bincount(steady, minlength=len(GROUNDS) + 1) / len(steady)
    names = (*(one.value for one in GROUNDS), Surface.UNKNOWN.value)
    shares = {name: round(float(share), 3) for name, share in zip(names, counts, strict=True) if share > 0}
    return Underfoot(ground.name, shares, round(guessed, 3))


def _course(ride: Stream | None) -> tuple[Floats, Floats, Floats] | None:
    """Latitude, longitude and heading (radians) every 20 m of way; None without GPS."""
    if ride is None or not ride.has_gps:
        return None
    known = np.isfinite(ride.latitude_deg) & np.isfinite(ride.longitude_deg)
    way = ride.distance_m[known]
    if len(way) < 30 or way[-1] - way[0] < 5 * EVERY_M:
        return None
    at = np.arange(way[0], way[-1], EVERY_M)
    latitude = np.interp(at, way, ride.latitude_deg[known])
    longitude = np.interp(at, way, ride.longitude_deg[known])
    east = np.gradient(longitude) * math.cos(math.radians(float(latitude[0])))
    return latitude, longitude, np.arctan2(np.gradient(latitude), east)


def _nearest(ground: GroundMap, latitude: Floats, longitude: Floats, heading: Floats) -> NDArray[np.int64]:
    """The code of the nearest way along the course within reach of each point; `NO_WAY` where there is none."""
    best = np.full(len(latitude), REACH_M, dtype=np.float64)
    found = np.full(len(latitude), NO_WAY, dtype=np.int64)
    home = cell(latitude, longitude)
    for shift in (row * CELLS_ROUND + column for row in (-1, 0, 1) for column in (-1, 0, 1)):
        low = np.searchsorted(ground.cells, home + shift, side="left")
        count = np.searchsorted(ground.cells, home + shift, side="right") - low
        point = np.repeat(np.arange(len(home)), count)
        if len(point) == 0:
            continue
        stretch = np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count) + low[point]
        away = _away(ground.stretches[stretch], latitude[point], longitude[point], heading[point])
        order = np.lexsort((away, point))
        first = order[np.r_[True, np.diff(point[order]) > 0]]
        nearer = first[away[first] < best[point[first]]]
        best[point[nearer]] = away[nearer]
        found[point[nearer]] = ground.codes[stretch[nearer]]
    return found


def _away(stretches: PlacesE7, latitude: Floats, longitude: Floats, heading: Floats) -> Floats:
    """Metres from each point to its stretch; infinite where the stretch lies across the heading."""
    wide = DEGREE_M * np.cos(np.radians(latitude))
    ends = stretches / E7
    ay, ax = (ends[:, 0] - latitude) * DEGREE_M, (ends[:, 1] - longitude) * wide
    dy, dx = (ends[:, 2] - ends[:, 0]) * DEGREE_M, (ends[:, 3] - ends[:, 1]) * wide
    along = np.clip(-(ax * dx + ay * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
    away = np.hypot(ax + along * dx, ay + along * dy)
    turned = np.abs((np.degrees(np.arctan2(dy, dx) - heading) + 90.0) % 180.0 - 90.0)
    return np.where(turned <= TURNED_DEG, away, np.inf)


def _steady(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each point by the majority of the five around it: a crossing or a parallel way is no change of ground."""
    kernel = np.ones(SMOOTH_POINTS)
    votes = np.stack([np.convolve(codes == code, kernel, mode="same") for code in range(len(GROUNDS) + 1)])
    votes[codes, np.arange(len(codes))] += 0.5
    most: NDArray[np.int64] = np.argmax(votes, axis=0)
    return most


def _open_ground(ground: GroundMap, latitude: Floats, longitude: Floats) -> NDArray[np.int64]:
    """The code of the open ground that each point lies on; ``len(GROUNDS)`` for none."""
    found = np.full(len(latitude), len(GROUNDS), dtype=np.int64)
    if len(latitude) == 0:
        return found
    y, x = latitude * E7, longitude * E7
    for number, code in enumerate(ground.ring_codes):
        ring = ground.corners[ground.begins[number] : ground.begins[number + 1]].astype(np.float64)
        low, high = ring.min(axis=0), ring.max(axis=0)
        near = np.flatnonzero((y >= low[0]) & (y <= high[0]) & (x >= low[1]) & (x <= high[1]))
        if len(near):
            found[near[_inside(ring, y[near], x[near])]] = code % GUESSED
    return found


def _inside(ring: Floats, y: Floats, x: Floats) -> NDArray[np.bool_]:
    """Even–odd rule: a ray from an inner point crosses the ring an odd number of times."""
    ay, ax = ring[:-1, 0][:, None], ring[:-1, 1][:, None]
    by, bx = ring[1:, 0][:, None], ring[1:, 1][:, None]
    spans = (ay > y) != (by > y)
    at = ax + (y - ay) * (bx - ax) / np.where(by == ay, 1.0, by - ay)
    odd: NDArray[np.bool_] = (spans & (x < at)).sum(axis=0) % 2 == 1
    return odd
