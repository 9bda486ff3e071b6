"""Rows about what was issued to the runner, the daemon's appointments, and what services told besides runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sync.storage.rows.arrived import Facts


@dataclass(frozen=True, slots=True)
class PrescriptionRow:
    prescription_id: str
    seq: int
    issued_utc: datetime
    day: date
    time_window: str
    kind: str | None
    run_id: str | None
    minutes: float
    drills: Sequence[Facts]
    reasons: Sequence[Facts]
    warnings: Sequence[Facts]
    rules_version: str
    one_minute: bool
    gentle: bool
    counts: bool
    supersedes: str | None
    inputs: Facts


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A prescription as adherence sees it."""

    prescription_id: str
    day: date
    time_window: str
    run_id: str | None
    minutes: float
    counts: bool
    supersedes: str | None


@dataclass(frozen=True, slots=True)
class DoseChangeRow:
    change_id: str
    seq: int
    issued_utc: datetime
    day: date
    verdict: str
    before_level: Facts
    after_level: Facts
    reasons: Sequence[Facts]
    rules_version: str


@dataclass(frozen=True, slots=True)
class JobRow:
    athlete: str
    name: str
    next_due_utc: datetime | None
    last_started_utc: datetime | None
    last_success_utc: datetime | None
    failures: int
    note: str | None


@dataclass(frozen=True, slots=True)
class SyncRunRow:
    pass_id: str
    source: str
    started_utc: datetime
    ended_utc: datetime | None
    result: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StateRow:
    source: str
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class WellnessRow:
    source: str
    day: date
    facts: Facts


@dataclass(frozen=True, slots=True)
class GearRow:
    source: str
    gear_id: str
    name: str
    kind: str | None
    facts: Facts
