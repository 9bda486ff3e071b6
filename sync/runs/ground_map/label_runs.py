"""The runs matched to the map: what ground each went over is noted with it, and its label is made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import structlog

from rules.measure.map_match import GroundMap, underfoot
from rules.measure.stream import stream
from sync.runs import compute_runs
from sync.runs.ground_map import map_file
from sync.settings.config import Athlete
from sync.storage import labels, runs
from sync.storage.database import Store
from sync.storage.serialize.recordings import plain

RUNS_AT_A_TIME = 50
log = structlog.get_logger()


class Atlas:
    """The home's map, read when it is first needed and again when its file is another one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int] | None = None
        self._ground: GroundMap | None = None

    def ground(self) -> GroundMap | None:
        """None without a map."""
        try:
            found = self.path.stat()
        except OSError:
            self._seen, self._ground = None, None
            return None
        if self._seen != (found.st_mtime_ns, found.st_size):
            self._ground = map_file.load(self.path)
            self._seen = (found.st_mtime_ns, found.st_size)
            if self._ground is None:
                log.warning("map.unreadable", bytes=found.st_size)
        return self._ground


def label_runs(
    store: Store,
    athlete: Athlete,
    atlas: Atlas,
    *,
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Matches the runs that were not yet matched to this map; without a map what an old one said goes. Gives how many.

    What is left undone when it stops is still found the next time.
    """
    ground = atlas.ground()
    stale = runs.runs_not_on_map(store, athlete.id, ground.name if ground else "")
    left = iter(stale)
    done = 0
    while not stopping() and (batch := list(islice(left, RUNS_AT_A_TIME))):
        with store.transaction():
            for row in batch:
                recording = compute_runs.recording_of(store, athlete, row.run_id) if ground else None
                found = underfoot(stream(recording), ground) if recording and ground else None
                runs.set_underfoot(store, athlete.id, row.run_id, plain(asdict(found)) if found else None)
            labels.mark_dirty(store, athlete.id, from_utc=batch[0].start_utc)
        done += len(batch)
        progress(done, len(stale))
    return done
