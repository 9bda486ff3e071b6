"""Which value wins for each field of a run that several copies give: the recording's, or what a person said later.

A person corrects at a service: the kind of sport, a treadmill's distance, a title, a race. That is later than the file
and beats it, also where another service hands out the file as it was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

FieldWord = Literal["lead", "recorded", "person", "corrected"]
"""``lead``: the leading copy's, whatever the others say, for its parts belong together. ``recorded``: the first copy's
that has it, the lead first. ``person``: where people write, the likeliest service first, a file's own last.
``corrected``: ``recorded``, unless a service says otherwise than the file says: then a person has changed it there."""

WORDS: Mapping[str, FieldWord] = {
    "sport": "corrected",
    "sub_sport": "corrected",
    "distance_m": "corrected",
    "title": "person",
    "description": "person",
    "workout_type": "person",
    "rpe": "person",
    "feel": "person",
    "gear": "person",
    "start_utc": "lead",
    "elapsed_s": "lead",
    "leg": "lead",
    "samples": "lead",
    "extra": "lead",
    "decoder": "lead",
    "partial": "lead",
    "sport_inferred": "lead",
    "file_id": "lead",
    "utc_offset_s": "recorded",
    "zone": "recorded",
    "zone_from": "recorded",
    "timer_s": "recorded",
    "moving_s": "recorded",
    "ascent_m": "recorded",
    "descent_m": "recorded",
    "mean_heart_rate_bpm": "recorded",
    "max_heart_rate_bpm": "recorded",
    "mean_cadence_spm": "recorded",
    "has_barometer": "recorded",
    "device": "recorded",
    "training_effect_aerobic": "recorded",
    "training_effect_anaerobic": "recorded",
    "training_effect_label": "recorded",
    "training_load": "recorded",
    "hr_zone_s": "recorded",
    "watch_hr_max_bpm": "recorded",
    "watch_lthr_bpm": "recorded",
    "dirt_distance_m": "recorded",
    "lap_count": "recorded",
    "best_lap_s": "recorded",
    "best_speed_mps": "recorded",
    "laps": "recorded",
    "steps": "recorded",
    "workout_name": "recorded",
}
"""Every field of a `Recording`."""

INDOOR = frozenset({"treadmill", "indoor_running", "virtual_activity"})
"""Sub-sports whose distance a watch only guesses."""
SAME_INDOORS = 0.005
SAME_OUTDOORS = 0.02
"""Two distances within these shares of each other are one: services round, and smooth a trace in their own way."""


def distance_differs(said_m: float, recorded_m: float, *, indoors: bool) -> bool:
    """Whether a service's distance is another one than the file's, and not only rounded otherwise."""
    return abs(said_m - recorded_m) > (SAME_INDOORS if indoors else SAME_OUTDOORS) * max(recorded_m, 1.0)
