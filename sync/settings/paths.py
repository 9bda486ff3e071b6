"""Where everything lies: one private folder, and the owner's socket beside it on a short path."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sync.errors import PersonMustAct
from sync.settings.atomic_files import atomic_write

SOCKET_BYTES_AT_MOST = 100
"""Linux takes 107 bytes, other systems 103."""


@dataclass(frozen=True, slots=True)
class DataDir:
    """Paths below ``root``. Nothing is made before `make`."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "springstep.duckdb"

    @property
    def originals(self) -> Path:
        return self.root / "originals"

    def inbox(self, athlete_id: str) -> Path:
        return self.root / "inbox" / athlete_id

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def compact_note(self) -> Path:
        """Stands while deleted rows must still be wiped out of the database file."""
        return self.root / "compact"

    @property
    def attempts(self) -> Path:
        """Stands while a file is being read: what was left by a process that died is not read for ever."""
        return self.root / "attempts.json"

    @property
    def map(self) -> Path:
        """The ways around the runs, when an OpenStreetMap extract was taken in."""
        return self.root / "map.npz"

    @property
    def typed_note(self) -> Path:
        """How many typed commands the store held when the last one was stored."""
        return self.root / "typed"

    @property
    def page_note(self) -> Path:
        """Where the running page listens."""
        return self.root / "page.json"

    @property
    def demo_note(self) -> Path:
        """Stands in a home that `springstep demo` made."""
        return self.root / "demo.json"

    @property
    def journal(self) -> Path:
        """What DuckDB wrote since the last checkpoint."""
        return self.database.with_name(self.database.name + ".wal")

    @property
    def config(self) -> Path:
        return self.root / "config.toml"

    @property
    def settings_note(self) -> Path:
        """Which settings the page wrote, and what."""
        return self.root / "settings.json"

    @property
    def settings_in_force(self) -> Path:
        """The text of the config as it was when it was valid last: a start with an invalid one goes on with it."""
        return self.root / "settings-in-force.json"

    @property
    def socket_note(self) -> Path:
        """Where the owner writes its socket's path: its environment may name another folder than the client's."""
        return self.root / "socket"

    def make(self, *athlete_ids: str) -> None:
        """The folders, private to the user, and an inbox for each athlete. Raises PersonMustAct when that is denied."""
        try:
            # A folder that holds other things too may be shared on purpose: ours are private inside it all the same.
            ours = not self.root.exists() or self.lock.exists() or not any(self.root.iterdir())
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if ours and self.root.stat().st_uid == os.getuid():
                self.root.chmod(0o700)
            for folder in (self.originals, self.outbox, self.log, self.secrets, self.backups):
                folder.mkdir(mode=0o700, exist_ok=True)
            for athlete_id in athlete_ids:
                self.inbox(athlete_id).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise PersonMustAct("settings.home_unusable", path=self.root, reason=error.strerror) from None

    def make_socket_path(self, environ: Mapping[str, str]) -> Path:
        """The owner's socket path, its folder private to this user, noted in the home for clients; behind it which
        folder the home is, because a copy of a home takes the note along and is another one."""
        path = socket_path(self.root, environ)
        if path.parent.name.startswith("springstep-"):
            make_private(path.parent)
        atomic_write(self.socket_note, os.fsencode(path) + b"\n" + self._mark())
        return path

    def socket(self, environ: Mapping[str, str]) -> Path:
        """The socket as the last owner noted it, else where an owner started from here would put it."""
        try:
            noted = self.socket_note.read_bytes()
            path, _, mark = noted.partition(b"\n")
            # A note without a mark is an older springstep's.
            if mark in (b"", self._mark()):
                return Path(os.fsdecode(path))
        except OSError:
            pass
        return socket_path(self.root, environ)

    def _mark(self) -> bytes:
        return str(self.root.stat().st_ino).encode()


def find(named: str | None, environ: Mapping[str, str]) -> DataDir:
    """``--home``, else SPRINGSTEP_HOME, else ~/.local/share/springstep (XDG_DATA_HOME moves that one)."""
    chosen = named or environ.get("SPRINGSTEP_HOME")
    if chosen:
        return DataDir(Path(chosen).expanduser().absolute())
    shared = environ.get("XDG_DATA_HOME") or "~/.local/share"
    return DataDir(Path(shared).expanduser().absolute() / "springstep")


def socket_path(root: Path, environ: Mapping[str, str]) -> Path:
    """A path of at most 100 bytes that only this home leads to, however long the home's own path is."""
    key = sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    runtime = environ.get("XDG_RUNTIME_DIR")
    if runtime:
        path = Path(runtime) / f"springstep-{key}.sock"
        if Path(runtime).is_dir() and len(os.fsencode(path)) <= SOCKET_BYTES_AT_MOST:
            return path
    for folder in (Path(tempfile.gettempdir()), Path("/tmp")):
        path = folder / f"springstep-{os.getuid()}" / f"{key}.sock"
        if len(os.fsencode(path)) <= SOCKET_BYTES_AT_MOST:
            return path
    raise PersonMustAct("settings.socket_path_long")


def make_private(folder: Path) -> None:
    """In a place where others may write, a stranger could have made it first: then PersonMustAct is raised."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PersonMustAct("settings.folder_not_ours", path=folder)
    folder.chmod(0o700)
