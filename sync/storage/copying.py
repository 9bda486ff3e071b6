"""A whole copy of an open store, made by DuckDB itself.

The file must never be read beside DuckDB in the same process: closing it there would drop the lock that keeps other
processes out (POSIX locks belong to the process, not to the descriptor).
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from sync.errors import PersonMustAct
from sync.settings.atomic_files import sync_folder

COPY = "copy_of_store"


def copy_database(connection: duckdb.DuckDBPyConnection, to: Path) -> None:
    """Whole and durable before the return; nobody may write meanwhile. ``to`` is replaced.

    Raises PersonMustAct, ``to`` as it was, when the copy cannot be written or does not hold every row.
    """
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    name = connection.execute("SELECT current_database()").fetchall()[0][0]
    try:
        # ATTACH and COPY FROM DATABASE take no bound values.
        connection.execute(f"ATTACH {_text(part)} AS {COPY}")
        try:
            connection.execute(f"COPY FROM DATABASE {_name(name)} TO {COPY}").fetchall()
        finally:
            connection.execute(f"DETACH {COPY}")
        # Attached again, so that the rows are counted in the file and not in memory.
        connection.execute(f"ATTACH {_text(part)} AS {COPY} (READ_ONLY)")
        try:
            whole = _counts(connection, name) == _counts(connection, COPY)
        finally:
            connection.execute(f"DETACH {COPY}")
        if not whole:
            raise PersonMustAct("storage.copy_incomplete", path=to)
        part.chmod(0o600)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(to)
        sync_folder(to.parent)
    except (OSError, duckdb.Error) as error:
        raise PersonMustAct("storage.copy_not_written", path=to, reason=type(error).__name__) from error
    finally:
        part.unlink(missing_ok=True)


def _counts(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    named = "SELECT table_name FROM duckdb_tables() WHERE database_name = $database ORDER BY table_name"
    tables = [str(row[0]) for row in connection.execute(named, {"database": database}).fetchall()]
    return {
        table: int(connection.execute(f"SELECT count(*) FROM {_name(database)}.{_name(table)}").fetchall()[0][0])
        for table in tables
    }


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
