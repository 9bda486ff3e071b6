"""Opening DuckDB's file: who holds it, what is damaged, and what a newer version wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from sync.errors import DISK_FULL, NO_SPACE, PersonMustAct, TryLater

LOCKED = re.compile(r"Conflicting lock is held in (?P<program>\S*).*?\(PID (?P<pid>\d+)\)", re.DOTALL)
FILE_IS_ILL = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException)
"""Errors that would meet any other question or change too."""
SHORT_READER_S = 5.0
"""A reader opens the file, asks and closes at once: waiting this long outlives any of them."""
DAMAGE = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
"""What DuckDB raises when the disk or the bytes on it fail, never for a question that is wrong."""


class StoreUnreadable(PersonMustAct):
    """The file is there and cannot be read: damaged, or denied."""


def connect(
    path: Path, settings: Mapping[str, Any], *, read_only: bool, patience_s: float, sleep: Callable[[float], None]
) -> tuple[duckdb.DuckDBPyConnection, tuple[str, ...]]:
    waited_s, step_s = 0.0, 0.1
    notices: tuple[str, ...] = ()
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=dict(settings)), notices
        except duckdb.Error as error:
            says = str(error)
            held = LOCKED.search(says)
            if held is None:
                if NO_SPACE in says:
                    # Nothing is damaged: what the journal holds is read as soon as there is room.
                    raise TryLater(DISK_FULL) from error
                if "WAL" in says and not read_only and not notices:
                    notices = (_move_journal_aside(path),)
                    continue
                if "newer version" in says or "version number" in says:
                    raise PersonMustAct("storage.newer_duckdb", path=path) from None
                if "WAL" in says and read_only:
                    raise PersonMustAct("storage.journal_damaged") from None
                raise StoreUnreadable("storage.not_opened", path=path, reason=first_line(error)) from error
            if waited_s >= patience_s:
                raise TryLater(
                    "storage.held", program=held["program"].rsplit("/", 1)[-1], pid=held["pid"], path=path
                ) from None
            sleep(step_s)
            waited_s += step_s


def is_refused_from_now_on(error: BaseException) -> bool:
    """Whether the database answers nothing more until it is opened again, as after a write that a full disk refused."""
    return isinstance(error, duckdb.FatalException) or "has been invalidated" in str(error)


def is_damage(error: BaseException) -> bool:
    """Whether the disk, or the bytes on it, failed; what was to be stored may be stored another time."""
    return isinstance(error, DAMAGE)


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def close_quietly(connection: duckdb.DuckDBPyConnection) -> None:
    """Closing checkpoints, which a damaged file may refuse."""
    with suppress(duckdb.Error):
        connection.close()


def _move_journal_aside(path: Path) -> str:
    """Gives the name that it has now."""
    journal = path.with_name(path.name + ".wal")
    number = 1
    while (aside := journal.with_name(f"{journal.name}.damaged-{number}")).exists():
        number += 1
    journal.rename(aside)
    return aside.name
