"""A made-up intervals.icu on loopback: Basic auth, lists by day, original files, and stubs of Strava's activities."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from rules.facts.recorded import Recording
from sync.app.demo.fake_service import Answer, FakeService, Seen, as_json
from sync.app.demo.fit_writer import write

KEY = "made-up-intervals-key"
TYPES = {("running", None): "Run", ("running", "trail"): "TrailRun", ("running", "treadmill"): "Run",
         ("cycling", None): "Ride"}  # fmt: skip


def item(activity_id: str, recording: Recording, name: str | None) -> dict[str, Any]:
    local = recording.start_utc + timedelta(seconds=recording.utc_offset_s or 0)
    return {
        "id": activity_id,
        "icu_athlete_id": "i1000003",
        "start_date": f"{recording.start_utc:%Y-%m-%dT%H:%M:%SZ}",
        "start_date_local": f"{local:%Y-%m-%dT%H:%M:%S}",
        "type": TYPES.get((recording.sport or "", recording.sub_sport), "Workout"),
        "name": name,
        "description": None,
        "source": "GARMIN_CONNECT",
        "distance": recording.distance_m,
        "elapsed_time": round(recording.elapsed_s),
        "moving_time": round(recording.moving_s or recording.elapsed_s),
        "icu_recording_time": round(recording.timer_s or recording.elapsed_s),
        "total_elevation_gain": recording.ascent_m,
        "average_heartrate": recording.mean_heart_rate_bpm,
        "max_heartrate": recording.max_heart_rate_bpm,
        "average_cadence": None if recording.mean_cadence_spm is None else recording.mean_cadence_spm / 2,
        "icu_hr_zone_times": [100, 200, 300, 50, 0, 0, 0],
        "icu_rpe": None,
        "feel": None,
        "file_type": "fit",
        "external_id": None,
        "icu_sync_date": "2026-11-01T10:00:00Z",
    }


@dataclass
class FakeIntervals(FakeService):
    clock: Callable[[], datetime]
    activities: dict[str, tuple[Recording, str | None]] = field(default_factory=dict)
    stubs: list[dict[str, Any]] = field(default_factory=list)
    days: dict[date, Mapping[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    zipped: bool = True

    def __post_init__(self) -> None:
        super().__init__()

    def add(self, recording: Recording, name: str | None = None) -> str:
        with self.lock:
            number = f"i{max((int(one[1:]) for one in self.activities), default=160000000) + 1}"
            self.activities[number] = (recording, name)
        return number

    def add_stub(self, activity_id: str, local: datetime) -> None:
        self.stubs.append(
            {
                "id": activity_id,
                "source": "STRAVA",
                "_note": "STRAVA activities are not available via the API",
                "start_date_local": f"{local:%Y-%m-%dT%H:%M:%S}",
            }
        )

    def plan(self, local: datetime, name: str | None, *, kind: str = "Run", category: str = "WORKOUT") -> int:
        """An event of the calendar, in the service's shape; one without a clock stands at midnight."""
        number = 7001 + len(self.events)
        self.events.append(
            {
                "id": number,
                "category": category,
                "type": kind if category in ("WORKOUT", "RACE_A", "RACE_B", "RACE_C") else None,
                "start_date_local": f"{local:%Y-%m-%dT%H:%M:%S}",
                "end_date_local": f"{local + timedelta(days=1):%Y-%m-%dT00:00:00}",
                "name": name,
                "description": None,
                "moving_time": 3600,
                "icu_training_load": 60,
            }
        )
        return number

    def respond(self, seen: Seen) -> Answer:
        wanted = "Basic " + base64.b64encode(f"API_KEY:{KEY}".encode()).decode()
        authorization = seen.headers.get("authorization", "")
        if authorization != wanted:
            return as_json({"status": 403, "error": "Access denied"}, 403)
        parts = seen.path.split("/")[3:]
        match parts:
            case ["athlete", "0", "activities"]:
                return self._list(seen)
            case ["athlete", "0", "events"]:
                oldest, newest = seen.query["oldest"], seen.query["newest"]
                return as_json([one for one in self.events if oldest <= one["start_date_local"][:10] <= newest])
            case ["athlete", "0", "wellness", day]:
                return as_json({"id": day, **self.days.get(date.fromisoformat(day), {})})
            case ["activity", number, *rest]:
                return self._activity(number, rest)
        return as_json({"status": 404, "error": "Not found"}, 404)

    def _list(self, seen: Seen) -> Answer:
        oldest, newest = seen.query["oldest"], seen.query["newest"]
        items = [item(number, recording, name) for number, (recording, name) in self.activities.items()] + self.stubs
        within = [one for one in items if oldest <= one["start_date_local"][:10] <= newest]
        return as_json(sorted(within, key=lambda one: one["start_date_local"], reverse=True))

    def _activity(self, number: str, rest: list[str]) -> Answer:
        if any(stub["id"] == number for stub in self.stubs):
            return as_json({"status": 422, "error": "Cannot read Strava activities via the API"}, 422)
        if number not in self.activities:
            return as_json({"status": 404, "error": "Not found"}, 404)
        recording, name = self.activities[number]
        if rest == ["file"]:
            content = write(recording)
            return Answer(200, gzip.compress(content, mtime=0) if self.zipped else content, "application/octet-stream")
        return as_json(item(number, recording, name))
