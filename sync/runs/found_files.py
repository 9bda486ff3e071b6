"""Files as they lie: which there are below a folder, and which may still be growing. Looked at, never changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sync.errors import PersonMustAct
from sync.settings import redact

GROWING = (".part", ".crdownload", ".download", ".tmp", "~")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file at the moment it was looked at."""

    path: Path
    size_bytes: int
    modified_ns: int

    @property
    def name(self) -> str:
        """As it may be shown and stored."""
        return redact.file_name(self.path.name)

    @property
    def place(self) -> str:
        return place_of(self.path)


def place_of(path: Path) -> str:
    """Where a file lies, as the store may know it."""
    return redact.file_name(str(path))


def size_of(path: Path) -> int:
    """Bytes; 0 for what cannot be looked at."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def look_at(path: Path) -> FoundFile:
    """Raises OSError for what cannot be looked at."""
    found = path.stat()
    return FoundFile(path, found.st_size, found.st_mtime_ns)


def unchanged(file: FoundFile) -> bool:
    """Whether the file still is what it was when it was looked at."""
    return file.path.exists() and look_at(file.path) == file


def still_growing(file: FoundFile, now_utc: datetime, *, settle_s: float) -> bool:
    """By its name, or because it was written to less than ``settle_s`` ago."""
    if file.path.name.lower().endswith(GROWING):
        return True
    age_s = now_utc.replace(tzinfo=UTC).timestamp() - file.modified_ns / 1e9
    return 0 <= age_s < settle_s


def files_below(root: Path) -> Iterator[Path]:
    """The files at ``root`` in order of name, hidden ones included. Raises PersonMustAct when there is nothing."""
    if root.is_dir():
        for folder, folders, names in os.walk(root):
            folders.sort()
            # A pipe would be waited for without end.
            yield from (path for name in sorted(names) if (path := Path(folder, name)).is_file() or not path.exists())
    elif root.exists():
        yield root
    else:
        raise PersonMustAct("runs.no_file_or_folder", path=root)


def hidden_below(path: Path, root: Path) -> bool:
    """Whether the file or a folder on the way to it is one that its system hides."""
    return any(part.startswith(".") for part in path.relative_to(root).parts)
