"""The settings in force: those of the file, or the last valid ones while an edit of it cannot be used."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

from sync.errors import PersonMustAct
from sync.settings.atomic_files import atomic_write
from sync.settings.config import Config, ConfigMistakes, load_config, parse
from sync.settings.config_edit import without_addresses
from sync.settings.config_file import ENCODING


def as_it_is(config: Config) -> Config:
    return config


class LiveConfig:
    """Any thread may ask it. ``adapt`` puts over the file's settings what the command line said.

    ``kept`` is where `keep` notes the last valid text: a start with an invalid file goes on with that. Raises
    ConfigMistakes or PersonMustAct when the file cannot be used and there is nothing to fall back on.
    """

    def __init__(self, path: Path, *, adapt: Callable[[Config], Config] = as_it_is, kept: Path | None = None) -> None:
        self.path = path
        self.mistakes: tuple[str, ...] = ()
        """What is wrong with the file as it is now; empty when it is in force."""
        self.unreadable: PersonMustAct | None = None
        self._adapt = adapt
        self._kept = kept
        self._lock = threading.Lock()
        self._mark = _mark(path)
        try:
            self.from_file = _load(path)
            """The last valid settings as they stand in the file."""
        except PersonMustAct as error:
            text = None if kept is None else kept_text(kept, path)
            if text is None:
                raise
            try:
                self.from_file = parse(text)
            except ConfigMistakes:
                raise error from None
            self._note(error)
        self._config = adapt(self.from_file)

    def keep(self) -> None:
        """Notes the text of the file, which is in force, for a start that finds an invalid one. Nothing secret."""
        if self._kept is None or self.mistakes:
            return
        try:
            text = self.path.read_text(ENCODING) if self.path.exists() else ""
            parse(text)
            text = without_addresses(text)
            if kept_text(self._kept, self.path) != text:
                atomic_write(self._kept, json.dumps({"path": _named(self.path), "text": text}).encode(), mode=0o600)
        except (OSError, ValueError, PersonMustAct):
            # Without room on the disk, or changed again meanwhile: the note stays as it was.
            return

    def _note(self, error: PersonMustAct) -> None:
        self.mistakes = error.mistakes if isinstance(error, ConfigMistakes) else (str(error),)
        self.unreadable = error

    def look(self) -> Config:
        """The settings in force; costs one look at the file's dates unless it changed."""
        with self._lock:
            mark = _mark(self.path)
            if mark == self._mark:
                return self._config
            try:
                # A file that goes away while springstep runs takes no setting with it, least of all the sign-in.
                self.from_file = load_config(self.path)
                self._config = self._adapt(self.from_file)
            except PersonMustAct as error:
                self._note(error)
            else:
                self.mistakes, self.unreadable = (), None
            self._mark = mark
            return self._config


def _load(path: Path) -> Config:
    return load_config(path) if path.exists() else Config()


def kept_text(kept: Path, path: Path) -> str | None:
    """What was noted as the last valid text of the config at ``path``; None where nothing was, or of another file."""
    try:
        found = json.loads(kept.read_text("utf-8"))
        return str(found["text"]) if found["path"] == _named(path) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _named(path: Path) -> str:
    return str(path.absolute())


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
