"""Due times in the store's own table, so that a restart forgets nothing."""

from __future__ import annotations

from dataclasses import asdict

from sync.app.daemon.job_schedule import JobState
from sync.storage import housekeeping
from sync.storage.database import Store
from sync.storage.rows.kept import JobRow


class JobStore:
    """The jobs that belong to no single runner."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, name: str) -> JobState | None:
        for kept in housekeeping.jobs(self._store):
            if (kept.athlete, kept.name) == ("", name):
                return JobState(**asdict(kept))
        return None

    def keep(self, state: JobState) -> None:
        housekeeping.upsert_job(self._store, JobRow(**asdict(state)))
