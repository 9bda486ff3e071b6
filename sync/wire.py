"""What travels over the owner's socket: typed commands in, typed answers out.

A command carries a client-made UUID, so sending it twice is doing it once. Answers hold values and sentences already
said in the runner's language; instants are ISO strings in UTC, ``day`` is the runner's own day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from rules.facts import Intensity, Kind, Place, Side, SkipReason, Surface, When


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# --- commands: what the runner types --------------------------------------------------------------


def new_id() -> str:
    return str(uuid4())


class Command(Wire):
    """``typed_utc`` is when the runner meant it, also when it waited in the outbox."""

    command_id: str = Field(default_factory=new_id)
    athlete: str | None = None
    """``None`` means the config's first athlete."""
    typed_utc: datetime


class LogScore(Command):
    """A stiffness or soreness score; the same ``entry_id`` again amends that entry."""

    name: Literal["log"] = "log"
    entry_id: str = Field(default_factory=new_id)
    what: Literal["stiffness", "soreness"]
    score: Annotated[int, Field(ge=0, le=10)]
    at_utc: datetime
    place: Place | None = None
    side: Side | None = None
    when: When | None = None
    note: str | None = None


class RemoveEntry(Command):
    name: Literal["remove-entry"] = "remove-entry"
    entry_id: str


class RaiseFlag(Command):
    name: Literal["flag"] = "flag"
    flag_id: str = Field(default_factory=new_id)
    flag: str
    at_utc: datetime


class ClearFlag(Command):
    """The runner confirms "seen by a professional" or "gone"."""

    name: Literal["clear-flag"] = "clear-flag"
    flag_id: str
    because: Literal["seen", "gone"]


class LogSession(Command):
    """Mobility work done, partly done or skipped; the same ``session_id`` again amends it."""

    name: Literal["done"] = "done"
    session_id: str = Field(default_factory=new_id)
    prescription_id: str | None = None
    state: Literal["done", "partial", "skipped"] = "done"
    at_utc: datetime
    minutes: Annotated[float, Field(ge=0, le=240)] | None = None
    reason: SkipReason | None = None


class RemoveSession(Command):
    name: Literal["remove-session"] = "remove-session"
    session_id: str


class CorrectRun(Command):
    """What the runner says of a run; only the fields given are corrected, ``confirm`` says the label is right."""

    name: Literal["label"] = "label"
    run_id: str
    is_run: bool | None = None
    kind: Kind | None = None
    intensity: Intensity | None = None
    long: bool | None = None
    hills: str | None = None
    surface: Surface | None = None
    confirm: bool = False


class UndoCorrection(Command):
    name: Literal["undo-label"] = "undo-label"
    run_id: str


class PlanRun(Command):
    """A run that is coming; kind None takes the day's typed plan back."""

    name: Literal["plan"] = "plan"
    day: date
    kind: Kind | Literal["rest"] | None
    start_local: str | None = None
    """"HH:MM" in the runner's time zone."""


class PauseWork(Command):
    name: Literal["pause"] = "pause"
    pause_id: str = Field(default_factory=new_id)
    reason: Literal["ill", "travel", "injury", "rest", "other"]
    from_day: date
    until_day: date | None = None


class ResumeWork(Command):
    name: Literal["resume"] = "resume"
    day: date


class Assess(Command):
    """The self-check; feet are free-form answers by the names of ``rules.facts.FootCheck``."""

    name: Literal["assess"] = "assess"
    assessment_id: str = Field(default_factory=new_id)
    day: date
    left: dict[str, Any] = {}
    right: dict[str, Any] = {}
    night_cramps: bool | None = None
    screen: dict[str, bool] = {}


class ChooseStep(Command):
    """The answer to an offered dose step: minutes, a repetition, or no."""

    name: Literal["choose-step"] = "choose-step"
    change_id: str
    choice: Literal["minutes", "repetition", "decline"]


class SetDose(Command):
    """A step by hand: days a week, or one step of minutes or repetitions."""

    name: Literal["set-dose"] = "set-dose"
    day: date
    days_per_week: Annotated[int, Field(ge=2, le=5)] | None = None
    step: Literal["minutes", "repetition", "less"] | None = None


class SetPreference(Command):
    """Anchors, equipment, textures, shoes, hard weekdays, week template …: a JSON value by key."""

    name: Literal["prefer"] = "prefer"
    key: str
    value: Any


class AnswerCard(Command):
    """A card on Today was answered: surface feel, revisit, self-check later, habit confirmed …"""

    name: Literal["answer-card"] = "answer-card"
    card_id: str
    answer: str


class MergeRuns(Command):
    """Two recordings or runs are one."""

    name: Literal["merge"] = "merge"
    run_a: str
    run_b: str


class SplitRun(Command):
    """The recordings of a run are separate runs; for a question, "no, two runs"."""

    name: Literal["split"] = "split"
    run_id: str
    other_id: str | None = None


TypedCommand = Annotated[
    LogScore
    | RemoveEntry
    | RaiseFlag
    | ClearFlag
    | LogSession
    | RemoveSession
    | CorrectRun
    | UndoCorrection
    | PlanRun
    | PauseWork
    | ResumeWork
    | Assess
    | ChooseStep
    | SetDose
    | SetPreference
    | AnswerCard
    | MergeRuns
    | SplitRun,
    Field(discriminator="name"),
]


class Receipt(Wire):
    """What became of a command. ``stored`` False with ``waiting`` True: it lies in the outbox."""

    command_id: str
    stored: bool
    waiting: bool = False
    again: bool = False
    """It had arrived before."""
    says: str
    """One sentence for the runner, what was stored included."""
    refused: str | None = None


# --- orders to the daemon -------------------------------------------------------------------------


class ImportOrder(Wire):
    """Take in files and folders by their absolute paths on the owner's machine."""

    athlete: str | None = None
    paths: list[str]


class SyncOrder(Wire):
    athlete: str | None = None
    source: str | None = None
    full: bool = False


class SyncResult(Wire):
    """One object a source: ``result`` ok, waiting or act, with what to do now."""

    passes: list[dict[str, Any]] = []


class PurgeOrder(Wire):
    """What came only from that source goes; the link too."""

    athlete: str | None = None
    source: str


class PurgeResult(Wire):
    source: str
    copies: int


class DoctorOrder(Wire):
    athlete: str | None = None
    source: str


class DoctorResult(Wire):
    """``lines`` can be pasted into a bug report."""

    ok: bool
    lines: list[str]


class RebuildOrder(Wire):
    athlete: str | None = None


class BackupOrder(Wire):
    """Everything but secrets and logs into one file on the owner's machine."""

    path: str


class Work(Wire):
    """A long piece of work and how far it is; ``result`` stands when it ended."""

    work_id: str
    what: str
    done: int
    total: int | None
    left_s: float | None = None
    ended: bool = False
    result: dict[str, Any] | None = None
    failed: str | None = None


class ImportCounts(Wire):
    """files found = read + duplicate + ignored + problem; recordings = runs + joined + other."""

    found: int = 0
    read: int = 0
    duplicate: int = 0
    ignored: int = 0
    problem: int = 0
    recordings: int = 0
    runs: int = 0
    joined: int = 0
    other: int = 0
    problems: list[ProblemLine] = []
    ignored_names: list[str] = []
    tables: list[TableLine] = []


class TableLine(Wire):
    """A table of activities: ``units`` km, mi or m, and what told them (None: the table names them)."""

    name: str
    kind: str
    rows: int
    units: str | None
    units_by: str | None
    says: str


# --- answers --------------------------------------------------------------------------------------


class ProblemLine(Wire):
    problem_id: str
    source: str
    name: str
    reason: str
    first_seen_utc: datetime
    last_seen_utc: datetime


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
    confidence: dict[str, float]
    evidence: dict[str, list[EvidenceLine]]
    asked: bool
    corrected: bool
    partial: bool
    sport_inferred: bool
    says: str
    """The kind and the reason in one line."""


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
    """A run's curves, thinned to at most 1,000 points; None where nothing was measured."""

    t_s: list[float]
    distance_m: list[float | None]
    speed_mps: list[float | None]
    grade_adjusted_mps: list[float | None]
    heart_rate_bpm: list[float | None]
    altitude_m: list[float | None]


class RunPage(Wire):
    """Everything about one run."""

    run: RunLine
    facets: list[FacetLine]
    segments: list[SegmentLine]
    zone_s: dict[str, float]
    lines: Lines | None
    recordings: list[RecordingLine]
    provenance: dict[str, str]
    thresholds: list[str]
    previous_id: str | None
    next_id: str | None


class DrillView(Wire):
    drill: str
    name: str
    dose: str
    """"3 × 10, each side" in the runner's words."""
    seconds: int
    sets: int
    reps: int | None
    hold_s: int | None
    per_side: bool
    how: str
    cue: str
    breath: str
    feel: str
    stop: str
    equipment: list[str]
    facts: list[str]


class ReasonView(Wire):
    says: str
    facts: list[str]
    source: str | None = None


class PrescriptionView(Wire):
    prescription_id: str
    day: date
    window: str
    title: str
    when: str
    minutes: float
    kind: str | None
    run_id: str | None
    drills: list[DrillView]
    reasons: list[ReasonView]
    warnings: list[ReasonView]
    one_minute: bool
    gentle: bool
    counts: bool
    session: SessionView | None = None
    """What the runner already said about it."""


class SessionView(Wire):
    session_id: str
    at_utc: datetime
    day: date
    state: str
    minutes: float | None
    reason: str | None
    prescription_id: str | None


class EntryView(Wire):
    entry_id: str
    what: str
    at_utc: datetime
    at_local: datetime
    day: date
    score: int
    place: str | None
    side: str | None
    when: str | None
    note: str | None
    waiting: bool = False


class FlagView(Wire):
    flag_id: str
    flag: str
    says: str
    """What to do, in plain words."""
    emergency: bool
    day: date


class FlagChoice(Wire):
    """A sign the runner can tick under "something else is wrong"."""

    flag: str
    says: str
    emergency: bool = False


class Card(Wire):
    """Something to read or answer: ``answers`` are pairs (value, label)."""

    card_id: str
    kind: str
    says: str
    answers: list[tuple[str, str]] = []
    run_id: str | None = None
    other_id: str | None = None
    facts: list[str] = []


class DoseView(Wire):
    minutes: float
    days_per_week: int
    extra_reps: int
    level: str
    says: str
    history: list[DoseChangeView] = []
    offer: DoseChangeView | None = None


class DoseChangeView(Wire):
    change_id: str
    day: date
    verdict: str
    says: str
    reasons: list[ReasonView]


class AdherenceView(Wire):
    done_7: int
    due_7: int
    done_28: int
    due_28: int
    minutes_7: float
    minutes_due_7: float
    on_time_share: float | None
    score: float
    weeks_kept: int
    excused_7: int
    says: str


class Today(Wire):
    athlete: str
    made_up: bool
    """The athlete is the demo's."""
    day: date
    now_local: datetime
    owner: Literal["daemon", "nobody", "busy"]
    empty: bool
    next_steps: list[str]
    """On an empty store: what to do next."""
    inbox: str
    last_entry: EntryView | None
    preset_place: str
    latest_run: RunLine | None
    work: list[PrescriptionView]
    before_next: PrescriptionView | None
    ahead: list[PrescriptionView] = []
    """What already stands for tomorrow besides ``before_next``: the morning after a long run."""
    primer: PrescriptionView | None
    says: str
    """What today is, in one sentence."""
    stopped: list[FlagView]
    cards: list[Card]
    dose: DoseView
    changed: list[str]
    adherence: AdherenceView
    evidence_note: str
    """Both sides of the evidence (S1), and that changes take weeks (S3)."""


class RunList(Wire):
    runs: list[RunLine]
    total: int


class Diary(Wire):
    entries: list[EntryView]
    flags: list[FlagView]
    usual: float | None
    """The median of the last 28 logged days."""
    signs: list[FlagChoice] = []
    """The red flags a runner can tick, in the order to show."""


class DayView(Wire):
    day: date
    runs: list[RunLine]
    work: list[PrescriptionView]
    sessions: list[SessionView]
    stiffness: float | None
    soreness: float | None
    paused: str | None = None


class WeekView(Wire):
    first: date
    due: int
    done: int
    distance_m: float
    kept: bool


class Calendar(Wire):
    first: date
    last: date
    days: list[DayView]
    weeks: list[WeekView]
    adherence: AdherenceView


class SurfaceFelt(Wire):
    group: str
    n: int
    mean: float | None
    low: float | None
    high: float | None
    says: str


class Insights(Wire):
    """``series`` are (day, value) rows ready to draw; ``says`` are sentences in the order to show."""

    stiffness: list[tuple[date, float]]
    level: list[tuple[date, float]]
    trend_says: str
    trend_per_4_weeks: float | None
    trend_low: float | None
    trend_high: float | None
    n: int
    dose_changes: list[tuple[date, str]]
    shoe_changes: list[tuple[date, str]]
    by_surface: list[SurfaceFelt]
    by_kind: list[SurfaceFelt]
    by_shoe: list[SurfaceFelt]
    adherence_says: str
    weekly_distance_m: list[tuple[date, float]]
    load_short: list[tuple[date, float]]
    load_long: list[tuple[date, float]]
    load_says: list[str]
    polarisation_says: str
    polarisation_s: dict[str, float]
    wins: list[str]
    signs: list[str]
    evidence_note: str


class PlannedView(Wire):
    day: date
    kind: str | None
    source: str
    title: str | None
    start_local: str | None
    probability: float
    says: str


class Plan(Wire):
    week: list[DayView]
    planned: list[PlannedView]
    dose: DoseView
    preferences: dict[str, Any]
    paused: str | None
    assessments: list[dict[str, Any]]
    assessment_due: bool
    self_check: list[dict[str, Any]] = []
    """The questions of the self-check: id, says, kind, choices."""


class SourceLine(Wire):
    source: str
    state: Literal["ok", "waiting", "act", "off"]
    says: str
    do_now: str | None
    last_success_utc: datetime | None
    next_due_utc: datetime | None
    tried_live: bool = False


class PassLine(Wire):
    source: str
    started_utc: datetime
    ended_utc: datetime | None
    result: str
    counts: dict[str, int]


class Status(Wire):
    owner: Literal["daemon", "nobody", "busy"]
    owner_pid: int | None
    version: str
    rules_version: str
    duckdb_version: str
    schema_version: int
    home: str
    inbox: str
    runs: int
    activities: int
    database_bytes: int
    originals_bytes: int
    outbox_waiting: int
    sources: list[SourceLine]
    passes: list[PassLine]
    problems: list[ProblemLine]
    work: list[Work]
    backup_utc: datetime | None
    made_up: bool = False


for _model in (ImportCounts, PrescriptionView, DoseView):
    _model.model_rebuild()
