"""The settings in force: those of the file, or the last valid ones while an edit of it cannot be used."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from sync.errors import PersonMustAct
from sync.settings.config import Config, ConfigMistakes, load_config


def as_it_is(config: Config) -> Config:
    return config


class LiveConfig:
    """Any thread may ask it. ``adapt`` puts over the file's settings what the command line said.

    Raises ConfigMistakes or PersonMustAct when the file cannot be used and never could be: there is nothing to fall
    back on.
    """

    def __init__(self, path: Path, *, adapt: Callable[[Config], Config] = as_it_is) -> None:
        self.path = path
        self.mistakes: tuple[str, ...] = ()
        """What is wrong with the file as it is now; empty when it is in force."""
        self.unreadable: PersonMustAct | None = None
        self._adapt = adapt
        self._lock = threading.Lock()
        self._mark = _mark(path)
        self.from_file = _load(path)
        """The last valid settings as they stand in the file."""
        self._config = adapt(self.from_file)

    def look(self) -> Config:
        """The settings in force; costs one look at the file's dates unless it changed."""
        with self._lock:
            mark = _mark(self.path)
            if mark == self._mark:
                return self._config
            try:
                self.from_file = _load(self.path)
                self._config = self._adapt(self.from_file)
            except ConfigMistakes as error:
                self.mistakes, self.unreadable = error.mistakes, error
            except PersonMustAct as error:
                self.mistakes, self.unreadable = (str(error),), error
            else:
                self.mistakes, self.unreadable = (), None
            self._mark = mark
            return self._config


def _load(path: Path) -> Config:
    return load_config(path) if path.exists() else Config()


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
