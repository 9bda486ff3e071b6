"""Rows about what the runner typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sync.storage.rows.arrived import Facts


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    recording_id: str
    activity_id: str | None
    seq: int
    is_run: bool | None
    kind: str | None
    intensity: str | None
    long_run: bool | None
    hills: str | None
    surface: str | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class DecisionRow:
    recording_a: str
    recording_b: str
    verdict: str


@dataclass(frozen=True, slots=True)
class CommandRow:
    command_id: str
    seq: int
    name: str
    payload: Facts
    typed_utc: datetime
    arrived_utc: datetime
    says: str
    refused: str | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    entry_id: str
    what: str
    at_utc: datetime
    day: date
    score: int
    place: str | None
    side: str | None
    at_when: str | None
    note: str | None
    seq: int


@dataclass(frozen=True, slots=True)
class FlagRow:
    flag_id: str
    name: str
    at_utc: datetime
    day: date
    cleared_utc: datetime | None
    because: str | None
    seq: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    session_id: str
    at_utc: datetime
    day: date
    state: str
    prescription_id: str | None
    minutes: float | None
    reason: str | None
    seq: int
    drills: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PauseRow:
    pause_id: str
    reason: str
    from_day: date
    until_day: date | None
    seq: int


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    assessment_id: str
    day: date
    left_foot: Facts
    right_foot: Facts
    night_cramps: bool | None
    screen: Mapping[str, bool]
    seq: int


@dataclass(frozen=True, slots=True)
class PreferenceRow:
    key: str
    value: Any
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class CardAnswerRow:
    card_id: str
    answer: str
    at_utc: datetime
    day: date
    seq: int


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """``kind`` is a kind, ``rest``, or None for a run of unknown kind."""

    planned_id: str
    source: str
    day: date
    kind: str | None
    start_utc: datetime | None
    title: str | None
    probability: float
    race: bool = False
