"""A made-up Strava on loopback: OAuth with rotating refresh tokens, the API with its limits in the headers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import numpy as np

from rules.facts.recorded import Recording
from sync.app.demo.fake_service import Answer, FakeService, Seen, as_json

CLIENT_ID = 4711
CLIENT_SECRET = "0123456789abcdef0123456789abcdef01234567"
SPORT_TYPES = {("running", None): "Run", ("running", "trail"): "TrailRun", ("cycling", None): "Ride"}
FIRST_ID = 16000000001
FIRST_PING = 400000000001
"""Twelve digits where Garmin's activity ids have eleven: the number in ``garmin_ping_`` is no activity id (S8)."""


def summary(activity_id: int, recording: Recording, name: str | None, *, detail: bool = False) -> dict[str, Any]:
    stepping = 2 if recording.sport == "running" else 1
    local = recording.start_utc + timedelta(seconds=recording.utc_offset_s or 0)
    item: dict[str, Any] = {
        "resource_state": 3 if detail else 2,
        "athlete": {"id": 1000002, "resource_state": 1},
        "name": name,
        "distance": recording.distance_m,
        "moving_time": round(recording.moving_s or recording.elapsed_s),
        "elapsed_time": round(recording.elapsed_s),
        "total_elevation_gain": recording.ascent_m,
        "type": "Run" if recording.sport == "running" else "Ride",
        "sport_type": SPORT_TYPES.get((recording.sport or "", recording.sub_sport), "Workout"),
        "workout_type": {"race": 1, "long": 2, "workout": 3}.get(recording.workout_type or ""),
        "id": activity_id,
        "start_date": f"{recording.start_utc:%Y-%m-%dT%H:%M:%SZ}",
        "start_date_local": f"{local:%Y-%m-%dT%H:%M:%SZ}",
        "timezone": "(GMT+01:00) Europe/Berlin",
        "utc_offset": float(recording.utc_offset_s or 0),
        "start_latlng": [0.001, 0.001],
        "end_latlng": [0.001, 0.001],
        "kudos_count": 0,
        "map": {"id": f"a{activity_id}", "summary_polyline": "made~up", "resource_state": 2},
        "trainer": recording.sub_sport == "treadmill",
        "commute": False,
        "manual": False,
        "private": False,
        "visibility": "everyone",
        "gear_id": "g1" if recording.gear else None,
        "average_speed": (recording.distance_m or 0) / recording.elapsed_s,
        "average_cadence": None if recording.mean_cadence_spm is None else recording.mean_cadence_spm / stepping,
        "has_heartrate": recording.mean_heart_rate_bpm is not None,
        "average_heartrate": recording.mean_heart_rate_bpm,
        "max_heartrate": 162.5,
        "external_id": f"garmin_ping_{FIRST_PING + activity_id - FIRST_ID}",
        "upload_id": 9000000000 + activity_id - FIRST_ID,
        "device_name": recording.device,
    }
    if detail:
        item |= {
            "description": recording.description,
            "perceived_exertion": recording.rpe,
            "gear": {"id": "g1", "name": recording.gear} if recording.gear else None,
            "laps": [],
            "splits_metric": [],
        }
    return item


def streams(recording: Recording) -> dict[str, Any]:
    samples = recording.samples
    if samples is None:
        return {}
    columns = {
        "time": samples.t_s,
        "distance": samples.distance_m,
        "heartrate": samples.heart_rate_bpm,
        "cadence": samples.cadence_spm / 2,
        "altitude": samples.altitude_m,
        "velocity_smooth": samples.speed_mps,
    }
    return {
        name: {
            "data": [None if np.isnan(value) else float(value) for value in column],
            "series_type": "time",
            "original_size": len(column),
            "resolution": "high",
        }
        for name, column in columns.items()
    }


@dataclass
class FakeStrava(FakeService):
    clock: Callable[[], datetime]
    activities: dict[int, tuple[Recording, str | None]] = field(default_factory=dict)
    refresh_token: str = "made-up-refresh-0"
    access: dict[str, datetime] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    inactive: bool = False
    limits: tuple[int, int] = (100, 1000)
    asks: str = "read,activity:read_all,profile:read_all"
    """What the runner ticked on the consent page."""
    reads: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def add(self, recording: Recording, name: str | None = None) -> int:
        with self.lock:
            number = max(self.activities, default=FIRST_ID - 1) + 1
            self.activities[number] = (recording, name if name is not None else recording.title)
        return number

    def respond(self, seen: Seen) -> Answer:
        if seen.path == "/oauth/authorize":
            return self._authorize(seen)
        if seen.path == "/oauth/token":
            return self._token(seen)
        self.reads.append(self.clock())
        answer = self._answer(seen)
        return Answer(answer.status, answer.body, answer.content_type, {**answer.headers, **self._usage()})

    def _authorize(self, seen: Seen) -> Answer:
        code = f"made-up-code-{len(self.codes)}"
        self.codes.add(code)
        back = (
            seen.query["redirect_uri"]
            + "?"
            + urlencode({"state": seen.query["state"], "code": code, "scope": self.asks})
        )
        return Answer(302, b"", headers={"Location": back})

    def _token(self, seen: Seen) -> Answer:
        form = seen.form
        bad = as_json({"message": "Bad Request", "errors": [{"resource": "RefreshToken", "code": "invalid"}]}, 400)
        if form.get("client_id") != str(CLIENT_ID) or form.get("client_secret") != CLIENT_SECRET:
            return as_json({"message": "Authorization Error", "errors": []}, 401)
        if form.get("grant_type") == "authorization_code":
            if form.get("code") not in self.codes:
                return bad
            self.codes.discard(form["code"])
        elif form.get("refresh_token") != self.refresh_token:
            return bad
        # The old refresh token is dead from here on, whether or not the answer arrives.
        self.refresh_token = f"made-up-refresh-{len(self.log)}"
        token = f"made-up-access-{len(self.log)}"
        expires = self.clock() + timedelta(hours=6)
        self.access[token] = expires
        return as_json(
            {
                "token_type": "Bearer",
                "access_token": token,
                "refresh_token": self.refresh_token,
                "expires_at": int(expires.replace(tzinfo=UTC).timestamp()),
                "expires_in": 21600,
            }
        )

    def _answer(self, seen: Seen) -> Answer:
        token = seen.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.access or self.access[token] <= self.clock():
            return as_json({"message": "Authorization Error", "errors": [{"resource": "Athlete"}]}, 401)
        if self.inactive:
            errors = [{"resource": "Application", "field": "Status", "code": "Inactive"}]
            return as_json({"message": "Forbidden", "errors": errors}, 403)
        short, day = self._used()
        if short > self.limits[0] or day > self.limits[1]:
            return as_json({"message": "Rate Limit Exceeded", "errors": []}, 429)
        path = seen.path.removeprefix("/api/v3")
        if path == "/athlete/activities":
            return self._list(seen)
        if path == "/athlete":
            return as_json({"id": 1000002, "shoes": [{"id": "g1", "name": "Trail shoe", "distance": 421000.0}]})
        parts = path.split("/")
        activity = self.activities.get(int(parts[2])) if len(parts) > 2 and parts[2].isdigit() else None
        if activity is None:
            return as_json({"message": "Record Not Found", "errors": []}, 404)
        if parts[-1] == "streams":
            return as_json(streams(activity[0]))
        return as_json(summary(int(parts[2]), *activity, detail=True))

    def _list(self, seen: Seen) -> Answer:
        per_page, page = int(seen.query.get("per_page", 30)), int(seen.query.get("page", 1))
        after, before = seen.query.get("after"), seen.query.get("before")
        items = [
            summary(number, recording, name)
            for number, (recording, name) in self.activities.items()
            if (after is None or recording.start_utc.replace(tzinfo=UTC).timestamp() > float(after))
            and (before is None or recording.start_utc.replace(tzinfo=UTC).timestamp() < float(before))
        ]
        items.sort(key=lambda item: item["start_date"], reverse=after is None)
        return as_json(items[(page - 1) * per_page : page * per_page])

    def _used(self) -> tuple[int, int]:
        now = self.clock()
        quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
        return (
            sum(at >= quarter for at in self.reads),
            sum(at.date() == now.date() for at in self.reads),
        )

    def _usage(self) -> dict[str, str]:
        short, day = self._used()
        return {
            "X-RateLimit-Limit": f"{2 * self.limits[0]},{2 * self.limits[1]}",
            "X-RateLimit-Usage": f"{short},{day}",
            "X-ReadRateLimit-Limit": f"{self.limits[0]},{self.limits[1]}",
            "X-ReadRateLimit-Usage": f"{short},{day}",
        }
