"""FIT laps, workout steps, splits and time in heart-rate zones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rules.facts.recorded import Lap, LapIntensity, LapTrigger, WorkoutStep
from sync.formats.fit.decoders import Fields, Messages
from sync.formats.fit.fields import began_s, fit_instant, fit_number, fit_positive, fit_text, fit_word

TRIGGERS = {
    "manual": LapTrigger.MANUAL,
    "time": LapTrigger.TIME,
    "distance": LapTrigger.DISTANCE,
    "position_start": LapTrigger.POSITION,
    "position_lap": LapTrigger.POSITION,
    "position_waypoint": LapTrigger.POSITION,
    "position_marked": LapTrigger.POSITION,
    "session_end": LapTrigger.SESSION_END,
    "fitness_equipment": LapTrigger.EQUIPMENT,
}
INTENSITIES = {intensity.value: intensity for intensity in LapIntensity}


def _intensity(value: Any) -> LapIntensity | None:
    return INTENSITIES.get(value) if isinstance(value, str) else None


def laps_between(messages: Messages, start_s: float, end_s: float) -> tuple[Lap, ...]:
    """Laps that began in the leg, in order; times in seconds since 1970."""
    laps = []
    for fields in messages.get("lap", []):
        lap_start_s = began_s(fields)
        if lap_start_s is None or not start_s - 1 <= lap_start_s < end_s:
            continue
        timer_s, step = fit_number(fields.get("total_timer_time")), fields.get("wkt_step_index")
        elapsed_s = fit_number(fields.get("total_elapsed_time"))
        trigger = fields.get("lap_trigger")
        laps.append(
            Lap(
                start_utc=fit_instant(lap_start_s),
                elapsed_s=elapsed_s if elapsed_s is not None else timer_s or 0.0,
                timer_s=timer_s,
                distance_m=fit_number(fields.get("total_distance")),
                ascent_m=fit_number(fields.get("total_ascent")),
                descent_m=fit_number(fields.get("total_descent")),
                mean_heart_rate_bpm=fit_positive(fields.get("avg_heart_rate")),
                max_heart_rate_bpm=fit_positive(fields.get("max_heart_rate")),
                intensity=_intensity(fields.get("intensity")),
                trigger=TRIGGERS.get(trigger) if isinstance(trigger, str) else None,
                step_index=step if isinstance(step, int) else None,
            )
        )
    return tuple(sorted(laps, key=lambda lap: lap.start_utc))


def workout_steps(messages: Messages) -> Iterator[WorkoutStep]:
    """The watch's plan; a repeat names the step it goes back to and how often."""
    for position, fields in enumerate(messages.get("workout_step", [])):
        index, kind = fields.get("message_index"), str(fields.get("duration_type", "open"))
        amount, target_value = fit_number(fields.get("duration_value")), fit_number(fields.get("target_value"))
        repeats, target = kind.startswith("repeat_"), fit_word(fields.get("target_type"))
        yield WorkoutStep(
            index=index if isinstance(index, int) else position,
            intensity=_intensity(fields.get("intensity")),
            duration_s=amount / 1000 if kind == "time" and amount is not None else None,
            distance_m=amount / 100 if kind == "distance" and amount is not None else None,
            repeat_from=int(amount) if repeats and amount is not None else None,
            repeat_count=int(target_value) if kind == "repeat_until_steps_cmplt" and target_value is not None else None,
            target=target,
            name=fit_text([fields], "wkt_step_name"),
        )


def hr_zone_s(session: Fields, messages: Messages, leg: int) -> tuple[float, ...] | None:
    """Seconds in heart-rate zones 1 to 5.

    Seven values also count the time below zone 1 and above zone 5, six only that below.
    """
    zones = session.get("time_in_hr_zone")
    for fields in messages.get("time_in_zone", []):
        if zones is None and fields.get("reference_mesg") == "session" and fields.get("reference_index", leg) == leg:
            zones = fields.get("time_in_hr_zone")
    if not isinstance(zones, list | tuple) or not 5 <= len(zones) <= 7:
        return None
    seconds = tuple(fit_number(zone) or 0.0 for zone in zones)
    return seconds[1:6] if len(seconds) > 5 else seconds


def watch_limits(messages: Messages) -> dict[str, Any]:
    """The heart rates that the watch's own zones rest on; 0 stands for one that it does not know."""
    limits: dict[str, float | None] = {"watch_hr_max_bpm": None, "watch_lthr_bpm": None}
    for fields in messages.get("time_in_zone", []):
        limits["watch_hr_max_bpm"] = fit_positive(fields.get("max_heart_rate")) or limits["watch_hr_max_bpm"]
        limits["watch_lthr_bpm"] = fit_positive(fields.get("threshold_heart_rate")) or limits["watch_lthr_bpm"]
    return limits


def splits_between(messages: Messages, start_s: float, end_s: float) -> list[dict[str, Any]]:
    """Garmin's typed splits (``interval_active``, ``rwd_walk`` …) as JSON-able values without coordinates."""
    splits = []
    for fields in messages.get("split", []):
        kind, split_start_s = fields.get("split_type"), fit_number(fields.get("start_time"))
        if isinstance(kind, str) and split_start_s is not None and start_s <= split_start_s <= end_s:
            splits.append(
                {
                    "type": kind,
                    "start_s": split_start_s - start_s,
                    "elapsed_s": fit_number(fields.get("total_elapsed_time")),
                    "distance_m": fit_number(fields.get("total_distance")),
                }
            )
    return splits
