"""Who lives here, for its administrators: inviting a runner, a new password for one who has forgotten theirs, and
removing one, which is asked twice.

An invitation and a reset are a link that counts once, shown once; the code in it stands after ``#``.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import context
from dashboard.auth import HOUSEHOLD, JOIN, cookies_of, vault_of, visible
from dashboard.first_visit import qr_svg
from dashboard.format import Words
from dashboard.front.first_password import FIRST_PASSWORD
from dashboard.markup import NOTHING, concat, tag
from dashboard.plain_page import form_of, hidden, not_a_form, plain_page, refusal, text_field
from sync.errors import PersonMustAct, SpringstepError
from sync.service.client import Client
from sync.service.messages import error_text
from sync.settings import passwords
from sync.settings.config import Athlete, Config
from sync.settings.one_time_codes import CODE_LASTS, CodeBook, Purpose
from sync.settings.paths import DataDir
from sync.settings.sessions import SessionBook
from sync.wire.settings import HouseholdAct, HouseholdAnswer, HouseholdChange

ASKED = ("once", "twice")
"""The questions before a runner is removed."""


@dataclass(frozen=True, slots=True)
class HouseholdVisit:
    look: Markup
    config: Config
    home: DataDir
    admin: Athlete

    @property
    def words(self) -> Words:
        return context.words_of(self.admin)

    def page(self, now_utc: datetime, shown: Markup = NOTHING, says: str = "", *, status: int = 200) -> Response:
        words = self.words
        new = (
            text_field(words.say("household.name"), "name", maxlength="60", autocomplete="off")
            + refusal(says)
            + tag("button", words.say("household.add"), type="submit")
        )
        inside = (
            tag("h1", words.say("household.title"), "ss-page")
            + tag("a", words.say("devices.back"), href="./")
            + shown
            + tag("ul", concat(self._row(one, now_utc) for one in self.config.athletes))
            + self._removed()
            + tag("h2", words.say("household.new"))
            + tag("form", new, method="post", action=f".{HOUSEHOLD}")
        )
        return plain_page(self.look, words, inside, status=status, script=True)

    def _row(self, one: Athlete, now_utc: datetime) -> Markup:
        words = self.words
        role = words.say("household.admin") if one in self.config.admins else ""
        purpose, state = self._state(one, now_utc)
        button = hidden(purpose, one.id) + tag("button", words.say(f"household.{purpose}"), "ss-second", type="submit")
        # One's own password is changed with the old one; nobody locks themselves out here.
        act = NOTHING if one == self.admin else self._form(button)
        # The runner of [athlete] is the administrator who is always there.
        if one not in (self.admin, self.config.first):
            leave = hidden("remove", one.id) + tag("button", words.say("household.remove"), "ss-second", type="submit")
            act += self._form(leave)
        return tag("li", tag("p", tag("b", one.name) + (f" · {role}" if role else "")) + tag("p", state) + act)

    def _form(self, inside: Markup) -> Markup:
        return tag("form", inside, method="post", action=f".{HOUSEHOLD}")

    def _removed(self) -> Markup:
        """Those who were removed, and the way back."""
        words = self.words
        rows = [
            tag("p", tag("b", one.name))
            + tag("p", words.say("household.removed", name=one.name))
            + self._form(
                hidden("bring_back", one.id)
                + tag("button", words.say("household.bring_back"), "ss-second", type="submit")
            )
            for one in self.config.removed
        ]
        if not rows:
            return NOTHING
        return tag("h2", words.say("household.were_removed")) + tag("ul", concat(tag("li", row) for row in rows))

    def _state(self, one: Athlete, now_utc: datetime) -> tuple[Purpose, str]:
        vault, codes, words = vault_of(self.config, self.home), CodeBook.of(self.home), self.words
        if has_password(self.config, self.home, one):
            count = len(SessionBook.of(vault).devices(one.id, now_utc))
            return "reset", words.say("household.devices", n=count)
        open_link = codes.counts("invite", one.id, now_utc) or codes.counts("reset", one.id, now_utc)
        return "invite", words.say("household.invited" if open_link else "household.without")

    def act(self, given: dict[str, str], now_utc: datetime, base: str) -> Response:
        """A link for the runner that the form names; what of theirs is open elsewhere ends with a reset."""
        if "name" in given:
            return self._add(given["name"], now_utc, base)
        if "bring_back" in given:
            return self._bring_back(given["bring_back"], now_utc, base)
        if "remove" in given:
            return self._remove(given["remove"], given.get("sure", ""), now_utc)
        purpose: Purpose = "reset" if "reset" in given else "invite"
        athlete = next((one for one in self.config.athletes if one.id == given.get(purpose)), None)
        if athlete is None or athlete == self.admin:
            return RedirectResponse(f".{HOUSEHOLD}", 303)
        if purpose == "invite" and has_password(self.config, self.home, athlete):
            return RedirectResponse(f".{HOUSEHOLD}", 303)
        if purpose == "reset":
            passwords.remove(vault_of(self.config, self.home), athlete.id)
        return self._with_link(purpose, athlete, now_utc, base)

    def _add(self, name: str, now_utc: datetime, base: str) -> Response:
        """The daemon writes the new runner into the config; then they are invited as the others are."""
        try:
            added = self._change("add", name)
        except SpringstepError as error:
            return self._refused(error, now_utc)
        config, _home = context.settings()
        return replace(self, config=config)._with_link("invite", config.athlete(added), now_utc, base)

    def _bring_back(self, runner: str, now_utc: datetime, base: str) -> Response:
        """Back as they were, with an invitation: their password went when they were removed."""
        if runner not in {one.id for one in self.config.removed}:
            return RedirectResponse(f".{HOUSEHOLD}", 303)
        try:
            self._change("bring_back", runner)
        except SpringstepError as error:
            return self._refused(error, now_utc)
        config, _home = context.settings()
        return replace(self, config=config)._with_link("invite", config.athlete(runner), now_utc, base)

    def _remove(self, runner: str, sure: str, now_utc: datetime) -> Response:
        """Asked twice; ``sure`` is which of the questions was answered with yes."""
        athlete = next((one for one in self.config.athletes if one.id == runner), None)
        if athlete is None or athlete == self.admin:
            return RedirectResponse(f".{HOUSEHOLD}", 303)
        if athlete == self.config.first:
            return self._refused(PersonMustAct("settings.last_administrator", name=athlete.name), now_utc)
        if sure != ASKED[-1]:
            return self._question(athlete, ASKED[ASKED.index(sure) + 1 if sure in ASKED else 0])
        try:
            self._change("remove", athlete.id)
        except SpringstepError as error:
            return self._refused(error, now_utc)
        return RedirectResponse(f".{HOUSEHOLD}", 303)

    def _question(self, athlete: Athlete, sure: str) -> Response:
        words = self.words
        yes = (
            hidden("remove", athlete.id)
            + hidden("sure", sure)
            + tag("button", words.say(f"household.yes_{sure}", name=athlete.name), type="submit")
        )
        inside = (
            tag("h1", words.say("household.title"), "ss-page")
            + tag("p", words.say(f"household.sure_{sure}", name=athlete.name), "ss-lead")
            + self._form(yes)
            + tag("a", words.say("household.no"), href=f".{HOUSEHOLD}")
        )
        return plain_page(self.look, words, inside, script=True)

    def _change(self, act: HouseholdAct, name: str) -> str:
        """By the daemon, which alone writes the config; gives the runner's id."""
        client = Client(self.home, athlete=self.admin.id, now=context.now_utc, config=self.config)
        change = HouseholdChange(athlete=self.admin.id, act=act, name=name)
        return client.call(HouseholdAnswer, "household", change).athlete

    def _refused(self, error: SpringstepError, now_utc: datetime) -> Response:
        return self.page(now_utc, says=error_text(error, self.words.language), status=409)

    def _with_link(self, purpose: Purpose, athlete: Athlete, now_utc: datetime, base: str) -> Response:
        code = CodeBook.of(self.home).make(purpose, athlete.id, now_utc)
        link = f"{base}{JOIN}#{code}"
        picture = Markup('<img class="ss-qr" alt="" src="data:image/svg+xml;base64,{}">').format(
            b64encode(qr_svg(link)).decode()
        )
        days = CODE_LASTS[purpose].days
        told = self.words.say(f"household.link_{purpose}", name=athlete.name, days=days)
        return self.page(now_utc, tag("section", tag("p", told) + picture + tag("p", link, "ss-link")))


def read_only(look: Markup, config: Config) -> Response:
    """Where nobody signs in, nobody knows who asks: the names, and the way to change that."""
    words = context.words_of(config.first)
    inside = (
        tag("h1", words.say("household.title"), "ss-page")
        + tag("a", words.say("devices.back"), href="./")
        + tag("ul", concat(tag("li", tag("p", one.name)) for one in config.athletes))
        + tag("a", words.say("settings.set_password"), href=f".{FIRST_PASSWORD}")
    )
    return plain_page(look, words, inside)


def has_password(config: Config, home: DataDir, athlete: Athlete) -> bool:
    """One that cannot be read is one: a reset is what mends it."""
    try:
        return passwords.is_set(vault_of(config, home), athlete.id)
    except PersonMustAct:
        return True


def base_of(request: Request) -> str:
    """Under which address the browser shows the page: from its own form's ``Referer``, whose host the guard knows."""
    origin = request.headers.get("origin", "")
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return origin
    if f"{parts.scheme}://{parts.netloc}" != origin:
        return origin
    return origin + parts.path.removesuffix(HOUSEHOLD)


def routes(look: Markup, *, now: Callable[[], datetime] = context.now_utc) -> list[Route]:
    async def household(request: Request) -> Response:
        config, home = context.settings()
        if not config.dashboard.sign_in:
            return read_only(look, config)
        (athlete,) = visible(config, home, cookies_of(request.scope), now())
        visit = HouseholdVisit(look, config, home, athlete)
        if athlete not in config.admins:
            words = visit.words
            inside = tag("p", words.say("household.not_you"), "ss-lead") + tag(
                "a", words.say("devices.back"), href="./"
            )
            return plain_page(look, words, inside, status=403)
        if request.method != "POST":
            return await run_in_threadpool(visit.page, now())
        given = await form_of(request)
        if given is None:
            return not_a_form(visit.words)
        return await run_in_threadpool(visit.act, given, now(), base_of(request))

    return [Route(HOUSEHOLD, household, methods=["GET", "POST"])]
