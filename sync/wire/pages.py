"""The whole answer to each question: today, runs, diary, calendar, insights, plan, status."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import computed_field

from sync.wire.commands import Wire
from sync.wire.footwork import (
    AdherenceView,
    Card,
    DoseView,
    EntryView,
    FlagChoice,
    FlagView,
    PrescriptionView,
    SessionView,
    StrengthView,
)
from sync.wire.runs import RunLine
from sync.wire.tasks import ImportSummary, ProblemLine, Task


class PlannedView(Wire):
    day: date
    kind: str | None
    source: str
    title: str | None
    start_local: str | None
    probability: float
    says: str
    race: bool = False


class DayAhead(Wire):
    """One day of the week ahead: the runs that are coming, and the foot work that stands for it."""

    day: date
    runs: list[PlannedView]
    work: list[PrescriptionView]
    paused: str | None = None
    training: bool = False
    """A session of the ladder is planned for it: after an easy run, or as a foot day."""
    training_done: bool = False
    care: list[str] = []
    """What its runs are going to ask for, in words."""
    says: str = ""
    """Why the day is what it is."""


class SetUpStep(Wire):
    """One step of setting up; ``skipped`` counts as done and can be done all the same."""

    name: Literal["runs", "safety", "self_check", "days", "equipment"]
    done: bool
    skipped: bool = False


class SetUpView(Wire):
    """What makes the plan fit, until it is dismissed or all done."""

    steps: list[SetUpStep]
    safety: list[tuple[str, str]] = []
    """Safety questions that no self-check has answered: id and text."""
    preferences: dict[str, Any] = {}
    """What was chosen so far."""

    @property
    def done(self) -> int:
        return sum(step.done or step.skipped for step in self.steps)


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
    preset_place: str | None
    preset_when: str
    """The moment that a score tapped now most likely belongs to, by the clock and by the last foot work."""
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
    """What safety asks, and at most one card more."""
    later_cards: list[Card] = []
    """What is asked on other days; it may be answered today all the same."""
    dose: DoseView
    changed: list[str]
    adherence: AdherenceView
    evidence_note: str
    """Both sides of the evidence (S1), and that changes take weeks (S3)."""
    week: list[DayAhead] = []
    """Today and the six days after it."""
    wins: list[str] = []
    """Small wins of this morning."""
    first_week: bool = False
    """Of foot work: the stop lines stand open."""
    strength: StrengthView | None = None
    """The strength card, where it is wished for and due today, or was told."""
    set_up: SetUpView | None = None
    """The set-up card; None once it was dismissed or is done."""
    under_way: list[Task] = []
    needs: list[str] = []
    """Sources that refuse springstep until the runner acts: nothing new comes from there."""
    arrived: ImportSummary | None = None
    """What the last bigger import came to, until it was read."""


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


class CalendarPage(Wire):
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


class RunningYear(Wire):
    year: int
    runs: int
    distance_m: float


class RunningSoFar(Wire):
    """Every run there is: something to see from the first import on."""

    years: list[RunningYear]
    """Oldest first."""
    kinds: dict[str, int]
    """Runs by kind; ``unsure`` where it is open."""
    longest_id: str | None = None
    longest_day: date | None = None
    longest_m: float | None = None


class Opening(Wire):
    """A part that has too little to show yet, and how many more logged days open it."""

    part: Literal["stiffness", "surface", "kind", "shoe"]
    logs: int


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
    felt_says: dict[str, str] = {}
    """By ``surface``, ``kind`` or ``shoe``: whether one felt better than another."""
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
    lead: str = ""
    """The answer in one sentence."""
    running: RunningSoFar | None = None
    opens: list[Opening] = []


class PlanPage(Wire):
    week: list[DayView]
    planned: list[PlannedView]
    dose: DoseView
    preferences: dict[str, Any]
    paused: str | None
    assessments: list[dict[str, Any]]
    assessment_due: bool
    self_check: list[dict[str, Any]] = []
    """The questions of the self-check: id, says, kind, choices."""
    ahead: list[DayAhead] = []
    """The week as it is planned, from today on."""
    care_says: str = ""
    strength_says: str = ""
    """How the strength of this week stands; empty while it is not wished for."""


class SourceLine(Wire):
    source: str
    state: Literal["ok", "waiting", "act", "off"]
    why: str | None = None
    """A word for what ails it, for programs: ``busy``, ``garmin.key_refused``, ``strava.subscription`` …"""
    says: str
    do_now: str | None
    last_success_utc: datetime | None
    next_due_utc: datetime | None
    tried_live: bool = False


class SourceHealthLine(Wire):
    """One service of one runner, for a monitor: its name and state, and nothing that is secret."""

    athlete: str
    source: str
    state: Literal["ok", "waiting", "act", "off"]
    why: str | None
    says: str
    do_now: str | None
    last_success_utc: datetime | None
    next_due_utc: datetime | None


class HealthReport(Wire):
    """``checks``: what is wrong, one sentence each. ``ok`` and ``ailments`` say the same under their former names and
    go with the next release.
    """

    checks: list[str]
    sources: list[SourceHealthLine]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def status(self) -> Literal["ok", "fail"]:
        return "fail" if self.checks else "ok"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ok(self) -> bool:
        return not self.checks

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ailments(self) -> list[str]:
        return self.checks


class SyncRunLine(Wire):
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
    passes: list[SyncRunLine]
    problems: list[ProblemLine]
    work: list[Task]
    arrived: ImportSummary | None = None
    backup_utc: datetime | None
    made_up: bool = False
    map_utc: datetime | None = None
    """When the offline map was put in; None without one."""
    map_bytes: int = 0
    removed: list[str] = []
    """Names of runners who were removed, while something of theirs is here."""
    unnamed: list[str] = []
    """Ids of runners whom the config does not name, while something of theirs is here."""
