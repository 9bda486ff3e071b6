"""How this program opens its store: with the config's limits, at the home's path, and never an empty one by mistake."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from sync.errors import NoStore, PersonMustAct
from sync.settings.config import Config
from sync.settings.paths import DataDir
from sync.storage import blocks
from sync.storage.compact import compact
from sync.storage.connect import SHORT_READER_S, StoreUnreadable
from sync.storage.database import Store

NIGHTLY = re.compile(r"springstep-(?P<day>\d{4}-\d\d-\d\d)\.duckdb")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class StoreFound:
    """What lies in a home, as far as it tells whether a store was there."""

    database: bool
    journal: bool
    originals: bool
    backups: bool
    demo: bool


def is_lost(found: StoreFound) -> bool:
    """No store where there was one. A new home has nothing yet, and the demo's is made again."""
    return not found.database and not found.demo and (found.journal or found.originals or found.backups)


def look(home: DataDir) -> StoreFound:
    return StoreFound(
        database=home.database.exists(),
        journal=home.journal.exists(),
        originals=_holds_a_file(home.originals),
        backups=_holds_a_file(home.backups),
        demo=home.demo_note.exists(),
    )


def copy_days(home: DataDir) -> tuple[str, ...]:
    """The days of the nightly copies, newest first."""
    named = (NIGHTLY.fullmatch(path.name) for path in _files(home.backups))
    return tuple(sorted((match["day"] for match in named if match is not None), reverse=True))


def copy_of(home: DataDir, day: str) -> Path:
    return home.backups / f"springstep-{day}.duckdb"


def open_store(home: DataDir, config: Config, *, read_only: bool, patience_s: float = SHORT_READER_S) -> Store:
    """For a ``with``. Read-only, a home without a store is an empty one.

    An owner's store is read through once, so that damaged bytes are met now and not by a page. Raises TryLater while
    another one writes, NoStore where a store is missing or cannot be read although there was one.
    """
    found = look(home)
    if is_lost(found):
        raise no_store(home, why="missing")
    if not read_only and home.compact_note.exists() and found.database and compact(home.database):
        home.compact_note.unlink(missing_ok=True)
    unfit = _unfit_blocks(home.database) if found.database and not read_only else []
    try:
        store = Store.open(
            home.database,
            read_only=read_only,
            memory_limit=config.store.memory_limit,
            threads=config.store.threads,
            checkpoint=config.store.checkpoint,
            backups=home.backups,
            patience_s=patience_s,
        )
        if not read_only:
            store.read_through()
            if unfit:
                _mend(store, unfit)
    except StoreUnreadable as error:
        if found.demo:
            raise
        log.error("store.unreadable", error=str(error))
        raise no_store(home, why="unreadable", detail=f"{error.values['path']}: {error.values['reason']}") from error
    return store


def _unfit_blocks(database: Path) -> list[int]:
    try:
        return blocks.unfit(database)
    except OSError:
        # DuckDB will say what is wrong with it.
        return []


def _mend(store: Store, unfit: list[int]) -> None:
    """Every row was read: what is damaged is an index or is not in use, and a rewritten file has neither."""
    try:
        store.rewrite()
        log.warning("store.written_anew", damaged_blocks=unfit)
    except PersonMustAct as error:
        store.fault = str(error)
        log.error("store.not_mended", damaged_blocks=unfit, error=str(error))


def no_store(home: DataDir, *, why: str, detail: str = "") -> NoStore:
    """What happened, and what there is to choose from."""
    return NoStore(
        f"storage.{why}",
        why=why,
        detail=detail,
        copies=copy_days(home),
        originals=_holds_a_file(home.originals),
        home=home.root,
    )


def _holds_a_file(folder: Path) -> bool:
    return next(_files(folder), None) is not None


def _files(folder: Path) -> Iterator[Path]:
    """Everything below that is a file, hidden ones and what is being written left out; nothing where none can look."""
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(at, name) for name in names if not name.startswith("."))
