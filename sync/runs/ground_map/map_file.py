"""The map's file in the home: private, for it shows where the runs went; in no backup, because it can be read again."""

from __future__ import annotations

import io
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path

import numpy as np

from rules.measure.map_match import GroundMap, ground_map
from sync.settings.atomic_files import atomic_write, sync_folder

ARRAYS = ("stretches", "codes", "corners", "begins", "ring_codes")
LICENCE = "© OpenStreetMap contributors, ODbL 1.0 (openstreetmap.org/copyright)"


def keep(path: Path, ground: GroundMap) -> int:
    """Writes the map, whole or not at all; gives its size in bytes."""
    out = io.BytesIO()
    arrays = {name: getattr(ground, name) for name in ARRAYS}
    np.savez_compressed(out, licence=np.array(LICENCE), **arrays)
    atomic_write(path, out.getvalue())
    return len(out.getvalue())


def load(path: Path) -> GroundMap | None:
    """The map at ``path``, named after its content; None without one, or when it cannot be read."""
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            arrays = {name: held[name] for name in ARRAYS}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    return ground_map(sha256(content).hexdigest()[:12], **arrays)


def remove(path: Path) -> bool:
    """True when there was one."""
    if not path.exists():
        return False
    path.unlink()
    sync_folder(path.parent)
    return True
