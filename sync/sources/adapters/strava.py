"""Strava through stravalib: optional, off by default, and never kept longer than the runner allows.

Only this module imports stravalib, and late. Its faults are worked round here: a limiter that sleeps inside the call,
no timeout, rotated refresh tokens without a callback, typed models that refuse half a heartbeat, and an import that
resets Python's warnings. Where the API lives is config, since it moves in 2027.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests

from sync.errors import SpringstepError, TryLater
from sync.formats.services import strava_json
from sync.formats.services.fetched_activity import OWED, FetchedActivity
from sync.formats.services.json_fields import json_id, json_instant, json_number, json_table, json_text
from sync.sources import refusal
from sync.sources.base import (
    ActivitySummary,
    Capabilities,
    Clock,
    Gear,
    Listing,
    WithoutExtras,
    access_unsteady,
    activity_refused,
    listed_as,
    login_refused,
    person_must_act,
    refused_by_page,
    try_later,
)
from sync.sources.http import session
from sync.sources.pagination import ListingBuilder
from sync.sources.rate_policy import RequestBudget
from sync.sources.redirect import TIMEOUT_S, redirected
from sync.sources.refusal import Question

API = "https://www.strava.com/api/v3"
OAUTH = "https://www.strava.com"
PAGE = 100
MOST_PAGES = 40
SHARE = 0.8
"""Of a limit that the headers name; the rest is for what else the runner's application does."""
SCOPE = ["read", "activity:read_all", "profile:read_all"]
CORE = ("start_date", "elapsed_time", "distance", "sport_type", "type")
CHANGING = ("kudos_count", "achievement_count", "suffer_score")


@cache
def _stravalib() -> Any:
    """The library, imported with the environment, warnings and logging left as they were."""
    os.environ.setdefault("SILENCE_TOKEN_WARNINGS", "true")
    captured = getattr(logging, "_warnings_showwarning", None) is not None
    with warnings.catch_warnings():
        import stravalib
        import stravalib.exc
        import stravalib.util.limiter
    logging.captureWarnings(captured)
    return stravalib


def client_for(*, api: str, oauth: str, redirect: str | None, timeout_s: float, limiter: Any = None) -> Any:
    """A stravalib client that goes out by our own road and renews nothing by itself."""
    library = _stravalib()
    rate_limiter = limiter if limiter is not None else library.util.limiter.RateLimiter()
    client = library.Client(rate_limiter=rate_limiter, requests_session=session(timeout_s=timeout_s, redirect=redirect))
    client.protocol.api_base = api.rstrip("/")
    client.protocol.server = urlsplit(oauth).netloc
    return client


@dataclass(slots=True)
class StravaLimits:
    """Strava's own count of our reads, from the last answer's headers; called by stravalib after each request."""

    clock: Clock
    usage: tuple[int, int] | None = None
    limit: tuple[int, int] | None = None
    seen_utc: datetime | None = None

    def __call__(self, headers: Mapping[str, str], method: str) -> None:
        rates = _stravalib().util.limiter.get_rates_from_response_headers(dict(headers), method)
        if rates is not None:
            self.usage = (rates.short_usage, rates.long_usage)
            self.limit = (rates.short_limit, rates.long_limit)
            self.seen_utc = self.clock()

    def check(self) -> None:
        """Before each request. Raises TryLater when four fifths of a limit are used, until its window ends."""
        ends = self.window_ends()
        if ends is not None and ends > self.clock():
            raise TryLater("source.strava.share_used", why="strava.share_used", not_before_utc=ends)

    def window_ends(self, share: float = SHARE) -> datetime | None:
        if self.usage is None or self.limit is None or self.seen_utc is None:
            return None
        at = self.seen_utc
        if self.usage[1] >= share * self.limit[1]:
            return datetime(at.year, at.month, at.day) + timedelta(days=1)
        if self.usage[0] >= share * self.limit[0]:
            return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)
        return None


@dataclass(slots=True)
class Strava(WithoutExtras):
    """A `Source`. ``keep`` stores the credential at once when Strava has rotated its tokens."""

    credential: Mapping[str, Any]
    keep: Callable[[Mapping[str, Any]], None]
    clock: Clock
    meter: RequestBudget
    api: str = API
    oauth: str = OAUTH
    redirect: str | None = None
    timeout_s: float = TIMEOUT_S
    limits: StravaLimits = field(init=False)
    _client: Any = field(default=None, init=False)
    _renewals: int = field(default=0, init=False)

    name = "strava"

    def __post_init__(self) -> None:
        self.limits = StravaLimits(self.clock)

    @property
    def capabilities(self) -> Capabilities:
        # Late watches carry old dates, and Strava has no list by upload time.
        return Capabilities(gear=True, overlap=timedelta(days=14), page=PAGE)

    def list_activities(
        self, since_utc: datetime, until_utc: datetime | None = None, *, at_most: int | None = None
    ) -> Listing:
        """``after`` lists oldest first, ``before`` newest first, as far as is known: no order is relied on."""
        gathered = ListingBuilder(self.name, "id", listed_of, since_utc, until_utc)
        # Strava counts neither edge in: a run in that very second would be on neither side.
        window: dict[str, Any] = (
            {"after": _epoch(since_utc) - 1} if until_utc is None else {"before": _epoch(until_utc) + 1}
        )
        for page in range(1, MOST_PAGES + 1):
            items = self._get("athlete/activities", "list", per_page=PAGE, page=page, **window)
            if not isinstance(items, list):
                raise try_later(self.name, 200, None, self.clock())
            new = gathered.add(items)
            if gathered.ended(items, PAGE) or (until_utc is not None and gathered.oldest_utc < since_utc):
                return gathered.listing(complete=True)
            if not new or gathered.enough(at_most):
                break
        return gathered.listing(complete=False)

    def detail(self, source_id: str) -> Mapping[str, Any] | None:
        answer = self._get(f"activities/{source_id}", "activity", missing=True)
        return None if answer is None else strava_json.clean(json_table(answer))

    def original(self, _source_id: str, /) -> bytes | None:
        """Strava hands out no recorded files, only streams."""
        return None

    def streams(self, source_id: str) -> Any:
        """The samples without positions, which may not be stored; None for what was typed in by hand."""
        keys = ",".join(strava_json.STREAMS)
        return self._get(f"activities/{source_id}/streams", "activity", missing=True, keys=keys, key_by_type="true")

    def copy(self, source_id: str, listed: ActivitySummary | None, *, original: bool) -> FetchedActivity | None:
        summary = None if listed is None else listed.payload
        if listed is not None and not listed.is_run:
            return FetchedActivity(strava_json.FORM, {"summary": summary, "detail": None, "streams": None})
        detail = self.detail(source_id)
        if detail is None:
            return None
        streams = self.streams(source_id) if original and not detail.get("manual") else None
        return FetchedActivity(strava_json.FORM, {"summary": summary, "detail": detail, "streams": streams})

    def summary(self, listed: ActivitySummary, /) -> FetchedActivity:
        summary = {"summary": listed.payload, "detail": None, "streams": None, OWED: True}
        return FetchedActivity(strava_json.FORM, summary)

    def gear(self) -> tuple[Gear, ...]:
        shoes = json_table(self._get("athlete", "extra")).get("shoes")
        return tuple(
            Gear(
                str(shoe["id"]),
                json_text(shoe.get("name")) or "?",
                json_number(shoe.get("distance")),
                bool(shoe.get("retired")),
            )
            for shoe in map(json_table, shoes or [])
            if shoe.get("id") is not None
        )

    # --- requests ---

    def _get(self, url: str, question: Question, *, missing: bool = False, **params: Any) -> Any:
        client = self._ready()
        for again in (False, True):
            self.limits.check()
            self.meter.spend()
            with self._translated(question):
                try:
                    return client.protocol.get(url, **params)
                except _stravalib().exc.ObjectNotFound:
                    if missing:
                        return None
                    raise
                except _stravalib().exc.AccessUnauthorized:
                    left = refusal.renewal_left(self._renewals, again=again)
                    if left == "used_up":
                        raise access_unsteady(self.name) from None
                    if refusal.about(401, question, page=False, renewal=left) != "renew":
                        raise
            self._renew(client)
        raise AssertionError("unreachable")

    def _ready(self) -> Any:
        if self._client is None:
            self._client = client_for(
                api=self.api, oauth=self.oauth, redirect=self.redirect, timeout_s=self.timeout_s, limiter=self.limits
            )
            self._client.access_token = self.credential.get("access_token")
        expires = self.credential.get("access_expires_utc")
        if expires is None or datetime.fromisoformat(expires) <= self.clock() + timedelta(minutes=5):
            self._renew(self._client)
        return self._client

    def _renew(self, client: Any) -> None:
        """The refresh token is spent by this: what comes back is stored before anything else happens."""
        self._renewals += 1
        self.meter.spend()
        with self._translated("exchange"):
            access = client.refresh_access_token(
                client_id=int(self.credential["client_id"]),
                client_secret=self.credential["client_secret"],
                refresh_token=self.credential["refresh_token"],
            )
        self.credential = {**self.credential, **tokens_of(access)}
        self.keep(self.credential)

    @contextmanager
    def _translated(self, question: Question) -> Iterator[None]:
        """stravalib's and requests' ways of failing, as ours."""
        try:
            yield
        except _stravalib().exc.ApplicationInactive:
            raise person_must_act("strava.subscription") from None
        except requests.HTTPError as error:
            raise self._refusal(error.response, question) from None
        except (requests.RequestException, ValueError, KeyError, TypeError):
            raise try_later(self.name, None, None, self.clock()) from None

    def _refusal(self, answer: requests.Response | None, question: Question) -> SpringstepError:
        status = None if answer is None else answer.status_code
        if answer is None:
            return try_later(self.name, None, None, self.clock())
        if status == 429 and question != "exchange":
            retry_after = answer.headers.get("Retry-After")
            error = try_later(self.name, status, retry_after, self.clock())
            window = self.limits.window_ends(share=1.0)
            latest = max((at for at in (window, error.not_before_utc) if at is not None), default=None)
            return TryLater(error.code, why=error.why, not_before_utc=latest, **error.values)
        match refusal.about(answer.status_code, question, page=refused_by_page(answer)):
            case "access":
                return login_refused("strava.refused", status=status)
            case "activity":
                return activity_refused(self.name, answer.status_code)
            case _:
                return try_later(self.name, status, None, self.clock())


def tokens_of(access: Mapping[str, Any]) -> dict[str, Any]:
    """What a token answer says, in the words of the stored credential."""
    expires = datetime.fromtimestamp(float(access["expires_at"]), UTC).replace(tzinfo=None)
    return {
        "access_token": str(access["access_token"]),
        "refresh_token": str(access["refresh_token"]),
        "access_expires_utc": expires.isoformat(),
    }


def listed_of(item: Mapping[str, Any]) -> ActivitySummary | None:
    """None when the item has no id or no start."""
    start = json_instant(item.get("start_date"))
    if item.get("id") is None or start is None:
        return None
    sport = strava_json.sport_of(item)[0]
    return listed_as(json_id(item["id"]), start, sport, strava_json.clean(item), core=CORE, changing=CHANGING)


def authorization_url(*, oauth: str, client_id: int, back_to: str, state: str, redirect: str | None) -> str:
    """Where the runner allows the access in a browser: at the test server too, if there is one."""
    client = client_for(api=API, oauth=oauth, redirect=None, timeout_s=TIMEOUT_S)
    url = str(client.authorization_url(client_id=client_id, redirect_uri=back_to, scope=SCOPE, state=state))
    # No browser opens an address on a unix socket.
    return url if redirect is None or redirect.startswith("unix:") else redirected(url, redirect)


def exchange_code(
    *, oauth: str, client_id: int, client_secret: str, code: str, redirect: str | None, clock: Clock
) -> dict[str, Any]:
    """The code from the callback for the first tokens. Raises PersonMustAct or TryLater."""
    client = client_for(api=API, oauth=oauth, redirect=redirect, timeout_s=TIMEOUT_S)
    try:
        access = client.exchange_code_for_token(client_id=client_id, client_secret=client_secret, code=code)
        return tokens_of(access)
    except requests.HTTPError as error:
        answer = error.response
        if answer is None:
            raise try_later("strava", None, None, clock()) from None
        status = answer.status_code
        if status < 500 and status != 429 and not refused_by_page(answer):
            raise login_refused("strava.code_refused", status=status) from None
        raise try_later("strava", status, answer.headers.get("Retry-After"), clock()) from None
    except (requests.RequestException, ValueError, KeyError, TypeError):
        raise try_later("strava", None, None, clock()) from None


def _epoch(instant_utc: datetime) -> int:
    return max(0, int(instant_utc.replace(tzinfo=UTC).timestamp()))
