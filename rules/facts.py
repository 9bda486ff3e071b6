"""The words everything else speaks: frozen values with their units in their names.

Instants are naive UTC datetimes and end in ``_utc``; ``day`` is a date in the runner's own time zone.
``None`` means "not known"; in sample arrays NaN means it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# --- what a source or a file says -----------------------------------------------------------------


class LapIntensity(StrEnum):
    ACTIVE = "active"
    REST = "rest"
    WARMUP = "warmup"
    COOLDOWN = "cooldown"
    RECOVERY = "recovery"
    INTERVAL = "interval"
    OTHER = "other"


class LapTrigger(StrEnum):
    MANUAL = "manual"
    TIME = "time"
    DISTANCE = "distance"
    POSITION = "position"
    SESSION_END = "session_end"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True)
class Lap:
    """One lap as the device or service wrote it."""

    start_utc: datetime
    elapsed_s: float
    timer_s: float | None = None
    distance_m: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    mean_heart_rate_bpm: float | None = None
    max_heart_rate_bpm: float | None = None
    intensity: LapIntensity | None = None
    trigger: LapTrigger | None = None
    step_index: int | None = None


@dataclass(frozen=True, slots=True)
class WorkoutStep:
    """One step of the structured workout that the watch was following; repeats point back to a step."""

    index: int
    intensity: LapIntensity | None = None
    duration_s: float | None = None
    distance_m: float | None = None
    repeat_from: int | None = None
    repeat_count: int | None = None
    target: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Columns of equal length, in order of time; NaN where a value is missing.

    ``t_s`` counts from the recording's ``start_utc`` and strictly grows; gaps are pauses.
    ``cadence_spm`` counts both feet.
    """

    t_s: Floats
    distance_m: Floats
    speed_mps: Floats
    heart_rate_bpm: Floats
    cadence_spm: Floats
    altitude_m: Floats
    latitude_deg: Floats
    longitude_deg: Floats
    power_w: Floats
    temperature_c: Floats

    COLUMNS = (
        "t_s",
        "distance_m",
        "speed_mps",
        "heart_rate_bpm",
        "cadence_spm",
        "altitude_m",
        "latitude_deg",
        "longitude_deg",
        "power_w",
        "temperature_c",
    )

    def __len__(self) -> int:
        return len(self.t_s)


@dataclass(frozen=True, slots=True)
class FileId:
    """Who wrote a FIT file and when: with the session start it names one recording across re-encodings."""

    manufacturer: str | None = None
    product: str | None = None
    serial_number: int | None = None
    time_created_utc: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One source's copy of one activity (or of one leg of a multisport file)."""

    sport: str | None
    """FIT's name in lower case (``running``, ``cycling`` …); ``None`` when the source names none."""
    start_utc: datetime
    elapsed_s: float
    sub_sport: str | None = None
    leg: int = 0
    sport_inferred: bool = False
    utc_offset_s: int | None = None
    timer_s: float | None = None
    moving_s: float | None = None
    distance_m: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    mean_heart_rate_bpm: float | None = None
    max_heart_rate_bpm: float | None = None
    mean_cadence_spm: float | None = None
    has_barometer: bool | None = None
    title: str | None = None
    description: str | None = None
    gear: str | None = None
    device: str | None = None
    training_effect_aerobic: float | None = None
    training_effect_anaerobic: float | None = None
    training_effect_label: str | None = None
    """Garmin's name in upper case (``TEMPO``, ``AEROBIC_BASE`` …), from FIT session field 188 or the API."""
    training_load: float | None = None
    rpe: float | None = None
    """Rating of perceived exertion, 0–10."""
    feel: float | None = None
    """How strong the runner felt, 0–100."""
    workout_type: Literal["race", "long", "workout"] | None = None
    """A human's own mark at Strava; never "easy"."""
    hr_zone_s: tuple[float, ...] | None = None
    dirt_distance_m: float | None = None
    file_id: FileId | None = None
    laps: tuple[Lap, ...] = ()
    steps: tuple[WorkoutStep, ...] = ()
    workout_name: str | None = None
    samples: Samples | None = None
    partial: bool = False
    """The file was damaged or cut short; what decoded is here."""
    decoder: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Session and developer fields that have no place of their own: JSON-able, without coordinates."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A bad record: shown to the runner, never raised."""

    name: str
    reason: str
    detail: str | None = None


# --- what kind of run it was ----------------------------------------------------------------------


class Facet(StrEnum):
    INTENSITY = "intensity"
    LONG = "long"
    HILLS = "hills"
    SURFACE = "surface"


class Kind(StrEnum):
    """The primary kind: chosen from the facets only to choose the foot work."""

    EASY = "easy"
    TEMPO = "tempo"
    LONG = "long"
    HILLS = "hills"
    SURFACE = "surface"


class Intensity(StrEnum):
    RECOVERY = "recovery"
    EASY = "easy"
    STEADY = "steady"
    TEMPO = "tempo"
    INTERVALS = "intervals"
    RACE = "race"


class Hills(StrEnum):
    FLAT = "flat"
    ROLLING = "rolling"
    HILLS = "hills"
    HILL_REPEATS = "hill_repeats"
    DOWNHILL = "downhill"


class Surface(StrEnum):
    ROAD = "road"
    TRAIL = "trail"
    TRACK = "track"
    TREADMILL = "treadmill"
    GRASS = "grass"
    GRAVEL = "gravel"
    SAND = "sand"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Tier(StrEnum):
    """How much there was to judge by."""

    FULL = "full"
    NO_HEART_RATE = "no_heart_rate"
    NO_GPS = "no_gps"
    SUMMARY = "summary"


HARD = frozenset({Intensity.TEMPO, Intensity.INTERVALS, Intensity.RACE})
HILLY = frozenset({Hills.HILLS, Hills.HILL_REPEATS, Hills.DOWNHILL})
SOFT = frozenset({Surface.TRAIL, Surface.TRACK, Surface.GRASS, Surface.GRAVEL, Surface.SAND, Surface.MIXED})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a facet got its value: a rule's id, the vote it cast and the numbers for its sentence.

    The sentence itself is ``evidence.<rule>`` in the language files, filled with ``values``.
    """

    rule: str
    weight: float
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetLabel:
    """One facet's verdict. ``value`` is None when it abstained; ``probabilities`` covers every value."""

    facet: Facet
    value: str | None
    confidence: float
    probabilities: Mapping[str, float]
    evidence: tuple[Evidence, ...] = ()
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Labels:
    """What kind of run it was. ``primary`` is None when no kind is sure enough."""

    primary: Kind | None
    primary_confidence: float
    possible: frozenset[Kind]
    """Every kind still possible: the foot work must be right for each of them."""
    facets: Mapping[Facet, FacetLabel]
    tier: Tier
    rules_version: str
    asks: bool = False
    """The runner should be asked about this one."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of steady effort inside a run."""

    start_s: float
    end_s: float
    role: Literal["warmup", "work", "recovery", "cooldown", "steady", "pause"]
    distance_m: float | None = None
    speed_mps: float | None = None
    grade_adjusted_mps: float | None = None
    mean_heart_rate_bpm: float | None = None
    ascent_m: float | None = None


# --- foot work ------------------------------------------------------------------------------------


class Window(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    MORNING = "morning"
    BASE = "base"
    PRIMER = "primer"


class Place(StrEnum):
    BIG_TOE_JOINT = "big-toe-joint"
    TOES = "toes"
    BALL = "ball"
    PLANTAR_FASCIA = "plantar-fascia"
    HEEL = "heel"
    OTHER = "other"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class When(StrEnum):
    WAKING = "waking"
    BEFORE = "before"
    AFTER = "after"
    EVENING = "evening"


class SkipReason(StrEnum):
    """Why a session was not done; all but TIME and FORGOT leave the adherence denominator."""

    TIME = "time"
    FORGOT = "forgot"
    REST = "rest"
    PAIN = "pain"
    ILL = "ill"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of one drill: sets × (reps or hold)."""

    sets: int
    reps: int | None = None
    hold_s: int | None = None
    per_side: bool = False
    seconds: int = 0
    """How long all of it takes, changes of side and rests included."""


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
    source: Literal["runner", "garmin", "ical", "template", "habit"]
    start_utc: datetime | None = None
    title: str | None = None
    probability: float = 1.0
    planned_id: str | None = None


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


@dataclass(frozen=True, slots=True)
class DoseChange:
    """One row of the ladder's history: why the dose changed, never rewritten."""

    change_id: str
    day: date
    verdict: Literal["start", "offer", "step_up", "declined", "dial_back", "way_back", "stop", "resume", "manual"]
    before: DoseLevel
    after: DoseLevel
    reasons: tuple[Reason, ...]
    rules_version: str
