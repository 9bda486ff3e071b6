"""A made-up Garmin on loopback: the Personal API's host and connectapi's, filled with recordings.

The demo syncs from it, and the tests do; it never leaves this machine. Quirks that were seen on the live services are
played: 500 for pages over 45 items, 406 for the wrong Accept, 204 for no HRV, tokens that end.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from rules.facts.recorded import Recording
from sync.app.demo import garmin_shapes
from sync.app.demo.fake_service import Answer, FakeService, Seen, as_json, as_text
from sync.app.demo.fit_writer import write

PERSONAL_HOST = "personal.connectapi.garmin.com"
CONNECT_HOST = "connectapi.garmin.com"
KEY = "made-up-personal-api-key-0123456789"
LARGEST_PAGE = 45
FIRST_ID = 21000000001


@dataclass(slots=True)
class FakeActivity:
    activity_id: int
    recording: Recording
    name: str | None
    file: bytes | None = None

    def zipped(self) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            content = self.file if self.file is not None else write(self.recording)
            archive.writestr(zipfile.ZipInfo(f"{self.activity_id}_ACTIVITY.fit"), content)
        return packed.getvalue()


def _begun(activity: FakeActivity) -> tuple[datetime, int]:
    return activity.recording.start_utc, activity.activity_id


@dataclass(slots=True)
class Issued:
    token: str
    ends_utc: datetime


@dataclass
class FakeGarmin(FakeService):
    """``clock`` decides when a token ends; ``day_of`` wellness is what ``put_wellness`` stored."""

    clock: Callable[[], datetime]
    key: str = KEY
    token_lives: timedelta = timedelta(hours=24)
    activities: dict[int, FakeActivity] = field(default_factory=dict)
    days: dict[date, Mapping[str, Any]] = field(default_factory=dict)
    workouts: list[dict[str, Any]] = field(default_factory=list)
    shoes: list[dict[str, Any]] = field(default_factory=list)
    issued: list[Issued] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    # --- what a test or the demo does to it ---

    def add(self, recording: Recording, name: str | None = None, *, activity_id: int | None = None) -> int:
        """A new activity; its number."""
        with self.lock:
            number = activity_id or max(self.activities, default=FIRST_ID - 1) + 1
            self.activities[number] = FakeActivity(number, recording, name if name is not None else recording.title)
        return number

    def rename(self, activity_id: int, name: str) -> None:
        self.activities[activity_id].name = name

    def remove(self, activity_id: int) -> None:
        del self.activities[activity_id]

    def end_tokens(self) -> None:
        """Every access token given out so far stops working."""
        self.issued.clear()

    def schedule(self, day: date, title: str) -> None:
        self.workouts.append(
            {"id": 500 + len(self.workouts), "itemType": "workout", "date": f"{day}", "title": title,
             "sportTypeKey": "running", "workoutId": 900 + len(self.workouts)}
        )  # fmt: skip

    # --- what it answers ---

    def respond(self, seen: Seen) -> Answer:
        if seen.path.startswith("/personalapitoken-service/"):
            return self._exchange_key(seen)
        if seen.path == "/oauth-service/oauth/exchange/user/2.0":
            return self._exchange_oauth1()
        if seen.host not in (PERSONAL_HOST, CONNECT_HOST):
            return as_json({"message": "no such host"}, 404)
        if not self._welcome(seen):
            return as_json({"message": "HTTP 401 Unauthorized", "error": "NotAuthorizedException"}, 401)
        return self._answer(seen)

    def _welcome(self, seen: Seen) -> bool:
        bearer = seen.headers.get("authorization", "").removeprefix("Bearer ")
        return any(issued.token == bearer and issued.ends_utc > self.clock() for issued in self.issued)

    def _issue(self) -> str:
        # Three parts as a JWT has; the number keeps them apart.
        token = f"made.up{len(self.log)}.token"
        self.issued.append(Issued(token, self.clock() + self.token_lives))
        return token

    def _exchange_key(self, seen: Seen) -> Answer:
        if seen.headers.get("authorization") != f"ApiKey {self.key}" or seen.method != "POST":
            return as_json({"message": "HTTP 401 Unauthorized"}, 401)
        return as_text(self._issue())

    def _exchange_oauth1(self) -> Answer:
        return as_json(
            {
                "scope": "CONNECT_READ", "jti": "made-up", "token_type": "Bearer", "access_token": self._issue(),
                "refresh_token": "made-up-refresh", "expires_in": int(self.token_lives.total_seconds()),
                "refresh_token_expires_in": 2591999,
            }
        )  # fmt: skip

    def _answer(self, seen: Seen) -> Answer:
        path = seen.path
        personal = seen.host == PERSONAL_HOST
        if path == "/activitylist-service/activities/search/activities":
            return self._list(seen, personal=personal)
        if path.startswith("/activity-service/activity/"):
            activity = self._activity(path)
            if activity is None:
                return as_json({"message": "HTTP 404 Not Found", "error": "NotFoundException"}, 404)
            return as_json(garmin_shapes.detail(activity.activity_id, activity.recording, activity.name))
        if path.startswith("/download-service/files/activity/"):
            return self._download(seen, personal=personal)
        if path.startswith("/calendar-service/"):
            return as_json({"calendarItems": self.workouts})
        if path == "/userprofile-service/socialProfile" and not personal:
            return as_json({"profileId": 1000001, "displayName": "made-up-display-name"})
        if path.startswith("/gear-service/") and not personal:
            return as_json(self.shoes)
        return self._wellness(seen)

    def _activity(self, path: str) -> FakeActivity | None:
        number = path.rsplit("/", 1)[-1]
        return self.activities.get(int(number)) if number.isdigit() else None

    def _list(self, seen: Seen, *, personal: bool) -> Answer:
        limit, start = int(seen.query.get("limit", 99)), int(seen.query.get("start", 0))
        if personal and limit > LARGEST_PAGE:
            return as_json({"message": "HTTP 500 Internal Server Error"}, 500)
        newest_first = sorted(self.activities.values(), key=_begun, reverse=True)
        if "endDate" in seen.query:
            end = date.fromisoformat(seen.query["endDate"])
            newest_first = [activity for activity in newest_first if activity.recording.start_utc.date() <= end]
        page = newest_first[start : start + limit]
        return as_json([garmin_shapes.list_item(a.activity_id, a.recording, a.name) for a in page])

    def _download(self, seen: Seen, *, personal: bool) -> Answer:
        if personal and seen.headers.get("accept") != "application/x-zip-compressed":
            return as_json({"message": "HTTP 406 Not Acceptable"}, 406)
        activity = self._activity(seen.path)
        if activity is None:
            return as_json({"message": "HTTP 404 Not Found"}, 404)
        return Answer(200, activity.zipped(), "application/x-zip-compressed")

    def _wellness(self, seen: Seen) -> Answer:
        named = seen.query.get("date") or seen.query.get("calendarDate") or seen.path.rsplit("/", 1)[-1]
        try:
            day = date.fromisoformat(named)
        except ValueError:
            return as_json({"message": "HTTP 404 Not Found"}, 404)
        for part, answer in garmin_shapes.wellness(self.days.get(day, {}), str(day)).items():
            if part in seen.path:
                return Answer(204) if answer is None else Answer(200, json.dumps(answer).encode())
        return as_json({"message": "HTTP 404 Not Found"}, 404)
