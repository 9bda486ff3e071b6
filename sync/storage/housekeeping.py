"""Problems, jobs, sync runs, what sources wrote down about themselves, wellness and gear."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sync.storage.database import Store, to_json
from sync.storage.rows.arrived import ProblemRow
from sync.storage.rows.kept import GearRow, JobRow, StateRow, SyncRunRow, WellnessRow


def problems(store: Store, athlete: str) -> list[ProblemRow]:
    """Newest first."""
    return store.fetch_all("problems", ProblemRow, athlete=athlete)


def upsert_problem(
    store: Store,
    athlete: str,
    *,
    source: str,
    place: str,
    name: str,
    reason: str,
    detail: str | None,
    now_utc: datetime,
) -> str:
    """Keep a problem; the same place and name again only moves its last sight. Gives its id."""
    problem_id = hashlib.sha256("\0".join((athlete, source, place, name)).encode()).hexdigest()[:12]
    store.execute(
        "upsert_problem",
        athlete=athlete,
        problem_id=problem_id,
        source=source,
        place=place,
        name=name,
        reason=reason,
        detail=detail,
        now_utc=now_utc,
    )
    return problem_id


def delete_stale_problems(store: Store, athlete: str, *, source: str, place: str, kept: Sequence[str] = ()) -> None:
    """Whatever was wrong at ``place`` is over, but for the problems ``kept``."""
    store.execute("delete_problems", athlete=athlete, source=source, place=place, kept=list(kept))


def delete_problems(store: Store, athlete: str, *, source: str, before_utc: datetime) -> None:
    """Those of a source that were last seen before then."""
    for row in problems(store, athlete):
        if row.source == source and row.last_seen_utc < before_utc:
            delete_stale_problems(store, athlete, source=source, place=row.place)


def jobs(store: Store) -> list[JobRow]:
    return store.fetch_all("jobs", JobRow)


def upsert_job(store: Store, job: JobRow) -> None:
    store.execute(
        "upsert_job",
        athlete=job.athlete,
        name=job.name,
        next_due_utc=job.next_due_utc,
        last_started_utc=job.last_started_utc,
        last_success_utc=job.last_success_utc,
        failures=job.failures,
        note=job.note,
    )


def delete_job(store: Store, athlete: str, name: str) -> None:
    store.execute("delete_job", athlete=athlete, name=name)


def sync_runs(store: Store, athlete: str, *, limit: int = 20) -> list[SyncRunRow]:
    """Newest first."""
    return store.fetch_all("sync_runs", SyncRunRow, athlete=athlete, limit=limit)


def insert_sync_run(store: Store, athlete: str, row: SyncRunRow) -> None:
    """The same ``pass_id`` again ends it."""
    store.execute(
        "upsert_sync_run",
        athlete=athlete,
        pass_id=row.pass_id,
        source=row.source,
        started_utc=row.started_utc,
        ended_utc=row.ended_utc,
        result=row.result,
        counts=to_json(dict(row.counts)),
    )


def source_state(store: Store, athlete: str, source: str) -> dict[str, Any]:
    """What a source wrote down about itself, by key."""
    return {row.key: row.value for row in store.fetch_all("source_state", StateRow, athlete=athlete, source=source)}


def upsert_source_state(store: Store, athlete: str, source: str, key: str, value: Any) -> None:
    store.execute("upsert_source_state", athlete=athlete, source=source, key=key, value=to_json(value))


def delete_source_state(store: Store, athlete: str, source: str, key: str) -> None:
    store.execute("delete_source_state", athlete=athlete, source=source, key=key)


def wellness(store: Store, athlete: str, *, first_day: date, last_day: date) -> list[WellnessRow]:
    return store.fetch_all("wellness", WellnessRow, athlete=athlete, first_day=first_day, last_day=last_day)


def upsert_wellness(store: Store, athlete: str, source: str, day: date, facts: Mapping[str, Any]) -> None:
    store.execute("upsert_wellness", athlete=athlete, source=source, day=day, facts=to_json(dict(facts)))


def gear(store: Store, athlete: str) -> list[GearRow]:
    return store.fetch_all("gear", GearRow, athlete=athlete)


def upsert_gear(store: Store, athlete: str, row: GearRow) -> None:
    store.execute(
        "upsert_gear",
        athlete=athlete,
        source=row.source,
        gear_id=row.gear_id,
        name=row.name,
        kind=row.kind,
        facts=to_json(dict(row.facts)),
    )


def delete_source(store: Store, athlete: str, source: str) -> None:
    """Everything that a source told besides activities: its state, its gear, its wellness and its problems."""
    store.execute("delete_source_state", athlete=athlete, source=source, key=None)
    store.execute("delete_gear", athlete=athlete, source=source)
    store.execute("delete_wellness", athlete=athlete, source=source)
    store.execute("delete_problems", athlete=athlete, source=source, place=None, kept=[])
