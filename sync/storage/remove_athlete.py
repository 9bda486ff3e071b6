"""Everything of one runner out of a store, whatever tables it has: an older copy has others than today's."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from sync.errors import PersonMustAct
from sync.settings.atomic_files import sync_folder
from sync.storage.connect import first_line
from sync.storage.copying import copy_database
from sync.storage.database import Store

ATHLETE = "athlete"
"""The column that every table has."""
WAL = ".wal"


def athletes_in(store: Store) -> frozenset[str]:
    """The ids of all whom the store holds anything of."""
    with store.exclusive() as cursor:
        found = [cursor.execute(f'SELECT DISTINCT {ATHLETE} FROM "{table}"').fetchall() for table in _tables(cursor)]
    return frozenset(str(row[0]) for rows in found for row in rows if row[0])


def remove_athlete(store: Store, athlete: str) -> int:
    """All rows of that runner, in one transaction; gives how many. Their bytes leave the file with `Store.rewrite`."""
    with store.exclusive() as cursor:
        return _remove(cursor, athlete)


def remove_from_copy(copy: Path, athlete: str) -> bool:
    """The same in a file that nobody has open, bytes included; False where it holds nothing of that runner.

    The file is replaced as a whole, so that one that was begun is begun again; it keeps its time of writing. Raises
    PersonMustAct when it cannot be read or written.
    """
    work, fresh = copy.with_name(f".{copy.name}.work"), copy.with_name(f".{copy.name}.fresh")
    written = copy.stat()
    try:
        for end in ("", WAL):
            if (found := copy.with_name(copy.name + end)).exists():
                shutil.copyfile(found, work.with_name(work.name + end))
        with duckdb.connect(str(work), config={"threads": 1}) as connection:
            if not _remove(connection, athlete):
                return False
            copy_database(connection, fresh)
        os.utime(fresh, ns=(written.st_atime_ns, written.st_mtime_ns))
        fresh.replace(copy)
        copy.with_name(copy.name + WAL).unlink(missing_ok=True)
        sync_folder(copy.parent)
        return True
    except (OSError, duckdb.Error) as error:
        raise PersonMustAct("storage.not_read", path=copy, reason=first_line(error)) from error
    finally:
        for one in (work, work.with_name(work.name + WAL), fresh):
            one.unlink(missing_ok=True)


def _remove(cursor: duckdb.DuckDBPyConnection, athlete: str) -> int:
    count = 0
    cursor.execute("BEGIN TRANSACTION")
    try:
        for table in _tables(cursor):
            gone = cursor.execute(f'DELETE FROM "{table}" WHERE {ATHLETE} = ?', [athlete]).fetchall()
            count += int(gone[0][0])
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise
    return count


def _tables(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    named = "SELECT DISTINCT table_name FROM duckdb_columns() WHERE column_name = ? AND NOT internal AND table_name IN "
    rows = cursor.execute(named + "(SELECT table_name FROM duckdb_tables()) ORDER BY 1", [ATHLETE]).fetchall()
    return [str(row[0]) for row in rows]
