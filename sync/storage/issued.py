"""What was issued to the runner: prescriptions and changes of dose, kept as they were and never rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sync.storage.database import Store, to_json
from sync.storage.rows.kept import DoseChangeRow, GivenRow, PrescriptionRow


def prescriptions(
    store: Store, athlete: str, *, first_day: date | None = None, last_day: date | None = None
) -> list[PrescriptionRow]:
    """In order of issue, superseded ones included."""
    return store.fetch_all("prescriptions", PrescriptionRow, athlete=athlete, first_day=first_day, last_day=last_day)


def prescription(store: Store, athlete: str, prescription_id: str) -> PrescriptionRow | None:
    return store.fetch_one("prescription", PrescriptionRow, athlete=athlete, prescription_id=prescription_id)


def given(store: Store, athlete: str, first_day: date) -> list[GivenRow]:
    """In order of issue, superseded ones included, without drills and reasons."""
    return store.fetch_all("given", GivenRow, athlete=athlete, first_day=first_day)


def first_issued(store: Store, athlete: str) -> date | None:
    """The day of the first prescription ever issued."""
    day: date | None = store.fetch_value("first_issued", athlete=athlete)
    return day


def dose_changes(store: Store, athlete: str) -> list[DoseChangeRow]:
    """The whole history, in order of issue."""
    return store.fetch_all("dose_changes", DoseChangeRow, athlete=athlete)


def insert_prescription(store: Store, athlete: str, facts: Mapping[str, Any], *, issued_utc: datetime) -> None:
    """``facts`` as `serialize.prescriptions` gives them; the same id again changes nothing."""
    store.execute("insert_prescription", athlete=athlete, issued_utc=issued_utc, **_packed(facts))


def insert_dose_change(store: Store, athlete: str, facts: Mapping[str, Any], *, issued_utc: datetime) -> None:
    """``facts`` as `serialize.prescriptions` gives them; the same id again changes nothing."""
    store.execute("insert_dose_change", athlete=athlete, issued_utc=issued_utc, **_packed(facts))


def _packed(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: to_json(value) if isinstance(value, dict | list) else value for name, value in facts.items()}
