"""What is answered about runs: their labels with reasons, their curves, and where they came from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sync.wire.commands import Wire


class EvidenceLine(Wire):
    rule: str
    weight: float
    says: str
    values: dict[str, Any] = {}


class FacetLine(Wire):
    facet: str
    value: str | None
    says: str
    """The value in the runner's words ("rolling hills")."""
    confidence: float
    probabilities: dict[str, float] = {}
    evidence: list[EvidenceLine] = []
    corrected: bool = False


class RunLine(Wire):
    """One object a run, as ``runs --json`` promises it; ``title`` and ``says`` are for people."""

    id: str
    start_utc: datetime
    start_local: datetime
    offset_assumed: bool
    day: date
    title: str | None
    source_files: list[str]
    sources: list[str]
    distance_m: float | None
    duration_s: float | None
    moving_s: float | None
    ascent_m: float | None
    mean_heart_rate_bpm: float | None
    primary: str | None
    intensity: str | None
    long: bool | None
    hills: str | None
    surface: str | None
    surface_shares: dict[str, float] | None = None
    """Share of the way by ground, ``unknown`` included, where the offline map tells it."""
    confidence: dict[str, float]
    evidence: dict[str, list[EvidenceLine]]
    asked: bool
    corrected: bool
    partial: bool
    sport_inferred: bool
    says: str
    """The kind and the reason in one line."""
    owed: bool = False
    """Only what the service's list says of it is here: it could not be downloaded yet, and is tried again."""
    clock_weeks: bool = False
    """Its clock was 1,024 weeks early and was put right by the day in its file's name."""
    clock_told: bool = False
    """Its day is the runner's word: its clock said another."""
    mended: bool = False
    """Its file was damaged in a way that could mean one thing only."""
    kind_says: str = ""
    """The kind by its one name: intervals and a race by theirs, off-road by its ground."""
    removed: bool = False
    """Its details had to go: of its time only the day is true."""


class SegmentLine(Wire):
    start_s: float
    end_s: float
    role: str
    distance_m: float | None
    speed_mps: float | None
    grade_adjusted_mps: float | None
    mean_heart_rate_bpm: float | None


class RecordingLine(Wire):
    recording_id: str
    source: str
    names: list[str]
    device: str | None
    start_utc: datetime
    distance_m: float | None
    duration_s: float | None
    partial: bool
    lead: bool


class Lines(Wire):
    """A run's curves, thinned to at most 500 points; None where nothing was measured."""

    t_s: list[float]
    distance_m: list[float | None]
    speed_mps: list[float | None]
    grade_adjusted_mps: list[float | None]
    heart_rate_bpm: list[float | None]
    altitude_m: list[float | None]


class FootWorkLine(Wire):
    """Foot work that a run brought, and what became of it."""

    title: str
    day: date
    minutes: float
    state: Literal["done", "partial", "skipped", "open", "passed"]


class NextMorning(Wire):
    """Stiffness of the morning after, and the mean of the mornings of the four weeks before it."""

    day: date
    score: float
    usual: float | None


class RunPage(Wire):
    """Everything about one run."""

    run: RunLine
    why: str = ""
    """The second reason for its kind, and what the runner's answers changed about it."""
    facets: list[FacetLine]
    segments: list[SegmentLine]
    zone_s: dict[str, float]
    lines: Lines | None
    course: list[tuple[float, float]] | None = None
    """At most 500 places in metres east and north of the start; None unless `[dashboard] maps` asks for it."""
    recordings: list[RecordingLine]
    provenance: dict[str, str]
    thresholds: list[str]
    previous_id: str | None
    next_id: str | None
    because: str = ""
    """Why it is called what it is, in one sentence without the kind."""
    work: list[FootWorkLine] = []
    morning: NextMorning | None = None
