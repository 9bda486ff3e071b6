"""The small pages' frame: a few kilobytes of HTML that need no Streamlit and no script."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboard import context
from dashboard.auth import cookies_of, visible
from dashboard.format import Words, capital
from dashboard.markup import DOCTYPE, tag
from dashboard.plain_page import GUARDS, HEAD
from sync.service.client import Client
from sync.settings.config import Athlete
from sync.wire.commands import Receipt

HERE = Path(__file__).parent
STYLE = Markup((HERE / "small.css").read_text(encoding="utf-8"))  # noqa: S704 - a file of ours
SCRIPT = "/small.js"
TOLD = ("waits", "waits_one", "others", "others_one", "other_now")
"""What the script fills in and shows."""
EARLIEST = timedelta(days=31)
"""How far back a tap that waited in a browser is still believed."""


@dataclass(frozen=True, slots=True)
class SmallVisit:
    """One request of a runner who may be here."""

    client: Client
    words: Words
    athlete: Athlete
    now_utc: datetime

    def page(self, path: str, title: str, inside: str) -> Response:
        """``path`` is where this page stands, for the way back after signing in."""
        return framed(self.words, path, title, inside, self.athlete)

    def local(self, at_utc: datetime) -> datetime:
        return at_utc.replace(tzinfo=UTC).astimezone(self.athlete.zone)

    def tapped_at(self, given: dict[str, str]) -> datetime:
        """When the button was pressed, by the browser's clock, where that can be; else now."""
        told = given.get("at_ms", "")
        if told.isdecimal() and len(told) <= 14:
            at = datetime.fromtimestamp(int(told) / 1000, tz=UTC).replace(tzinfo=None)
            if self.now_utc - EARLIEST <= at <= self.now_utc:
                return at
        return self.now_utc


def day_chip(words: Words, name: str) -> str:
    """``Today`` or ``Yesterday`` as it stands on a button."""
    return capital(words.say(f"day.{name}"))


def framed(
    words: Words, path: str, title: str, inside: str, athlete: Athlete | None, *, first_script: str = ""
) -> HTMLResponse:
    """Without an athlete the frame alone, as a browser may keep it; ``first_script`` then says whose page it is."""
    raw = words.language.texts
    who = {"runner": athlete.id, "name": athlete.name} if athlete is not None else {"away": "1"}
    says = {
        **who, "path": path, "sign-in": words.say("small.sign_in"),
        "sign-in-link": words.say("door.enter"), "refused": words.say("receipt.refused"),
        "drop": words.say("small.drop"),
        **{name.replace("_", "-"): raw[f"ui.small.{name}"].text for name in TOLD},
    }  # fmt: skip
    notice = Markup('<p id="notice" class="n" role="status" hidden></p><p id="others" class="n" hidden></p>')
    https = Markup('<p id="https" class="q" hidden>{}</p>').format(words.say("small.needs_https"))
    body = Markup("<main{}>{}{}</main>").format(
        Markup("").join(Markup(' data-{}="{}"').format(name, text) for name, text in says.items()),
        tag("h1", title) + notice,
        inside + https,
    )
    scripts = (Markup('<script src=".{}" defer></script>').format(one) for one in (first_script, SCRIPT) if one)
    head = tag("head", HEAD + tag("style", STYLE) + Markup("").join(scripts))
    html = tag("html", head + tag("body", body), lang=words.language.code)
    return HTMLResponse(DOCTYPE + html, headers=GUARDS)


def visit_of(request: Request, runner: str | None, now: Callable[[], datetime]) -> SmallVisit | None:
    """Whoever is signed in; without sign-in the runner named, or the first. None: that runner may not be seen here."""
    config, home = context.settings()
    found = visible(config, home, cookies_of(request.scope), now())
    wanted = runner or request.query_params.get(context.CHOSEN)
    athlete = next((one for one in found if wanted in (None, one.id)), None)
    if athlete is None:
        return None
    client = Client(home, athlete=athlete.id, now=now, config=config)
    return SmallVisit(client, context.words_of(athlete), athlete, now())


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def outcome(request: Request, receipt: Receipt, onward: str) -> Response:
    """What became of it: a sentence for the script, the next page for a form."""
    if receipt.refused is not None:
        return refused(request, receipt.refused, 422)
    if wants_json(request):
        said = {"stored": receipt.stored, "waiting": receipt.waiting, "says": receipt.says, "next": onward}
        return Response(json.dumps(said), 200, media_type="application/json", headers={"cache-control": "no-store"})
    return RedirectResponse(onward, 303)


def another_runner(request: Request) -> Response:
    """Somebody else is signed in: nothing is wrong with what was tapped, so the browser keeps it for its runner."""
    words = context.words_of(context.settings()[0].first)
    return refused(request, words.say("small.other_runner"), 409, whose="other")


def refused(request: Request, says: str, status: int, *, whose: str | None = None) -> Response:
    if wants_json(request):
        told = {"says": says, **({"whose": whose} if whose else {})}
        return Response(json.dumps(told), status, media_type="application/json")
    words = context.words_of(context.settings()[0].first)
    back = tag("p", tag("a", words.say("small.again"), href="./log"))
    body = tag("main", tag("h1", words.say("receipt.refused")) + tag("p", says) + back)
    page = tag("html", tag("head", HEAD + tag("style", STYLE)) + tag("body", body), lang=words.language.code)
    return HTMLResponse(DOCTYPE + page, status, headers=GUARDS)


def script_answer(request: Request, text: str) -> Response:
    """Packed where the browser takes it: Streamlit's server packs pages alone."""
    body, mark = text.encode(), f'"{sha256(text.encode()).hexdigest()[:16]}"'
    headers = {"cache-control": "no-cache", "vary": "accept-encoding", "etag": mark}
    if request.headers.get("if-none-match", "").removeprefix("W/") == mark:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["content-encoding"] = gzip.compress(body, mtime=0), "gzip"
    return Response(body, media_type="text/javascript", headers=headers)


async def script(request: Request) -> Response:
    return script_answer(request, (HERE / "small.js").read_text(encoding="utf-8"))
