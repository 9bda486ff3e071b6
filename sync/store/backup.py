"""A copy of the store while it is open, proven by opening it; and how old copies make room."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import duckdb

from sync.errors import TryLater
from sync.files import sync_folder
from sync.store.database import Store

NIGHTLY = "nightly-"


def copy_to(store: Store, target: Path) -> Path:
    """Replaces ``target`` by a whole, proven copy. Copying the file itself would be unsafe while something writes.

    Raises TryLater when it cannot be written, or does not hold what the store holds.
    """
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        counts = _copy(store, part)
        if (copied := _counts_of(part)) != counts:
            raise TryLater(f"The backup is not whole ({_difference(counts, copied)}).")
        part.chmod(0o600)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except (OSError, duckdb.Error) as error:
        raise TryLater(f"The backup could not be written to {target.parent} ({type(error).__name__}).") from error
    finally:
        part.unlink(missing_ok=True)
    sync_folder(target.parent)
    return target


def nightly(store: Store, folder: Path, now_utc: datetime, *, kept: int) -> Path | None:
    """Tonight's copy; the oldest beyond ``kept`` go. None when none are wanted."""
    if kept == 0:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = copy_to(store, folder / f"{NIGHTLY}{now_utc:%Y%m%d-%H%M%S}.duckdb")
    for old in sorted(folder.glob(f"{NIGHTLY}*.duckdb"))[:-kept]:
        old.unlink()
    return made


def _copy(store: Store, part: Path) -> dict[str, int]:
    with store.alone() as cursor:
        # A path cannot be bound to ATTACH; a quote in it is doubled.
        quoted = str(part).replace("'", "''")
        cursor.execute(f"ATTACH '{quoted}' AS copied")
        try:
            name = cursor.execute("SELECT current_database()").fetchall()[0][0]
            cursor.execute(f'COPY FROM DATABASE "{name}" TO copied')
            counts = _counts(cursor)
        finally:
            cursor.execute("DETACH copied")
    return counts


def _counts_of(path: Path) -> dict[str, int]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return _counts(connection)


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows in each table, counted and not estimated."""
    tables = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database() ORDER BY table_name"
    ).fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0] for (name,) in tables}


def _difference(counts: dict[str, int], copied: dict[str, int]) -> str:
    return ", ".join(
        f"{name}: {n} rows, copied {copied.get(name, 0)}" for name, n in counts.items() if copied.get(name) != n
    )
