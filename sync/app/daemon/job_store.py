"""Appointments in the store's own table, so that a restart forgets nothing."""

from __future__ import annotations

from sync.app.daemon.job_schedule import Appointment
from sync.storage.database import Store


class JobBook:
    """The jobs that belong to no single runner."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, name: str) -> Appointment | None:
        for kept in self._store.ask("jobs", Appointment):
            if (kept.athlete, kept.name) == ("", name):
                return kept
        return None

    def keep(self, appointment: Appointment) -> None:
        self._store.tell(
            "put_job",
            athlete=appointment.athlete,
            name=appointment.name,
            next_due_utc=appointment.next_due_utc,
            last_started_utc=appointment.last_started_utc,
            last_success_utc=appointment.last_success_utc,
            failures=appointment.failures,
            note=appointment.note,
        )
