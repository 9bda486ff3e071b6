"""Rows about what arrived: originals, recordings, runs with their labels, questions about them."""

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
    source: str
    source_ref: str | None


@dataclass(frozen=True, slots=True)
class RefRow:
    """An id that a recording goes by."""

    recording_id: str
    ref: str


@dataclass(frozen=True, slots=True)
class PurgeRow:
    """A copy whose details are to go; ``day`` is its run's, which stays."""

    recording_id: str
    activity_id: str
    sha256: str
    leg: int
    sport: str | None
    day: date


@dataclass(frozen=True, slots=True)
class PairedRow:
    """A table's row and the recorded file of the same activity: when each says that it began."""

    sha256: str
    row_utc: datetime
    file_utc: datetime


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
    sport_word: str | None
    """The word for its sport that no table has."""
    refs: Sequence[str]


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """``facts``, ``laps`` and ``steps`` are what `sync.storage.serialize.recordings` turns back into a Recording."""

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
    sport_word: str | None
    """The unknown word for a sport that alone makes it a run: until it is answered, the run counts for nothing."""
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
    owed: bool = False
    """Only a service's summary is here: the activity itself could not be downloaded yet."""
    clock: str | None = None
    """How a copy's clock was put right: ``1024-weeks`` or ``told-day``."""
    mended: str | None = None
    """What of a copy's XML was mended."""


@dataclass(frozen=True, slots=True)
class RunDetailRow:
    segments: Sequence[Facts]
    zone_s: Mapping[str, float]
    thresholds: Sequence[Any]


@dataclass(frozen=True, slots=True)
class ZonesRow:
    zone_s: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class AdjacentRow:
    previous_id: str | None
    next_id: str | None


@dataclass(frozen=True, slots=True)
class RunStartRow:
    run_id: str
    start_utc: datetime


@dataclass(frozen=True, slots=True)
class ClockRow:
    """When a run began, and what its clock showed then, in seconds ahead of UTC."""

    start_utc: datetime
    utc_offset_s: int


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
class YearRow:
    """Runs of one kind in one year; ``kind`` is None while it is open."""

    year: int
    kind: str | None
    runs: int
    distance_m: float


@dataclass(frozen=True, slots=True)
class LongestRow:
    run_id: str
    day: date
    distance_m: float


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
class ToldRow:
    """What tells a recording from another one for its runner; ``name`` is the file's, when it came as one."""

    recording_id: str
    start_utc: datetime
    elapsed_s: float
    source: str
    device: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """``kind`` same-run: are a and b one run? is-run: is a a run at all? ``why`` is a text key."""

    question_id: str
    kind: str
    recording_a: str
    recording_b: str | None
    why: str
    start_utc: datetime
