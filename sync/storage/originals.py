"""Originals: every content that gave a recording, kept whole by its checksum, and the store's rows about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sync.settings.atomic_files import atomic_write
from sync.storage.database import Store
from sync.storage.rows.arrived import NameRow, OriginalRow

# --- on the disk ----------------------------------------------------------------------------------


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


# --- in the store ---------------------------------------------------------------------------------


def originals(store: Store, athlete: str) -> list[OriginalRow]:
    """In the order in which they were seen first."""
    return store.fetch_all("originals", OriginalRow, athlete=athlete)


def orphaned_originals(store: Store, athlete: str) -> list[OriginalRow]:
    """Those that no recording is made of any more."""
    return store.fetch_all("orphaned_originals", OriginalRow, athlete=athlete)


def originals_only_of_removed(store: Store, athlete: str, hashes: Sequence[str]) -> list[OriginalRow]:
    """Those of ``hashes`` whose recordings have all lost their details."""
    return store.fetch_all("originals_only_of_removed", OriginalRow, athlete=athlete, hashes=list(hashes))


def is_known(store: Store, athlete: str, sha256: str) -> bool:
    return bool(store.fetch_value("original_known", athlete=athlete, sha256=sha256))


def first_name(store: Store, athlete: str, sha256: str) -> str | None:
    """The first of the names, in their order, under which a content was seen."""
    found = store.fetch_all("original_names", NameRow, athlete=athlete, sha256=sha256)
    return found[0].name if found else None


def insert_original(
    store: Store, athlete: str, *, sha256: str, content_format: str, size_bytes: int, first_seen_utc: datetime
) -> None:
    """A known one stays as it is."""
    store.execute(
        "insert_original",
        athlete=athlete,
        sha256=sha256,
        format=content_format,
        size_bytes=size_bytes,
        first_seen_utc=first_seen_utc,
    )


def insert_names(store: Store, athlete: str, sha256: str, names: Iterable[str]) -> None:
    """A content was seen under these names; known ones stay."""
    for name in names:
        store.execute("insert_original_name", athlete=athlete, sha256=sha256, name=name)


def delete_original(store: Store, athlete: str, sha256: str) -> None:
    """The row and the names; what lies on the disk goes after the transaction, with `delete`."""
    store.execute("delete_original", athlete=athlete, sha256=sha256)
    store.execute("delete_original_names", athlete=athlete, sha256=sha256)
