"""intervals.icu's JSON: ``{"activity": item}``, a summary beside the original file that the relay keeps.

What came there from Strava is only a stub (``source`` "STRAVA", a ``_note`` and no values) and is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.facts.recorded import Recording
from sync.formats.outcome import Ignored, Outcome, Read, Unreadable
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
from sync.formats.services.strava_json import SPORTS
from sync.formats.sport_heard import as_written, is_running

FORM = "intervals_json"

PERSONAL = ("icu_athlete_id", "athlete", "start_latlng", "locality", "route_id", "attachments", "icu_color")


def clean(value: Mapping[str, Any]) -> dict[str, Any]:
    return without(value, *PERSONAL)


def is_stub(item: Mapping[str, Any]) -> bool:
    """A Strava activity behind the relay: no type, no numbers, whatever else it says."""
    return item.get("source") == "STRAVA" or ("_note" in item and item.get("type") is None)


def is_typed_in(item: Mapping[str, Any]) -> bool:
    """Entered by hand: nothing was recorded that could be asked for."""
    return item.get("source") == "MANUAL"


def sport_of(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    kind = json_text(item.get("type"))
    sport, sub_sport = SPORTS.get(kind or "", (as_written(kind), None))
    if sport == "running" and sub_sport is None and (item.get("trainer") or item.get("sub_type") == "TREADMILL"):
        return "running", "treadmill"
    return sport, sub_sport


def parse(content: bytes) -> Outcome:
    value = loads_object(content)
    if value is None:
        return Unreadable("json_broken")
    item = json_table(value.get("activity"))
    if is_stub(item):
        return Ignored("strava_stub")
    recording = recording_of(item)
    if recording is not None and value.get(OWED):
        recording = marked_owed(recording)
    return Unreadable("json_without_start") if recording is None else Read((recording,))


def recording_of(item: Mapping[str, Any]) -> Recording | None:
    """None when there is no start or no duration. ``start_date`` is UTC, ``start_date_local`` has no zone."""
    start, elapsed_s = json_instant(item.get("start_date")), json_positive(item.get("elapsed_time"))
    if start is None or elapsed_s is None:
        return None
    sport, sub_sport = sport_of(item)
    local = json_instant(item.get("start_date_local"))
    stepping = 2 if is_running(sport) or sport in ("walking", "hiking") else 1
    cadence = json_positive(item.get("average_cadence"))
    feel = json_number(item.get("feel"))
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=start,
        elapsed_s=elapsed_s,
        utc_offset_s=None if local is None else round((local - start).total_seconds() / 900) * 900,
        timer_s=json_positive(item.get("icu_recording_time")),
        moving_s=json_positive(item.get("moving_time")),
        distance_m=json_number(item.get("distance")) or json_number(item.get("icu_distance")),
        ascent_m=json_number(item.get("total_elevation_gain")),
        descent_m=json_number(item.get("total_elevation_loss")),
        mean_heart_rate_bpm=json_positive(item.get("average_heartrate")),
        max_heart_rate_bpm=json_positive(item.get("max_heartrate")),
        mean_cadence_spm=None if cadence is None else cadence * stepping,
        title=json_text(item.get("name")),
        description=json_text(item.get("description")),
        gear=json_text(json_table(item.get("gear")).get("name")),
        device=json_text(item.get("device_name")),
        rpe=json_number(item.get("icu_rpe")),
        # 1 is "strong" and 5 "weak" there.
        feel=None if feel is None else max(0.0, min(100.0, (5 - feel) * 25)),
        workout_type="race" if item.get("race") is True else None,
        hr_zone_s=_zones(item.get("icu_hr_zone_times")),
        decoder=FORM,
        extra={
            name: item[name]
            for name in ("decoupling", "polarization_index", "icu_training_load", "external_id", "source", "gap")
            if item.get(name) is not None
        },
    )


def _zones(zones: object) -> tuple[float, ...] | None:
    if not isinstance(zones, list) or len(zones) < 5:
        return None
    seconds = [json_number(zone) or 0.0 for zone in zones]
    return (*seconds[:4], sum(seconds[4:]))
