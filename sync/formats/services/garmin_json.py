"""Garmin Connect's JSON: list items, details and wellness days in the web service's shapes.

A summary is ``{"list": item | null, "detail": answer | null}``. Lists hold seconds, metres and "YYYY-MM-DD HH:MM:SS";
details hold the same numbers under ``summaryDTO`` with ISO instants. Fields documented as never null are often null.
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

FORM = "garmin_json"

# Who the runner is, where they live and what their picture is: never stored.
PERSONAL = (
    "ownerId", "ownerDisplayName", "ownerFullName", "ownerProfileImageUrlSmall", "ownerProfileImageUrlMedium",
    "ownerProfileImageUrlLarge", "ownerProfilePk", "userRoles", "locationName", "startLatitude", "startLongitude",
    "endLatitude", "endLongitude", "userProfileId", "userProfilePk", "userProfilePK", "activityImages",
    "conversationUuid", "conversationPk", "privacy", "accessControlRuleDTO", "likedByUser", "activityLikeDisplayNames",
    "activityLikeFullNames", "activityLikeProfileImageUrls", "polyline", "geoPolylineDTO",
)  # fmt: skip
PERSONAL_PARTS = ("userInfoDto", "userInfoDTO", "sensors", "deviceMetaDataDTO")

SPORTS = {
    "running": ("running", None),
    "street_running": ("running", "street"),
    "trail_running": ("running", "trail"),
    "treadmill_running": ("running", "treadmill"),
    "indoor_running": ("running", "indoor_running"),
    "track_running": ("running", "track"),
    "virtual_run": ("running", "virtual_activity"),
    "ultra_run": ("running", "ultra"),
    "obstacle_run": ("running", "obstacle"),
    "walking": ("walking", None),
    "casual_walking": ("walking", "casual_walking"),
    "speed_walking": ("walking", "speed_walking"),
    "hiking": ("hiking", None),
    "lap_swimming": ("swimming", "lap_swimming"),
    "open_water_swimming": ("swimming", "open_water"),
    "swimming": ("swimming", None),
    "strength_training": ("training", "strength_training"),
    "indoor_cardio": ("training", "cardio_training"),
    "yoga": ("training", "yoga"),
    "pilates": ("training", "pilates"),
    "breathwork": ("training", "breathing"),
    "mobility": ("training", "flexibility_training"),
    "cross_country_skiing": ("cross_country_skiing", None),
    "multi_sport": ("multisport", None),
}
"""Garmin's typeKey -> FIT's sport and sub-sport."""
PARENTS = {1: "running", 2: "cycling", 4: "fitness_equipment", 26: "swimming", 29: "training"}
"""Garmin's parentTypeId -> FIT's sport, for type keys that are not in the table."""


def clean(value: Mapping[str, Any]) -> dict[str, Any]:
    """A list item or detail without its owner."""
    kept = without(value, *PERSONAL, *PERSONAL_PARTS)
    return {name: clean(item) if isinstance(item, Mapping) else item for name, item in kept.items()}


def sport_of(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    named = item.get("activityType") or item.get("activityTypeDTO")
    kind = json_table(named)
    # Older answers have the bare word.
    key = json_text(kind.get("typeKey")) or json_text(named)
    if key in SPORTS:
        return SPORTS[key]
    parent = json_number(kind.get("parentTypeId"))
    if parent is not None and int(parent) in PARENTS:
        return PARENTS[int(parent)], key
    return key, None


def is_typed_in(item: Mapping[str, Any], detail: Mapping[str, Any]) -> bool:
    """Entered by hand: nothing was recorded that could be asked for."""
    return bool(item.get("manualActivity") or json_table(detail.get("metadataDTO")).get("manualActivity"))


def parse(content: bytes) -> Outcome:
    """One activity's summary. A multisport parent is ignored: its legs are in the recorded file."""
    value = loads_object(content)
    if value is None:
        return Unreadable("json_broken")
    item, detail = json_table(value.get("list")), json_table(value.get("detail"))
    if sport_of(item or detail)[0] == "multisport":
        return Ignored("multisport_parent")
    recording = recording_of(item, detail)
    if recording is not None and value.get(OWED):
        recording = marked_owed(recording)
    return Unreadable("json_without_start") if recording is None else Read((recording,))


def recording_of(item: Mapping[str, Any], detail: Mapping[str, Any]) -> Recording | None:
    """None when there is no start or no duration."""
    totals = {**json_table(detail.get("summaryDTO")), **{name: v for name, v in item.items() if v is not None}}
    start = json_instant(totals.get("startTimeGMT")) or json_instant(totals.get("beginTimestamp"))
    timer_s = json_positive(totals.get("duration"))
    elapsed_s = _seconds(totals.get("elapsedDuration"), timer_s) or timer_s
    if start is None or elapsed_s is None:
        return None
    sport, sub_sport = sport_of(item or detail)
    local = json_instant(totals.get("startTimeLocal"))
    rpe = json_number(totals.get("directWorkoutRpe"))
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start_utc=start,
        elapsed_s=elapsed_s,
        utc_offset_s=None if local is None else round((local - start).total_seconds() / 900) * 900,
        timer_s=timer_s,
        moving_s=_seconds(totals.get("movingDuration"), timer_s),
        distance_m=json_number(totals.get("distance")),
        ascent_m=json_number(totals.get("elevationGain")),
        descent_m=json_number(totals.get("elevationLoss")),
        mean_heart_rate_bpm=json_positive(totals.get("averageHR")),
        max_heart_rate_bpm=json_positive(totals.get("maxHR")),
        mean_cadence_spm=json_positive(
            totals.get("averageRunningCadenceInStepsPerMinute", totals.get("averageRunCadence"))
        ),
        title=json_text(item.get("activityName")) or json_text(detail.get("activityName")),
        description=json_text(item.get("description")) or json_text(detail.get("description")),
        training_effect_aerobic=json_number(totals.get("aerobicTrainingEffect", totals.get("trainingEffect"))),
        training_effect_anaerobic=json_number(totals.get("anaerobicTrainingEffect")),
        training_effect_label=_label(totals.get("trainingEffectLabel")),
        training_load=json_number(totals.get("activityTrainingLoad")),
        rpe=None if rpe is None else rpe / 10,
        feel=json_number(totals.get("directWorkoutFeel")),
        workout_type="race" if _event(item, detail) == "race" else None,
        hr_zone_s=_zones(totals),
        decoder=FORM,
        extra=_extra(totals, item, detail),
    )


def _seconds(value: object, timer_s: float | None) -> float | None:
    """Lists of 2019 gave elapsed time in milliseconds beside a duration in seconds."""
    found = json_positive(value)
    if found is not None and timer_s is not None and found > 100 * timer_s:
        return found / 1000
    return found


def _label(value: object) -> str | None:
    label = json_text(value)
    return None if label is None or label == "UNKNOWN" else label.upper()


def _event(item: Mapping[str, Any], detail: Mapping[str, Any]) -> str | None:
    return json_text(json_table(item.get("eventType") or detail.get("eventTypeDTO")).get("typeKey"))


def _zones(totals: Mapping[str, Any]) -> tuple[float, ...] | None:
    zones = [json_number(totals.get(f"hrTimeInZone_{zone}")) for zone in range(1, 6)]
    return None if all(zone is None for zone in zones) else tuple(zone or 0.0 for zone in zones)


EXTRA = (
    "avgGradeAdjustedSpeed", "avgGroundContactTime", "avgVerticalOscillation", "avgStrideLength", "vO2MaxValue",
    "differenceBodyBattery", "waterEstimated", "lapCount", "workoutId", "fastestSplit_1000", "fastestSplit_1609",
    "averageTemperature", "impactLoad", "directWorkoutComplianceScore", "minHR", "steps", "trimmed",
)  # fmt: skip


def _extra(totals: Mapping[str, Any], item: Mapping[str, Any], detail: Mapping[str, Any]) -> dict[str, Any]:
    extra = {name: totals[name] for name in EXTRA if totals.get(name) is not None}
    if is_typed_in(item, detail):
        extra["manual"] = True
    splits = item.get("splitSummaries")
    if isinstance(splits, list) and splits:
        extra["split_summaries"] = [
            {name: split.get(name) for name in ("splitType", "noOfSplits", "duration", "distance")}
            for split in splits
            if isinstance(split, Mapping)
        ]
    return extra


# --- wellness: context only -----------------------------------------------------------------------


def wellness_of(
    *, sleep: object = None, hrv: object = None, hydration: object = None, summary: object = None
) -> dict[str, float | str]:
    """One day's values by our names, from up to four answers; what a day lacks is not there."""
    night = json_table(json_table(sleep).get("dailySleepDTO")) or json_table(sleep)
    scores = json_table(json_table(night.get("sleepScores")).get("overall"))
    heart = json_table(json_table(hrv).get("hrvSummary"))
    water = json_table(hydration[0]) if isinstance(hydration, list) and hydration else json_table(hydration)
    day = json_table(summary)
    values: dict[str, float | str | None] = {
        "sleep_s": json_positive(night.get("sleepTimeSeconds")),
        "sleep_score": json_number(scores.get("value")),
        "hrv_ms": json_positive(heart.get("lastNightAvg")),
        "hrv_week_ms": json_positive(heart.get("weeklyAvg")),
        "hrv_status": json_text(heart.get("status")),
        "hydration_ml": json_number(water.get("valueInML")),
        "hydration_goal_ml": json_positive(water.get("goalInML")),
        "sweat_loss_ml": json_number(water.get("sweatLossInML")),
        "resting_heart_rate_bpm": json_positive(day.get("restingHeartRate")),
        "mean_stress": _level(day.get("averageStressLevel")),
        "steps": json_number(day.get("totalSteps")),
        "body_battery_high": json_number(day.get("bodyBatteryHighestValue")),
        "body_battery_low": json_number(day.get("bodyBatteryLowestValue")),
    }
    return {name: value for name, value in values.items() if value is not None}


def _level(value: object) -> float | None:
    found = json_number(value)
    return None if found is None or found < 0 else found  # Garmin writes -1 and -2 for "not measured".
