"""``springstep map``: an extract into the home's map, or the map out of the home; the runs follow at once."""

from __future__ import annotations

from pathlib import Path

import structlog

from sync.errors import PersonMustAct
from sync.progress import StoppableProgress
from sync.runs.ground_map import map_file
from sync.runs.ground_map.extract import read, require_reader, tiles_around
from sync.settings.paths import DataDir
from sync.storage import recordings
from sync.storage.database import Store

log = structlog.get_logger()
SCRATCH = ".map-nodes"


def replace_map(store: Store, home: DataDir, extract: Path, progress: StoppableProgress) -> tuple[int, int]:
    """Keeps what the extract shows around the runs: how many ways, and the size in bytes.

    Raises PersonMustAct for a file that is none, an extract of other places, or when no run has a trace.
    """
    require_reader()
    if not extract.is_file():
        raise PersonMustAct("map.no_file", path=extract)
    places = recordings.places_run(store)
    if len(places["latitude_deg"]) == 0:
        raise PersonMustAct("map.no_trace")
    tiles = tiles_around(places["latitude_deg"], places["longitude_deg"])
    found = read(extract, tiles, home.root / SCRATCH, progress=progress, stopping=progress.stopping)
    if found.ways == 0:
        raise PersonMustAct("map.elsewhere", file=extract.name)
    size = map_file.keep(home.map, found.map)
    log.info("map.kept", ways=found.ways, bytes=size)
    return found.ways, size
