"""Due times in the store's own table, so that a restart forgets nothing."""

from __future__ import annotations

from sync.app.daemon.job_schedule import JobState
from sync.storage.database import Store


class JobStore:
    """The jobs that belong to no single runner."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, name: str) -> JobState | None:
        for kept in self._store.fetch_all("jobs", JobState):
            if (kept.athlete, kept.name) == ("", name):
                return kept
        return None

    def keep(self, state: JobState) -> None:
        self._store.execute(
            "put_job",
            athlete=state.athlete,
            name=state.name,
            next_due_utc=state.next_due_utc,
            last_started_utc=state.last_started_utc,
            last_success_utc=state.last_success_utc,
            failures=state.failures,
            note=state.note,
        )
