"""The watched folders: what is new there and has stopped growing is imported; nothing there is ever changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import structlog

from sync.app.daemon.app import App
from sync.app.daemon.tasks import TaskProgress
from sync.service.upload import UNFINISHED
from sync.settings.config import Athlete

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FileMark:
    """What changes when a file's content does, or who may read it."""

    size_bytes: int
    modified_ns: int
    rights: int = 0


Marks = Mapping[Path, FileMark]


def ready(now: Marks, before: Marks, taken: Marks, *, now_ns: int, settle_s: float) -> list[Path]:
    """The files to import: unlike what was imported, the same at two looks, and untouched for ``settle_s``.

    A time of change that lies in the future (a watch with a wrong clock) does not hold a file back.
    """
    return [
        path
        for path, mark in sorted(now.items())
        if taken.get(path) != mark
        and before.get(path) == mark
        and not 0 <= now_ns - mark.modified_ns < settle_s * 1_000_000_000
    ]


def marks(folder: Path) -> Iterator[tuple[Path, FileMark]]:
    """Every plain file below ``folder`` that is neither hidden nor plainly unfinished; linked folders are left out."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if name.startswith(".") or name.lower().endswith(UNFINISHED):
                continue
            path = Path(here, name)
            try:
                found = path.stat()
            except OSError:
                continue
            if path.is_file():
                yield path, FileMark(found.st_size, found.st_mtime_ns, found.st_mode)


class InboxWatch:
    """Looks into every athlete's inbox and watched folders, and hands over what is ready."""

    def __init__(self, app: App) -> None:
        self._owner = app
        self._before: dict[str, dict[Path, FileMark]] = {}
        self._taken: dict[str, dict[Path, FileMark]] = {}

    def look(self, ended: Callable[[BaseException | None], None]) -> bool:
        """True when something was ready and is now being imported: ``ended`` is called at its end."""
        found = {athlete.id: self._look_at(athlete) for athlete in self._owner.config.athletes}
        if not any(paths for paths, _ in found.values()):
            return False

        def take_in(progress: TaskProgress) -> None:
            for athlete in self._owner.config.athletes:
                # Who joined since the look is looked at the next time.
                paths, seen = found.get(athlete.id, ([], {}))
                if paths and not progress.stopping():
                    self._owner.import_paths(paths, athlete, progress)
                    if not progress.stopping():
                        self._taken.setdefault(athlete.id, {}).update({path: seen[path] for path in paths})

        self._owner.tasks.start("import", take_in, on_end=ended)
        return True

    def _look_at(self, athlete: Athlete) -> tuple[list[Path], dict[Path, FileMark]]:
        folders = (self._owner.home.inbox(athlete.id), *self._owner.config.folders(athlete))
        seen = {path: mark for folder in folders for path, mark in marks(folder)}
        settle_s = self._owner.config.inbox.settle_seconds
        now_ns = int(self._owner.now().replace(tzinfo=UTC).timestamp() * 1_000_000_000)
        before, taken = self._before.get(athlete.id), self._taken.get(athlete.id, {})
        if before is None or not before.keys() <= seen.keys():
            self._owner.engine.delete_gone(folders, seen, athlete.id)
        self._before[athlete.id] = seen
        return ready(seen, before or {}, taken, now_ns=now_ns, settle_s=settle_s), seen
