"""What a source lists, as far as no rule of syncing is needed: how much there is, and taking it away again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sync.storage.database import Store


@dataclass(frozen=True, slots=True)
class ListedCount:
    listed: int
    taken: int


def count_listed(store: Store, athlete: str, source: str) -> ListedCount:
    found = store.fetch_one("count_listed", ListedCount, athlete=athlete, source=source)
    return found or ListedCount(0, 0)


def delete_listed(store: Store, athlete: str, source: str) -> None:
    store.execute("forget_listed", athlete=athlete, source=source)


def coarsen_listed(store: Store, athlete: str, source: str, *, before_utc: datetime) -> None:
    """Keep only the day of what began before then."""
    store.execute("blur_listed", athlete=athlete, source=source, before_utc=before_utc)
