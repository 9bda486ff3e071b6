"""A whole copy of an open store, made by DuckDB itself.

The file must never be read beside DuckDB in the same process: closing it there would drop the lock that keeps other
processes out (POSIX locks belong to the process, not to the descriptor).
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from sync.files import sync_folder


def copy_database(connection: duckdb.DuckDBPyConnection, to: Path) -> None:
    """Durable before the return; readers and writers go on meanwhile. ``to`` is replaced."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    name = connection.execute("SELECT current_database()").fetchall()[0][0]
    # ATTACH and COPY FROM DATABASE take no bound values.
    connection.execute(f"ATTACH {_text(part)} AS copy_of_store")
    try:
        connection.execute(f"COPY FROM DATABASE {_name(name)} TO copy_of_store").fetchall()
    finally:
        connection.execute("DETACH copy_of_store")
    part.chmod(0o600)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(to)
    sync_folder(to.parent)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
