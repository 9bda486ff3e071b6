"""Recordings that tests make up, the comparison of two, and small surgery on FIT bytes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from rules.facts.recorded import FileId, Lap, LapIntensity, LapTrigger, Recording, Samples, WorkoutStep

START = datetime(2026, 3, 14, 6, 30)


def samples(seconds: int = 600, *, going_mps: float = 3.0, **columns: Any) -> Samples:
    """One reading a second, at constant speed on a line in the sea; ``columns`` replace whole columns."""
    t_s = np.arange(float(seconds))
    made = {
        "distance_m": t_s * going_mps,
        "speed_mps": np.full(seconds, going_mps),
        "heart_rate_bpm": np.full(seconds, 140.0),
        "cadence_spm": np.full(seconds, 171.0),
        "altitude_m": np.full(seconds, 20.0),
        "latitude_deg": 2 + t_s * going_mps / 111_195,
        "longitude_deg": np.full(seconds, -30.0),
        "power_w": np.full(seconds, np.nan),
        "temperature_c": np.full(seconds, 12.0),
    }
    return Samples(t_s=t_s, **{**made, **columns})


def run(**changes: Any) -> Recording:
    """A ten-minute run with everything a watch writes; ``changes`` replace fields."""
    made = Recording(
        sport="running",
        sub_sport="trail",
        start_utc=START,
        elapsed_s=600.0,
        utc_offset_s=7200,
        timer_s=600.0,
        moving_s=590.0,
        distance_m=1797.0,
        ascent_m=35.0,
        descent_m=30.0,
        mean_heart_rate_bpm=140.0,
        max_heart_rate_bpm=161.0,
        mean_cadence_spm=171.0,
        has_barometer=True,
        device="Made-up Watch",
        training_effect_aerobic=3.1,
        training_effect_anaerobic=0.4,
        training_effect_label="TEMPO",
        training_load=88.5,
        rpe=6.0,
        feel=75.0,
        file_id=FileId("development", "1", 4711, START),
        laps=(
            lap(0, 300, intensity=LapIntensity.WARMUP, trigger=LapTrigger.MANUAL, step_index=0),
            lap(300, 300, intensity=LapIntensity.INTERVAL, trigger=LapTrigger.SESSION_END, step_index=1),
        ),
        steps=(
            WorkoutStep(0, LapIntensity.WARMUP, duration_s=300.0, target="open"),
            WorkoutStep(1, LapIntensity.INTERVAL, distance_m=400.0, target="speed", name="hard"),
            WorkoutStep(2, repeat_from=1, repeat_count=5),
        ),
        workout_name="Six times four hundred",
        samples=samples(),
    )
    return replace(made, **changes)


def bare_run(**changes: Any) -> Recording:
    """What an old watch without GPS, strap and barometer writes: a sport, a start, a duration."""
    return replace(Recording(sport="running", start_utc=START, elapsed_s=600.0, timer_s=600.0), **changes)


def lap(start_s: float, elapsed_s: float, **changes: Any) -> Lap:
    made = Lap(
        start_utc=START + timedelta(seconds=start_s),
        elapsed_s=elapsed_s,
        timer_s=elapsed_s,
        distance_m=3.0 * elapsed_s,
        ascent_m=10.0,
        descent_m=5.0,
        mean_heart_rate_bpm=140.0,
        max_heart_rate_bpm=160.0,
    )
    return replace(made, **changes)


def differences(one: Recording, other: Recording, *ignoring: str) -> dict[str, tuple[object, object]]:
    """Field by field what differs; samples to a millionth."""
    found: dict[str, tuple[object, object]] = {}
    for field in fields(Recording):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.name in ignoring or field.name == "samples":
            continue
        alike = abs(a - b) < 1e-6 if isinstance(a, float) and isinstance(b, float) else a == b
        if not alike:
            found[field.name] = (a, b)
    if "samples" not in ignoring:
        found |= sample_differences(one.samples, other.samples)
    return found


def sample_differences(one: Samples | None, other: Samples | None) -> dict[str, tuple[object, object]]:
    if one is None or other is None:
        return {} if one is other else {"samples": (one, other)}
    return {
        name: (getattr(one, name), getattr(other, name))
        for name in Samples.COLUMNS
        if getattr(one, name).shape != getattr(other, name).shape
        or not np.allclose(getattr(one, name), getattr(other, name), rtol=0, atol=1e-6, equal_nan=True)
    }


# --- FIT bytes ------------------------------------------------------------------------------------

NIBBLES = (
    0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
    0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
)  # fmt: skip


def crc(data: bytes) -> bytes:
    """FIT's CRC-16, as its protocol description gives it."""
    value = 0
    for byte in data:
        for nibble in (byte & 0xF, byte >> 4):
            value = (value >> 4) ^ NIBBLES[value & 0xF] ^ NIBBLES[nibble]
    return value.to_bytes(2, "little")


def without_header_crc(fit: bytes) -> bytes:
    """A sound file whose header CRC is 0, "not computed", as many older watches write it."""
    body = fit[:12] + b"\0\0" + fit[14:-2]
    return body + crc(body)
