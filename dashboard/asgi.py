"""The page as an ASGI app: Streamlit's own, with a manifest, an icon and a head that fits.

``streamlit run dashboard/asgi.py`` finds ``app`` here.
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from markupsafe import Markup
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import addresses, context, devices, first_visit, household, login
from dashboard.auth import DEVICES, HOUSEHOLD, JOIN, SET_UP, SIGN_IN, Guard, cookies_of, visible
from dashboard.drawings import files as drawings
from dashboard.front import (
    early_parts,
    first_password,
    secret_forms,
    small_away,
    small_done,
    small_log,
    small_page,
    uploads,
)
from dashboard.front.unknown_paths import UnknownPaths
from dashboard.streamlit_flags import DARK, LIGHT
from sync.errors import PersonMustAct
from sync.service.client import Client

HERE = Path(__file__).parent
STYLE = ("ground", "cards", "controls", "ways", "month", "print", "fields", "pages")
"""The order counts: of two equal rules the later one holds."""
LOOK = Markup("".join((HERE / "style" / f"{name}.css").read_text(encoding="utf-8") for name in STYLE))  # noqa: S704 - ours
SHELL = (HERE / "shell.js").read_text(encoding="utf-8")
# Without the first line Streamlit would look for its server below every page's own path first, and log a 404 each; and
# it would ask two questions before it connects: whether the server is there, and which sites may frame it.
# A proxy may show the page below a path and take it off before asking here: what the browser has more than was asked
# of us is that path.
BASE = (
    "<script>(()=>{const asked=@ASKED@,shown=location.pathname;"
    "const below=shown.endsWith(asked)?shown.slice(0,shown.length-asked.length):'';"
    "window.__streamlit={BACKEND_BASE_URL:location.origin+below+'/',"
    "HOST_CONFIG:{allowedOrigins:[location.origin],useExternalAuthToken:false}}})()</script>"
)
HEAD = (
    # Asked for with the cookie: nothing but the entrance is served without a session.
    '<link rel="manifest" href="./manifest.webmanifest" crossorigin="use-credentials">'
    '<link rel="apple-touch-icon" href="./icon-192.png">'
    '<meta name="description" content="Foot-mobility work that fits the run you just did">'
    f'<meta name="theme-color" media="(prefers-color-scheme: light)" content="{LIGHT["backgroundColor"]}">'
    f'<meta name="theme-color" media="(prefers-color-scheme: dark)" content="{DARK["backgroundColor"]}">'
    f"<style>html{{background:{LIGHT['backgroundColor']}}}"
    f"@media(prefers-color-scheme:dark){{html{{background:{DARK['backgroundColor']}}}}}</style>"
)
# The browser itself holds the promise that nothing leaves for another host. Streamlit's bundle and its charts need
# inline styles and evaluated scripts; components come as blobs.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob:; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
)
GUARDS = (
    (b"content-security-policy", POLICY.encode()),
    # Other sites learn nothing. "no-referrer" would also have the browser send our own forms with the origin "null".
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)
UNWANTED = (b"if-none-match", b"if-modified-since", b"accept-encoding")
PLAIN_PAGES = (
    SIGN_IN, SET_UP, JOIN, DEVICES, HOUSEHOLD, first_password.FIRST_PASSWORD, *secret_forms.PAGES,
    small_log.PATH, small_done.PATH,
)  # fmt: skip
MANIFEST = {
    "id": "/",
    "name": "springstep",
    "short_name": "springstep",
    "description": "Foot-mobility work that fits the run you just did",
    "start_url": "./",
    "scope": "./",
    "display": "standalone",
    "background_color": LIGHT["backgroundColor"],
    "theme_color": LIGHT["backgroundColor"],
    "icons": [
        {"src": "./icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {"src": "./icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": "./icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        {"src": "./icon.svg", "sizes": "any", "type": "image/svg+xml"},
    ],
    "shortcuts": [{"name": "Log stiffness", "url": "./log"}, {"name": "Today", "url": "./"}],
}


async def manifest(_request: Request) -> Response:
    return Response(json.dumps(MANIFEST), media_type="application/manifest+json")


def healthz(_request: Request) -> Response:
    """For whoever looks after the machine: well or not, and nothing of why."""
    try:
        config, home = context.settings()
        well = Client(home, now=context.now_utc, config=config).healthy()
    except PersonMustAct:
        well = False
    return Response("ok\n" if well else "not ok\n", 200 if well else 503, headers={"cache-control": "no-store"})


async def entry_script(_request: Request) -> Response:
    return FileResponse(HERE / "entry.js", media_type="text/javascript", headers={"cache-control": "no-cache"})


async def icon(request: Request) -> Response:
    return FileResponse(
        HERE / "icons" / request.url.path.rsplit("/", 1)[-1], headers={"cache-control": "max-age=86400"}
    )


class Head:
    """Puts ``HEAD`` into Streamlit's shell page; every other answer passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _wants_page(scope):
            await self.app(scope, receive, send)
            return
        # A shell that the browser has kept, or that came packed, could not be changed here.
        packs = b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
        asked = [(name, value) for name, value in scope["headers"] if name not in UNWANTED]
        scope = {**scope, "headers": asked}
        start: Message | None = None
        body = b""

        async def watched(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                if not kind.startswith(b"text/html"):
                    await send(message)
                    return
                start = message
                return
            if start is None:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            changed = dressed(body, asked_path(scope), _language(scope))
            headers = [(name, value) for name, value in start["headers"] if name not in (b"etag", b"content-length")]
            headers += [*GUARDS, (b"vary", b"accept-encoding")]
            if packs:  # the style sheets are most of it: a quarter of the bytes
                changed = gzip.compress(changed, mtime=0)
                headers.append((b"content-encoding", b"gzip"))
            headers.append((b"content-length", str(len(changed)).encode()))
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": changed})

        await self.app(scope, receive, watched)


def _wants_page(scope: Scope) -> bool:
    accepts = dict(scope["headers"]).get(b"accept", b"")
    return b"text/html" in accepts and scope["path"] not in PLAIN_PAGES


def asked_path(scope: Scope) -> str:
    """As the browser wrote it, escapes included."""
    raw = scope.get("raw_path")
    return raw.decode("latin-1") if raw else str(scope["path"])


def _language(scope: Scope) -> str:
    """Of whose page it is: a screen reader pronounces by it."""
    try:
        config, home = context.settings()
        found = visible(config, home, cookies_of(scope), context.now_utc())
    except PersonMustAct:
        return "en"
    wanted = parse_qs(scope["query_string"].decode("latin-1")).get(context.CHOSEN, [""])[0]
    named = [one for one in found if one.id == wanted] or [*found, config.first]
    return context.words_of(named[0]).language.code


def dressed(page: bytes, asked: str, language: str = "en") -> bytes:
    """Streamlit's shell with our name, icon and manifest, and without the font that no text here uses."""
    text = page.decode("utf-8").replace('<html lang="en"', f'<html lang="{language}"', 1)
    text = re.sub(r'<link\s+rel="preload"[^>]*SourceSans[^>]*>', "", text)
    text = text.replace("<title>Streamlit</title>", "<title>springstep</title>")
    text = re.sub(r'<link rel="shortcut icon"[^>]*>', '<link rel="icon" href="./icon.svg" type="image/svg+xml">', text)
    base = BASE.replace("@ASKED@", json.dumps(asked).replace("<", "\\u003c"))
    text = text.replace("</head>", base + HEAD + early_parts.script(asked) + "</head>", 1)
    # At the very end, so that a rule of ours wins over Streamlit's equal one, and before the first thing is drawn.
    return text.replace("</body>", f"<style>{LOOK}</style><script>{SHELL}</script></body>", 1).encode("utf-8")


ICONS = ("icon.svg", "icon-192.png", "icon-512.png", "icon-maskable-512.png")

ROUTES = [
    *login.routes(LOOK),
    *first_visit.routes(LOOK),
    *devices.routes(LOOK),
    *household.routes(LOOK),
    *small_log.routes(),
    *small_done.routes(),
    Route(small_page.SCRIPT, small_page.script),
    *small_away.routes({small_log.PATH: small_away.log_frame, small_done.PATH: small_away.done_frame}),
    Route("/entry.js", entry_script),
    *first_password.routes(LOOK),
    *secret_forms.routes(LOOK),
    *uploads.routes(),
    Route("/healthz", healthz),
    Route(drawings.ADDRESS + "/{name}.svg", drawings.served_still),
    Route("/manifest.webmanifest", manifest),
    *(Route(f"/{name}", icon) for name in ICONS),
]


def own(scope: Scope) -> bool:
    """A route of ours answers this."""
    return any(route.matches(scope)[0] is not Match.NONE for route in ROUTES)


app = st.App(
    str(HERE / "front" / "script.py"),
    routes=ROUTES,
    middleware=[Middleware(Guard), Middleware(Head), Middleware(UnknownPaths, pages=addresses.PAGES, own=own)],
)
