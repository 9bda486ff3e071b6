"""Where a runner signs in. Plain HTML, so that it stands before Streamlit and not inside it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import context
from dashboard.auth import SET_UP, SIGN_IN, SIGN_OUT, cookies_of, shown_token, vault_of, visible
from dashboard.format import Words
from dashboard.markup import NOTHING, tag
from dashboard.plain_page import accepted, form_of, hidden, not_a_form, plain_page, refusal, text_field
from dashboard.session_cookie import signed_in, signed_out
from sync.errors import PersonMustAct
from sync.service.messages import error_text
from sync.settings import passwords
from sync.settings.config import Athlete, Config
from sync.settings.paths import DataDir
from sync.settings.sessions import SessionBook
from sync.settings.set_up import set_up_due

INSIDE = re.compile(r"/[a-z-]*(\?[A-Za-z0-9=&_.%+-]*)?")
"""Where signing in may lead: a page of ours, never another host."""
FREE_TRIES = 5
UNKNOWN, MOST_UNKNOWN, LONGEST_NAME = "?", 1000, 100
"""Names that nobody has wait as well, or the wait would tell who lives here: so many are remembered, so long each."""
FIRST_WAIT_S, LONGEST_WAIT_S = 15, 900
NAME = {"autocomplete": "username", "autocapitalize": "words", "spellcheck": "false"}


@dataclass
class Tries:
    """Five wrong tries for a runner are free; each further one must wait, twice as long every time."""

    wrong: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def wait(self, athlete: str, now_utc: datetime) -> timedelta:
        """How long until the next try is looked at; it counts as wrong until `right` says otherwise."""
        with self.lock:
            count, until = self.wrong.get(athlete, (0, now_utc))
            if until > now_utc:
                return until - now_utc
            count += 1
            over = count - FREE_TRIES
            pause_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(over, 10)) if over >= 0 else 0
            if count == 1 and athlete.startswith(UNKNOWN):
                self._make_room()
            self.wrong[athlete] = (count, now_utc + timedelta(seconds=pause_s))
            return timedelta(0)

    def _make_room(self) -> None:
        """Only among unknown names: a flood of them frees no runner from waiting."""
        unknown = [one for one in self.wrong if one.startswith(UNKNOWN)]
        if len(unknown) >= MOST_UNKNOWN:
            del self.wrong[min(unknown, key=lambda one: self.wrong[one][1])]

    def right(self, athlete: str) -> None:
        with self.lock:
            self.wrong.pop(athlete, None)


def routes(look: Markup, *, now: Callable[[], datetime] = context.now_utc) -> list[Route]:
    """Signing in and out; ``look`` is the pages' style sheet."""
    tries = Tries()

    async def sign_in(request: Request) -> Response:
        config, home = context.settings()
        if not config.dashboard.sign_in:
            return RedirectResponse("./", 303)
        visit = SignIn(look, config, home, request.query_params.get("next", "/"), accepted(request))
        if request.method != "POST":
            # A browser that signed out itself shows nothing any more; one that was signed out elsewhere still does.
            ended = shown_token(config, cookies_of(request.scope)) is not None
            return await run_in_threadpool(visit.page, "", visit.words.say("door.out") if ended else "")
        given = await form_of(request)
        if given is None:
            return not_a_form(context.words_of(config.first))
        visit = replace(visit, then=given.get("next", "/"))
        return await run_in_threadpool(visit.let_in, given, tries, now(), request)

    async def sign_out(request: Request) -> Response:
        config, home = context.settings()
        given = await form_of(request)
        if given is None:
            return not_a_form(context.words_of(config.first))
        await run_in_threadpool(end_session, config, home, request, now(), everywhere="everywhere" in given)
        return signed_out(f".{SIGN_IN}")

    return [Route(SIGN_IN, sign_in, methods=["GET", "POST"]), Route(SIGN_OUT, sign_out, methods=["POST"])]


def says_wait(words: Words, wait: timedelta) -> str:
    """How long to wait, in whole seconds, from two minutes on in whole minutes; never shorter than it is."""
    left_s = math.ceil(wait.total_seconds())
    return words.say("door.wait_s", n=left_s) if left_s < 120 else words.say("door.wait_min", n=math.ceil(left_s / 60))


def end_session(config: Config, home: DataDir, request: Request, now_utc: datetime, *, everywhere: bool) -> None:
    """On the server: what the browser, or a copy of its cookie, still shows is worth nothing afterwards."""
    cookies = cookies_of(request.scope)
    book = SessionBook.of(vault_of(config, home))
    if everywhere and config.dashboard.sign_in:
        for athlete in visible(config, home, cookies, now_utc):
            book.end_all(athlete.id)
    shown = shown_token(config, cookies)
    if shown:
        book.end(shown, now_utc)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One visit of the page: what it looks like, who lives here, and where the visitor wanted to go."""

    look: Markup
    config: Config
    home: DataDir
    then: str
    accepts: str = ""
    """Which languages the browser wants."""

    @property
    def words(self) -> Words:
        return context.words_for(self.config.first, self.accepts)

    def let_in(self, given: dict[str, str], tries: Tries, now_utc: datetime, request: Request) -> Response:
        name = given.get("athlete", "").strip()
        try:
            return self._look_at(name, given.get("password", ""), tries, now_utc, request)
        except PersonMustAct as error:
            return self.page(name, error_text(error, self.words.language), status=403)

    def _look_at(self, name: str, password: str, tries: Tries, now_utc: datetime, request: Request) -> Response:
        """A name that nobody has is refused in the same words, after as long, and as often, as a wrong password."""
        words, vault = self.words, vault_of(self.config, self.home)
        athlete = self._named(name)
        wait = tries.wait(athlete.id if athlete else UNKNOWN + name.casefold()[:LONGEST_NAME], now_utc)
        if wait:
            return self.page(name, says_wait(words, wait), status=429)
        fits = passwords.fits(vault, (athlete or self.config.first).id, password)
        if athlete is None or not fits:
            alone = len(self.config.athletes) == 1
            return self.page(name, words.say("door.wrong_alone" if alone else "door.wrong"), status=403)
        tries.right(athlete.id)
        then = self.then if INSIDE.fullmatch(self.then) else "/"
        return signed_in(SessionBook.of(vault), athlete.id, now_utc, request, f".{then}")

    def _named(self, name: str) -> Athlete | None:
        """Where only one runner lives there is no name to type."""
        if len(self.config.athletes) == 1 and not name:
            return self.config.first
        said = name.casefold()
        return next((one for one in self.config.athletes if said in (one.id.casefold(), one.name.casefold())), None)

    def page(self, name: str = "", says: str = "", *, status: int = 200) -> Response:
        words, alone = self.words, len(self.config.athletes) == 1
        # Typed, not chosen: a list would tell everyone who reaches this page who lives here.
        typed = {**NAME, **_focus(not name), "value": name}
        who = NOTHING if alone else text_field(words.say("door.name"), "athlete", **typed)
        secret = {"autocomplete": "current-password", **_focus(alone or bool(name))}
        form = (
            hidden("next", self.then)
            + who
            + text_field(words.say("door.password"), "password", "password", **secret)
            + refusal(says)
            + tag("button", words.say("door.enter"), type="submit")
        )
        inside = tag("h1", words.say("door.title"), "ss-page") + tag("form", form, method="post", action=f".{SIGN_IN}")
        if set_up_due(self.config, vault_of(self.config, self.home)):
            inside += tag("a", words.say("set_up.link"), href=f".{SET_UP}")
        return plain_page(self.look, words, inside, status=status, script=True)


def _focus(here: bool) -> dict[str, str]:
    return {"autofocus": ""} if here else {}
