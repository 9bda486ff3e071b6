"""Linking an account, once, by hand: ask, verify with as few requests as can be, keep privately.

``ask(text, secret)`` gives what the person typed, ``tell(text)`` shows something. Nothing is kept that was refused.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from secrets import compare_digest, token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sync.errors import PersonMustAct, TryLater
from sync.settings.config import Athlete, Config
from sync.settings.credentials import CredentialStore
from sync.sources.base import Clock, person_must_act
from sync.sources.calendars import keep_calendars
from sync.sources.link_rests import LinkRests
from sync.sources.names import Name
from sync.sources.rate_policy import RequestBudget
from sync.sources.redirect import announce
from sync.sources.registry import redirect_of

Ask = Callable[[str, bool], str]
"""``ask("link.garmin.key", True)``: what the person typed after that text; True for what nobody may see."""
Tell = Callable[..., None]
"""``tell("link.garmin.done")``: that text, filled with values, to the person."""
KEY = re.compile(r"[\x21-\x7e]{16,4096}")
INTERVALS_KEY = re.compile(r"[\x21-\x7e]{8,256}")
STRAVA_ID = re.compile(r"[0-9]{1,12}")
STRAVA_SECRET = re.compile(r"[0-9a-zA-Z]{40}")
CALENDAR = re.compile(r"(https|webcal)://[\x21-\x7e]{4,4096}")
PLANNED_AHEAD = timedelta(days=28)
CALLBACK_WAITS_S = 600.0
AWAY = {
    "source.unreachable": "source.link_unreachable",
    "source.trouble": "source.link_trouble",
    "source.busy": "source.link_busy",
}
"""What a service that is away is told as, by what it is told as during a sync."""


@dataclass(frozen=True, slots=True)
class StravaConsent:
    """A consent that was begun: whose application it is, and the word that Strava must send back."""

    client_id: str
    client_secret: str = field(repr=False)
    state: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountLinker:
    """One runner's accounts at the services. ``tell`` and ``ask`` speak with the person at the terminal."""

    credentials: CredentialStore
    config: Config
    athlete: Athlete
    clock: Clock
    ask: Ask
    tell: Tell
    page_text: Callable[[str], str]
    """The text of the page that the browser comes back to."""

    def _keep(self, source: str, credential: Mapping[str, Any]) -> None:
        self.credentials.put(self.athlete.id, source, credential)

    def _new_credential(self, source: Name) -> tuple[dict[str, Any], str | None]:
        redirect = redirect_of(self.config, source)
        announce(source, redirect)
        if redirect is not None:
            self.tell("source.redirected", source=source, address=redirect)
        return {"linked_utc": self.clock().isoformat(), "test_server": redirect is not None}, redirect

    @property
    def _rests(self) -> LinkRests:
        return LinkRests(self.credentials.folder, self.athlete, self.clock)

    # --- Garmin ---

    def garmin(self, *, key: str | None = None, tokens: str | None = None) -> None:
        """A Personal API key, or tokens that garth saved. One request for a key; none for tokens that still live."""
        from sync.sources.adapters.garmin import Garmin
        from sync.sources.adapters.garmin_tokens import saved_tokens

        if key is None and tokens is None:
            self.tell("link.garmin.choose")
            match self.ask("link.garmin.which", False).strip():
                case "2":
                    tokens = self.ask("link.garmin.tokens", True)
                case "" | "1":
                    key = self.ask("link.garmin.key", True)
                case pasted if KEY.fullmatch(pasted):
                    key = pasted
                case _:
                    raise person_must_act("garmin.choice")
        credential, redirect = self._new_credential("garmin")
        if tokens is not None:
            credential |= saved_tokens(tokens.strip())
        else:
            if key is None or not KEY.fullmatch(key.strip()):
                raise person_must_act("garmin.not_a_key")
            credential["api_key"] = key.strip()

        def keep(renewed: Mapping[str, Any]) -> None:
            credential.update(renewed)

        with self._rests.asking("garmin"):
            Garmin(credential, keep, self.clock, self._rests.budget("garmin", 2), redirect).verify()
        self._keep("garmin", credential)
        self.tell("link.garmin.done")
        if "api_key" in credential:
            self.tell("link.garmin.gear")
        self.tell("source.untried")

    # --- intervals.icu ---

    def intervals(self, *, key: str | None = None) -> None:
        """One request: a list of the last day."""
        from sync.sources.adapters.intervals import Intervals

        key = (key if key is not None else self.ask("link.intervals.key", True)).strip()
        if not INTERVALS_KEY.fullmatch(key):
            raise person_must_act("intervals.not_a_key")
        credential, redirect = self._new_credential("intervals")
        credential["api_key"] = key
        now = self.clock()
        with self._rests.asking("intervals"):
            service = Intervals(credential, self.clock, self._rests.budget("intervals", 2), redirect)
            service.list_activities(now - timedelta(days=1))
        self._keep("intervals", credential)
        self.tell("link.intervals.done")
        self.tell("source.untried")

    # --- calendars ---

    def calendar(self, *, address: str | None = None) -> None:
        """One request: the calendar itself, and how many runs are planned in it."""
        from sync.sources.adapters.calendar import CalendarFeed

        address = (address if address is not None else self.ask("link.calendar.address", True)).strip()
        if not CALENDAR.fullmatch(address):
            raise person_must_act("calendar.not_https")
        zone, now = self.athlete.zone, self.clock()
        inside = self.config.calendar.private_hosts
        feed = CalendarFeed(address, zone, self.clock, RequestBudget(5), inside=inside)
        first = now.replace(tzinfo=UTC).astimezone(zone).date()
        found = feed.planned(first, first + PLANNED_AHEAD) or ()
        keep_calendars(self.credentials, self.athlete.id, [address], now)
        self.tell("link.calendar.done", count=len(found))

    # --- Strava ---

    def strava(
        self, *, client_id: str | None = None, client_secret: str | None = None, waits_s: float = CALLBACK_WAITS_S
    ) -> None:
        """OAuth: the browser comes back to a page on this machine, or the person pastes where it ended."""
        self.tell("link.strava.warning", days=self.config.strava.keep_days)
        client_id = client_id or self.ask("link.strava.id", False)
        client_secret = client_secret or self.ask("link.strava.secret", True)
        state = token_urlsafe(24)
        with Callback(state, self.page_text) as callback:
            consent, url = self.strava_consent(client_id, client_secret, callback.url, state=state)
            self.tell("link.strava.open", url=url)
            answer = callback.wait(lambda: self.ask("link.strava.paste", False), waits_s)
        self.strava_allowed(consent, answer or {})

    def strava_consent(
        self, client_id: str, client_secret: str, back_to: str, *, state: str | None = None
    ) -> tuple[StravaConsent, str]:
        """What is to be remembered until the person has allowed the access, and where they allow it."""
        from sync.sources.adapters.strava import authorization_url

        client_id, client_secret = client_id.strip(), client_secret.strip()
        if not STRAVA_ID.fullmatch(client_id) or not STRAVA_SECRET.fullmatch(client_secret):
            raise person_must_act("strava.not_an_app")
        consent = StravaConsent(client_id, client_secret, state or token_urlsafe(24))
        url = authorization_url(
            oauth=self.config.strava.oauth, client_id=int(client_id), back_to=back_to, state=consent.state,
            redirect=redirect_of(self.config, "strava"),
        )  # fmt: skip
        return consent, url

    def strava_allowed(self, consent: StravaConsent, answer: Mapping[str, str]) -> None:
        """``answer``: the parts of the address that the browser came back to, or a bare code."""
        from sync.sources.adapters.strava import exchange_code

        if not answer or answer.get("error"):
            raise person_must_act("strava.scope")
        if "state" in answer and not _is_the_same(answer["state"], consent.state):
            raise person_must_act("strava.state")
        if "scope" in answer and "activity:read" not in answer["scope"]:
            raise person_must_act("strava.scope")
        if not answer.get("code"):
            raise person_must_act("strava.state")
        credential, redirect = self._new_credential("strava")
        self._rests.check("strava")
        with self._rests.asking("strava"):
            credential |= exchange_code(
                oauth=self.config.strava.oauth, client_id=int(consent.client_id), client_secret=consent.client_secret,
                code=answer["code"], redirect=redirect, clock=self.clock,
            )  # fmt: skip
        app = {"client_id": consent.client_id, "client_secret": consent.client_secret}
        self._keep("strava", {**credential, **app})
        self.tell("link.strava.done")
        self.tell("source.untried")


@contextmanager
def told_as_linking() -> Iterator[None]:
    """A service that is away during a sync loses nothing; while an account is linked, nothing was linked."""
    try:
        yield
    except TryLater as error:
        if error.code not in AWAY:
            raise
        instead = AWAY[error.code]
        raise TryLater(instead, why=error.why, not_before_utc=error.not_before_utc, **error.values) from error


def pasted(text: str) -> dict[str, str]:
    """The parts of the address a browser ended on, or of a bare code."""
    text = text.strip()
    if "code=" not in text and "error=" not in text:
        return {"code": text} if text else {}
    asked = text.partition("#")[0].partition("?")[2]
    return {name: values[0] for name, values in parse_qs(asked or text).items()}


def _is_the_same(word: str, kept: str) -> bool:
    return compare_digest(word.encode("utf-8", "surrogateescape"), kept.encode())


class Callback:
    """A page on this machine that the browser comes back to; only one answer with the right state counts."""

    def __init__(self, state: str, page_text: Callable[[str], str]) -> None:
        self._state = state
        self._page_text = page_text
        self._answer: dict[str, str] | None = None
        self._came = threading.Event()
        callback = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                """The address holds the code."""

            def do_GET(self) -> None:
                callback._page(self)

        self._server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/linked"

    def __enter__(self) -> Callback:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, paste: Callable[[], str], waits_s: float) -> dict[str, str] | None:
        """What came first: the browser, or something pasted. None when neither came in time."""

        def read() -> None:
            try:
                typed = pasted(paste())
            except (EOFError, KeyboardInterrupt, PersonMustAct):
                return
            if typed and self._answer is None:
                self._answer = typed
                self._came.set()

        threading.Thread(target=read, daemon=True).start()
        end = time.monotonic() + waits_s
        while not self._came.wait(0.2) and time.monotonic() < end:
            pass
        return self._answer

    def _page(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        answer = {name: values[0] for name, values in parse_qs(parts.query).items()}
        right = parts.path == "/linked" and _is_the_same(answer.get("state", ""), self._state)
        says = self._page_text("link.strava.page" if right and "code" in answer else "link.strava.page_refused")
        body = f"<!DOCTYPE html><meta charset=utf-8><title>springstep</title><p>{escape(says)}</p>".encode()
        handler.send_response(200 if right else 400)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Referrer-Policy", "no-referrer")
        handler.end_headers()
        handler.wfile.write(body)
        if right and self._answer is None:
            self._answer = answer
            self._came.set()
