"""How much a copy of the store holds, and whether another one lacks too much of it to take its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from sync.storage.database import Store
from sync.storage.rows.arrived import NameRow
from sync.storage.statements import statement

ENOUGH = 0.8
"""Of each kind; below it the older copy is the better one."""
Holdings = Mapping[tuple[str, str], int]
"""Athlete and kind -> how many."""


def lacking(before: Holdings, now: Holdings) -> list[str]:
    """The kinds of which ``now`` holds less than ``ENOUGH`` of what ``before`` holds."""
    return sorted({kind for (who, kind), count in before.items() if now.get((who, kind), 0) < ENOUGH * count})


def athletes_held(store: Store) -> tuple[str, ...]:
    """Ids of all who typed something or of whom there is a run or an original; sorted."""
    return tuple(row.name for row in store.fetch_all("athletes_held", NameRow))


def holdings(copy: Path) -> Holdings | None:
    """Of a file that nobody has open, of this program's form or an older one; None when it cannot be read."""
    found: Counter[tuple[str, str]] = Counter()
    try:
        with duckdb.connect(str(copy), read_only=True, config={"threads": 1}) as connection:
            _count(connection, "holdings", found)
            with suppress(duckdb.CatalogException):
                # The first form had no such table.
                _count(connection, "holdings_gone", found)
    except duckdb.Error:
        return None
    return found


def _count(connection: duckdb.DuckDBPyConnection, name: str, found: Counter[tuple[str, str]]) -> None:
    for athlete, kind, count in connection.execute(statement(name).sql).fetchall():
        found[str(athlete), str(kind)] += int(count)
