"""What a source lists, and how far each activity of it was taken in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sync.storage.database import Store

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class ListedCount:
    listed: int
    taken: int
    owed: int = 0
    """Those that could not be downloaded, and of which nothing but a summary may be here."""


def count_listed(store: Store, athlete: str, source: str) -> ListedCount:
    found = store.fetch_one("count_listed", ListedCount, athlete=athlete, source=source)
    return found or ListedCount(0, 0)


def fetch_listed(
    store: Store, athlete: str, source: str, row: type[_Row], *, since_utc: datetime, ids: Iterable[str]
) -> list[_Row]:
    """What began since then, all that is unfinished, and those of ``ids`` whatever their date; newest first.

    ``row`` is the source's own frozen dataclass, whose fields are the columns.
    """
    return store.fetch_all("listed", row, athlete=athlete, source=source, since_utc=since_utc, ids=sorted(set(ids)))


def store_listed(store: Store, athlete: str, source: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """All of them or none; ``rows`` hold a value for each column."""
    with store.transaction():
        for row in rows:
            store.execute("upsert_listed", athlete=athlete, source=source, **row)


def delete_listed(store: Store, athlete: str, source: str) -> None:
    store.execute("delete_listed", athlete=athlete, source=source)


def coarsen_listed(store: Store, athlete: str, source: str, *, before_utc: datetime) -> None:
    """Keep only the day of what began before then."""
    store.execute("coarsen_listed", athlete=athlete, source=source, before_utc=before_utc)
