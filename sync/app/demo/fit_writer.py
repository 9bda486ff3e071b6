"""A FIT file from recordings: ``write(recording, *further_legs) -> bytes``.

One recording gives one activity file with file_id, device_info, timer events, records, laps, workout steps, session
(Garmin's training-effect label in field 188 included) and the activity message with the local time. Several recordings
give a multisport file with one session each. Given the same values it gives the same bytes.

What FIT cannot hold is left out: title, description, gear. Samples are written to the whole second; of two in one
second the first stays. Raises ValueError when a value does not fit its FIT type (a heart rate of 300).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from pyfitparsernative import write_fit_bytes

from rules.facts.recorded import FileId, Lap, LapTrigger, Recording, Samples, WorkoutStep

Message = dict[str, Any]

TRAINING_EFFECT_LABELS = (
    "UNKNOWN", "RECOVERY", "AEROBIC_BASE", "TEMPO", "LACTATE_THRESHOLD", "VO2MAX", "ANAEROBIC_CAPACITY", "SPEED",
)  # fmt: skip
SEMICIRCLES_PER_DEGREE = 2**31 / 180
BAROMETER, GPS = 4, 0
PAUSE_S = 10.0
RECORD_FIELDS = {
    "distance_m": "distance",
    "speed_mps": "enhanced_speed",
    "altitude_m": "enhanced_altitude",
    "heart_rate_bpm": "heart_rate",
    "power_w": "power",
    "temperature_c": "temperature",
}
WHOLE = {"heart_rate", "power", "temperature"}


def write(recording: Recording, *further_legs: Recording) -> bytes:
    """The FIT file of one activity; ``further_legs`` follow it in time as sessions of the same file."""
    legs = (recording, *further_legs)
    messages = [_file_id(recording), *_devices(recording), *_workout(recording)]
    first_lap = 0
    for leg in legs:
        laps = leg.laps or (_whole_as_lap(leg),)
        messages += _records_between_events(leg)
        messages += [_lap(lap, leg, index) for index, lap in enumerate(laps, start=first_lap)]
        messages.append(_session(leg, first_lap, len(laps)))
        first_lap += len(laps)
    messages.append(_activity(legs))
    encoded: bytes = write_fit_bytes([_known(message) for message in messages])
    return encoded


def _known(message: Mapping[str, Any]) -> Message:
    return {name: value for name, value in message.items() if value is not None}


def _instant(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def _end(leg: Recording) -> datetime:
    return leg.start_utc + timedelta(seconds=leg.elapsed_s)


def _file_id(recording: Recording) -> Message:
    file_id = recording.file_id or FileId()
    return {
        "message_type": "file_id",
        "type": "activity",
        "manufacturer": file_id.manufacturer or "development",
        "product": int(file_id.product) if file_id.product and file_id.product.isdigit() else 1,
        "serial_number": file_id.serial_number,
        "time_created": _instant(file_id.time_created_utc or recording.start_utc),
    }


def _devices(recording: Recording) -> Iterator[Message]:
    at = _instant(recording.start_utc)
    identity = _file_id(recording)
    yield {
        "message_type": "device_info",
        "timestamp": at,
        "device_index": "creator",
        "source_type": "local",
        "manufacturer": identity["manufacturer"],
        "product": identity["product"],
        "serial_number": identity["serial_number"],
        "product_name": recording.device,
    }
    if recording.has_barometer is not None:
        sensors = (GPS, BAROMETER) if recording.has_barometer else (GPS,)
        for index, sensor in enumerate(sensors, start=1):
            yield {
                "message_type": "device_info",
                "timestamp": at,
                "device_index": index,
                "source_type": "local",
                "device_type": sensor,
            }


def _workout(recording: Recording) -> Iterator[Message]:
    if not recording.steps and recording.workout_name is None:
        return
    yield {
        "message_type": "workout",
        "sport": recording.sport or "generic",
        "num_valid_steps": len(recording.steps),
        "wkt_name": recording.workout_name,
    }
    for step in recording.steps:
        yield {"message_type": "workout_step", "message_index": step.index, **_step_duration(step)} | {
            "intensity": None if step.intensity is None else step.intensity.value,
            "target_type": step.target,
            "wkt_step_name": step.name,
        }


def _step_duration(step: WorkoutStep) -> Message:
    if step.repeat_count is not None:
        return {
            "duration_type": "repeat_until_steps_cmplt",
            "duration_value": step.repeat_from or 0,
            "target_value": step.repeat_count,
        }
    if step.duration_s is not None:
        return {"duration_type": "time", "duration_value": round(step.duration_s * 1000)}
    if step.distance_m is not None:
        return {"duration_type": "distance", "duration_value": round(step.distance_m * 100)}
    return {"duration_type": "open"}


def _records_between_events(leg: Recording) -> Iterator[Message]:
    yield _timer(leg.start_utc, "start")
    if leg.samples is not None:
        before_s: float | None = None
        for t_s, record in _records(leg.start_utc, leg.samples):
            if before_s is not None and t_s - before_s > PAUSE_S:
                yield _timer(leg.start_utc + timedelta(seconds=before_s), "stop_all")
                yield _timer(leg.start_utc + timedelta(seconds=t_s), "start")
            yield record
            before_s = t_s
    yield _timer(_end(leg), "stop_all")


def _timer(moment: datetime, event_type: str) -> Message:
    return {"message_type": "event", "timestamp": _instant(moment), "event": "timer", "event_type": event_type}


def _records(start_utc: datetime, samples: Samples) -> Iterator[tuple[float, Message]]:
    seconds = np.floor(samples.t_s).astype(int)
    _, first = np.unique(seconds, return_index=True)
    # Plain floats: looking into an array cell by cell costs ten times as much.
    columns = {name: getattr(samples, name)[first].tolist() for name in Samples.COLUMNS}
    for row, t_s in enumerate(seconds[first].tolist()):
        values = {name: column[row] for name, column in columns.items() if math.isfinite(column[row])}
        message: Message = {
            "message_type": "record",
            "timestamp": _instant(start_utc + timedelta(seconds=t_s)),
        }
        for column, fit_name in RECORD_FIELDS.items():
            if column in values:
                message[fit_name] = round(values[column]) if fit_name in WHOLE else values[column]
        if "latitude_deg" in values and "longitude_deg" in values:
            message["position_lat"] = round(values["latitude_deg"] * SEMICIRCLES_PER_DEGREE)
            message["position_long"] = round(values["longitude_deg"] * SEMICIRCLES_PER_DEGREE)
        if "cadence_spm" in values:
            # FIT counts running cadence per leg; the odd step goes into the fraction.
            message["cadence"], odd = divmod(round(values["cadence_spm"]), 2)
            message["fractional_cadence"] = 0.5 * odd
        yield t_s, message


def _whole_as_lap(leg: Recording) -> Lap:
    return Lap(
        start_utc=leg.start_utc,
        elapsed_s=leg.elapsed_s,
        timer_s=leg.timer_s,
        distance_m=leg.distance_m,
        ascent_m=leg.ascent_m,
        descent_m=leg.descent_m,
        mean_heart_rate_bpm=leg.mean_heart_rate_bpm,
        max_heart_rate_bpm=leg.max_heart_rate_bpm,
        trigger=LapTrigger.SESSION_END,
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _lap(lap: Lap, leg: Recording, index: int) -> Message:
    trigger = lap.trigger
    return {
        "message_type": "lap",
        "message_index": index,
        "timestamp": _instant(lap.start_utc + timedelta(seconds=lap.elapsed_s)),
        "start_time": _instant(lap.start_utc),
        "total_elapsed_time": lap.elapsed_s,
        "total_timer_time": lap.elapsed_s if lap.timer_s is None else lap.timer_s,
        "total_distance": lap.distance_m,
        "total_ascent": _whole(lap.ascent_m),
        "total_descent": _whole(lap.descent_m),
        "avg_heart_rate": _whole(lap.mean_heart_rate_bpm),
        "max_heart_rate": _whole(lap.max_heart_rate_bpm),
        "intensity": None if lap.intensity is None else lap.intensity.value,
        "lap_trigger": None if trigger is None else _TRIGGERS.get(trigger, trigger.value),
        "wkt_step_index": lap.step_index,
        "sport": leg.sport or "generic",
        "event": "lap",
        "event_type": "stop",
    }


_TRIGGERS = {LapTrigger.POSITION: "position_lap", LapTrigger.EQUIPMENT: "fitness_equipment"}


def _session(leg: Recording, first_lap: int, laps: int) -> Message:
    label = leg.training_effect_label
    cadence = leg.mean_cadence_spm
    return {
        "message_type": "session",
        "message_index": leg.leg,
        "timestamp": _instant(_end(leg)),
        "start_time": _instant(leg.start_utc),
        "total_elapsed_time": leg.elapsed_s,
        "total_timer_time": leg.elapsed_s if leg.timer_s is None else leg.timer_s,
        "total_moving_time": leg.moving_s,
        "total_distance": leg.distance_m,
        "sport": leg.sport,
        "sub_sport": leg.sub_sport,
        "total_ascent": _whole(leg.ascent_m),
        "total_descent": _whole(leg.descent_m),
        "avg_heart_rate": _whole(leg.mean_heart_rate_bpm),
        "max_heart_rate": _whole(leg.max_heart_rate_bpm),
        "avg_cadence": None if cadence is None else int(cadence // 2),
        "avg_fractional_cadence": None if cadence is None else round(cadence / 2 % 1, 3),
        "total_training_effect": leg.training_effect_aerobic,
        "total_anaerobic_training_effect": leg.training_effect_anaerobic,
        "training_load_peak": leg.training_load,
        "workout_rpe": None if leg.rpe is None else round(leg.rpe * 10),
        "workout_feel": _whole(leg.feel),
        "unknown_field_188": None if label is None else TRAINING_EFFECT_LABELS.index(label),
        "first_lap_index": first_lap,
        "num_laps": laps,
        "event": "lap",
        "event_type": "stop",
        "trigger": "activity_end",
    }


def _activity(legs: tuple[Recording, ...]) -> Message:
    end, offset_s = _end(legs[-1]), legs[0].utc_offset_s
    return {
        "message_type": "activity",
        "timestamp": _instant(end),
        "local_timestamp": None if offset_s is None else _instant(end + timedelta(seconds=offset_s)),
        "total_timer_time": sum(leg.elapsed_s if leg.timer_s is None else leg.timer_s for leg in legs),
        "num_sessions": len(legs),
        "type": "manual" if len(legs) == 1 else "auto_multi_sport",
        "event": "activity",
        "event_type": "stop",
    }
