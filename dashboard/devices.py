"""Where a runner is signed in, and their password: devices can be signed out one by one, or all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import context
from dashboard.auth import DEVICES, HOUSEHOLD, SIGN_OUT, cookies_of, shown_token, vault_of, visible
from dashboard.format import Words
from dashboard.login import Tries, says_wait
from dashboard.markup import NOTHING, concat, tag
from dashboard.plain_page import form_of, hidden, not_a_form, plain_page, refusal, text_field
from dashboard.session_cookie import signed_in
from sync.errors import PersonMustAct
from sync.service.messages import error_text
from sync.settings import passwords
from sync.settings.config import Athlete, Config
from sync.settings.paths import DataDir
from sync.settings.sessions import Session, SessionBook, session_id


@dataclass(frozen=True, slots=True)
class DevicesVisit:
    """One visit of a runner who is signed in."""

    look: Markup
    config: Config
    home: DataDir
    athlete: Athlete
    token: str

    @property
    def words(self) -> Words:
        return context.words_of(self.athlete)

    @property
    def book(self) -> SessionBook:
        return SessionBook.of(vault_of(self.config, self.home))

    def page(self, now_utc: datetime, says: str = "", *, status: int = 200) -> Response:
        words = self.words
        rows = concat(self._row(one, now_utc) for one in self.book.devices(self.athlete.id, now_utc))
        everywhere = hidden("everywhere", "1") + tag(
            "button", words.say("devices.everywhere"), "ss-second", type="submit"
        )
        change = (
            text_field(words.say("devices.old"), "password", "password", autocomplete="current-password")
            + text_field(
                words.say("set_up.password", n=passwords.SHORTEST),
                "new",
                "password",
                autocomplete="new-password",
                minlength=str(passwords.SHORTEST),
            )
            + refusal(says)
            + tag("button", words.say("devices.change"), type="submit")
        )
        admin = self.athlete in self.config.admins
        inside = (
            tag("h1", words.say("devices.title", name=self.athlete.name), "ss-page")
            + tag("a", words.say("devices.back"), href="./")
            + (tag("a", words.say("household.title"), href=f".{HOUSEHOLD}") if admin else NOTHING)
            + tag("ul", rows)
            + tag("form", everywhere, method="post", action=f".{SIGN_OUT}")
            + tag("h2", words.say("devices.password"))
            + tag("p", words.say("devices.password_lead"))
            + tag("form", change, method="post", action=f".{DEVICES}")
        )
        return plain_page(self.look, words, inside, status=status, script=True)

    def _row(self, one: Session, now_utc: datetime) -> Markup:
        words, here = self.words, one.id == session_id(self.token)
        name = one.device or words.say("devices.unknown")
        today = self._day(now_utc)
        began, seen = (words.near(self._day(at), today) for at in (one.began_utc, one.seen_utc))
        line = words.say("devices.since", began=began, seen=seen)
        end = hidden("end", one.id) + tag("button", words.say("devices.end"), "ss-second", type="submit")
        ending = words.say("devices.here") if here else tag("form", end, method="post", action=f".{DEVICES}")
        return tag("li", tag("p", tag("b", name)) + tag("p", line) + ending)

    def _day(self, at_utc: datetime) -> date:
        return at_utc.replace(tzinfo=UTC).astimezone(self.athlete.zone).date()

    def act(self, given: dict[str, str], tries: Tries, now_utc: datetime, request: Request) -> Response:
        if "end" in given:
            self.book.end_one(self.athlete.id, given["end"])
            return RedirectResponse(f".{DEVICES}", 303)
        if wait := tries.wait(self.athlete.id, now_utc):
            says = says_wait(self.words, wait)
            return self.page(now_utc, says, status=429)
        if not passwords.fits(self.book.vault, self.athlete.id, given.get("password", "")):
            return self.page(now_utc, self.words.say("devices.wrong"), status=403)
        tries.right(self.athlete.id)
        try:
            passwords.put(self.book.vault, self.athlete.id, given.get("new", ""))
        except PersonMustAct as error:
            return self.page(now_utc, error_text(error, self.words.language), status=403)
        # The new password has ended every session; this device begins another.
        return signed_in(self.book, self.athlete.id, now_utc, request, f".{DEVICES}")


def routes(look: Markup, *, now: Callable[[], datetime] = context.now_utc) -> list[Route]:
    tries = Tries()

    async def devices(request: Request) -> Response:
        config, home = context.settings()
        cookies = cookies_of(request.scope)
        token = shown_token(config, cookies)
        if not config.dashboard.sign_in or token is None:
            return RedirectResponse("./", 303)
        (athlete,) = visible(config, home, cookies, now())  # the guard has let nobody else come here
        visit = DevicesVisit(look, config, home, athlete, token)
        if request.method != "POST":
            return await run_in_threadpool(visit.page, now())
        given = await form_of(request)
        if given is None:
            return not_a_form(visit.words)
        return await run_in_threadpool(visit.act, given, tries, now(), request)

    return [Route(DEVICES, devices, methods=["GET", "POST"])]
