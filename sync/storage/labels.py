"""Labels and questions about runs, and from where on they must be made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sync.storage.database import Store
from sync.storage.rows.arrived import DirtyRow, QuestionRow, RunDetailRow, ZonesRow


def run_detail(store: Store, athlete: str, run_id: str) -> RunDetailRow | None:
    """Segments, zone seconds and thresholds that the label was made with."""
    return store.fetch_one("run_detail", RunDetailRow, athlete=athlete, run_id=run_id)


def zones(store: Store, athlete: str, *, first_day: date, last_day: date) -> list[ZonesRow]:
    """The seconds in each heart-rate zone of every run of these days, in order of time."""
    return store.fetch_all("zones", ZonesRow, athlete=athlete, first_day=first_day, last_day=last_day)


def questions(store: Store, athlete: str) -> list[QuestionRow]:
    """Doubtful pairs and activities of unknown sport, newest first."""
    return store.fetch_all("questions", QuestionRow, athlete=athlete)


def insert_labels(store: Store, athlete: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """``rows`` hold a value for each column of a label."""
    store.insert_rows("insert_labels", rows, athlete=athlete)


def delete_label(store: Store, athlete: str, run_id: str) -> None:
    store.execute("delete_label", athlete=athlete, run_id=run_id)


def replace_labels(
    store: Store,
    athlete: str,
    dirty_was: DirtyRow,
    labels: Sequence[Mapping[str, Any]],
    asked: Sequence[Mapping[str, Any]],
) -> None:
    """New labels from where the store was dirty on, and all questions again; a mark made meanwhile stays. In one go."""
    with store.transaction():
        store.execute("delete_labels_from", athlete=athlete, from_utc=dirty_was.from_utc)
        insert_labels(store, athlete, labels)
        store.execute("delete_questions", athlete=athlete)
        store.insert_rows("insert_questions", asked, athlete=athlete)
        store.execute("delete_dirty", athlete=athlete, marks=dirty_was.marks)


def dirty(store: Store, athlete: str) -> DirtyRow | None:
    """From where on labels are out of date; None when all are as they should be."""
    return store.fetch_one("dirty", DirtyRow, athlete=athlete)


def mark_dirty(store: Store, athlete: str, *, from_utc: datetime) -> None:
    """Labels from then on must be made again."""
    store.execute("mark_dirty", athlete=athlete, from_utc=from_utc)
