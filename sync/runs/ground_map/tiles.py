"""The map cut to what lies around the runs that are there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.measure.map_match import E7, GroundMap, PlacesE7, ground_map
from sync.runs.ground_map.extract import tile_of, tiles_around
from sync.storage import recordings
from sync.storage.database import Store


def around_runs(store: Store, ground: GroundMap) -> GroundMap | None:
    """None when no run has a trace any more. Without a name: the file that it is kept in gives it one."""
    places = recordings.places_run(store)
    if len(places["latitude_deg"]) == 0:
        return None
    tiles = tiles_around(places["latitude_deg"], places["longitude_deg"])
    near = _inside(ground.stretches[:, :2], tiles) | _inside(ground.stretches[:, 2:], tiles)
    corner_near = _inside(ground.corners, tiles)
    rings = [
        number
        for number, (begin, end) in enumerate(zip(ground.begins[:-1], ground.begins[1:], strict=True))
        if corner_near[begin:end].any()
    ]
    parts = [ground.corners[ground.begins[number] : ground.begins[number + 1]] for number in rings]
    return ground_map(
        "",
        ground.stretches[near],
        ground.codes[near],
        np.concatenate([np.empty((0, 2), np.int32), *parts]),
        np.cumsum([0, *(len(part) for part in parts)], dtype=np.int64),
        ground.ring_codes[rings],
    )


def _inside(places: PlacesE7, tiles: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.isin(tile_of(places[:, 0] / E7, places[:, 1] / E7), tiles)
