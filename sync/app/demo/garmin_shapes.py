"""A recording in the shapes of Garmin Connect's web service, owner's fields and nulls included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rules.facts.recorded import Recording

TYPE_KEYS = {
    ("running", None): ("running", 1, 17),
    ("running", "trail"): ("trail_running", 6, 1),
    ("running", "treadmill"): ("treadmill_running", 18, 1),
    ("running", "track"): ("track_running", 8, 1),
    ("running", "street"): ("street_running", 7, 1),
    ("cycling", None): ("cycling", 2, 17),
    ("walking", None): ("walking", 9, 17),
    ("training", "flexibility_training"): ("mobility", 249, 29),
    ("training", "yoga"): ("yoga", 163, 29),
}
"""FIT's sport and sub-sport -> typeKey, typeId, parentTypeId."""


def activity_type(recording: Recording) -> dict[str, Any]:
    found = TYPE_KEYS.get((recording.sport or "running", recording.sub_sport))
    key, type_id, parent = found or TYPE_KEYS.get((recording.sport or "running", None), ("other", 4, 17))
    return {
        "typeId": type_id, "typeKey": key, "parentTypeId": parent, "isHidden": False, "restricted": False,
        "trimmable": True,
    }  # fmt: skip


def _local(recording: Recording) -> datetime:
    return recording.start_utc + timedelta(seconds=recording.utc_offset_s or 0)


def list_item(activity_id: int, recording: Recording, name: str | None) -> dict[str, Any]:
    """One element of ``/activitylist-service/activities/search/activities``."""
    zones = recording.hr_zone_s or (0.0,) * 5
    duration = recording.timer_s or recording.elapsed_s
    return {
        "activityId": activity_id,
        "activityName": name,
        "description": recording.description,
        "startTimeLocal": f"{_local(recording):%Y-%m-%d %H:%M:%S}",
        "startTimeGMT": f"{recording.start_utc:%Y-%m-%d %H:%M:%S}",
        "activityType": activity_type(recording),
        "eventType": {"typeId": 9, "typeKey": "uncategorized", "sortOrder": 10},
        "distance": recording.distance_m,
        "duration": duration,
        "elapsedDuration": recording.elapsed_s,
        "movingDuration": recording.moving_s,
        "elevationGain": recording.ascent_m,
        "elevationLoss": recording.descent_m,
        "averageSpeed": None if not recording.distance_m else recording.distance_m / duration,
        "maxSpeed": None,
        "startLatitude": 0.001,
        "startLongitude": 0.001,
        "hasPolyline": True,
        "hasImages": False,
        "ownerId": 1000001,
        "ownerDisplayName": "made-up-display-name",
        "ownerFullName": "Made Up Owner",
        "ownerProfileImageUrlSmall": "https://pictures.invalid/small.png",
        "ownerProfileImageUrlMedium": "https://pictures.invalid/medium.png",
        "ownerProfileImageUrlLarge": "https://pictures.invalid/large.png",
        "calories": 390.0,
        "averageHR": recording.mean_heart_rate_bpm,
        "maxHR": recording.max_heart_rate_bpm,
        "averageRunningCadenceInStepsPerMinute": recording.mean_cadence_spm,
        "userRoles": ["SCOPE_CONNECT_READ", "ROLE_CONNECTUSER"],
        "privacy": {"typeId": 2, "typeKey": "private"},
        "userPro": False,
        "timeZoneId": 124,
        "beginTimestamp": int(recording.start_utc.replace(tzinfo=UTC).timestamp() * 1000),
        "sportTypeId": 1,
        "aerobicTrainingEffect": recording.training_effect_aerobic,
        "anaerobicTrainingEffect": recording.training_effect_anaerobic,
        "avgVerticalOscillation": 7.95,
        "avgGroundContactTime": 248.3,
        "avgStrideLength": 108.5,
        "vO2MaxValue": None,
        "workoutId": None,
        "deviceId": 3000000001,
        "minTemperature": None,
        "maxTemperature": None,
        "manufacturer": "GARMIN",
        "locationName": "Made-up Town",
        "lapCount": len(recording.laps) or 1,
        "waterEstimated": 382.0,
        "trainingEffectLabel": recording.training_effect_label,
        "activityTrainingLoad": recording.training_load,
        "splitSummaries": [
            {"noOfSplits": 1, "splitType": "INTERVAL_ACTIVE", "duration": duration, "distance": recording.distance_m}
        ],
        "hasSplits": True,
        "avgGradeAdjustedSpeed": None,
        "differenceBodyBattery": -9,
        **{f"hrTimeInZone_{zone}": seconds for zone, seconds in enumerate(zones, start=1)},
        "endTimeGMT": f"{recording.start_utc + timedelta(seconds=recording.elapsed_s):%Y-%m-%d %H:%M:%S}",
        "parent": False,
        "favorite": False,
        "manualActivity": False,
        "purposeful": False,
    }


def detail(activity_id: int, recording: Recording, name: str | None) -> dict[str, Any]:
    """``/activity-service/activity/{id}``: ISO instants and a ``summaryDTO``."""
    return {
        "activityId": activity_id,
        "activityName": name,
        "description": recording.description,
        "userProfileId": 1000001,
        "isMultiSportParent": False,
        "activityTypeDTO": activity_type(recording),
        "eventTypeDTO": {"typeId": 9, "typeKey": "uncategorized", "sortOrder": 10},
        "accessControlRuleDTO": {"typeId": 2, "typeKey": "private"},
        "timeZoneUnitDTO": {"unitId": 124, "unitKey": "Europe/Berlin", "factor": 0.0, "timeZone": "Europe/Berlin"},
        "metadataDTO": {
            "isOriginal": True,
            "fileFormat": {"formatId": 7, "formatKey": "fit"},
            "lastUpdateDate": f"{recording.start_utc + timedelta(hours=2):%Y-%m-%dT%H:%M:%S}.0",
            "uploadedDate": f"{recording.start_utc + timedelta(hours=2):%Y-%m-%dT%H:%M:%S}.0",
            "userInfoDto": {
                "userProfilePk": 1000001,
                "displayname": "made-up-display-name",
                "fullname": "Made Up Owner",
            },
            "childIds": [],
            "sensors": None,
            "manufacturer": "GARMIN",
            "lapCount": len(recording.laps) or 1,
            "deviceMetaDataDTO": {"deviceId": "3000000001", "deviceTypePk": 37229, "deviceVersionPk": 1003399},
            "manualActivity": False,
            "trimmed": False,
        },
        "summaryDTO": {
            "startTimeLocal": f"{_local(recording):%Y-%m-%dT%H:%M:%S}.0",
            "startTimeGMT": f"{recording.start_utc:%Y-%m-%dT%H:%M:%S}.0",
            "startLatitude": 0.001,
            "startLongitude": 0.001,
            "distance": recording.distance_m,
            "duration": recording.timer_s or recording.elapsed_s,
            "movingDuration": recording.moving_s,
            "elapsedDuration": recording.elapsed_s,
            "elevationGain": recording.ascent_m,
            "elevationLoss": recording.descent_m,
            "averageHR": recording.mean_heart_rate_bpm,
            "maxHR": recording.max_heart_rate_bpm,
            "averageRunCadence": recording.mean_cadence_spm,
            "trainingEffect": recording.training_effect_aerobic,
            "trainingEffectLabel": recording.training_effect_label,
            "directWorkoutFeel": recording.feel,
            "directWorkoutRpe": None if recording.rpe is None else recording.rpe * 10,
        },
    }


def wellness(values: Mapping[str, Any], day: str) -> dict[str, Any]:
    """The answers of one day by the part of the path that asks for them."""
    return {
        "dailySleep": {
            "dailySleepDTO": {
                "calendarDate": day,
                "sleepTimeSeconds": values.get("sleep_s"),
                "sleepScores": {"overall": {"value": values.get("sleep_score"), "qualifierKey": "GOOD"}},
            },
            "sleepMovement": [],
        },
        "hrv-service": None
        if values.get("hrv_ms") is None
        else {
            "hrvSummary": {
                "calendarDate": day,
                "weeklyAvg": values.get("hrv_week_ms"),
                "lastNightAvg": values["hrv_ms"],
                "baseline": {"lowUpper": 36, "balancedLow": 39, "balancedUpper": 52, "markerValue": 0.25},
                "status": values.get("hrv_status"),
            },
            "hrvReadings": [],
        },
        "hydration": [
            {"calendarDate": day, "valueInML": values.get("hydration_ml"), "goalInML": values.get("hydration_goal_ml")}
        ],
        "usersummary/daily": {
            "calendarDate": day,
            "restingHeartRate": values.get("resting_heart_rate_bpm"),
            "averageStressLevel": values.get("mean_stress", -1),
            "totalSteps": values.get("steps"),
            "bodyBatteryHighestValue": None,
            "bodyBatteryLowestValue": None,
        },
    }
