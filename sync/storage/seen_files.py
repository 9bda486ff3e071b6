"""The files that were seen on this machine, and what became of each: an unchanged one is not read twice."""

from __future__ import annotations

from datetime import datetime

from sync.storage.database import Store, to_json
from sync.storage.rows.arrived import SeenFileRow


def seen_files(store: Store, athlete: str) -> list[SeenFileRow]:
    return store.fetch_all("seen_files", SeenFileRow, athlete=athlete)


def upsert_seen_file(store: Store, athlete: str, row: SeenFileRow, *, seen_utc: datetime) -> None:
    store.execute(
        "upsert_seen_file",
        athlete=athlete,
        path=row.path,
        size_bytes=row.size_bytes,
        modified_ns=row.modified_ns,
        reader=row.reader,
        leaves=to_json(row.leaves),
        seen_utc=seen_utc,
    )


def delete_seen_file(store: Store, athlete: str, path: str) -> None:
    """Should the file return, it is read again."""
    store.execute("delete_seen_file", athlete=athlete, path=path)
