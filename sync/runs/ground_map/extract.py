"""Reads the ways around the runs from an OpenStreetMap extract: the only place that knows pyosmium.

The file may be a whole country's: places of nodes go to a file of their own, ways are looked at in batches, and only
what lies in the given tiles is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.measure.map_match import E7, GroundMap, area_code, cut_ways, ground_map, open_grounds, way_code
from sync.errors import PersonMustAct, TryLater

TILE_DEG = 0.05
"""About 5.5 km high."""
TILES_ROUND = round(360 / TILE_DEG)
WAYS_AT_A_TIME = 5_000
WKB_HEAD = 9
"""Byte order, kind and number of points stand before the points."""
KEYS = ("highway", "leisure", "natural", "landuse")


@dataclass(frozen=True, slots=True)
class WaysFound:
    map: GroundMap
    ways: int
    """Ways and open grounds that were kept."""


def tiles_around(latitude_deg: NDArray[np.float64], longitude_deg: NDArray[np.float64]) -> NDArray[np.int64]:
    """The tiles that hold these places and the tiles around those, in order."""
    here = np.unique(tile_of(latitude_deg, longitude_deg))
    around = [here + row * TILES_ROUND + column for row in (-1, 0, 1) for column in (-1, 0, 1)]
    return np.unique(np.concatenate(around))


def tile_of(latitude_deg: NDArray[np.float64], longitude_deg: NDArray[np.float64]) -> NDArray[np.int64]:
    """Each place's tile, a number of its own."""
    row = np.floor((latitude_deg + 90) / TILE_DEG).astype(np.int64)
    return row * TILES_ROUND + np.floor((longitude_deg + 180) / TILE_DEG).astype(np.int64)


def require_reader() -> None:
    """Raises PersonMustAct when this environment has no pyosmium."""
    try:
        import osmium  # noqa: F401
    except ImportError:
        raise PersonMustAct("map.no_reader") from None


def read(
    path: Path,
    tiles: NDArray[np.int64],
    scratch: Path,
    *,
    progress: Callable[[int, int | None], None],
    stopping: Callable[[], bool],
) -> WaysFound:
    """The map of ``tiles``. ``scratch`` is a file that may be written and is gone afterwards.

    Raises PersonMustAct for a file that is no extract, TryLater when it was stopped.
    """
    require_reader()
    import osmium

    gathered = _Gathered(tiles)
    factory = osmium.geom.WKBFactory()
    try:
        index = osmium.index.create_map(f"sparse_file_array,{scratch}")
        drawn: Any = osmium.FileProcessor(str(path), osmium.osm.ALL)
        # Its types ask for a name, it takes a table too: one whose file we choose.
        drawn = drawn.with_locations(index).with_areas(osmium.filter.TagFilter(*open_grounds()))
        drawn = drawn.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY | osmium.osm.AREA))
        drawn = drawn.with_filter(osmium.filter.KeyFilter(*KEYS))
        for number, one in enumerate(drawn):
            if one.is_area():
                gathered.add_ground(one)
            else:
                gathered.add_way(one, factory)
            if number % WAYS_AT_A_TIME == 0:
                progress(number, None)
                if stopping():
                    raise TryLater("map.stopped")
    except (RuntimeError, OSError) as error:
        raise PersonMustAct("map.unreadable", file=path.name, reason=str(error).rstrip(".")) from None
    finally:
        scratch.unlink(missing_ok=True)
    return gathered.made()


@dataclass(slots=True)
class _Gathered:
    tiles: NDArray[np.int64]
    lines: list[NDArray[np.int32]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    is_ring: list[bool] = field(default_factory=list)
    stretches: list[NDArray[np.int32]] = field(default_factory=list)
    stretch_codes: list[NDArray[np.uint8]] = field(default_factory=list)
    rings: list[NDArray[np.int32]] = field(default_factory=list)
    ring_codes: list[int] = field(default_factory=list)
    kept: int = 0

    def add_way(self, way: Any, factory: Any) -> None:
        """Takes a way that means something for feet."""
        code = way_code(dict(way.tags))
        if code is None:
            return
        try:
            points = bytes.fromhex(factory.create_linestring(way))[WKB_HEAD:]
        except RuntimeError:
            # Cut off at the extract's edge, or all its nodes in one place.
            return
        lon_lat = np.frombuffer(points, dtype="<f8").reshape(-1, 2)
        self._take(lon_lat[:, ::-1], code, is_ring=False)

    def add_ground(self, area: Any) -> None:
        """Takes open ground: each outer ring with the holes in it."""
        code = area_code(dict(area.tags))
        if code is None:
            return
        for outer in area.outer_rings():
            # Out to a hole, round it and back: the way there is drawn twice, which even-odd counting takes as never.
            corners = _corners(outer)
            for hole in area.inner_rings(outer):
                corners += [*_corners(hole), corners[0]]
            self._take(np.array(corners), code, is_ring=True)

    def _take(self, places_deg: NDArray[np.float64], code: int, *, is_ring: bool) -> None:
        self.lines.append(np.rint(places_deg * E7).astype(np.int32))
        self.codes.append(code)
        self.is_ring.append(is_ring)
        if len(self.lines) >= WAYS_AT_A_TIME:
            self._sort_out()

    def _sort_out(self) -> None:
        """Keeps of the batch what lies in the tiles."""
        if not self.lines:
            return
        points = np.concatenate(self.lines)
        lengths = np.array([len(line) for line in self.lines])
        inside = np.isin(tile_of(points[:, 0] / E7, points[:, 1] / E7), self.tiles)
        near = np.logical_or.reduceat(inside, np.cumsum(lengths) - lengths)
        for number in np.flatnonzero(near):
            line, code = self.lines[number], self.codes[number]
            self.kept += 1
            if self.is_ring[number]:
                self.rings.append(line)
                self.ring_codes.append(code)
            else:
                self.stretches.append(np.hstack((line[:-1], line[1:])))
                self.stretch_codes.append(np.full(len(line) - 1, code, dtype=np.uint8))
        self.lines, self.codes, self.is_ring = [], [], []

    def made(self) -> WaysFound:
        self._sort_out()
        stretches, codes = cut_ways(
            _joined(self.stretches, 4), np.concatenate([np.empty(0, np.uint8), *self.stretch_codes])
        )
        begins = np.cumsum([0, *(len(ring) for ring in self.rings)], dtype=np.int64)
        ring_codes = np.array(self.ring_codes, dtype=np.uint8)
        return WaysFound(ground_map("", stretches, codes, _joined(self.rings, 2), begins, ring_codes), self.kept)


def _corners(ring: Any) -> list[tuple[float, float]]:
    return [(node.lat, node.lon) for node in ring]


def _joined(parts: Sequence[NDArray[np.int32]], columns: int) -> NDArray[np.int32]:
    return np.concatenate([np.empty((0, columns), np.int32), *parts])
