"""A first password on a page that nobody signs in to: from then on everyone here does, and more can be set.

Only such a page offers it, and it listens on this machine alone. Where the administrator has a password already, it is
asked for and not replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import context
from dashboard.auth import vault_of
from dashboard.login import Tries, says_wait
from dashboard.markup import tag
from dashboard.plain_page import form_of, not_a_form, plain_page, refusal, text_field
from dashboard.session_cookie import signed_in
from sync.errors import PersonMustAct, SpringstepError
from sync.service.client import Client
from sync.service.messages import error_text
from sync.settings import passwords
from sync.settings.config import Config
from sync.settings.paths import DataDir
from sync.settings.sessions import SessionBook
from sync.wire.settings import SettingsPage, SettingsQuestion

FIRST_PASSWORD = "/first-password"


def routes(look: Markup, *, now: Callable[[], datetime] = context.now_utc) -> list[Route]:
    tries = Tries()

    async def first_password(request: Request) -> Response:
        config, home = context.settings()
        if config.dashboard.sign_in:
            return RedirectResponse("./", 303)
        if request.method != "POST":
            return await run_in_threadpool(_page, look, config, home)
        given = await form_of(request)
        if given is None:
            return not_a_form(context.words_of(config.first))
        return await run_in_threadpool(_protect, look, config, home, given.get("password", ""), tries, now(), request)

    return [Route(FIRST_PASSWORD, first_password, methods=["GET", "POST"])]


def _page(look: Markup, config: Config, home: DataDir, says: str = "", *, status: int = 200) -> Response:
    words = context.words_of(config.first)
    known = passwords.is_set(vault_of(config, home), config.first.id)
    label = words.say("protect.known" if known else "protect.new", n=passwords.SHORTEST)
    complete = "current-password" if known else "new-password"
    fields = text_field(label, "password", "password", autocomplete=complete) + refusal(says)
    inside = (
        tag("h1", words.say("protect.title"), "ss-page")
        + tag("p", words.say("protect.lead", name=config.first.name))
        + tag("form", fields + tag("button", words.say("protect.do"), type="submit"), method="post",
              action=f".{FIRST_PASSWORD}")
        + tag("a", words.say("link.back"), href="./sources")
    )  # fmt: skip
    return plain_page(look, words, inside, status=status)


def _protect(
    look: Markup, config: Config, home: DataDir, password: str, tries: Tries, now_utc: datetime, request: Request
) -> Response:
    words, vault, first = context.words_of(config.first), vault_of(config, home), config.first.id
    if wait := tries.wait(first, now_utc):
        return _page(look, config, home, says_wait(words, wait), status=429)
    try:
        if not passwords.is_set(vault, first):
            passwords.put(vault, first, password)
        elif not passwords.fits(vault, first, password):
            return _page(look, config, home, words.say("protect.wrong"), status=403)
        client = Client(home, athlete=first, now=context.now_utc, config=config)
        client.call(SettingsPage, "protect", SettingsQuestion(athlete=first))
    except SpringstepError as error:
        status = 403 if isinstance(error, PersonMustAct) else 409
        return _page(look, config, home, error_text(error, words.language), status=status)
    tries.right(first)
    return signed_in(SessionBook.of(vault), first, now_utc, request, "./sources")
