"""What the store answers with: frozen rows, one class a question's shape. JSON columns come parsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OriginalRow:
    sha256: str
    format: str
    size_bytes: int
    first_seen_utc: datetime


@dataclass(frozen=True, slots=True)
class NameRow:
    name: str


@dataclass(frozen=True, slots=True)
class IdRow:
    recording_id: str


@dataclass(frozen=True, slots=True)
class CountsRow:
    """``other``: recordings of activities that are no runs."""

    recordings: int
    runs: int
    other: int


@dataclass(frozen=True, slots=True)
class SeenFileRow:
    """``leaves`` are (name, outcome, reason, detail) of the file, or of each file inside it."""

    path: str
    size_bytes: int
    modified_ns: int
    reader: str
    leaves: Sequence[Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """``reason`` is a text key ``problem.<reason>``."""

    problem_id: str
    source: str
    place: str
    name: str
    reason: str
    detail: str | None
    first_seen_utc: datetime
    last_seen_utc: datetime


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A recording and the activity that holds it."""

    recording_id: str
    leg: int
    activity_id: str


@dataclass(frozen=True, slots=True)
class KnownRow:
    """What the store holds under an id: whether a table says anything new of it."""

    recording_id: str
    number: int
    activity_id: str
    sha256: str
    arrived_utc: datetime
    facts: Facts


@dataclass(frozen=True, slots=True)
class IdentityRow:
    recording_id: str
    activity_id: str
    source: str
    sha256: str
    leg: int
    sport: str | None
    sport_inferred: bool
    start_utc: datetime
    elapsed_s: float
    timer_s: float | None
    distance_m: float | None
    serial_number: int | None
    time_created_utc: datetime | None
    partial: bool
    sample_count: int
    richness: int
    format: str
    removed: bool
    refs: Sequence[str]


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """``facts``, ``laps`` and ``steps`` are what `sync.recorded` turns back into a Recording."""

    recording_id: str
    number: int
    activity_id: str
    source: str
    source_ref: str | None
    sha256: str
    format: str
    leg: int
    start_utc: datetime
    elapsed_s: float
    timer_s: float | None
    distance_m: float | None
    device: str | None
    partial: bool
    sample_count: int
    richness: int
    arrived_utc: datetime
    removed: bool
    facts: Facts
    laps: Sequence[Facts]
    steps: Sequence[Facts]
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with its label; label columns are None until the run was judged."""

    run_id: str
    start_utc: datetime
    utc_offset_s: int
    offset_assumed: bool
    day: date
    title: str | None
    sub_sport: str | None
    device: str | None
    gear: str | None
    distance_m: float | None
    elapsed_s: float
    timer_s: float | None
    moving_s: float | None
    ascent_m: float | None
    descent_m: float | None
    mean_heart_rate_bpm: float | None
    max_heart_rate_bpm: float | None
    partial: bool
    sport_inferred: bool
    removed: bool
    arrived_utc: datetime
    provenance: Mapping[str, str]
    primary_kind: str | None
    primary_confidence: float | None
    possible: Sequence[str] | None
    facets: Mapping[str, Facts] | None
    tier: str | None
    rules_version: str | None
    asks: bool | None
    corrected: bool | None
    source_files: Sequence[str]
    sources: Sequence[str]
    recording_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class RunDetailRow:
    segments: Sequence[Facts]
    zone_s: Mapping[str, float]
    thresholds: Sequence[Any]


@dataclass(frozen=True, slots=True)
class BesideRow:
    previous_id: str | None
    next_id: str | None


@dataclass(frozen=True, slots=True)
class RunStartRow:
    run_id: str
    start_utc: datetime


@dataclass(frozen=True, slots=True)
class ActivityRow:
    recording_id: str
    activity_id: str
    sport: str | None
    sub_sport: str | None
    start_utc: datetime
    elapsed_s: float
    distance_m: float | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class MatchRow:
    activity_id: str
    is_run: bool


@dataclass(frozen=True, slots=True)
class FeaturesRow:
    run_id: str
    start_utc: datetime
    features: Facts
    features_version: str


@dataclass(frozen=True, slots=True)
class DirtyRow:
    from_utc: datetime
    marks: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """``kind`` same-run: are a and b one run? is-run: is a a run at all? ``why`` is a text key."""

    question_id: str
    kind: str
    recording_a: str
    recording_b: str | None
    why: str
    start_utc: datetime


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
class PassRow:
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
