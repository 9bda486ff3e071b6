"""Commands: what the runner types, each with an id made by the client, and the receipt for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from rules.facts.answers import DrillAnswer, Place, Side, SkipReason, When
from rules.facts.kinds import Intensity, Kind, Surface


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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
    drills: dict[str, DrillAnswer] = {}
    """How single drills went, by the drill's id."""


class RateDrills(Command):
    """How drills of a session went that is stored already; later answers to the same drill replace earlier ones."""

    name: Literal["rate-drills"] = "rate-drills"
    session_id: str
    drills: dict[str, DrillAnswer]


class ChooseLength(Command):
    """How long the foot work of ``day`` shall be: two minutes, as planned, or longer."""

    name: Literal["choose-length"] = "choose-length"
    day: date
    length: Literal["short", "planned", "longer"]


class SwapDrill(Command):
    """A drill that does not go well just now (a cramp, say) makes room for another; ``back`` takes it in again."""

    name: Literal["swap-drill"] = "swap-drill"
    drill: str
    day: date
    back: bool = False


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
    race: bool = False
    """A race; its kind is tempo."""


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
    """The answer to an offered dose step: one minute more, two, a repetition, a level, or no."""

    name: Literal["choose-step"] = "choose-step"
    change_id: str
    choice: Literal["minutes", "two-minutes", "repetition", "level", "decline"]


class SetDose(Command):
    """A step by hand: days a week, or one step of minutes, repetitions or the level of one family of drills."""

    name: Literal["set-dose"] = "set-dose"
    day: date
    days_per_week: Annotated[int, Field(ge=2, le=5)] | None = None
    step: Literal["minutes", "repetition", "level", "less"] | None = None


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
    | RateDrills
    | ChooseLength
    | SwapDrill
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
    """What became of a command. ``stored`` False with ``waiting`` True: it lies in the outbox; with ``again`` True and
    nothing refused: it had been stored, and was taken back since."""

    command_id: str
    stored: bool
    waiting: bool = False
    again: bool = False
    """It had arrived before."""
    says: str
    """One sentence for the runner, what was stored included."""
    said: str = ""
    """The same sentence of its first arrival, when it had arrived before and stands."""
    refused: str | None = None
    refused_code: dict[str, Any] | None = None
    """The same as a code and values, for whoever keeps it."""
