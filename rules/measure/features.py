"""Everything the judge needs from one run, measured once and kept as a small JSON document.

Histograms instead of samples: seconds per 5 bpm and per 0.1 m/s of grade-adjusted speed let later thresholds be applied
without reading the recording again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from rules.facts.kinds import Tier
from rules.facts.labels import Segment
from rules.facts.recorded import Recording
from rules.measure import surface, titles
from rules.measure.grade_adjusted import best_mean, best_times, climb
from rules.measure.heart_rate import Pulse, pulse
from rules.measure.map_match import Underfoot
from rules.measure.segments import Structure, structure
from rules.measure.stream import Stream, stream

FEATURES_VERSION = 5
GAP_FROM_MPS, GAP_STEP_MPS, GAP_BINS = 1.0, 0.1, 60
CORE_S = (600, 2700)
"""Minutes 10–45: late enough for heart rate to have settled, early enough not to read a long run's drift as effort."""
STEEP_PCT = 4.0


@dataclass(frozen=True, slots=True)
class Climb:
    """``source``: ``barometer`` and ``device`` are trusted; ``gps`` altitude alone adds 3–9 m/km and is not."""

    ascent_m: float | None = None
    descent_m: float | None = None
    source: str | None = None
    steep_share: float | None = None
    net_m: float | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Grade-adjusted speed of the moving seconds; ``seconds`` is the histogram from 1.0 m/s in steps of 0.1."""

    mean_mps: float | None = None
    quantiles_mps: tuple[float, ...] = ()
    """10, 25, 50, 75 and 90 % of the moving time."""
    core_mps: float | None = None
    best_20_mps: float | None = None
    best_5_mps: float | None = None
    walk_share: float = 0.0
    seconds: tuple[int, ...] = ()
    efforts: tuple[tuple[float, float], ...] = ()
    """(metres of equivalent flat way, fewest seconds)."""


@dataclass(frozen=True, slots=True)
class RunFeatures:
    """One run as the judge sees it. Unknown is None; no coordinates, no title, only what its words mean."""

    start_utc: datetime
    day: date
    hour: float
    tier: Tier
    distance_m: float | None
    moving_s: float | None
    elapsed_s: float
    speed_mps: float | None
    climb: Climb
    pace: Pace
    pulse: Pulse
    structure: Structure
    segments: tuple[Segment, ...]
    shape: surface.Shape
    route: tuple[int, ...]
    has_gps: bool | None
    sport: str | None = None
    sub_sport: str | None = None
    title_words: tuple[str, ...] = ()
    title_surfaces: tuple[str, ...] = ()
    gear_surfaces: tuple[str, ...] = ()
    provider_label: str | None = None
    training_effect: float | None = None
    anaerobic_effect: float | None = None
    training_load: float | None = None
    rpe: float | None = None
    feel: float | None = None
    workout_type: str | None = None
    dirt_share: float | None = None
    underfoot: Underfoot | None = None
    """What the offline map says; laid on after the measuring, for the map may come later than the run."""
    cadence_spm: float | None = None
    lap_count: int | None = None
    best_lap_s: float | None = None
    best_speed_mps: float | None = None
    hr_zone_s: tuple[float, ...] = ()
    watch_hr_max_bpm: float | None = None
    watch_lthr_bpm: float | None = None
    version: int = FEATURES_VERSION

    def to_json(self) -> dict[str, Any]:
        """A JSON-able document of less than 8 kB."""
        document = {name: _plain(value) for name, value in asdict(self).items() if name != "segments"}
        # Sixty segments with their field names would pass 8 kB: their values alone, in the fields' order.
        document["segments"] = [[_plain(value) for value in asdict(segment).values()] for segment in self.segments]
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> RunFeatures:
        """The features of ``to_json``. Raises KeyError or ValueError on another version's document."""
        if document["version"] != FEATURES_VERSION:
            raise ValueError(f"features of version {document['version']}, this is {FEATURES_VERSION}: measure again")
        made = _build(cls, document)
        assert isinstance(made, RunFeatures)
        return made


def measure(recording: Recording, *, utc_offset_s: int | None = None) -> RunFeatures:
    """Reads one recording. ``utc_offset_s`` is the runner's zone on that day when the file has no offset of its own."""
    ride = stream(recording)
    offset = recording.utc_offset_s if recording.utc_offset_s is not None else utc_offset_s
    local = recording.start_utc + timedelta(seconds=offset or 0)
    heart = pulse(recording, ride)
    found, parts = structure(recording, ride)
    distance = _positive(recording.distance_m) or (_positive(float(ride.distance_m[-1])) if ride else None)
    moving = _moving_s(recording, ride)
    form = surface.shape(ride) if ride else surface.Shape()
    made = RunFeatures(
        start_utc=recording.start_utc,
        day=local.date(),
        hour=local.hour + local.minute / 60,
        tier=tier_of(ride, heart),
        distance_m=distance,
        moving_s=moving,
        elapsed_s=recording.elapsed_s,
        speed_mps=distance / moving if distance and moving and moving >= 30 else None,
        climb=measured_climb(recording, ride),
        pace=_pace(ride),
        pulse=heart,
        structure=found,
        segments=parts,
        shape=form,
        route=surface.route(ride) if ride else (),
        has_gps=None if recording.samples is None else bool(ride and ride.has_gps),
        sport=recording.sport,
        sub_sport=recording.sub_sport,
        title_words=tuple(dict.fromkeys(titles.meanings(recording.title) + titles.meanings(recording.workout_name))),
        title_surfaces=tuple(dict.fromkeys(titles.surfaces(recording.title))),
        gear_surfaces=titles.gear_surfaces(recording.gear),
        provider_label=recording.training_effect_label,
        training_effect=recording.training_effect_aerobic,
        anaerobic_effect=recording.training_effect_anaerobic,
        training_load=recording.training_load,
        rpe=recording.rpe,
        feel=recording.feel,
        workout_type=recording.workout_type,
        dirt_share=_dirt(recording),
        cadence_spm=recording.mean_cadence_spm,
        lap_count=recording.lap_count,
        best_lap_s=recording.best_lap_s,
        best_speed_mps=recording.best_speed_mps,
        hr_zone_s=recording.hr_zone_s or (),
        watch_hr_max_bpm=recording.watch_hr_max_bpm,
        watch_lthr_bpm=recording.watch_lthr_bpm,
    )
    # Stored features are rounded: the first judgement must see what every rebuild will see.
    return RunFeatures.from_json(made.to_json())


def segments(recording: Recording) -> tuple[Segment, ...]:
    """The run's parts for its page: warm-up, work, recovery, cool-down or steady stretches, in order of time."""
    return structure(recording, stream(recording))[1]


def tier_of(ride: Stream | None, heart: Pulse) -> Tier:
    if ride is None:
        return Tier.SUMMARY
    if not ride.has_gps:
        return Tier.NO_GPS
    return Tier.FULL if heart.mean_bpm is not None and heart.seconds else Tier.NO_HEART_RATE


def measured_climb(recording: Recording, ride: Stream | None) -> Climb:
    """The device's own total where it has one; else counted with hysteresis, marked GPS unless a barometer is known."""
    steep = net = counted_up = counted_down = None
    if ride is not None and np.isfinite(ride.altitude_m).mean() > 0.5:
        step = np.diff(ride.distance_m, prepend=0.0)
        total = float(step[ride.moving].sum())
        steep = float(step[ride.moving & (np.abs(ride.grade_pct) >= STEEP_PCT)].sum()) / total if total > 0 else None
        known = ride.altitude_m[np.isfinite(ride.altitude_m)]
        net = float(known[-1] - known[0])
        low = 10.0 if recording.has_barometer is False else 3.0
        counted_up, counted_down = climb(ride.altitude_m[::5], hysteresis_m=low)
    if recording.ascent_m is not None and recording.has_barometer is not False:
        source = "barometer" if recording.has_barometer else "device"
        if recording.has_barometer is None and counted_up is not None and _shaky(recording, counted_up):
            source = "gps"
        descent = recording.descent_m if recording.descent_m is not None else counted_down
        return Climb(recording.ascent_m, descent, source, steep, net)
    if counted_up is not None:
        source = "barometer" if recording.has_barometer else "gps"
        return Climb(counted_up, counted_down, source, steep, net)
    return Climb(recording.ascent_m, recording.descent_m, "gps" if recording.ascent_m is not None else None, steep, net)


def _shaky(recording: Recording, counted_m: float) -> bool:
    """Whether a total is far above what the smoothed altitude climbs: then it was summed from the noise of the GPS.

    With a barometer it is seldom twice as much and 3 m a kilometre above it (9 of 64 recordings).
    """
    return (recording.ascent_m or 0.0) > 2 * counted_m + 0.003 * (recording.distance_m or 0.0)


def _pace(ride: Stream | None) -> Pace:
    if ride is None:
        return Pace()
    gap = ride.gap_mps[np.isfinite(ride.gap_mps)]
    if len(gap) < 60:
        return Pace()
    core = ride.gap_mps[CORE_S[0] : CORE_S[1]]
    core = core[np.isfinite(core)]
    bins = np.clip(((gap - GAP_FROM_MPS) / GAP_STEP_MPS).astype(np.int64), 0, GAP_BINS - 1)
    way = np.cumsum(np.nan_to_num(ride.gap_mps))
    return Pace(
        mean_mps=float(gap.mean()),
        quantiles_mps=tuple(round(float(q), 3) for q in np.percentile(gap, (10, 25, 50, 75, 90))),
        core_mps=float(np.median(core)) if len(core) >= 300 else None,
        best_20_mps=best_mean(ride.gap_mps, 1200),
        best_5_mps=best_mean(ride.gap_mps, 300),
        walk_share=float((gap < 1.9).mean()),
        seconds=_short(np.bincount(bins, minlength=GAP_BINS)),
        efforts=tuple((metres, round(seconds, 1)) for metres, seconds in best_times(way)),
    )


def _short(counts: NDArray[np.int64]) -> tuple[int, ...]:
    last = np.flatnonzero(counts)
    return tuple(int(c) for c in counts[: last[-1] + 1]) if len(last) else ()


def _moving_s(recording: Recording, ride: Stream | None) -> float | None:
    if ride is not None:
        moved = float(ride.moving.sum())
        if moved >= 60:
            return moved
    return _positive(recording.moving_s) or _positive(recording.timer_s) or _positive(recording.elapsed_s)


def _dirt(recording: Recording) -> float | None:
    if recording.dirt_distance_m is None or not recording.distance_m:
        return None
    return min(recording.dirt_distance_m / recording.distance_m, 1.0)


def _positive(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case tuple() | list():
            return [_plain(inner) for inner in value]
        case float():
            return round(value, 3)
        case _:
            return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, value: Any) -> Any:
    """A value of the annotated type ``kind`` from its JSON form."""
    if value is None:
        return None
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_build(inner[0], item) for item in value)
        return tuple(_build(part, item) for part, item in zip(inner, value, strict=True))
    if inner and type(None) in inner:
        return _build(next(part for part in inner if part is not type(None)), value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is Tier:
        return Tier(value)
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        if isinstance(value, list):
            return kind(*(_build(hints[f.name], item) for f, item in zip(fields(kind), value, strict=True)))
        return kind(**{f.name: _build(hints[f.name], value[f.name]) for f in fields(kind) if f.name in value})
    return value
