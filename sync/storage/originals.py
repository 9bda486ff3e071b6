"""Originals: every content that gave a recording, kept whole by its checksum."""

from __future__ import annotations

from pathlib import Path

from sync.settings.atomic_files import atomic_write


def path_of(folder: Path, athlete_id: str, sha256: str) -> Path:
    return folder / athlete_id / sha256[:2] / sha256


def keep(folder: Path, athlete_id: str, sha256: str, content: bytes) -> Path:
    """Durable before the return. A content that is there in full is left alone."""
    path = path_of(folder, athlete_id, sha256)
    try:
        if path.stat().st_size == len(content):
            return path
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    atomic_write(path, content)
    return path


def read(folder: Path, athlete_id: str, sha256: str) -> bytes | None:
    """None when it is gone."""
    try:
        return path_of(folder, athlete_id, sha256).read_bytes()
    except FileNotFoundError:
        return None


def delete(folder: Path, athlete_id: str, sha256: str) -> None:
    path_of(folder, athlete_id, sha256).unlink(missing_ok=True)
