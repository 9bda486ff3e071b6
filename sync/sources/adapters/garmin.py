"""Garmin Connect through garth: a Personal API key (its own host), or tokens that garth saved earlier.

Only this module imports garth, and late: its import takes half a second, reads GARTH_HOME and GARTH_TOKEN and could
report home. Its faults are worked round here: one headers dict shared by all clients, a Retry-After slept away inside
the call, assertions as answers, token files that others can read.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Literal
from urllib.parse import urlencode

import requests

from rules.facts.foot_work import PlannedRun
from rules.measure import titles
from sync.formats.services import garmin_json
from sync.formats.services.fetched_activity import OWED, FetchedActivity
from sync.formats.services.json_fields import json_id, json_instant, json_number, json_table, json_text
from sync.formats.sport_heard import is_running
from sync.sources import refusal
from sync.sources.adapters.garmin_tokens import unzipped
from sync.sources.base import (
    ActivitySummary,
    Capabilities,
    Clock,
    Gear,
    Listing,
    LoginRefused,
    access_unsteady,
    activity_refused,
    login_refused,
    refused_by_page,
    revision_of,
    try_later,
)
from sync.sources.http import USER_AGENT, Transport, session
from sync.sources.pagination import ListingBuilder
from sync.sources.rate_policy import RequestBudget
from sync.sources.refusal import Question

LIST = "/activitylist-service/activities/search/activities"
DETAIL = "/activity-service/activity/"
ORIGINAL = "/download-service/files/activity/"
EXCHANGE = "/personalapitoken-service/personal-api/personal-api-key/token"
PAGE = 40
"""The Personal API answers 500 from about 45 items a page on (S4)."""
MOST_PAGES = 60
JWT_LIVES = timedelta(hours=23)
"""An hour less than the 24 h that Garmin names."""
GONE = (404,)
BESIDE = (400, 403, 404, 405, 500)
"""What is only beside the runs may be missing in one kind of access; the Personal API says so in many ways."""
CORE = ("startTimeGMT", "duration", "distance", "activityType", "lapCount")
Auth = Literal["key", "tokens"]
Keep = Callable[[Mapping[str, Any]], None]


@cache
def _garth() -> Any:
    """The library, imported without its telemetry, its environment and its warning."""
    hidden = {name: os.environ.pop(name) for name in ("GARTH_HOME", "GARTH_TOKEN") if name in os.environ}
    os.environ["GARTH_TELEMETRY_ENABLED"] = "false"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import garth
            import garth.exc
            import garth.http
    finally:
        os.environ.update(hidden)
    return garth


@cache
def _client_class() -> Any:
    class Client(_garth().http.Client):  # type: ignore[misc]
        """garth's client with headers of its own for each call, and no sign-in from the environment."""

        def _auto_resume(self) -> None:
            pass

        def request(self, method: str, subdomain: str, path: str, /, **kwargs: Any) -> Any:
            kwargs["headers"] = dict(kwargs.get("headers") or {})
            return super().request(method, subdomain, path, **kwargs)

    return Client


@dataclass(slots=True)
class Garmin:
    """A `Source`. ``credential`` is what `link_garmin` stored; ``keep`` stores it again when a token was renewed."""

    credential: Mapping[str, Any]
    keep: Keep
    clock: Clock
    meter: RequestBudget
    redirect: str | None = None
    timeout_s: float = 20.0
    _client: Any = field(default=None, init=False)
    _renewals: int = field(default=0, init=False)

    name = "garmin"

    @property
    def auth(self) -> Auth:
        return "key" if "api_key" in self.credential else "tokens"

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(wellness=True, planned=True, gear=self.auth == "tokens", page=PAGE)

    # --- the Source protocol ---

    def list_activities(
        self, since_utc: datetime, until_utc: datetime | None = None, *, at_most: int | None = None
    ) -> Listing:
        gathered = ListingBuilder(self.name, "activityId", listed_of, since_utc, until_utc)
        # The service reads whole days in the runner's zone: one more is asked for.
        until = {"endDate": f"{until_utc + timedelta(days=1):%Y-%m-%d}"} if until_utc is not None else {}
        for page in range(MOST_PAGES):
            query = urlencode({"limit": PAGE, "start": page * PAGE, **until})
            answer = self._json(f"{LIST}?{query}", question="list")
            items = answer if isinstance(answer, list) else json_table(answer).get("activityList")
            if not isinstance(items, list):
                raise try_later(self.name, 200, None, self.clock())
            new = gathered.add(items)
            if gathered.ended(items, PAGE) or gathered.oldest_utc < since_utc:
                return gathered.listing(complete=True)
            if not new or gathered.enough(at_most):
                break
        return gathered.listing(complete=False)

    def detail(self, source_id: str) -> Mapping[str, Any] | None:
        answer = self._json(DETAIL + source_id, question="activity", absent=GONE)
        return None if answer is None else garmin_json.clean(json_table(answer))

    def original(self, source_id: str, /) -> bytes | None:
        """The FIT out of the ZIP that Garmin sends; None for what was typed in by hand."""
        accept = "application/x-zip-compressed"
        answer = self._call(ORIGINAL + source_id, accept=accept, question="activity", absent=GONE)
        if answer is None or answer.status_code == 204:
            return None
        if not answer.content or refused_by_page(answer):
            raise try_later(self.name, answer.status_code, None, self.clock())
        return unzipped(answer.content)

    def copy(self, source_id: str, listed: ActivitySummary | None, *, original: bool) -> FetchedActivity | None:
        item = None if listed is None else listed.payload
        is_run = listed is None or listed.is_run
        detail = self.detail(source_id) if is_run else None
        if is_run and detail is None:
            return None
        typed_in = garmin_json.is_typed_in(item or {}, detail or {})
        asked = original and is_run and not typed_in
        file = self.original(source_id) if asked else None
        summary = {"list": item, "detail": detail}
        return FetchedActivity(garmin_json.FORM, summary, file, f"{source_id}.fit", lacks_file=asked and file is None)

    def summary(self, listed: ActivitySummary, /) -> FetchedActivity:
        return FetchedActivity(garmin_json.FORM, {"list": listed.payload, "detail": None, OWED: True})

    def wellness(self, day: date, /) -> Mapping[str, Any]:
        """Sleep, HRV and the day's summary, and what was drunk the day before, which is whole by now: four requests.

        What the watch did not measure is not there, nor what this kind of access may not see.
        """
        sleep = "dailySleep" if self.auth == "key" else "dailySleepData"
        before = day - timedelta(days=1)
        return garmin_json.wellness_of(
            sleep=self._json(f"/sleep-service/sleep/{sleep}?date={day}", absent=BESIDE),
            hrv=self._json(f"/hrv-service/hrv/{day}", absent=BESIDE),
            hydration=self._json(f"/usersummary-service/stats/hydration/daily/{before}/{before}", absent=BESIDE),
            summary=self._json(f"/usersummary-service/usersummary/daily?calendarDate={day}", absent=BESIDE),
        )

    def planned(self, first: date, last: date, /) -> tuple[PlannedRun, ...]:
        """Scheduled workouts. Nothing documents this path for the Personal API: never tried on the live service."""
        months = sorted({(day.year, day.month) for day in (first, last)})
        runs: list[PlannedRun] = []
        for year, month in months:
            answer = self._json(f"/calendar-service/year/{year}/month/{month - 1}", absent=BESIDE)
            items = json_table(answer).get("calendarItems")
            runs += [run for item in items or [] if (run := planned_of(json_table(item))) is not None]
        return tuple(run for run in dict.fromkeys(runs) if first <= run.day <= last)

    def gear(self) -> tuple[Gear, ...]:
        """Shoes; only saved tokens can ask for them, the Personal API has none."""
        if self.auth == "key":
            return ()
        profile = json_table(self._json("/userprofile-service/socialProfile")).get("profileId")
        shoes = self._json(f"/gear-service/gear/filterGear?userProfilePk={profile}", absent=BESIDE)
        return tuple(gear for item in shoes or [] if (gear := gear_of(json_table(item))) is not None)

    def verify(self) -> None:
        """One exchange where there is no living token; nothing else."""
        self._ready()

    # --- requests ---

    def _json(self, path: str, *, question: Question = "extra", absent: tuple[int, ...] = ()) -> Any:
        answer = self._call(path, accept="application/json", question=question, absent=absent)
        if answer is None or answer.status_code == 204:
            return None
        try:
            return answer.json()
        except ValueError:
            # A page instead of JSON is how the service says "busy" or "blocked".
            raise try_later(self.name, answer.status_code, None, self.clock()) from None

    def _call(self, path: str, *, accept: str, question: Question, absent: tuple[int, ...]) -> requests.Response | None:
        client = self._ready()
        host = "personal.connectapi" if self.auth == "key" else "connectapi"
        for again in (False, True):
            self.meter.spend()
            with self._translated(question):
                try:
                    answer = client.request("GET", host, path, api=True, headers={"Accept": accept})
                except _garth().exc.GarthHTTPError as refused:
                    status = refused.error.response.status_code
                    left = refusal.renewal_left(self._renewals, again=again)
                    if refusal.about(status, question, page=False, renewal=left) == "renew":
                        answer = None
                    elif status in absent:
                        return None
                    elif status == 401 and left == "used_up":
                        raise access_unsteady(self.name) from None
                    else:
                        raise
            if answer is not None:
                return answer  # type: ignore[no-any-return]
            # One renewal for one question, and few in a run: nothing loops on a sign-in.
            self._renew(client)
        raise AssertionError("unreachable")

    def _ready(self) -> Any:
        if self._client is None:
            self._client = self._built()
        expires = self.credential.get("access_expires_utc")
        if expires is None or datetime.fromisoformat(expires) <= self.clock():
            self._renew(self._client)
        return self._client

    def _built(self) -> Any:
        garth = _garth()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            client = _client_class()(session=session(timeout_s=self.timeout_s, redirect=self.redirect))
        client.configure(
            timeout=self.timeout_s, retries=1, telemetry_enabled=False, domain=self.credential.get("domain")
        )
        # configure() put garth's own adapter there, which sleeps a Retry-After inside the call.
        client.sess.mount("https://", Transport(timeout_s=self.timeout_s, redirect=self.redirect))
        client.sess.headers["User-Agent"] = USER_AGENT
        if self.auth == "key":
            # request() asserts an OAuth1 token, which a Personal API key does not need.
            client.oauth1_token = garth.auth_tokens.OAuth1Token(oauth_token="-", oauth_token_secret="-")
        else:
            client.oauth1_token = garth.auth_tokens.OAuth1Token(**self.credential["oauth1"])
            if self.redirect is not None:
                # The consumer's key is fetched from the network otherwise.
                garth.sso.OAUTH_CONSUMER = {"consumer_key": "test", "consumer_secret": "test"}
        if self.credential.get("access_token"):
            client.oauth2_token = self._bearer(self.credential["access_token"])
        return client

    def _bearer(self, access_token: str) -> Any:
        # Expiry is judged by our own clock, so that garth never renews behind the meter.
        never = 2**40
        return _garth().auth_tokens.OAuth2Token(
            scope="", jti="", token_type="Bearer", access_token=access_token, refresh_token="",
            expires_in=never, expires_at=never, refresh_token_expires_in=never, refresh_token_expires_at=never,
        )  # fmt: skip

    def _renew(self, client: Any) -> None:
        """One exchange of the key or the saved token for a day's access, stored at once."""
        self._renewals += 1
        self.meter.spend()
        garth = _garth()
        with self._translated("exchange"):
            if self.auth == "key":
                headers = {"Authorization": f"ApiKey {self.credential['api_key']}", "Accept": "text/plain"}
                answer = client.request("POST", "personal.connectapi", EXCHANGE, headers=headers)
                access, lives = answer.text.strip(), JWT_LIVES
                if access.count(".") != 2:
                    raise try_later(self.name, answer.status_code, None, self.clock())
            else:
                token = garth.sso.exchange(client.oauth1_token, client)
                access, lives = token.access_token, timedelta(seconds=max(60, token.expires_in - 60))
        self.credential = {
            **self.credential,
            "access_token": access,
            "access_expires_utc": (self.clock() + lives).isoformat(),
        }
        self.keep(self.credential)
        client.oauth2_token = self._bearer(access)

    @contextmanager
    def _translated(self, question: Question) -> Iterator[None]:
        """garth's, requests' and pydantic's ways of failing, as ours."""
        garth = _garth()
        try:
            yield
        except garth.exc.GarthHTTPError as error:
            raise self._refusal(error.error.response, question) from None
        except requests.HTTPError as error:
            raise self._refusal(error.response, question) from None
        except (garth.exc.GarthException, requests.RequestException, AssertionError, ValueError, TypeError):
            raise try_later(self.name, None, None, self.clock()) from None

    def _refusal(self, answer: requests.Response | None, question: Question) -> Exception:
        if answer is None:
            return try_later(self.name, None, None, self.clock())
        match refusal.about(answer.status_code, question, page=refused_by_page(answer)):
            case "access":
                return self._must_act(answer.status_code)
            case "activity":
                return activity_refused(self.name, answer.status_code)
            case _:
                return try_later(self.name, answer.status_code, answer.headers.get("Retry-After"), self.clock())

    def _must_act(self, status: int) -> LoginRefused:
        if status == 429:
            return login_refused("garmin.login_limit", status=status)
        return login_refused(f"garmin.{'key' if self.auth == 'key' else 'tokens'}_refused", status=status)


def listed_of(item: Mapping[str, Any]) -> ActivitySummary | None:
    """None when the item has no id or no start."""
    start = json_instant(item.get("startTimeGMT")) or json_instant(item.get("beginTimestamp"))
    if item.get("activityId") is None or start is None:
        return None
    payload = garmin_json.clean(item)
    sport = garmin_json.sport_of(item)[0]
    return ActivitySummary(
        source_id=json_id(item["activityId"]),
        start_utc=start,
        revision=revision_of(payload),
        core=revision_of([payload.get(name) for name in CORE]),
        sport=sport,
        is_run=is_running(sport) or sport == "multisport",
        payload=payload,
    )


def planned_of(item: Mapping[str, Any]) -> PlannedRun | None:
    day, title = json_text(item.get("date")), json_text(item.get("title"))
    if item.get("itemType") not in ("workout", "fbtAdaptiveWorkout") or day is None:
        return None
    if item.get("sportTypeKey") not in (None, "running"):
        return None
    planned_id = item.get("id")
    return PlannedRun(
        day=date.fromisoformat(day[:10]),
        kind=titles.kind_of_title(title),
        source="garmin",
        title=title,
        planned_id=None if planned_id is None else f"garmin:{planned_id}",
    )


def gear_of(item: Mapping[str, Any]) -> Gear | None:
    if item.get("gearTypeName") not in (None, "Shoes") or item.get("uuid") is None:
        return None
    name = (
        json_text(item.get("displayName"))
        or json_text(item.get("customMakeModel"))
        or json_text(item.get("gearMakeName"))
    )
    return Gear(
        str(item["uuid"]), name or "?", json_number(item.get("totalDistance")), item.get("gearStatusName") == "retired"
    )
