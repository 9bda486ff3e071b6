"""The guard before everything that Streamlit serves: only under a known name, only for pages of ours, and each runner
only their own.

Without signing in there is no page, no websocket, no upload and no download. Without ``[dashboard] passwords``
everybody who came by a known name gets through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import context, hosts
from dashboard.format import Words
from dashboard.markup import DOCTYPE, tag
from dashboard.open_sockets import while_seen
from sync.errors import PersonMustAct
from sync.settings.config import Athlete, Config
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.settings.sessions import SessionBook
from sync.settings.set_up import set_up_due

COOKIE = "springstep"
SECURE_COOKIE = "__Host-springstep"
"""Over HTTPS: no other name, path or plain connection can set it."""
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
SET_UP = "/set-up"
JOIN = "/join"
DEVICES = "/devices"
HOUSEHOLD = "/household"
OPEN = re.compile(r"/(sign-in|sign-out|set-up|join|entry\.js|qr\.svg|icon[a-z0-9-]*\.(png|svg)|_stcore/health|healthz)")
"""Served to anyone: the pages to sign in and to set up, what they are made of, and whether springstep is well."""

PLAIN = Markup(
    ":root{color-scheme:light dark}body{margin:0;font:1rem/1.5 system-ui,sans-serif;"
    "background:light-dark(#f6f4ee,#121716);color:light-dark(#1d2523,#e9ede9)}"
    "main{max-width:34rem;margin:0 auto;padding:10vh 1.25rem}"
    "h1{font-size:1.5rem;line-height:1.2}pre{padding:.8rem 1rem;border-radius:.8rem;white-space:pre-wrap;"
    "overflow-wrap:anywhere;background:light-dark(#ebe7dd,#1d2422)}"
)
HEAD = Markup(
    '<meta charset="utf-8"><title>springstep</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
)
BARE = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def vault_of(config: Config, home: DataDir) -> CredentialStore:
    return CredentialStore(home.secrets, config.secrets.keep_in)


def visible(config: Config, home: DataDir, cookies: Mapping[str, str], now_utc: datetime) -> tuple[Athlete, ...]:
    """Whose pages this browser may see: everyone's without passwords, else those of whoever signed in with it."""
    if not config.dashboard.sign_in:
        return config.athletes
    known = {athlete.id for athlete in config.athletes}
    holder = SessionBook.of(vault_of(config, home)).holder(shown_token(config, cookies), now_utc, known)
    return tuple(athlete for athlete in config.athletes if athlete.id == holder)


def shown_token(config: Config, cookies: Mapping[str, str]) -> str | None:
    """What this browser shows to be let in. With a certificate of our own it can only have the secure one."""
    plain = None if config.dashboard.certificate else cookies.get(COOKIE)
    return cookies.get(SECURE_COOKIE, plain)


class Guard:
    """Without a sign-in a page leads to signing in, and everything else is refused."""

    def __init__(self, app: ASGIApp, now: Callable[[], datetime] = context.now_utc) -> None:
        self.app = app
        self.now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path = _shown_below()
        refused: ASGIApp | None
        without_slash = bool(path) and scope["path"] == path and scope["type"] == "http"
        scope = hosts.inside(scope, path)
        refused = self._refusal(scope)
        if without_slash and (refused is None or refused.status_code == 303):
            refused = RedirectResponse(f"{path.rpartition('/')[2]}/", 307)
        if refused is None:
            if scope["type"] == "websocket":
                receive = while_seen(receive, lambda: self._still_seen(scope))
            await self.app(hosts.settled(scope), receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refused(scope, receive, send)

    def _still_seen(self, scope: Scope) -> bool:
        """Whether the browser behind an open websocket may see anything now."""
        try:
            return bool(visible(*context.settings(), cookies_of(scope), self.now()))
        except PersonMustAct:
            return False

    def _refusal(self, scope: Scope) -> Response | None:
        """What a request gets instead of the page; None for one that may pass. The config is read as it is now."""
        for_anyone = OPEN.fullmatch(scope["path"]) is not None
        try:
            config, home = context.settings()
        except PersonMustAct:
            # A config that cannot be read may have asked for passwords: nobody comes in until it is mended.
            if hosts.verdict(scope, ()) != "fits":
                return Response(status_code=403)
            if for_anyone:
                return None
            return Response("springstep can't read its config. On its machine, run: springstep status", 503)
        words = context.words_for(config.first, ",".join(hosts.headers(scope, b"accept-language")))
        match hosts.verdict(scope, config.dashboard.allowed_hosts, config.dashboard.proxies):
            case "stranger":
                return Response(words.say("host.stranger"), 403)
            case "strange host":
                return strange_host(words, hosts.headers(scope, b"host"))
            case "foreign page":
                return Response(words.say("host.foreign"), 403)
            case "fits":
                pass
        cookies = cookies_of(scope)
        if for_anyone or visible(config, home, cookies, self.now()):
            shown = shown_token(config, cookies)
            if shown and (_wants_page(scope) or scope["type"] == "websocket"):
                SessionBook.of(vault_of(config, home)).note_seen(shown, self.now())
            return None
        if _wants_page(scope):
            return _to_the_entrance(scope, due=set_up_due(config, vault_of(config, home)))
        return Response("Sign in first.", 401)


def _shown_below() -> str:
    """The path that the config names for a proxy that does not take it off."""
    try:
        return context.settings()[0].dashboard.path
    except PersonMustAct:
        return ""


def _wants_page(scope: Scope) -> bool:
    return scope.get("method") == "GET" and any("text/html" in one for one in hosts.headers(scope, b"accept"))


def _to_the_entrance(scope: Scope, *, due: bool) -> Response:
    """The way is relative, because a proxy may show the page below a path that is not seen here."""
    up = "../" * (scope["path"].count("/") - 1) or "./"
    if due:
        return RedirectResponse(f"{up}{SET_UP[1:]}", 303)
    asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    return RedirectResponse(f"{up}{SIGN_IN[1:]}?next={quote(asked, safe='')}", 303)


def strange_host(words: Words, sent: list[str]) -> Response:
    """The page under a name that is not allowed: which name, and the line that allows it."""
    if len(sent) != 1 or not sent[0]:
        return Response(status_code=400)
    asked = hosts.address(sent[0])
    name = asked.name if asked else sent[0]
    line = f"[dashboard]\nallowed_hosts = [{json.dumps(name, ensure_ascii=False)}]"
    inside = (
        tag("h1", words.say("host.title"))
        + tag("p", words.say("host.asked", name=name))
        + tag("p", words.say("host.add"))
        + tag("pre", line)
        + tag("p", words.say("host.then"))
    )
    page = tag(
        "html", tag("head", HEAD + tag("style", PLAIN)) + tag("body", tag("main", inside)), lang=words.language.code
    )
    return HTMLResponse(DOCTYPE + page, 421, headers=BARE)


def cookies_of(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                found |= {key: morsel.value for key, morsel in SimpleCookie(value.decode("latin-1")).items()}
            except CookieError:
                continue
    return found
