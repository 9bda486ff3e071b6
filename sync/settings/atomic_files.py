"""Files that are whole or not there: temp, fsync, rename, fsync of the folder."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4


def atomic_write(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replaces ``path``; after the return it outlives a power cut, before it the old one stands."""
    temp = path.with_name(f".{path.name}.{uuid4().hex}.part")
    descriptor = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        temp.replace(path)
    except BaseException:
        temp.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes a rename or a removal in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
