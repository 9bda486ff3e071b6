"""Laps as devices write them: which cuts mean something, which a watch makes by itself, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from rules.facts.recorded import Lap, LapIntensity, LapTrigger, WorkoutStep

Role = Literal["warmup", "work", "recovery", "cooldown", "steady", "pause"]

FASTER = 1.08
"""Work is at least 8 % faster than the rest of the run: below, lap paces of even runs look like work."""
AUTO_LAPS_M = ((1000.0, 120.0), (1609.344, 150.0))
WORK_ROLES = {LapIntensity.INTERVAL, LapIntensity.ACTIVE}
REST_ROLES = {LapIntensity.RECOVERY, LapIntensity.REST}


def named_by_steps(laps: tuple[Lap, ...], steps: Sequence[WorkoutStep]) -> tuple[Lap, ...]:
    """Laps with the intensity of the workout's step that they belong to: many watches write it only there."""
    known = {step.index: step.intensity for step in steps if step.intensity is not None}
    return tuple(
        replace(lap, intensity=known[lap.step_index]) if lap.intensity is None and lap.step_index in known else lap
        for lap in laps
    )


def auto_laps(laps: Sequence[Lap]) -> bool:
    """True when the watch cut the laps by itself: two or fewer, or all inner ones as long as each other.

    A workout's steps end by time or distance too, of different lengths: those cuts mean something.
    """
    if len(laps) <= 2:
        return True
    inner = laps[:-1]
    told = [lap.trigger for lap in inner if lap.trigger is not None]
    if len(told) == len(inner) and LapTrigger.MANUAL not in told and not _cut_by_steps(inner):
        return True
    for length, spread in AUTO_LAPS_M:
        if all(lap.distance_m is not None and abs(lap.distance_m - length) <= spread for lap in inner):
            return True
    rounded = [round((lap.distance_m or 0.0) / 100.0) for lap in inner]
    return len(inner) >= 3 and len(set(rounded)) == 1 and rounded[0] >= 5 and not told


def _cut_by_steps(laps: Sequence[Lap]) -> bool:
    """Whether laps that the watch ended by time or by distance have lengths that no automatic lap gives."""
    times = {round((lap.timer_s or lap.elapsed_s) / 5) for lap in laps if lap.trigger is LapTrigger.TIME}
    ways = {round((lap.distance_m or 0.0) / 50) for lap in laps if lap.trigger is LapTrigger.DISTANCE}
    return len(times) >= 2 or len(ways) >= 2 or bool(times and ways)


def joined_pieces(laps: Sequence[Lap]) -> tuple[Lap, ...]:
    """Laps without the cuts that an automatic lap made inside a workout's step: what follows goes on as fast."""
    whole: list[Lap] = []
    for lap in laps:
        if whole and _cut_by_itself(whole[-1]) and _goes_on(whole[-1], lap):
            whole[-1] = _joined(whole[-1], lap)
        else:
            whole.append(lap)
    return tuple(whole)


def _cut_by_itself(lap: Lap) -> bool:
    way = lap.distance_m or 0.0
    on_the_spot = any(abs(way % length) <= 10 or abs(way % length - length) <= 10 for length, _ in AUTO_LAPS_M)
    return lap.trigger is LapTrigger.DISTANCE and way > 0 and on_the_spot


def _goes_on(before: Lap, after: Lap) -> bool:
    if before.intensity is not after.intensity:
        return False
    if before.step_index is not None or after.step_index is not None:
        return before.step_index == after.step_index
    speeds = [(lap.distance_m or 0.0) / max(lap.timer_s or lap.elapsed_s, 1.0) for lap in (before, after)]
    return min(speeds) * FASTER > max(speeds)


def _joined(first: Lap, second: Lap) -> Lap:
    def total(name: str) -> float | None:
        values = [getattr(lap, name) for lap in (first, second)]
        return None if None in values else sum(values)

    hearts = [(lap.mean_heart_rate_bpm, lap.elapsed_s) for lap in (first, second) if lap.mean_heart_rate_bpm]
    return replace(
        second,
        start_utc=first.start_utc,
        elapsed_s=first.elapsed_s + second.elapsed_s,
        timer_s=total("timer_s"),
        distance_m=total("distance_m"),
        ascent_m=total("ascent_m"),
        descent_m=total("descent_m"),
        mean_heart_rate_bpm=sum(bpm * s for bpm, s in hearts) / sum(s for _, s in hearts) if hearts else None,
    )


def long_enough(laps: Sequence[Lap]) -> tuple[Lap, ...]:
    """Laps without slips of the thumb."""
    return tuple(lap for lap in laps if lap.elapsed_s >= 5 and (lap.distance_m or 0.0) >= 0)


def says_structure(laps: Sequence[Lap]) -> bool:
    """Lap intensity counts only when it tells work from rest: some services mark every lap as work."""
    kinds = {lap.intensity for lap in laps if lap.intensity is not None}
    work, rest = kinds & WORK_ROLES, kinds & REST_ROLES
    framed = LapIntensity.WARMUP in kinds and len(kinds & (WORK_ROLES | {LapIntensity.COOLDOWN})) > 0
    return bool((work and rest) or (framed and work))


def stated_roles(laps: Sequence[Lap]) -> tuple[Role, ...]:
    """What each lap was in the workout, by its own word."""
    kinds = {lap.intensity for lap in laps}
    # With both words in one workout, "interval" is the work and "active" the easy running around it.
    active_is_work = LapIntensity.INTERVAL not in kinds
    roles: list[Role] = []
    for lap in laps:
        match lap.intensity:
            case LapIntensity.WARMUP:
                roles.append("warmup")
            case LapIntensity.COOLDOWN:
                roles.append("cooldown")
            case LapIntensity.RECOVERY | LapIntensity.REST:
                roles.append("recovery")
            case LapIntensity.INTERVAL:
                roles.append("work")
            case LapIntensity.ACTIVE:
                roles.append("work" if active_is_work else "steady")
            case _:
                roles.append("steady")
    return tuple(roles)
