"""The made-up runner: an outing in, the recordings of its devices out. Same outing and seed, same values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from rules.facts.recorded import FileId, Floats, Lap, LapTrigger, Recording, Samples
from sync.app.demo import body, ground
from sync.app.demo.season import Outing
from sync.app.demo.workout import Piece, Workout, workout

SEED = 20_251
WATCH, PHONE = "Made-up watch", "Made-up phone"
START_ALTITUDE_M = 12.0
TRAINING_EFFECT = {"RECOVERY": 1.6, "AEROBIC_BASE": 2.7, "TEMPO": 3.4, "VO2MAX": 4.1}


@dataclass(slots=True)
class _Tape:
    """What the watch wrote down, a row a second, and where its laps ended."""

    t_s: list[float]
    distance_m: list[float]
    speed_mps: list[float]
    heart_rate_bpm: list[float]
    cadence_spm: list[float]
    altitude_m: list[float]
    piece_ends: list[int]
    pauses_s: list[tuple[float, float]]


@lru_cache(maxsize=4)
def recordings(outing: Outing, zone: ZoneInfo) -> tuple[Recording, ...]:
    """The watch's recording, and the phone's where it came along. ``zone`` is where the runner's clock stands."""
    dice = np.random.default_rng((SEED, outing.number))
    plan = workout(outing)
    start = datetime.combine(outing.day, outing.start, zone) + timedelta(seconds=int(dice.integers(0, 60)))
    start_utc = start.astimezone(UTC).replace(tzinfo=None)
    offset = start.utcoffset() or timedelta()
    watch = _watch(outing, plan, start_utc, int(offset.total_seconds()), dice)
    return (watch, _phone(watch, dice)) if outing.on_phone_too else (watch,)


def _watch(outing: Outing, plan: Workout, start_utc: datetime, offset_s: int, dice: np.random.Generator) -> Recording:
    tape = _run(outing, plan, dice)
    samples = _samples(tape, plan, dice)
    elapsed_s = tape.t_s[-1]
    paused_s = sum(seconds for _, seconds in tape.pauses_s)
    laps = tuple(_laps(tape, samples, plan, start_utc))
    ascent_m, descent_m = _climb(samples.altitude_m) if plan.route else (None, None)
    effect = TRAINING_EFFECT[plan.label] + float(dice.normal(0, 0.15)) + outing.amount * 0.01
    return Recording(
        sport="running",
        sub_sport=plan.sub_sport,
        start_utc=start_utc,
        elapsed_s=elapsed_s,
        timer_s=elapsed_s - paused_s,
        moving_s=elapsed_s - paused_s,
        utc_offset_s=offset_s,
        distance_m=round(tape.distance_m[-1], 1),
        ascent_m=ascent_m,
        descent_m=descent_m,
        mean_heart_rate_bpm=float(np.mean(samples.heart_rate_bpm)),
        max_heart_rate_bpm=float(np.max(samples.heart_rate_bpm)),
        mean_cadence_spm=float(np.mean(samples.cadence_spm)),
        has_barometer=True,
        device=WATCH,
        training_effect_aerobic=round(effect, 1),
        training_effect_label=plan.label,
        training_load=round(elapsed_s / 60 * effect),
        rpe=plan.rpe if outing.number % 3 else None,
        file_id=FileId("development", "1", 5_150_001, start_utc),
        laps=laps,
        steps=plan.steps,
        workout_name=plan.name,
        samples=samples,
    )


def _run(outing: Outing, plan: Workout, dice: np.random.Generator) -> _Tape:
    """Second by second: effort and slope give speed, the heart follows."""
    way = ground.route(plan.route) if plan.route else None
    threshold = body.threshold_mps(outing.number) * (1.0 if way is None or way.firm else 0.93)
    heart = body.Heart(dice, day_bpm=float(dice.normal(0, 2.2)))
    tape = _Tape([], [], [], [], [], [], [], [])
    stops = _stops(plan, dice)
    t_s = distance_m = uneven = 0.0
    climbed_m, hurry = START_ALTITUDE_M, float(dice.normal(0, 0.008))
    for piece in plan.pieces:
        began_s, began_m = t_s, distance_m
        while not _over(piece, t_s - began_s, distance_m - began_m):
            if stops and distance_m >= stops[0][0]:
                _, stood_s = stops.pop(0)
                tape.pauses_s.append((t_s, stood_s))
                heart.beat(0.2, stood_s)
                t_s += stood_s
            grade = piece.grade if piece.grade is not None else (way.grade(distance_m) if way else 0.0)
            uneven += -uneven / 25 + float(dice.normal(0, 0.008 if way is None or way.firm else 0.018))
            # Uphill nobody slows down enough, downhill nobody makes all of it good.
            effort = piece.effort * (1 + hurry + uneven) + 0.9 * grade
            settling = min(1.0, 0.75 + 0.25 * (t_s - began_s + 1) / 12)
            speed = max(0.8, threshold * effort * settling / body.cost_of_grade(grade))
            t_s, distance_m, climbed_m = t_s + 1, distance_m + speed, climbed_m + speed * grade
            tape.t_s.append(t_s)
            tape.distance_m.append(distance_m)
            tape.speed_mps.append(speed)
            tape.heart_rate_bpm.append(heart.beat(effort))
            tape.cadence_spm.append(body.cadence_spm(speed) + float(dice.normal(0, 1.2)))
            tape.altitude_m.append(climbed_m)
        tape.piece_ends.append(len(tape.t_s))
    return tape


def _over(piece: Piece, seconds: float, metres: float) -> bool:
    return seconds >= piece.seconds if piece.seconds is not None else metres >= (piece.metres or 0.0)


def _stops(plan: Workout, dice: np.random.Generator) -> list[tuple[float, float]]:
    """(after metres, for seconds): a crossing, a gate, a drink."""
    whole_m = sum(piece.metres or 0.0 for piece in plan.pieces)
    places = np.sort(dice.uniform(0.2, 0.9, plan.pauses)) * whole_m
    return [(float(place), float(dice.integers(15, 75))) for place in places]


def _samples(tape: _Tape, plan: Workout, dice: np.random.Generator) -> Samples:
    count = len(tape.t_s)
    distance_m = np.array(tape.distance_m)
    nothing = np.full(count, np.nan)
    latitude = longitude = altitude = nothing
    if plan.route is not None:
        way = ground.route(plan.route)
        index = distance_m.astype(int) % way.length_m
        blur_m = 1.0 if plan.route == "oval" else 2.0
        latitude, longitude = ground.degrees(
            way.east_m[index] + _slow_noise(dice, count, blur_m), way.north_m[index] + _slow_noise(dice, count, blur_m)
        )
        # A barometer drifts with the weather and steps by 0.2 m.
        altitude = np.round((np.array(tape.altitude_m) + _slow_noise(dice, count, 0.35, 90.0)) * 5) / 5
    return Samples(
        t_s=np.array(tape.t_s),
        distance_m=distance_m,
        speed_mps=np.round(np.array(tape.speed_mps) + dice.normal(0, 0.04, count), 3),
        heart_rate_bpm=np.round(np.array(tape.heart_rate_bpm)),
        cadence_spm=np.round(np.array(tape.cadence_spm)),
        altitude_m=altitude,
        latitude_deg=latitude,
        longitude_deg=longitude,
        power_w=nothing,
        temperature_c=nothing,
    )


def _slow_noise(dice: np.random.Generator, count: int, spread: float, memory_s: float = 30.0) -> Floats:
    """An AR(1) walk with standard deviation ``spread``: satellite and weather errors last for a while."""
    keep = np.exp(-1 / memory_s)
    steps = dice.normal(0, spread * np.sqrt(1 - keep * keep), count)
    walk = np.empty(count)
    walk[0] = value = float(dice.normal(0, spread))
    for index in range(1, count):
        value = keep * value + steps[index]
        walk[index] = value
    return walk


def _laps(tape: _Tape, samples: Samples, plan: Workout, start_utc: datetime) -> Iterator[Lap]:
    count = len(tape.t_s)
    match plan.laps:
        case "none":
            ends = [count]
        case "kilometres":
            whole = range(1000, int(tape.distance_m[-1]) - 50, 1000)
            ends = [*(int(np.searchsorted(samples.distance_m, metres)) + 1 for metres in whole), count]
        case "pieces" | "manual":
            ends = tape.piece_ends
    begin = 0
    for number, end in enumerate(ends):
        if end > begin:
            yield _lap(tape, samples, plan, start_utc, (begin, end), number, last=end == count)
        begin = max(begin, end)


def _lap(
    tape: _Tape, samples: Samples, plan: Workout, start_utc: datetime, rows: tuple[int, int], number: int, *, last: bool
) -> Lap:
    begin, end = rows
    from_s, from_m = (samples.t_s[begin - 1], samples.distance_m[begin - 1]) if begin else (0.0, 0.0)
    until_s = float(samples.t_s[end - 1])
    paused_s = sum(seconds for at_s, seconds in tape.pauses_s if from_s <= at_s < until_s)
    piece = plan.pieces[number] if plan.laps in ("pieces", "manual") else None
    trigger = LapTrigger.DISTANCE if plan.laps == "kilometres" else LapTrigger.MANUAL
    if plan.laps == "pieces" and piece is not None:
        trigger = LapTrigger.TIME if piece.seconds is not None else LapTrigger.DISTANCE
    ascent_m, descent_m = _climb(samples.altitude_m[begin:end]) if plan.route else (None, None)
    return Lap(
        start_utc=start_utc + timedelta(seconds=float(from_s)),
        elapsed_s=until_s - float(from_s),
        timer_s=until_s - float(from_s) - paused_s,
        distance_m=round(float(samples.distance_m[end - 1] - from_m), 1),
        ascent_m=ascent_m,
        descent_m=descent_m,
        mean_heart_rate_bpm=float(np.mean(samples.heart_rate_bpm[begin:end])),
        max_heart_rate_bpm=float(np.max(samples.heart_rate_bpm[begin:end])),
        intensity=piece.intensity if piece and plan.laps == "pieces" else None,
        trigger=LapTrigger.SESSION_END if last else trigger,
        step_index=piece.step if piece else None,
    )


def _climb(altitude_m: Floats) -> tuple[float, float]:
    """Ascent and descent as a watch counts them: only what differs from the last turn by 2 m or more."""
    up = down = 0.0
    level = altitude_m[0]
    for height in altitude_m:
        if abs(height - level) >= 2.0:
            up, down = up + max(0.0, height - level), down + max(0.0, level - height)
            level = height
    return round(float(up)), round(float(down))


def _phone(watch: Recording, dice: np.random.Generator) -> Recording:
    """The same run as the phone saw it: started a little later, every third second, no pulse, height by satellite."""
    assert watch.samples is not None
    late_s = 14.0
    rows = np.flatnonzero((watch.samples.t_s > late_s) & (watch.samples.t_s % 3 == 0))
    columns = {name: np.array(getattr(watch.samples, name)[rows]) for name in Samples.COLUMNS}
    count, stretch = len(rows), 1.011
    columns["t_s"] -= late_s
    columns["distance_m"] = (columns["distance_m"] - columns["distance_m"][0]) * stretch
    columns["speed_mps"] = np.round(columns["speed_mps"] * stretch, 3)
    columns["heart_rate_bpm"][:] = np.nan
    columns["cadence_spm"][:] = np.nan
    columns["altitude_m"] = columns["altitude_m"] + _slow_noise(dice, count, 3.0)
    columns["latitude_deg"] = columns["latitude_deg"] + _slow_noise(dice, count, 2e-5)
    columns["longitude_deg"] = columns["longitude_deg"] + _slow_noise(dice, count, 2e-5)
    start_utc = watch.start_utc + timedelta(seconds=late_s)
    elapsed_s = float(columns["t_s"][-1])
    return Recording(
        sport="running",
        start_utc=start_utc,
        elapsed_s=elapsed_s,
        timer_s=elapsed_s,
        utc_offset_s=watch.utc_offset_s,
        distance_m=round(float(columns["distance_m"][-1]), 1),
        has_barometer=False,
        device=PHONE,
        file_id=FileId("development", "2", 7_300_002, start_utc),
        samples=Samples(**columns),
    )
