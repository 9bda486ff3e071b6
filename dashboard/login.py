"""Where a runner signs in. Plain HTML, so that it stands before Streamlit and not inside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import context
from dashboard.auth import COOKIE, SIGN_IN, SIGN_OUT, vault_of
from dashboard.markup import DOCTYPE, NOTHING, tag
from sync.errors import PersonMustAct
from sync.service.messages import error_text
from sync.settings import passwords
from sync.settings.config import Athlete, Config
from sync.settings.paths import DataDir

INSIDE = re.compile(r"/[a-z]*(\?[A-Za-z0-9=&_.%+-]*)?")
"""Where signing in may lead: a page of ours, never another host."""
FREE_TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 15, 900
LARGEST_FORM = 4096
# Typed, not chosen: a list would tell everyone who reaches this page who lives here.
NAME = Markup(
    '<input name="athlete" value="{}" autocomplete="username" autocapitalize="words" spellcheck="false" required{}>'
)
PASSWORD = Markup('<input type="password" name="password" autocomplete="current-password" required{}>')
NEXT = Markup('<input type="hidden" name="next" value="{}">')
FOCUS, NO_FOCUS = Markup(" autofocus"), Markup("")
HEAD = Markup(
    '<meta charset="utf-8"><title>springstep</title><link rel="icon" href="/icon.svg">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="manifest" href="/manifest.webmanifest">'
)
GUARDS = {
    "content-security-policy": (
        "default-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
STYLE = Markup(
    "body{margin:0;background:var(--paper);color:var(--ink)}.ss-sign-in{max-width:22rem;margin:0 auto;"
    "padding:12vh 1.25rem}"
    ".ss-sign-in form{display:grid;gap:.9rem;margin-top:1.25rem}"
    ".ss-sign-in label{display:grid;gap:.3rem;font-weight:650}"
    ".ss-sign-in :is(input,button){font:inherit;min-height:48px;padding:.4rem .8rem;border-radius:.8rem;"
    "border:1px solid var(--quiet);background:var(--card);color:var(--ink);box-sizing:border-box;width:100%}"
    ".ss-sign-in button{background:var(--spruce);color:var(--paper);border:0;font-weight:700;margin-top:.4rem}"
    ".ss-sign-in :focus-visible{outline:3px solid var(--sky);outline-offset:2px}.ss-sign-in h1{margin:1.5rem 0 0}"
)


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
            self.wrong[athlete] = (count, now_utc + timedelta(seconds=pause_s))
            return timedelta(0)

    def right(self, athlete: str) -> None:
        with self.lock:
            self.wrong.pop(athlete, None)


def routes(look: Markup, *, now: Callable[[], datetime] = context.now_utc) -> list[Route]:
    """Signing in and out; ``look`` is the pages' style sheet."""
    tries = Tries()

    async def sign_in(request: Request) -> Response:
        config, home = context.settings()
        if not config.dashboard.sign_in:
            return RedirectResponse("/", 303)
        if request.method == "GET":
            return SignIn(look, config, home, request.query_params.get("next", "/")).page()
        given = await _form(request)
        if given is None:
            return Response("That form is not from here.", 403)
        visit = SignIn(look, config, home, given.get("next", "/"))
        return await run_in_threadpool(visit.let_in, given, tries, now(), secure=_secure(request))

    async def sign_out(request: Request) -> Response:
        if await _form(request) is None:
            return Response("That form is not from here.", 403)
        answer = RedirectResponse(SIGN_IN, 303)
        answer.delete_cookie(COOKIE)
        return answer

    return [Route(SIGN_IN, sign_in, methods=["GET", "POST"]), Route(SIGN_OUT, sign_out, methods=["POST"])]


def _secure(request: Request) -> bool:
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form of ours; None for one that another site sent, or that is larger than ours can be."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return None
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One visit of the page: what it looks like, who lives here, and where the visitor wanted to go."""

    look: Markup
    config: Config
    home: DataDir
    then: str

    def let_in(self, given: dict[str, str], tries: Tries, now_utc: datetime, *, secure: bool) -> Response:
        name = given.get("athlete", "").strip()
        try:
            return self._look_at(name, given.get("password", ""), tries, now_utc, secure=secure)
        except PersonMustAct as error:
            return self.page(name, error_text(error, context.words_of(self.config.first).language), status=403)

    def _look_at(self, name: str, password: str, tries: Tries, now_utc: datetime, *, secure: bool) -> Response:
        """A name that nobody has is refused in the same words, and after as long, as a wrong password."""
        words, vault = context.words_of(self.config.first), vault_of(self.config, self.home)
        athlete = self._named(name)
        wait = tries.wait(athlete.id if athlete else "", now_utc)
        if wait:
            return self.page(name, words.say("door.wait", time=f"{wait.total_seconds():.0f} s"), status=429)
        fits = passwords.fits(vault, (athlete or self.config.first).id, password)
        if athlete is None or not fits:
            return self.page(name, words.say("door.wrong"), status=403)
        tries.right(athlete.id)
        answer = RedirectResponse(self.then if INSIDE.fullmatch(self.then) else "/", 303)
        answer.set_cookie(
            COOKIE,
            passwords.issue(vault, athlete.id, now_utc),
            max_age=int(passwords.PASS_LASTS.total_seconds()),
            httponly=True,
            samesite="lax",  # not strict: a link from a notification must find the runner signed in
            secure=secure,
        )
        return answer

    def _named(self, name: str) -> Athlete | None:
        said = name.casefold()
        return next((one for one in self.config.athletes if said in (one.id.casefold(), one.name.casefold())), None)

    def page(self, name: str = "", says: str = "", *, status: int = 200) -> Response:
        words = context.words_of(self.config.first)
        on_name, on_password = (NO_FOCUS, FOCUS) if name else (FOCUS, NO_FOCUS)
        refused = tag("p", says, "ss-receipt ss-refused", role="alert") if says else NOTHING
        form = (
            NEXT.format(self.then)
            + tag("label", words.say("door.name") + NAME.format(name, on_name))
            + tag("label", words.say("door.password") + PASSWORD.format(on_password))
            + refused
            + tag("button", words.say("door.enter"), type="submit")
        )
        inside = (
            tag("header", tag("b", "springstep"), "ss-brand")
            + tag("h1", words.say("door.title"), "ss-page")
            + tag("form", form, method="post", action=SIGN_IN)
        )
        body = tag("head", HEAD + tag("style", self.look + STYLE)) + tag("body", tag("main", inside, "ss-sign-in"))
        return HTMLResponse(DOCTYPE + tag("html", body, lang=words.language.code), status, headers=GUARDS)
