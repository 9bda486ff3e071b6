"""A watch that is plugged in as a drive: its activity files, found where drives appear, and never touched."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

ACTIVITY = ("GARMIN", "ACTIVITY")
"""Older watches write ``GARMIN/Activity``, newer ones ``GARMIN/ACTIVITY``."""
DEPTH = 3
"""A drive appears as /media/NAME or /run/media/USER/NAME; a phone's file system one deeper."""
MOST_ENTRIES = 200


def watch_folders(places: Iterable[Path]) -> tuple[Path, ...]:
    """The activity folders of every watch below ``places``, each once, in order of path."""
    found = {folder.resolve(): folder for place in places for folder in _below(place.expanduser(), DEPTH)}
    return tuple(sorted(found.values()))


def _below(place: Path, depth: int) -> Iterator[Path]:
    for child in _folders(place):
        if child.name.upper() == ACTIVITY[0]:
            yield from (folder for folder in _folders(child) if folder.name.upper() == ACTIVITY[1])
        # The drive itself is often called GARMIN, too.
        if depth > 0:
            yield from _below(child, depth - 1)


def _folders(place: Path) -> list[Path]:
    """A drive that was just pulled out, or that we may not look into, has none."""
    try:
        with os.scandir(place) as entries:
            found = [Path(entry.path) for entry in entries if not entry.is_symlink() and entry.is_dir()]
    except OSError:
        return []
    return sorted(found)[:MOST_ENTRIES]
