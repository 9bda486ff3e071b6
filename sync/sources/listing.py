"""What a source lists and how far it was taken in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sync.sources.reconcile import LocalItem
from sync.storage.database import Store
from sync.storage.listing import fetch_listed, store_listed


def listed(
    store: Store, athlete: str, source: str, *, since_utc: datetime, ids: Iterable[str] = ()
) -> dict[str, LocalItem]:
    """The rows since then, all unfinished ones, and those of ``ids`` whatever their date."""
    rows = fetch_listed(store, athlete, source, LocalItem, since_utc=since_utc, ids=ids)
    return {row.source_id: row for row in rows}


def upsert_listed(store: Store, athlete: str, source: str, rows: Iterable[LocalItem]) -> None:
    """All of them or none."""
    store_listed(store, athlete, source, (asdict(row) for row in rows))
