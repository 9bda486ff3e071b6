"""Strava's JSON: ``{"summary": item, "detail": answer | null, "streams": answer | null}``.

Cadence counts one leg; heart rates are floats; ``start_date_local`` is local time marked as UTC, so only ``start_date``
is an instant. Where a run was is never asked for and never kept: Strava's policy of June 2026 forbids storing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from rules.facts.recorded import Lap, Recording, Samples
from sync.formats.outcome import Outcome, Read, Unreadable
from sync.formats.samples import samples_from
from sync.formats.services.fetched_activity import OWED, marked_owed
from sync.formats.services.json_fields import (
    json_instant,
    json_number,
    json_positive,
    json_table,
    json_text,
    loads_object,
    without,
)
from sync.formats.sport_heard import as_written, is_running

FORM = "strava_json"

PERSONAL = (
    "athlete", "map", "start_latlng", "end_latlng", "start_latitude", "start_longitude", "photos", "segment_efforts",
    "location_city", "location_state", "location_country", "similar_activities", "embed_token", "kudos_count",
    "comment_count", "achievement_count", "pr_count", "has_kudoed", "athlete_count", "photo_count",
    "total_photo_count", "polyline", "stats_visibility", "highlighted_kudosers",
)  # fmt: skip

SPORTS = {
    "Run": ("running", None),
    "TrailRun": ("running", "trail"),
    "VirtualRun": ("running", "virtual_activity"),
    "Walk": ("walking", None),
    "Hike": ("hiking", None),
    "Ride": ("cycling", None),
    "GravelRide": ("cycling", "gravel_cycling"),
    "MountainBikeRide": ("cycling", "mountain"),
    "EBikeRide": ("e_biking", None),
    "VirtualRide": ("cycling", "virtual_activity"),
    "Swim": ("swimming", None),
    "WeightTraining": ("training", "strength_training"),
    "Yoga": ("training", "yoga"),
    "Pilates": ("training", "pilates"),
    "Workout": ("training", None),
    "NordicSki": ("cross_country_skiing", None),
    "Rowing": ("rowing", None),
}
"""Strava's sport_type -> FIT's sport and sub-sport."""
WORKOUT_TYPES: Mapping[int, Literal["race", "long", "workout"]] = {1: "race", 2: "long", 3: "workout"}
"""0 and null mean "not set", never "easy"; 10 to 12 are rides."""
STREAMS = ("time", "distance", "heartrate", "cadence", "altitude", "velocity_smooth", "watts", "temp", "moving")


def clean(value: Mapping[str, Any]) -> dict[str, Any]:
    """A summary or detail without people and places."""
    return without(value, *PERSONAL)


def sport_of(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    kind = json_text(item.get("sport_type")) or json_text(item.get("type"))
    sport, sub_sport = SPORTS.get(kind or "", (as_written(kind), None))
    if sport == "running" and sub_sport is None and item.get("trainer"):
        return "running", "treadmill"
    return sport, sub_sport


def parse(content: bytes) -> Outcome:
    value = loads_object(content)
    if value is None:
        return Unreadable("json_broken")
    recording = recording_of(json_table(value.get("summary")), json_table(value.get("detail")), value.get("streams"))
    if recording is not None and value.get(OWED):
        recording = marked_owed(recording)
    return Unreadable("json_without_start") if recording is None else Read((recording,))


def recording_of(summary: Mapping[str, Any], detail: Mapping[str, Any], streams: object) -> Recording | None:
    """None when there is no start or no duration."""
    totals = {**summary, **{name: value for name, value in detail.items() if value is not None}}
    start, elapsed_s = json_instant(totals.get("start_date")), json_positive(totals.get("elapsed_time"))
    if start is None or elapsed_s is None:
        return None
    sport, sub_sport = sport_of(totals)
    mark = json_number(totals.get("workout_type"))
    offset = json_number(totals.get("utc_offset"))
    stepping = 2 if is_running(sport) or sport in ("walking", "hiking") else 1
    cadence = json_positive(totals.get("average_cadence"))
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=start,
        elapsed_s=elapsed_s,
        utc_offset_s=None if offset is None else round(offset),
        timer_s=json_positive(totals.get("moving_time")),
        moving_s=json_positive(totals.get("moving_time")),
        distance_m=json_number(totals.get("distance")),
        ascent_m=json_number(totals.get("total_elevation_gain")),
        mean_heart_rate_bpm=json_positive(totals.get("average_heartrate")),
        max_heart_rate_bpm=json_positive(totals.get("max_heartrate")),
        mean_cadence_spm=None if cadence is None else cadence * stepping,
        title=json_text(totals.get("name")),
        description=json_text(totals.get("description")),
        gear=json_text(json_table(totals.get("gear")).get("name")),
        device=json_text(totals.get("device_name")),
        rpe=json_number(totals.get("perceived_exertion")),
        workout_type=None if mark is None else WORKOUT_TYPES.get(int(mark)),
        laps=_laps(totals.get("laps")),
        samples=_samples(streams, stepping),
        decoder=FORM,
        extra=_extra(totals),
    )


def _extra(totals: Mapping[str, Any]) -> dict[str, Any]:
    names = ("external_id", "upload_id", "trainer", "manual", "commute", "suffer_score", "gear_id", "from_accepted_tag")
    return {name: totals[name] for name in names if totals.get(name) not in (None, False)}


def _laps(laps: object) -> tuple[Lap, ...]:
    if not isinstance(laps, list):
        return ()
    found = []
    for lap in laps:
        start, elapsed_s = (
            json_instant(json_table(lap).get("start_date")),
            json_positive(json_table(lap).get("elapsed_time")),
        )
        if start is None or elapsed_s is None:
            continue
        found.append(
            Lap(
                start_utc=start,
                elapsed_s=elapsed_s,
                timer_s=json_positive(lap.get("moving_time")),
                distance_m=json_number(lap.get("distance")),
                ascent_m=json_number(lap.get("total_elevation_gain")),
                mean_heart_rate_bpm=json_positive(lap.get("average_heartrate")),
                max_heart_rate_bpm=json_positive(lap.get("max_heartrate")),
            )
        )
    return tuple(found)


def _samples(streams: object, stepping: int) -> Samples | None:
    """Streams come keyed by type, or as a list of ``{"type": …, "data": […]}``."""
    if isinstance(streams, list):
        streams = {json_text(json_table(stream).get("type")): stream for stream in streams}
    columns = {
        name: np.array([np.nan if (found := json_number(value)) is None else found for value in data], dtype=float)
        for name in STREAMS
        if isinstance(data := json_table(json_table(streams).get(name)).get("data"), list)
    }
    time = columns.pop("time", None)
    if time is None or not len(time):
        return None
    ours = {
        "distance": "distance_m",
        "velocity_smooth": "speed_mps",
        "heartrate": "heart_rate_bpm",
        "cadence": "cadence_spm",
        "altitude": "altitude_m",
        "watts": "power_w",
        "temp": "temperature_c",
    }
    whole = {ours[name]: column for name, column in columns.items() if name in ours and len(column) == len(time)}
    if "cadence_spm" in whole:
        whole["cadence_spm"] = whole["cadence_spm"] * stepping
    return samples_from(time, whole)
