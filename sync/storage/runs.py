"""Runs with their labels, what was measured of them, and other activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sync.storage.database import Store, to_json
from sync.storage.rows.arrived import (
    ActivityRow,
    AdjacentRow,
    ClockRow,
    FeaturesRow,
    LongestRow,
    MatchRow,
    RunRow,
    RunStartRow,
    YearRow,
)

ALL = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Labelled:
    """The labels that a run must have; None asks for nothing. ``unsure`` is the word for a long that abstained."""

    kind: str | None = None
    intensity: str | None = None
    hills: str | None = None
    surface: str | None = None
    long: str | None = None
    asked: bool | None = None


ANY = Labelled()


def runs(
    store: Store,
    athlete: str,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    labelled: Labelled = ANY,
    limit: int = ALL,
    offset: int = 0,
) -> list[RunRow]:
    """Runs with their labels, newest first."""
    days = {"first_day": first_day, "last_day": last_day}
    return store.fetch_all(
        "runs", RunRow, athlete=athlete, run_id=None, **days, **asdict(labelled), limit=limit, offset=offset
    )


def run(store: Store, athlete: str, run_id: str) -> RunRow | None:
    days = {"first_day": None, "last_day": None}
    return store.fetch_one("runs", RunRow, athlete=athlete, run_id=run_id, **days, **asdict(ANY), limit=1, offset=0)


def last_clock(store: Store, athlete: str, *, from_utc: datetime, until_utc: datetime) -> ClockRow | None:
    """What the latest run that began by ``until_utc`` and ended after ``from_utc`` showed on its clock; None when there
    is none that told it."""
    return store.fetch_one("last_clock", ClockRow, athlete=athlete, from_utc=from_utc, until_utc=until_utc)


def adjacent_runs(store: Store, athlete: str, run_id: str) -> AdjacentRow | None:
    """The ids of the runs before and after this one in time."""
    return store.fetch_one("adjacent_runs", AdjacentRow, athlete=athlete, run_id=run_id)


def run_starts(store: Store, athlete: str, run_ids: Sequence[str]) -> list[RunStartRow]:
    """The starts of those of ``run_ids`` that are runs now."""
    return store.fetch_all("run_starts", RunStartRow, athlete=athlete, ids=list(run_ids))


def count_runs(
    store: Store,
    athlete: str,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    labelled: Labelled = ANY,
) -> int:
    days = {"first_day": first_day, "last_day": last_day}
    return int(store.fetch_value("count_runs", athlete=athlete, **days, **asdict(labelled)))


def by_year(store: Store, athlete: str) -> list[YearRow]:
    """Every run there is, counted by year and kind."""
    return store.fetch_all("runs_by_year", YearRow, athlete=athlete)


def longest(store: Store, athlete: str) -> LongestRow | None:
    return store.fetch_one("longest_run", LongestRow, athlete=athlete)


def count_activities(store: Store, athlete: str) -> int:
    """Activities that are no runs."""
    return int(store.fetch_value("count_activities", athlete=athlete))


def activities(
    store: Store, athlete: str, *, from_utc: datetime | None = None, until_utc: datetime | None = None
) -> list[ActivityRow]:
    """Activities that are no runs, newest first."""
    return store.fetch_all("activities", ActivityRow, athlete=athlete, from_utc=from_utc, until_utc=until_utc)


def activities_starting_with(store: Store, athlete: str, prefix: str) -> list[MatchRow]:
    """The activities that hold a recording whose id starts with ``prefix``: what a typed id may mean now."""
    return store.fetch_all("activities_starting_with", MatchRow, athlete=athlete, prefix=prefix)


def features(store: Store, athlete: str, *, from_utc: datetime | None = None) -> list[FeaturesRow]:
    """What was measured of each run, in order of time."""
    return store.fetch_all("features", FeaturesRow, athlete=athlete, from_utc=from_utc)


def runs_measured_otherwise(store: Store, athlete: str, features_version: str) -> list[RunStartRow]:
    """The runs that were measured by another version, in order of time."""
    return store.fetch_all("stale_features", RunStartRow, athlete=athlete, features_version=features_version)


def runs_not_on_map(store: Store, athlete: str, map_name: str) -> list[RunStartRow]:
    """The runs with a trace that were last matched to another map than this, in order of time; '' is no map."""
    return store.fetch_all("stale_grounds", RunStartRow, athlete=athlete, map=map_name)


def insert_runs(store: Store, athlete: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """``rows`` hold a value for each column of a run."""
    store.insert_rows("insert_runs", rows, athlete=athlete)


def set_underfoot(store: Store, athlete: str, run_id: str, underfoot: Mapping[str, Any] | None) -> None:
    """What ground the map shows under a run, in place of what an earlier map showed; None: nothing."""
    patch = to_json({"underfoot": underfoot})
    store.execute("set_underfoot", athlete=athlete, run_id=run_id, patch=patch)


def delete_run(store: Store, athlete: str, run_id: str) -> None:
    store.execute("delete_run", athlete=athlete, run_id=run_id)
