"""The services that can be linked, and what the config says of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Literal, get_args

from sync.settings.config import Config
from sync.settings.config import SourceSettings as SourceConfig
from sync.sources.rate_policy import PollSchedule

Name = Literal["garmin", "strava", "intervals"]
NAMES: tuple[Name, ...] = get_args(Name)
TRIED_LIVE: Mapping[Name, bool] = {"garmin": False, "strava": False, "intervals": False}
"""Which of them were tried against the live service."""
DAY_FROM, DAY_UNTIL = time(6), time(22)


def source_settings(config: Config, name: Name) -> SourceConfig:
    found: SourceConfig = getattr(config, name)
    return found


def poll_schedule_of(settings: SourceConfig) -> PollSchedule:
    night_s = settings.night_minutes * 60.0 if settings.night_minutes else None
    return PollSchedule(settings.every_minutes * 60.0, night_s, DAY_FROM, DAY_UNTIL)


def age_days(credential: Mapping[str, Any], now_utc: datetime) -> int | None:
    """Days since it was saved, as far as that is known: the credential itself holds no date."""
    since = credential.get("saved_utc") or credential.get("linked_utc")
    return None if not since else (now_utc - datetime.fromisoformat(since)).days
