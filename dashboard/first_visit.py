"""The first browser sets springstep up; runners join or choose a new password. Each needs a code that counts once.

Opening one of these pages changes nothing; the code stands after ``#``, where no server and no log sees it, and only
the button hands it in.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import segno
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import context, hosts
from dashboard.auth import JOIN, SET_UP, SIGN_IN, vault_of
from dashboard.format import Words
from dashboard.login import Tries, says_wait
from dashboard.markup import tag
from dashboard.plain_page import accepted, form_of, not_a_form, plain_page, refusal, text_field
from dashboard.session_cookie import signed_in
from sync.errors import PersonMustAct
from sync.service.messages import error_text
from sync.settings import passwords
from sync.settings.config import Config
from sync.settings.one_time_codes import CodeBook
from sync.settings.paths import DataDir
from sync.settings.sessions import SessionBook
from sync.settings.set_up import set_up_due

QR_OF_THIS = Markup('<div hidden><p>{}</p><img class="ss-qr" data-qr alt=""></div>')
LONGEST_ADDRESS = 300


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """One visit; ``words`` are the browser's language, else the first runner's."""

    look: Markup
    config: Config
    home: DataDir
    accepts: str = ""
    """Which languages the browser wants."""

    @property
    def words(self) -> Words:
        return context.words_for(self.config.first, self.accepts)

    def set_up_page(self, says: str = "", code: str = "", *, status: int = 200) -> Response:
        words = self.words
        if not set_up_due(self.config, vault_of(self.config, self.home)):
            return RedirectResponse(f".{SIGN_IN}", 303)
        inside = (
            tag("h1", words.say("set_up.title"), "ss-page")
            + tag("p", words.say("set_up.lead", name=self.config.first.name))
            + self._form(words.say("set_up.code"), words.say("set_up.do"), SET_UP, says, code)
            + QR_OF_THIS.format(words.say("set_up.phone"))
            + tag("p", words.say("set_up.another"))
            + tag("a", words.say("set_up.known"), href=f".{SIGN_IN}")
        )
        return plain_page(self.look, words, inside, status=status, script=True)

    def join_page(self, says: str = "", code: str = "", *, status: int = 200) -> Response:
        """``code`` is one that is still to be used: a link is not opened a second time for it."""
        words = self.words
        inside = (
            tag("h1", words.say("join.title"), "ss-page")
            + tag("p", words.say("join.lead"))
            + self._form(words.say("join.code"), words.say("join.do"), JOIN, says, code)
            + tag("a", words.say("set_up.known"), href=f".{SIGN_IN}")
        )
        return plain_page(self.look, words, inside, status=status, script=True)

    def _form(self, code: str, do: str, to: str, says: str, typed_code: str) -> Markup:
        words = self.words
        typed = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "value": typed_code}
        fields = (
            text_field(code, "code", **typed)
            + text_field(
                words.say("set_up.password", n=passwords.SHORTEST),
                "password",
                "password",
                autocomplete="new-password",
                minlength=str(passwords.SHORTEST),
            )
            + refusal(says)
            + tag("button", do, type="submit")
        )
        return tag("form", fields, method="post", action=f".{to}")

    def set_up(self, given: dict[str, str], now_utc: datetime, request: Request) -> Response:
        """The first administrator's password, for whoever read the code on springstep's own machine."""
        words, vault = self.words, vault_of(self.config, self.home)
        if not set_up_due(self.config, vault):
            return RedirectResponse(f".{SIGN_IN}", 303)
        if short := self._too_short(given):
            return self.set_up_page(short, given.get("code", ""), status=403)
        first = self.config.first.id
        verdict = CodeBook.of(self.home).use("set-up", first, given.get("code", ""), now_utc)
        if verdict != "fits":
            return self.set_up_page(words.say(f"set_up.{verdict}"), status=403)
        return self._enter(first, given["password"], now_utc, request)

    def join(self, given: dict[str, str], tries: Tries, now_utc: datetime, request: Request) -> Response:
        words, codes = self.words, CodeBook.of(self.home)
        if short := self._too_short(given):
            return self.join_page(short, given.get("code", ""), status=403)
        if wait := tries.wait("", now_utc):
            return self.join_page(says_wait(words, wait), given.get("code", ""), status=429)
        found = codes.find(given.get("code", ""), now_utc)
        known = {one.id for one in self.config.athletes}
        if found is None or found[1] not in known or codes.use(*found, given["code"], now_utc) != "fits":
            return self.join_page(words.say("join.wrong"), status=403)
        tries.right("")
        answer = self._enter(found[1], given["password"], now_utc, request)
        return self._told_of_reset(answer) if found[0] == "reset" else answer

    def _told_of_reset(self, answer: Response) -> Response:
        """Whoever was signed out by an administrator hears so, on the way in."""
        words = self.words
        told = tag("p", words.say("join.reset"), "ss-lead") + tag("a", words.say("join.go_on"), href="./")
        page = plain_page(self.look, words, tag("h1", words.say("join.title"), "ss-page") + told)
        page.raw_headers += [one for one in answer.raw_headers if one[0] == b"set-cookie"]
        return page

    def _too_short(self, given: dict[str, str]) -> str | None:
        """A code is not used up for a password that cannot be."""
        if len(given.get("password", "")) >= passwords.SHORTEST:
            return None
        short = PersonMustAct("settings.password_short", shortest=passwords.SHORTEST)
        return error_text(short, self.words.language)

    def _enter(self, athlete: str, password: str, now_utc: datetime, request: Request) -> Response:
        vault = vault_of(self.config, self.home)
        passwords.put(vault, athlete, password)
        return signed_in(SessionBook.of(vault), athlete, now_utc, request, "./")


def routes(look: Markup, *, now: Callable[[], datetime] = context.now_utc) -> list[Route]:
    tries = Tries()

    async def set_up(request: Request) -> Response:
        visit = FirstVisit(look, *context.settings(), accepted(request))
        if request.method != "POST":
            return await run_in_threadpool(visit.set_up_page)
        given = await form_of(request)
        if given is None:
            return not_a_form(context.words_of(visit.config.first))
        return await run_in_threadpool(visit.set_up, given, now(), request)

    async def join(request: Request) -> Response:
        visit = FirstVisit(look, *context.settings(), accepted(request))
        if not visit.config.dashboard.sign_in:
            return RedirectResponse("./", 303)
        if request.method != "POST":
            return visit.join_page()
        given = await form_of(request)
        if given is None:
            return not_a_form(context.words_of(visit.config.first))
        return await run_in_threadpool(visit.join, given, tries, now(), request)

    return [
        Route(SET_UP, set_up, methods=["GET", "POST"]),
        Route(JOIN, join, methods=["GET", "POST"]),
        Route("/qr.svg", qr_of_address),
    ]


async def qr_of_address(request: Request) -> Response:
    """The address that was asked for as a QR code; no other host's, and nothing after ``?`` or ``#``."""
    of = request.query_params.get("of", "")
    if not _is_an_address_here(of, request.headers.get("host", "")):
        return Response(status_code=400)
    return Response(qr_svg(of), media_type="image/svg+xml", headers={"cache-control": "no-store"})


def _is_an_address_here(of: str, host: str) -> bool:
    try:
        parts = urlsplit(of)
    except ValueError:
        return False
    bare = not parts.query and not parts.fragment
    same = hosts.address(parts.netloc) == hosts.address(host)
    return bare and same and parts.scheme in ("http", "https") and len(of) <= LONGEST_ADDRESS


def qr_svg(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=8, border=3, light="#fff", xmldecl=False)
    return out.getvalue()
