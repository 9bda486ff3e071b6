"""Numbered SQL files bring a store up to date: one transaction each, a copy of the file before each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from sync.errors import PersonMustAct
from sync.storage.copying import copy_database

MIGRATIONS = Path(__file__).parent / "migrations"


def version(connection: duckdb.DuckDBPyConnection) -> int:
    """The schema's version; 0 for a new file."""
    known = connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'schema_version'"
    ).fetchall()
    if not known[0][0]:
        return 0
    newest = connection.execute("SELECT max(version) FROM schema_version").fetchall()
    return int(newest[0][0] or 0)


def tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of all tables."""
    found = connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
    return {str(name) for (name,) in found}


def numbered(folder: Path) -> list[tuple[int, Path]]:
    """The migrations in order: ``0001_first.sql`` is number 1."""
    return sorted((int(path.name.split("_", 1)[0]), path) for path in folder.glob("[0-9]*_*.sql"))


def bring_up_to_date(
    connection: duckdb.DuckDBPyConnection, folder: Path, *, path: Path | None, backups: Path | None
) -> None:
    """Apply what is missing. Raises PersonMustAct when the store is newer than the program."""
    has = version(connection)
    steps = numbered(folder)
    _refuse_newer(has, steps)
    for number, step in steps:
        if number <= has:
            continue
        if has > 0 and path is not None and backups is not None:
            copy_database(connection, backups / f"{path.stem}-before-{number:04}{path.suffix}")
        _apply(connection, number, step)


def require_current(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """A reader cannot migrate: it needs the schema of this very program."""
    has = version(connection)
    steps = numbered(folder)
    _refuse_newer(has, steps)
    if has < steps[-1][0]:
        raise PersonMustAct("storage.older_store")


def _refuse_newer(has: int, steps: list[tuple[int, Path]]) -> None:
    if has > steps[-1][0]:
        raise PersonMustAct("storage.newer_store", version=has, known=steps[-1][0])


def _apply(connection: duckdb.DuckDBPyConnection, number: int, step: Path) -> None:
    connection.execute("BEGIN TRANSACTION")
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_version"
            " (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_utc TIMESTAMP NOT NULL)"
        )
        connection.execute(step.read_text(encoding="utf-8"))
        connection.execute(
            "INSERT INTO schema_version VALUES ($number, $name, $now)",
            {"number": number, "name": step.stem, "now": datetime.now(UTC).replace(tzinfo=None)},
        )
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
