"""Runs over the made-up map, and a runner's store that has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from rules.facts.recorded import Floats, Recording, Samples
from sync.app.daemon.app import App
from sync.runs import activities
from sync.wire.tasks import MapRequest, Task
from tests.factories_engine import Shop
from tests.factories_map import CENTRE, METRE_DEG, MadeMap

BEGAN = datetime(2026, 3, 2, 6, 0)


def trace(corners: list[tuple[float, float]], *, day: int = 0, noise_m: float = 0.0, mps: float = 3.0) -> Recording:
    """A run along ``corners`` (metres east, north), a place every second."""
    ends = np.array(corners, dtype=float)
    legs = np.hypot(*np.diff(ends, axis=0).T)
    way = np.concatenate(([0.0], np.cumsum(legs)))
    at = np.arange(0, way[-1], mps)
    east, north = np.interp(at, way, ends[:, 0]), np.interp(at, way, ends[:, 1])
    return recorded(np.column_stack((east, north)), at, day=day, noise_m=noise_m)


def recorded(places: Floats, way: Floats, *, day: int, noise_m: float) -> Recording:
    blurred = places + np.random.default_rng(1).normal(0, noise_m, places.shape)
    gone = np.full(len(way), np.nan)
    samples = Samples(
        t_s=np.arange(len(way), dtype=float),
        distance_m=way,
        speed_mps=gone,
        heart_rate_bpm=gone,
        cadence_spm=gone,
        altitude_m=gone,
        latitude_deg=CENTRE[0] + blurred[:, 1] * METRE_DEG,
        longitude_deg=CENTRE[1] + blurred[:, 0] * METRE_DEG / np.cos(np.radians(CENTRE[0])),
        power_w=gone,
        temperature_c=gone,
    )
    start = BEGAN + timedelta(days=day)
    return Recording(sport="running", start_utc=start, elapsed_s=float(len(way)), utc_offset_s=0, samples=samples)


def quiet(_done: int, _total: int | None) -> None:
    return None


def ran(shop: Shop, *recordings: Recording, source: str = "file") -> None:
    for number, recording in enumerate(recordings):
        arrival = activities.IncomingContent(
            source=source,
            source_ref=None if source == "file" else str(number),
            sha256=f"{number:064d}",
            format="fit",
            size_bytes=1,
            recordings=[recording],
        )
        with shop.store.transaction():
            activities.keep(shop.store, shop.athlete, arrival, now_utc=shop.now)
    shop.engine.refresh()


def order(shop: Shop, path: Path | None) -> Task:
    owner = App(shop.engine, shop.store, shop.config, shop.home, role="busy", now=lambda: shop.now)
    try:
        work = owner.start_here("map", MapRequest(path=None if path is None else str(path)))
        return owner.tasks.wait(work.work_id, 60)
    finally:
        owner.close()


def gravel(folder: Path) -> Path:
    made = MadeMap().way((0, 0), (5000, 0), highway="track", surface="compacted")
    return made.write(folder / "made.osm.pbf")
