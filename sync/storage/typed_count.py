"""How many typed commands the store holds, noted beside it: a journal that was cut or deleted leaves fewer.

DuckDB opens a store whose journal is short or gone without a word. The note is written after each stored command, so
it never runs ahead of a whole store; after a kill between the two it is one behind, and that is no alarm.
"""

from __future__ import annotations

import os
from pathlib import Path

DIGITS = 20


def noted(path: Path) -> int | None:
    """None where nothing is noted, or nothing that can be read."""
    try:
        text = path.read_bytes()[:DIGITS].strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def note(path: Path, count: int) -> None:
    """Outlives a power cut. Written in place: these few bytes lie in one sector, and each tap waits for them."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.pwrite(descriptor, f"{count:0{DIGITS}}\n".encode(), 0)
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def missing(before: int | None, held: int) -> int:
    """How many commands the store has lost since the note was written."""
    return 0 if before is None else max(0, before - held)
