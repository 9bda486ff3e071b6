"""Each runner only their own page: the guard before everything that Streamlit serves.

Without a pass there is no page, no websocket, no upload and no download. Without ``[dashboard] passwords`` everything
gets through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import desk
from sync import passwords
from sync.config import Athlete, Config
from sync.errors import PersonMustAct
from sync.home import Home
from sync.secrets import Vault

COOKIE = "springstep"
DOOR = "/sign-in"
WAY_OUT = "/sign-out"
OPEN = re.compile(r"/(sign-in|sign-out|manifest\.webmanifest|icon[a-z0-9-]*\.(png|svg)|_stcore/health|static/.*)")
"""Served to anyone: the door itself, and Streamlit's own bundle, which knows nothing of anybody."""


def vault_of(config: Config, home: Home) -> Vault:
    return Vault(home.secrets, config.secrets.keep_in)


def visible(config: Config, home: Home, cookies: Mapping[str, str], now_utc: datetime) -> tuple[Athlete, ...]:
    """Whose pages this browser may see: everyone's without passwords, else the one whose pass it shows, or nobody's."""
    if not config.dashboard.passwords:
        return config.athletes
    known = {athlete.id for athlete in config.athletes}
    holder = passwords.holder(vault_of(config, home), cookies.get(COOKIE), now_utc, known)
    return tuple(athlete for athlete in config.athletes if athlete.id == holder)


class Guard:
    """Without a pass a page leads to the door, and everything else is refused."""

    def __init__(self, app: ASGIApp, now: Callable[[], datetime] = desk.now_utc) -> None:
        self.app = app
        self.now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or OPEN.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            seen = bool(visible(*desk.settings(), _cookies(scope), self.now()))
        except PersonMustAct:
            # A config that cannot be read may have asked for passwords: nobody comes in until it is mended.
            await Response("The config cannot be read; `springstep status` says why.", 503)(scope, receive, send)
            return
        if seen:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["method"] == "GET" and b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            await RedirectResponse(f"{DOOR}?next={quote(asked, safe='')}", 303)(scope, receive, send)
        else:
            await Response("Sign in first.", 401)(scope, receive, send)


def _cookies(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                found |= {key: morsel.value for key, morsel in SimpleCookie(value.decode("latin-1")).items()}
            except CookieError:
                continue
    return found
