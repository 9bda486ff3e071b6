"""What the runner sets out to do: an outing as pieces of steady effort, and as the steps a watch was given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rules.facts.recorded import LapIntensity, WorkoutStep
from sync.app.demo.season import Outing

Laps = Literal["kilometres", "pieces", "manual", "none"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one effort (a share of threshold speed), as long or as far as it says."""

    effort: float
    seconds: float | None = None
    metres: float | None = None
    grade: float | None = None
    """A slope instead of the route's own height."""
    intensity: LapIntensity = LapIntensity.ACTIVE
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Workout:
    """Everything that one kind of outing decides."""

    route: str | None
    """None is a treadmill."""
    pieces: tuple[Piece, ...]
    laps: Laps = "kilometres"
    steps: tuple[WorkoutStep, ...] = ()
    name: str | None = None
    sub_sport: str | None = None
    label: str = "AEROBIC_BASE"
    pauses: int = 0
    rpe: float | None = None


def workout(outing: Outing) -> Workout:
    """The workout of an outing; the same outing gives the same workout."""
    metres = outing.amount * 1000.0
    match outing.what:
        case "recovery":
            return Workout("flat", (Piece(0.70, metres=metres),), label="RECOVERY", rpe=2)
        case "easy":
            return Workout("flat" if metres < 7_500 else "rolling", (Piece(0.765, metres=metres),), pauses=1, rpe=3)
        case "steady":
            return Workout("rolling", (Piece(0.77, metres=2_000), Piece(0.82, metres=metres - 2_000)), rpe=5)
        case "treadmill":
            return Workout(None, (Piece(0.76, metres=metres),), laps="none", sub_sport="treadmill", rpe=3)
        case "long":
            easy, brisker = Piece(0.74, metres=metres * 0.75), Piece(0.78, metres=metres * 0.25)
            return Workout("rolling", (easy, brisker), pauses=2, rpe=5)
        case "hills":
            return Workout("hilly", (Piece(0.78, metres=metres),), pauses=1, rpe=6)
        case "trail":
            return Workout("wood", (Piece(0.76, metres=metres),), sub_sport="trail", pauses=1, rpe=4)
        case "race":
            effort = 1.045 if metres < 7_000 else 1.01
            pieces = (Piece(effort - 0.01, metres=metres * 0.7), Piece(effort + 0.02, metres=metres * 0.3))
            return Workout("flat", pieces, label="VO2MAX", rpe=9)
        case "tempo":
            name, block = f"{outing.amount} x 8 min tempo", Piece(0.965, seconds=480)
            return _repeats(outing, "flat", block, Piece(0.70, seconds=120), name, label="TEMPO", rpe=7)
        case "intervals":
            name, block = f"{outing.amount} x 3 min", Piece(1.05, seconds=180)
            return _repeats(outing, "flat", block, Piece(0.62, seconds=120), name, label="VO2MAX", rpe=8)
        case "track":
            name, block = f"{outing.amount} x 400 m", Piece(1.10, metres=400)
            track = _repeats(outing, "oval", block, Piece(0.60, metres=200), name, label="VO2MAX", rpe=8)
            return replace(track, sub_sport="track")
        case "hill_repeats":
            up = Piece(0.98, metres=260, grade=0.075, intensity=LapIntensity.ACTIVE)
            down = Piece(0.66, metres=260, grade=-0.075, intensity=LapIntensity.ACTIVE)
            warm, cool = Piece(0.75, metres=2_000), Piece(0.73, metres=1_500)
            return Workout("slope", (warm, *(up, down) * outing.amount, cool), laps="manual", label="TEMPO", rpe=7)


def _repeats(outing: Outing, route: str, work: Piece, recovery: Piece, name: str, *, label: str, rpe: float) -> Workout:
    """Warm-up, work and recovery in turn, cool-down, as pieces and as the watch's steps."""
    warm = Piece(0.75, seconds=780, intensity=LapIntensity.WARMUP, step=0)
    work = replace(work, intensity=LapIntensity.ACTIVE, step=1)
    recovery = replace(recovery, intensity=LapIntensity.RECOVERY, step=2)
    cool = Piece(0.72, seconds=600, intensity=LapIntensity.COOLDOWN, step=4)
    steps = (
        WorkoutStep(0, LapIntensity.WARMUP, duration_s=warm.seconds),
        WorkoutStep(1, LapIntensity.ACTIVE, duration_s=work.seconds, distance_m=work.metres),
        WorkoutStep(2, LapIntensity.RECOVERY, duration_s=recovery.seconds, distance_m=recovery.metres),
        WorkoutStep(3, repeat_from=1, repeat_count=outing.amount),
        WorkoutStep(4, LapIntensity.COOLDOWN, duration_s=cool.seconds),
    )
    pieces = (warm, *(work, recovery) * outing.amount, cool)
    return Workout(route, pieces, laps="pieces", steps=steps, name=name, label=label, rpe=rpe)
