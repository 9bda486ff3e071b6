"""intervals.icu by API key: activities, the original files that the watch's cloud passed on, and the planned runs."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import requests

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import Kind
from rules.measure import titles
from sync.formats.services import intervals_json
from sync.formats.services.fetched_activity import OWED, FetchedActivity
from sync.formats.services.json_fields import json_id, json_instant, json_number, json_positive, json_table, json_text
from sync.formats.sport_heard import is_running
from sync.sources import refusal
from sync.sources.base import (
    ActivitySummary,
    Capabilities,
    Clock,
    Listing,
    WithoutExtras,
    activity_refused,
    listed_as,
    login_refused,
    refused_by_page,
    try_later,
)
from sync.sources.http import session
from sync.sources.pagination import ListingBuilder
from sync.sources.rate_policy import RequestBudget
from sync.sources.redirect import TIMEOUT_S
from sync.sources.refusal import Question

HOST = "https://intervals.icu"
USER = "API_KEY"
"""The user name of every key; the key itself is the password, and a bearer with it gets 403."""
SLICE = timedelta(days=92)
"""The list has no pages, only days: a quarter a request, and twice as long after each answer with few items."""
FEW = 100
CLOCKS_AHEAD = timedelta(days=50 * 365)
"""How far ahead a start may lie by a clock that is wrong."""
CORE = ("start_date", "elapsed_time", "distance", "type", "file_type")
GONE = (404, 422)
"""422: "Cannot read Strava activities via the API"."""
BESIDE = (403, *GONE)
"""Wellness and plan stand beside the runs: a door closed there closes no other."""
RACES = ("RACE_A", "RACE_B", "RACE_C")
CHANGING = ("icu_sync_date", "analyzed", "icu_sync_error")


@dataclass(slots=True)
class Intervals(WithoutExtras):
    """A `Source`; athlete ``0`` is whoever owns the key."""

    credential: Mapping[str, Any]
    clock: Clock
    meter: RequestBudget
    redirect: str | None = None
    timeout_s: float = TIMEOUT_S
    zone: tzinfo = UTC
    """The runner's: what is planned has a wall clock only."""
    _session: requests.Session | None = field(default=None, init=False)

    name = "intervals"

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(wellness=True, planned=True, page=1000)

    def list_activities(
        self, since_utc: datetime, until_utc: datetime | None = None, *, at_most: int | None = None
    ) -> Listing:
        """Stubs of Strava's activities are counted and left; one of them never fails the list."""
        gathered = ListingBuilder(self.name, "id", listed_of, since_utc, until_utc)
        stubs: set[str] = set()
        upper, span = until_utc if until_utc is not None else self.clock() + timedelta(days=1), SLICE
        # A watch that had lost the time is shown with its date, not passed over.
        newest = upper + (timedelta(days=1) if until_utc is not None else CLOCKS_AHEAD)
        while upper > since_utc:
            lower = max(since_utc, upper - span)
            # Days are the runner's own there: one more on either side.
            window = {
                "oldest": f"{lower - timedelta(days=1):%Y-%m-%d}",
                "newest": f"{newest:%Y-%m-%d}",
            }
            items = self._json("/api/v1/athlete/0/activities", question="list", query=window)
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise try_later(self.name, 200, None, self.clock())
            stubs |= {json_id(item.get("id")) for item in map(json_table, items) if intervals_json.is_stub(item)}
            gathered.add(item for item in map(json_table, items) if not intervals_json.is_stub(item))
            upper, newest, span = lower, lower + timedelta(days=1), SLICE if len(items) >= FEW else span * 2
            if gathered.enough(at_most) and upper > since_utc:
                return gathered.listing(complete=False, left_out=len(stubs))
        return gathered.listing(complete=True, left_out=len(stubs))

    def detail(self, source_id: str) -> Mapping[str, Any] | None:
        answer = self._json(f"/api/v1/activity/{source_id}", question="activity", absent=GONE)
        return None if answer is None else intervals_json.clean(json_table(answer))

    def original(self, source_id: str) -> bytes | None:
        answer = self._call(f"/api/v1/activity/{source_id}/file", question="activity", absent=GONE)
        if answer is None or answer.status_code == 204:
            return None
        if not answer.content or refused_by_page(answer):
            raise try_later(self.name, answer.status_code, None, self.clock())
        if answer.content[:2] == b"\x1f\x8b":
            try:
                return gzip.decompress(answer.content)
            except (OSError, EOFError, zlib.error):
                return answer.content
        return answer.content

    def copy(self, source_id: str, listed: ActivitySummary | None, *, original: bool) -> FetchedActivity | None:
        item = self.detail(source_id) if listed is None else listed.payload
        if item is None:
            return None
        is_run = is_running(intervals_json.sport_of(item)[0])
        asked = original and is_run and not intervals_json.is_typed_in(item)
        file = self.original(source_id) if asked else None
        suffix = json_text(item.get("file_type")) or "fit"
        return FetchedActivity(
            intervals_json.FORM,
            {"activity": item},
            file,
            f"{source_id}.{suffix}",
            lacks_file=asked and file is None,
        )

    def summary(self, listed: ActivitySummary, /) -> FetchedActivity:
        return FetchedActivity(intervals_json.FORM, {"activity": listed.payload, OWED: True})

    def wellness(self, day: date, /) -> Mapping[str, Any]:
        answer = json_table(self._json(f"/api/v1/athlete/0/wellness/{day}", absent=BESIDE))
        values = {
            "sleep_s": json_positive(answer.get("sleepSecs")),
            "sleep_score": json_positive(answer.get("sleepScore")),
            "hrv_ms": json_positive(answer.get("hrv")),
            "resting_heart_rate_bpm": json_positive(answer.get("restingHR")),
            "steps": json_number(answer.get("steps")),
        }
        return {name: value for name, value in values.items() if value is not None}

    def planned(self, first: date, last: date, /) -> tuple[PlannedRun, ...]:
        """Planned runs and races of the calendar. Never tried on the live service."""
        query = {"oldest": first.isoformat(), "newest": last.isoformat()}
        events = self._json("/api/v1/athlete/0/events", absent=BESIDE, query=query)
        items = events if isinstance(events, list) else []
        found = [run for item in items if (run := planned_of(json_table(item), self.zone)) is not None]
        return tuple(run for run in found if first <= run.day <= last)

    def _json(
        self,
        path: str,
        *,
        question: Question = "extra",
        absent: tuple[int, ...] = (),
        query: Mapping[str, str] | None = None,
    ) -> Any:
        answer = self._call(path, question=question, absent=absent, query=query)
        if answer is None or answer.status_code == 204:
            return None
        try:
            return answer.json()
        except ValueError:
            raise try_later(self.name, answer.status_code, None, self.clock()) from None

    def _call(
        self, path: str, *, question: Question, absent: tuple[int, ...], query: Mapping[str, str] | None = None
    ) -> requests.Response | None:
        if self._session is None:
            self._session = session(timeout_s=self.timeout_s, redirect=self.redirect)
            self._session.auth = (USER, self.credential["api_key"])
        self.meter.spend()
        try:
            answer = self._session.get(HOST + path, params=query)
        except requests.RequestException:
            raise try_later(self.name, None, None, self.clock()) from None
        status = answer.status_code
        if status in absent:
            return None
        if status < 300:
            return answer
        match refusal.about(status, question, page=refused_by_page(answer)):
            case "access":
                raise login_refused("intervals.key_refused", status=status)
            case "activity":
                raise activity_refused(self.name, status)
            case _:
                raise try_later(self.name, status, answer.headers.get("Retry-After"), self.clock())


def listed_of(item: Mapping[str, Any]) -> ActivitySummary | None:
    """None when the item has no id or no start."""
    start = json_instant(item.get("start_date"))
    if item.get("id") is None or start is None:
        return None
    sport = intervals_json.sport_of(item)[0]
    return listed_as(json_id(item["id"]), start, sport, intervals_json.clean(item), core=CORE, changing=CHANGING)


def planned_of(item: Mapping[str, Any], zone: tzinfo) -> PlannedRun | None:
    """None for notes, holidays, targets and other sports. A workout at midnight is one of the day, without a clock."""
    category, local = item.get("category"), json_instant(item.get("start_date_local"))
    if local is None or category not in ("WORKOUT", *RACES) or intervals_json.sport_of(item)[0] != "running":
        return None
    title = json_text(item.get("name"))
    named = titles.kind_of_title(title)
    start_utc = local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
    return PlannedRun(
        day=local.date(),
        kind=Kind.TEMPO if category in RACES else named,
        source="intervals",
        start_utc=None if local.time() == time(0) else start_utc,
        title=title,
        planned_id=None if item.get("id") is None else f"intervals:{item['id']}",
    )
