"""FIT records -> columns -> the samples of one leg."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from rules.facts.recorded import Floats, Samples
from sync.formats.fit.decoders import Fields
from sync.formats.samples import samples_from

DEGREES_PER_SEMICIRCLE = 180 / 2**31
STEPPING = frozenset({"running", "walking", "hiking", "training", "snowshoeing", "transition"})
"""Sports whose cadence FIT counts per leg."""
MOST_PER_LEG = 130.0
"""No leg steps this often in a minute: a median above it was written for both feet already."""
AFTER_THE_END_S = 6 * 3600.0

READ_COLUMNS = (
    "timestamp", "distance", "enhanced_speed", "speed", "heart_rate", "cadence", "fractional_cadence",
    "enhanced_altitude", "altitude", "position_lat", "position_long", "power", "temperature", "Power",
)  # fmt: skip


def record_columns(rows: list[Fields]) -> dict[str, Floats]:
    """The record fields we use, each as long as there are records, NaN where one is missing."""
    columns = {name: _column(rows, name) for name in READ_COLUMNS}
    if any("compressed_speed_distance" in row for row in rows):
        _unpack_speed_distance(rows, columns)
    # "Enhanced" has the same steps, only more room; where a device wrote the plain one, decoders expand it with
    # roundings of their own.
    for first, second in (("speed", "enhanced_speed"), ("altitude", "enhanced_altitude"), ("power", "Power")):
        columns[first] = np.where(np.isfinite(columns[first]), columns[first], columns[second])
    heart_rate = columns["heart_rate"]
    heart_rate[heart_rate == 0] = np.nan
    return columns


def _column(rows: list[Fields], name: str) -> Floats:
    values = [row.get(name, np.nan) for row in rows]
    try:
        column = np.array(values, dtype=float)
    except (TypeError, ValueError):
        column = np.empty(0)
    if column.shape != (len(rows),):
        # Lists, bytes or words where a number belongs: damage, or a developer's idea of the field.
        column = np.array([value if isinstance(value, int | float) else np.nan for value in values], dtype=float)
    return column


def _unpack_speed_distance(rows: list[Fields], columns: dict[str, Floats]) -> None:
    """Old foot pods pack 12 bits of speed (cm/s) and 12 bits of running distance (1/16 m) into three bytes."""
    total, before = 0, None
    for index, row in enumerate(rows):
        packed = row.get("compressed_speed_distance")
        if packed is None or len(packed) != 3 or any(byte is None for byte in packed):
            continue
        low, middle, high = (int(byte) for byte in packed)
        counter = middle >> 4 | high << 4
        total += counter if before is None else (counter - before) % 4096
        before = counter
        columns["speed"][index] = (low | (middle & 0x0F) << 8) / 100
        columns["distance"][index] = total / 16


def leg_samples(
    columns: Mapping[str, Floats], start_s: float, until_s: float, elapsed_s: float | None, sport: str | None
) -> Samples | None:
    """The samples of the leg from ``start_s`` to before ``until_s`` (seconds since 1970)."""
    time = columns["timestamp"]
    with np.errstate(invalid="ignore"):
        mine = (time >= start_s) & (time < until_s)
        # A clock that was set late leaves readings of another decade.
        near = mine & (time <= start_s + AFTER_THE_END_S + (elapsed_s or math.inf))
    mine = near if near.sum() * 2 >= mine.sum() else mine
    if not mine.any():
        return None
    return samples_from(
        time[mine] - start_s,
        {
            "distance_m": columns["distance"][mine],
            "speed_mps": columns["speed"][mine],
            "heart_rate_bpm": columns["heart_rate"][mine],
            "cadence_spm": both_feet(columns["cadence"][mine], columns["fractional_cadence"][mine], sport),
            "altitude_m": columns["altitude"][mine],
            "latitude_deg": columns["position_lat"][mine] * DEGREES_PER_SEMICIRCLE,
            "longitude_deg": columns["position_long"][mine] * DEGREES_PER_SEMICIRCLE,
            "power_w": columns["power"][mine],
            "temperature_c": columns["temperature"][mine],
        },
    )


def both_feet(cadence: Floats, fraction: Floats, sport: str | None) -> Floats:
    """Steps a minute of both feet; turns of a crank or arm stay what they are. ``sport`` None counts as on foot."""
    turns: Floats = cadence + np.nan_to_num(fraction)
    going = turns[np.isfinite(turns) & (turns > 0)]
    doubled = (sport is None or sport in STEPPING) and (not len(going) or float(np.median(going)) < MOST_PER_LEG)
    return turns * 2 if doubled else turns
