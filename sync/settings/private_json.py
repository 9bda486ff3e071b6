"""A small private file of JSON that several processes change: read without waiting, changed one at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sync.settings.atomic_files import atomic_write


@dataclass(frozen=True, slots=True)
class PrivateJson:
    """0600 in a 0700 folder. What cannot be read counts as empty: it lets nobody in."""

    path: Path

    def read(self) -> dict[str, Any]:
        try:
            stat = self.path.stat()
        except OSError:
            return {}
        return _parsed(self.path, stat.st_ino, stat.st_mtime_ns, stat.st_size)

    @contextmanager
    def changing(self) -> Iterator[dict[str, Any]]:
        """A copy to change; it is stored, durably, when the block ends without an error and something differs."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            before = json.dumps(self.read(), sort_keys=True)
            content = json.loads(before)
            yield content
            after = json.dumps(content, sort_keys=True)
            if after != before:
                atomic_write(self.path, after.encode(), mode=0o600)
        finally:
            os.close(lock)


@lru_cache(maxsize=16)
def _parsed(path: Path, _inode: int, _changed_ns: int, _size: int) -> dict[str, Any]:
    """Each change makes a new file, so that the same inode, time and size are the same content."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
