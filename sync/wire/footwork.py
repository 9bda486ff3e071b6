"""What is answered about foot work: drills, diary entries, red flags, cards, the dose and adherence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from sync.wire.commands import Wire


class DrillView(Wire):
    drill: str
    name: str
    dose: str
    """"3 × 10, one foot after the other" in the runner's words."""
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
    rest_s: int = 0
    """After each set; where ``per_side``, what is left of a set is the left foot's half and the right foot's."""
    family: str = ""
    level: int = 1
    """Its place in its family: 1 is where a runner starts."""
    element: str = ""
    """``mobilise``, ``stretch``, ``strengthen`` or ``load`` (M3); empty for a drill that is no more."""
    load: int = 0
    """0 none, 1 the foot's own, 2 towel, band or body weight on the toes, 3 bare on a texture."""


class ReasonView(Wire):
    says: str
    facts: list[str]
    source: str | None = None


class SessionView(Wire):
    session_id: str
    at_utc: datetime
    day: date
    state: str
    minutes: float | None
    reason: str | None
    prescription_id: str | None
    drills: dict[str, str] = {}
    """How single drills went, by the drill's id; left out while nothing was said of any."""

    @model_serializer(mode="wrap")
    def _as_told(self, every: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = every(self)
        return told if self.drills else {name: value for name, value in told.items() if name != "drills"}


class RunServed(Wire):
    """The run that foot work is for, finished or coming."""

    run_id: str
    day: date
    kind: str | None
    coming: bool
    race: bool = False


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
    starts_local: datetime | None = None
    """When the run that this stands before begins, where that is known."""
    work: Literal["training", "care"] = "training"
    """A session of the level, or short work that a run asks for outside its count."""
    run: RunServed | None = None
    """The run it is for; None on a foot day and for the wake-up."""


class StrengthView(Wire):
    """The optional strength card of one day (M26): counted apart from foot work, in this week's own count."""

    card_id: str
    day: date
    title: str
    when: str
    minutes: float
    drills: list[DrillView]
    """``family`` is the part of the body that each is for: calves, hips or core."""
    reasons: list[ReasonView]
    warnings: list[str]
    told: Literal["done", "skipped"] | None
    """What the runner said of it; None while it is due."""
    week: str
    """How this week's count stands, in words."""
    done: int
    asked: int
    evidence: str
    """Both sides of it (S1)."""


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
    put_off: list[tuple[str, str]] = []
    """What may be said instead of an answer: not now, or never again."""


class DoseChangeView(Wire):
    change_id: str
    day: date
    verdict: str
    says: str
    reasons: list[ReasonView]


class DoseView(Wire):
    minutes: float
    days_per_week: int
    extra_reps: int
    level: str
    says: str
    history: list[DoseChangeView] = []
    offer: DoseChangeView | None = None
    choices: list[str] = []
    """What the offer may be answered with: nothing beyond the ceilings."""


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
