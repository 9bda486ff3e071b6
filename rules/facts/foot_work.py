"""Foot work: drills with doses, the diary, sessions, plans and the dose ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from rules.facts.answers import DrillAnswer, Place, Side, SkipReason, When
from rules.facts.kinds import Kind


class Window(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    MORNING = "morning"
    BASE = "base"
    PRIMER = "primer"


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of one drill: sets × (reps or hold)."""

    sets: int
    reps: int | None = None
    hold_s: int | None = None
    per_side: bool = False
    seconds: int = 0
    """How long all of it takes, changes of side and rests included."""
    rest_s: int = 0
    """The rest after each set: what is left of a set is work, on one side after the other where ``per_side``."""


@dataclass(frozen=True, slots=True)
class PrescribedDrill:
    drill: str
    """The drill's id in ``knowledge/drills.toml``; names and cues are language-file texts ``drill.<id>.…``."""
    dose: Dose
    stage: int
    """1–5: the stage of M4 it belongs to."""
    equipment: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it was prescribed so: a text key ``reason.<key>`` with its numbers, and the facts behind it."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prescription:
    """Foot work for one day and one window. Once issued it is never rewritten, only succeeded."""

    prescription_id: str
    athlete: str
    day: date
    window: Window
    kind: Kind | None
    run_id: str | None
    minutes: float
    drills: tuple[PrescribedDrill, ...]
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    """Stop lines and safety texts, in the order they must be shown."""
    rules_version: str
    one_minute: bool = False
    gentle: bool = False
    counts: bool = True
    """Whether it stands in the adherence denominator."""
    supersedes: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """One stiffness or soreness score, 0–10."""

    entry_id: str
    what: Literal["stiffness", "soreness"]
    at_utc: datetime
    day: date
    score: int
    place: Place | None = None
    side: Side | None = None
    when: When | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class FlagRaised:
    """A red flag the runner ticked; it stops the drills until it is cleared."""

    flag_id: str
    name: str
    at_utc: datetime
    day: date
    cleared_utc: datetime | None = None
    because: str | None = None
    """Why it was cleared: ``seen`` by a professional, or ``gone``."""


@dataclass(frozen=True, slots=True)
class SessionDone:
    """Mobility work the runner did, partly did, or skipped."""

    session_id: str
    at_utc: datetime
    day: date
    state: Literal["done", "partial", "skipped"]
    prescription_id: str | None = None
    minutes: float | None = None
    reason: SkipReason | None = None
    drills: Mapping[str, DrillAnswer] = field(default_factory=dict)
    """How single drills went, by the drill's id; what nobody answered is absent."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Days off with a reason; they leave every denominator."""

    pause_id: str
    reason: str
    from_day: date
    until_day: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run that is coming, from the calendar, the template, the runner or the habit."""

    day: date
    kind: Kind | None
    source: Literal["runner", "garmin", "intervals", "ical", "template", "habit"]
    start_utc: datetime | None = None
    title: str | None = None
    probability: float = 1.0
    planned_id: str | None = None
    race: bool = False
    """A race, planned as kind tempo: its warm-up is offered earlier, and the day after it brings care only."""


@dataclass(frozen=True, slots=True)
class FootCheck:
    """One foot in one self-check (M1); own trend only, no norms."""

    range_0_10: int | None = None
    extension_deg: float | None = None
    gathers: Place | None = None
    curl_ease_0_10: int | None = None
    spread: Literal["yes", "partly", "no"] | None = None
    balance_s: float | None = None
    knee_to_wall_cm: float | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The self-check of M1 and M2, with the safety screen that goes before the first one."""

    assessment_id: str
    day: date
    left: FootCheck
    right: FootCheck
    night_cramps: bool | None = None
    screen: Mapping[str, bool] = field(default_factory=dict)
    """Safety screen: ``diabetes_or_numb``, ``fracture_or_surgery``, ``under_18`` → ticked or not."""


@dataclass(frozen=True, slots=True)
class DoseLevel:
    """Where the runner stands on the ladder."""

    minutes: float
    days_per_week: int
    extra_reps: int = 0
    level: Literal["steady", "dialled_back", "stopped"] = "steady"
    families: Mapping[str, int] = field(default_factory=dict)
    """The level of each family of drills that a step has raised; the others stand where the work that was done
    stands."""


DoseVerdict = Literal["start", "offer", "step_up", "declined", "dial_back", "way_back", "stop", "resume", "manual"]


@dataclass(frozen=True, slots=True)
class DoseChange:
    """One row of the ladder's history: why the dose changed, never rewritten."""

    change_id: str
    day: date
    verdict: DoseVerdict
    before: DoseLevel
    after: DoseLevel
    reasons: tuple[Reason, ...]
    rules_version: str
