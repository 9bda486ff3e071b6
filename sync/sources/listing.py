"""What a source lists and how far it was taken in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sync.sources.reconcile import Known
from sync.storage.database import Store


@dataclass(frozen=True, slots=True)
class ListedCount:
    listed: int
    taken: int


def listed(
    store: Store, athlete: str, source: str, *, since_utc: datetime, ids: Iterable[str] = ()
) -> dict[str, Known]:
    """The rows since then, all unfinished ones, and those of ``ids`` whatever their date."""
    rows = store.ask("listed", Known, athlete=athlete, source=source, since_utc=since_utc)
    older = sorted(set(ids) - {row.source_id for row in rows})
    if older:
        rows += store.ask("listed_ids", Known, athlete=athlete, source=source, ids=older)
    return {row.source_id: row for row in rows}


def keep_listed(store: Store, athlete: str, source: str, rows: Iterable[Known]) -> None:
    """All of them or none."""
    with store.transaction():
        for row in rows:
            store.tell("put_listed", athlete=athlete, source=source, **asdict(row))


def count_listed(store: Store, athlete: str, source: str) -> ListedCount:
    found = store.ask_one("count_listed", ListedCount, athlete=athlete, source=source)
    return found or ListedCount(0, 0)


def forget_listed(store: Store, athlete: str, source: str) -> None:
    store.tell("forget_listed", athlete=athlete, source=source)


def blur_listed(store: Store, athlete: str, source: str, *, before_utc: datetime) -> None:
    """Keep only the day of what began before then."""
    store.tell("blur_listed", athlete=athlete, source=source, before_utc=before_utc)
