"""What a source or a file says: recordings with their samples, laps and workout steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
    zone: str | None = None
    """The IANA name of where it was recorded, when the offset was found by that."""
    zone_from: Literal["position", "nearby", "home", "open"] | None = None
    """How an offset was found that the source does not tell: by its place; by recordings near in time; the runner said
    that it was at home; not looked for yet. ``None``: the source tells it, or nobody knows."""
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
    watch_hr_max_bpm: float | None = None
    watch_lthr_bpm: float | None = None
    """Maximum and threshold heart rate that the watch counted with on that day: set by hand or found by itself."""
    dirt_distance_m: float | None = None
    lap_count: int | None = None
    """How many laps a table's row counts, automatic ones among them; None where it names none, never 0."""
    best_lap_s: float | None = None
    """The shortest lap, in time: often the last, broken one."""
    best_speed_mps: float | None = None
    """The fastest moment, as the source smooths it."""
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
