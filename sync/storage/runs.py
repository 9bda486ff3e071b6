"""Questions about runs and other activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import numpy as np

from rules.facts.recorded import Floats, Samples
from sync.storage.database import Store
from sync.storage.rows.arrived import (
    ActivityRow,
    BesideRow,
    FeaturesRow,
    MatchRow,
    QuestionRow,
    RecordingRow,
    RunDetailRow,
    RunRow,
    RunStartRow,
    ToldRow,
    ZonesRow,
)

ALL = 1_000_000_000
THINNED_POINTS = 500
"""As many as a wide screen has pixels for a curve; more only make a phone slow."""


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


def run_detail(store: Store, athlete: str, run_id: str) -> RunDetailRow | None:
    """Segments, zone seconds and thresholds that the label was made with."""
    return store.fetch_one("run_detail", RunDetailRow, athlete=athlete, run_id=run_id)


def zones(store: Store, athlete: str, *, first_day: date, last_day: date) -> list[ZonesRow]:
    """The seconds in each heart-rate zone of every run of these days, in order of time."""
    return store.fetch_all("zones", ZonesRow, athlete=athlete, first_day=first_day, last_day=last_day)


def run_beside(store: Store, athlete: str, run_id: str) -> BesideRow | None:
    return store.fetch_one("run_beside", BesideRow, athlete=athlete, run_id=run_id)


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


def recordings_of(store: Store, athlete: str, activity_id: str) -> list[RecordingRow]:
    return store.fetch_all("recordings_of_activity", RecordingRow, athlete=athlete, activity_id=activity_id)


def samples(store: Store, number: int) -> Samples | None:
    """All samples of the recording with that ``number``; None when it has none."""
    columns = store.fetch_arrays("samples", number=number)
    if len(columns["t_s"]) == 0:
        return None
    return Samples(**{name: np.asarray(columns[name], dtype=np.float64) for name in Samples.COLUMNS})


def thinned_samples(store: Store, number: int, points: int = THINNED_POINTS) -> dict[str, Floats]:
    """At most ``points`` rows of t_s, distance_m, speed_mps, heart_rate_bpm, cadence_spm and altitude_m; NaN = none."""
    columns = store.fetch_arrays("thinned_samples", number=number, points=points)
    return {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}


def thinned_places(store: Store, number: int, points: int = THINNED_POINTS) -> dict[str, Floats]:
    """At most ``points`` rows of latitude_deg and longitude_deg, all known."""
    columns = store.fetch_arrays("thinned_places", number=number, points=points)
    return {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}


def features(store: Store, athlete: str, *, from_utc: datetime | None = None) -> list[FeaturesRow]:
    """What was measured of each run, in order of time."""
    return store.fetch_all("features", FeaturesRow, athlete=athlete, from_utc=from_utc)


def told(store: Store, athlete: str, ids: Sequence[str]) -> dict[str, ToldRow]:
    """By recording id, as far as they are there."""
    rows = store.fetch_all("recordings_told", ToldRow, athlete=athlete, ids=list(ids))
    return {row.recording_id: row for row in rows}


def questions(store: Store, athlete: str) -> list[QuestionRow]:
    """Doubtful pairs and activities of unknown sport, newest first."""
    return store.fetch_all("questions", QuestionRow, athlete=athlete)
