"""What a source lists and how far it was taken in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sync.sources.reconcile import LocalItem
from sync.storage.database import Store


def listed(
    store: Store, athlete: str, source: str, *, since_utc: datetime, ids: Iterable[str] = ()
) -> dict[str, LocalItem]:
    """The rows since then, all unfinished ones, and those of ``ids`` whatever their date."""
    rows = store.fetch_all("listed", LocalItem, athlete=athlete, source=source, since_utc=since_utc)
    older = sorted(set(ids) - {row.source_id for row in rows})
    if older:
        rows += store.fetch_all("listed_ids", LocalItem, athlete=athlete, source=source, ids=older)
    return {row.source_id: row for row in rows}


def upsert_listed(store: Store, athlete: str, source: str, rows: Iterable[LocalItem]) -> None:
    """All of them or none."""
    with store.transaction():
        for row in rows:
            store.execute("put_listed", athlete=athlete, source=source, **asdict(row))
