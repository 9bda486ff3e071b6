"""The store: one DuckDB file, opened by one owner for writing or by short readers; nothing else touches DuckDB.

A question is a named statement under ``sql/``; its rows come back as frozen dataclasses whose fields are its columns.
Only this room runs statements: others call the functions of its repositories. Threads may ask at any time; writers take
turns, one transaction each.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sync.errors import Bug
from sync.settings.atomic_files import sync_folder
from sync.storage import migrate
from sync.storage.connect import (
    DAMAGE,
    SHORT_READER_S,
    StoreUnreadable,
    close_quietly,
    connect,
    first_line,
    is_refused_from_now_on,
)
from sync.storage.copying import copy_database
from sync.storage.query_cache import QueryCache
from sync.storage.statements import statement

OTHERS_END_S = 10.0
_Row = TypeVar("_Row")
_Value = TypeVar("_Value")


class _ThreadState(threading.local):
    """What the store knows of the thread that asks it."""

    def __init__(self) -> None:
        self.cursor: duckdb.DuckDBPyConnection | None = None
        """Of the transaction under way."""


class Store:
    """One open store. Made by :meth:`open`; closed by :meth:`close` or ``with``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
        self._connection = connection
        self._turn = threading.RLock()
        self._mine = _ThreadState()
        self._cache = QueryCache(migrate.tables(connection))
        self._asking = 0
        self._door = threading.Condition()
        self.path = path
        self.read_only = read_only
        self._settings: dict[str, Any] = {}
        self._threads = 1
        self.notices: tuple[str, ...] = ()
        """Where the damaged journals lie now that this opening moved aside: names of files beside the store."""
        self.fault: str | None = None
        """The first fault of the disk, or of the bytes on it, that anyone met."""
        self._refused = False
        """Whether the database answers nothing more until it is opened again."""

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        read_only: bool = False,
        memory_limit: str = "512MB",
        threads: int = 2,
        checkpoint: str = "16MB",
        backups: Path | None = None,
        migrations: Path = migrate.MIGRATIONS,
        patience_s: float = SHORT_READER_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Store:
        """Open the file at ``path``, bring its schema up to date, and keep it until closed.

        ``threads`` is for what reads all of the file; other statements run on their caller's thread alone. A missing
        file opened read-only is an empty store in memory. Raises PersonMustAct for a newer store, Unreadable for a
        damaged one, TryLater naming the process that holds the file after ``patience_s`` seconds.
        """
        settings: dict[str, Any] = {
            "memory_limit": memory_limit,
            # Of a statement that finds a few rows, a second thread takes a third more of the processor and no less
            # time: only tables of more than 122,880 rows are divided between threads.
            "threads": 1,
            "checkpoint_threshold": checkpoint,
            # A missing extension must fail, not be fetched from the internet.
            "autoinstall_known_extensions": False,
        }
        if read_only and not path.exists():
            connection = duckdb.connect(":memory:", config=settings)
            migrate.bring_up_to_date(connection, migrations, path=None, backups=None)
            return cls(connection, path, read_only=False)
        connection, notices = connect(path, settings, read_only=read_only, patience_s=patience_s, sleep=sleep)
        try:
            if read_only:
                migrate.require_current(connection, migrations)
            else:
                migrate.bring_up_to_date(connection, migrations, path=path, backups=backups or path.parent / "backups")
        except DAMAGE as error:
            close_quietly(connection)
            raise StoreUnreadable("storage.not_read", path=path, reason=first_line(error)) from error
        except BaseException:
            connection.close()
            raise
        store = cls(connection, path, read_only=read_only)
        store.notices = notices
        store._settings = settings
        store._threads = threads
        return store

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Checkpoints and lets the file go; waits for a transaction under way. A damaged file is let go as it is."""
        with self._turn:
            try:
                self._connection.close()
            except DAMAGE as error:
                self._ails(error)

    @property
    def schema_version(self) -> int:
        with self._cursor() as cursor:
            return migrate.version(cursor)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside another is part of it. Other writers wait."""
        if self._mine.cursor is not None:
            yield
            return
        with self._turn:
            self._open_again()
            cursor = self._connection.cursor()
            cursor.execute("BEGIN TRANSACTION")
            self._mine.cursor = cursor
            try:
                yield
                cursor.execute("COMMIT")
                self._took_a_write()
            except BaseException as error:
                if isinstance(error, DAMAGE):
                    self._ails(error)
                # A failed COMMIT has already ended the transaction.
                with suppress(duckdb.Error):
                    cursor.execute("ROLLBACK")
                raise
            finally:
                self._mine.cursor = None
                cursor.close()
                self._cache.end_transaction()

    @contextmanager
    def exclusive(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor outside of any transaction while no one else writes; for a neighbour in this folder."""
        with self._turn, self._cursor() as cursor:
            try:
                yield cursor
            finally:
                self._cache.invalidate()

    def read_through(self) -> None:
        """Read every block that holds rows, once. Raises Unreadable for a damaged one, and the store is closed then."""
        try:
            with self._cursor() as cursor, self._all_threads(cursor):
                for table in sorted(migrate.tables(cursor)):
                    quoted = '"' + table.replace('"', '""') + '"'
                    cursor.execute(f"SELECT sum(hash(COLUMNS(*))) FROM {quoted}").fetchall()
        except DAMAGE as error:
            close_quietly(self._connection)
            raise StoreUnreadable("storage.not_read", path=self.path, reason=first_line(error)) from error

    def checkpoint(self) -> None:
        """Move the journal into the file: nothing written before can be lost with a damaged journal."""
        with self._turn, self._cursor() as cursor:
            cursor.execute("CHECKPOINT")

    def copy(self, to: Path) -> None:
        """A whole copy of the store in the file ``to``; questions go on meanwhile, writers wait."""
        with self.exclusive() as cursor, self._all_threads(cursor):
            copy_database(cursor, to)

    @contextmanager
    def _all_threads(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """As many as may be used, while all of the file is read."""
        cursor.execute(f"SET GLOBAL threads = {self._threads}")
        try:
            yield
        finally:
            cursor.execute("SET GLOBAL threads = 1")

    def cached(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """What ``make`` gives, from memory as long as no table has changed that its questions declare to read.

        ``key`` holds whatever else the value depends on: nothing but it and the store may change what ``make`` gives.
        The value is shared: nobody may change what is in it. `sync.storage.query_cache` says what holds, in numbers.
        """
        return self._cache.value(key, make)

    def rewrite(self) -> None:
        """The file rewritten, without the bytes that deleted rows leave in it.

        Questions go on while it is written and wait while it is changed for the new one; writers wait for all of it.
        Raises PersonMustAct, and nothing has changed, when there is no room.
        """
        fresh = self.path.with_name(f".{self.path.name}.fresh")
        with self._turn:
            self.copy(fresh)
            with self._nobody_asking():
                self._connection.close()
                try:
                    # By now the journal is part of the old file, and gone.
                    fresh.replace(self.path)
                    sync_folder(self.path.parent)
                finally:
                    self._connection, _ = connect(
                        self.path, self._settings, read_only=False, patience_s=SHORT_READER_S, sleep=time.sleep
                    )

    def _open_again(self) -> None:
        """After a write that the disk refused: what was stored before is there, what was not is not. Raises TryLater
        while the disk is still full, and the error of `connect`."""
        if not self._refused or self.read_only:
            return
        with self._turn:
            if not self._refused:
                return
            with self._door:
                # Whoever holds a cursor meanwhile meets the same refusal, and gives it back.
                if not self._door.wait_for(lambda: self._asking == 0, timeout=OTHERS_END_S):
                    return
                close_quietly(self._connection)
                self._connection, _ = connect(
                    self.path, self._settings, read_only=False, patience_s=SHORT_READER_S, sleep=time.sleep
                )
                self._cache.invalidate()
                self._refused = False
                self.fault = None

    @contextmanager
    def _nobody_asking(self) -> Iterator[None]:
        """While no question is under way and none begins; the writer's turn must be held."""
        with self._door:
            self._door.wait_for(lambda: self._asking == 0)
            yield

    def fetch_all(self, question: str, row: type[_Row], /, **values: Any) -> list[_Row]:
        """The rows of a question. JSON columns come parsed; every column must be a field of ``row``."""
        with self._cursor() as cursor:
            cursor.execute(self._question(question), values)
            columns = [(str(name), str(kind) == "JSON") for name, kind, *_ in cursor.description or ()]
            found = cursor.fetchall()
        names = [name for name, _ in columns]
        packed = [name for name, is_json in columns if is_json]
        if not packed and tuple(names) == getattr(row, "__match_args__", ()):
            return [row(*cells) for cells in found]  # the quick way: each tap reads thousands of entries again
        rows = []
        for cells in found:
            values = dict(zip(names, cells, strict=True))
            for name in packed:
                if values[name] is not None:
                    values[name] = json.loads(values[name])
            rows.append(row(**values))
        return rows

    def fetch_one(self, question: str, row: type[_Row], /, **values: Any) -> _Row | None:
        found = self.fetch_all(question, row, **values)
        if len(found) > 1:
            raise Bug("storage.many_answers", name=question, count=len(found))
        return found[0] if found else None

    def fetch_value(self, question: str, /, **values: Any) -> Any:
        """The single cell of a question with one column and at most one row; None when there is no row."""
        with self._cursor() as cursor:
            found = cursor.execute(self._question(question), values).fetchall()
        return found[0][0] if found else None

    def fetch_arrays(self, question: str, /, **values: Any) -> dict[str, NDArray[Any]]:
        """The columns of a question as arrays; NULL numbers become NaN."""
        with self._cursor() as cursor:
            found = cursor.execute(self._question(question), values).fetchnumpy()
        return {str(name): np.ma.filled(column, np.nan) for name, column in found.items()}

    def execute(self, change: str, /, **values: Any) -> None:
        """One change, in the transaction under way or in one of its own."""
        with self.transaction(), self._cursor() as cursor:
            cursor.execute(self._change(change), values).fetchall()

    def insert_arrow(self, change: str, table: pa.Table, /, **values: Any) -> None:
        """One change that takes its rows from ``table``, named ``incoming`` in the SQL."""
        with self.transaction(), self._cursor() as cursor:
            cursor.register("incoming", table)
            try:
                cursor.execute(self._change(change), values).fetchall()
            finally:
                cursor.unregister("incoming")

    def insert_rows(self, change: str, rows: Sequence[Mapping[str, Any]], /, **values: Any) -> None:
        """One change that takes many small rows at once; none change nothing."""
        if rows:
            self.insert_arrow(change, pa.Table.from_pylist(list(rows)), **values)

    def _ails(self, error: Exception) -> None:
        self._refused = self._refused or is_refused_from_now_on(error)
        if self.fault is None:
            self.fault = first_line(error)

    def _took_a_write(self) -> None:
        """A disk that was full takes something again; damaged bytes stay damaged."""
        if self.fault is not None and "orrupt" not in self.fault:
            self.fault = None

    def _question(self, name: str) -> str:
        found = statement(name)
        if found.changes:
            raise Bug("storage.statement", name=name, fault="is-a-change")
        self._cache.note_read(found.reads)
        return found.sql

    def _change(self, name: str) -> str:
        found = statement(name)
        if not found.changes:
            raise Bug("storage.statement", name=name, fault="is-a-question")
        self._cache.note_change(found.changes)
        return found.sql

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The transaction's cursor in the thread that writes, else one of its own."""
        if self._mine.cursor is not None:
            yield self._mine.cursor
            return
        self._open_again()
        with self._door:
            cursor = self._connection.cursor()
            self._asking += 1
        try:
            yield cursor
        except DAMAGE as error:
            self._ails(error)
            raise
        finally:
            cursor.close()
            with self._door:
                self._asking -= 1
                self._door.notify_all()


def to_json(value: Any) -> str:
    """Canonical JSON: the same value always gives the same text. Raises ValueError for NaN."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
