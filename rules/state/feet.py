"""What the foot-work rules know about one runner on one day: values only, the clock included.

``FootState`` is everything a decision may look at. The caller cuts the windows (about 120 days of runs, 57 days of
prescriptions); the decisions cut their own, so a state that holds more gives the same answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from rules.facts.foot_work import (
    Assessment,
    DiaryEntry,
    DoseChange,
    FlagRaised,
    Pause,
    PlannedRun,
    Prescription,
    SessionDone,
)
from rules.facts.kinds import HARD, HILLY, Hills, Intensity, Kind, Surface
from rules.knowledge.thresholds import Thresholds, thresholds
from rules.state.put_off import CardAnswer

RULES_VERSION = "feet-8"
"""Raised by hand when a decision changes; issued prescriptions and dose changes keep the one they were made with."""

SCREEN = ("diabetes_or_numb", "fracture_or_surgery", "under_18")
"""The questions of the safety screen."""
Shoes = Literal["usual", "minimalist", "transition"]
Length = Literal["short", "planned", "longer"]


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A finished run as the foot work sees it. ``day`` is the runner's own; unknown facets are None."""

    run_id: str
    day: date
    start_utc: datetime
    end_utc: datetime
    duration_s: float
    distance_m: float | None = None
    primary: Kind | None = None
    possible: frozenset[Kind] = frozenset()
    """Every kind still possible; empty means: only ``primary``, or any kind when that is None too."""
    intensity: Intensity | None = None
    long: bool | None = None
    hills: Hills | None = None
    surface: Surface | None = None
    easy_gap_mps: float | None = None
    """Median grade-adjusted speed, for easy runs only."""
    shoe: str | None = None
    minimalist: bool = False
    fresh: bool = True
    """False for a run from a backfill: it never asks for work now."""
    utc_offset_s: int = 0
    """The clock where it was run, in seconds ahead of UTC."""

    @property
    def hard(self) -> bool:
        return self.intensity in HARD or self.primary is Kind.TEMPO

    @property
    def tiring(self) -> bool:
        """Long or hilly: it asks for a reset and for the morning after (M16)."""
        return bool(self.long) or self.hills in HILLY or self.primary in (Kind.LONG, Kind.HILLS)

    @property
    def demanding(self) -> bool:
        """Hard, long or hilly: a day that is not a light one (M13)."""
        return self.hard or self.tiring

    @property
    def race(self) -> bool:
        return self.intensity is Intensity.RACE


@dataclass(frozen=True, slots=True)
class SurfaceFeel:
    """The answer to M17's question after a surface run or block: how did the toes feel?"""

    day: date
    surface: Surface
    feel: Literal["freer", "same", "tighter"]
    texture: str | None = None
    """The texture of the bare block, when there was one."""
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What the runner chose for the plan (M10, M18, M21, M27, M28)."""

    days_per_week: int | None = None
    """2–5; None keeps the ladder's own."""
    anchors: tuple[str, ...] = ()
    """Habits the work is tied to: ``coffee`` ``tv`` ``shower`` ``warm-up`` ``desk`` ``bedtime``."""
    equipment: frozenset[str] = frozenset({"towel"})
    textures: tuple[str, ...] = ("rug", "grass")
    """Textures at hand for a bare block, the runner's favourite first."""
    shoes: Shoes = "usual"
    shoes_since: date | None = None
    hard_weekdays: frozenset[int] = frozenset()
    """0 = Monday: days that are usually hard ones."""
    weekdays: frozenset[int] = frozenset()
    """0 = Monday: days the runner named for the foot work; empty leaves the choice to the plan."""
    barefoot_ok: bool = True
    broken_skin: bool = False
    screen: Mapping[str, bool] = field(default_factory=dict)
    """``diabetes_or_numb``, ``fracture_or_surgery``, ``under_18`` → ticked; a missing one was skipped."""
    lengths: Mapping[date, Length] = field(default_factory=dict)
    """How long the runner wants a day's foot work to be; a day that is missing is as planned."""
    swapped: Mapping[str, date] = field(default_factory=dict)
    """Drills that the runner swapped for others, and when."""
    strength: bool = False
    """Whether the runner wishes the strength card (M26)."""


@dataclass(frozen=True, slots=True)
class FootState:
    """One runner on one day, in the runner's own time zone; every tuple is in order of day, then arrival."""

    athlete: str
    today: date
    now_utc: datetime
    started: date
    """The day the plan began: M13's first fortnight counts from it."""
    settings: PlanSettings = field(default_factory=PlanSettings)
    runs: tuple[RunSeen, ...] = ()
    planned: tuple[PlannedRun, ...] = ()
    """Today's and later ones; habits too, with their probability."""
    rest: frozenset[date] = frozenset()
    """Days without a run by the runner's word, a calendar's or the usual week's: no run is expected there."""
    diary: tuple[DiaryEntry, ...] = ()
    flags: tuple[FlagRaised, ...] = ()
    sessions: tuple[SessionDone, ...] = ()
    pauses: tuple[Pause, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    feels: tuple[SurfaceFeel, ...] = ()
    issued: tuple[Prescription, ...] = ()
    """The last 57 days and everything ahead, superseded ones included, in order of issue."""
    dose_changes: tuple[DoseChange, ...] = ()
    """The whole history, in order of arrival."""
    thresholds: Thresholds = field(default_factory=thresholds)
    card_answers: tuple[CardAnswer, ...] = ()
    """Every answer to a card, in order of arrival."""
    utc_offset_s: int = 0
    """The clock where the runner is, in seconds ahead of UTC."""

    def screened(self, question: str) -> bool:
        """The latest answer to a question of the safety screen: the settings', unless a self-check has answered it."""
        answered = [check.screen[question] for check in self.assessments if question in check.screen]
        return answered[-1] if answered else bool(self.settings.screen.get(question))

    @property
    def unscreened(self) -> bool:
        """Whether a question of the safety screen has never been answered."""
        told = set(self.settings.screen).union(*(check.screen for check in self.assessments))
        return not told.issuperset(SCREEN)

    def paused(self, day: date) -> Pause | None:
        """The pause that covers ``day``, if any."""
        for pause in self.pauses:
            if pause.from_day <= day and (pause.until_day is None or day <= pause.until_day):
                return pause
        return None


def make_id(*parts: object) -> str:
    """A short stable id from its parts: the same decision gets the same id on every machine."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]
