"""The small forms for keys, tokens and codes: sent to the page's own address, handed to the daemon, kept nowhere here.

Streamlit sees none of it: no widget, no session state, no address holds a secret. The guard before it lets only a
signed-in runner in, and only from a page of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard import auth, context
from dashboard.format import Words
from dashboard.front.first_password import FIRST_PASSWORD
from dashboard.front.form_fields import FormTooLarge, form_fields
from dashboard.markup import NOTHING, concat, tag
from dashboard.plain_page import plain_page
from sync.errors import SpringstepError
from sync.service.client import Client
from sync.service.messages import render_error
from sync.service.secret_calls import link
from sync.settings.config import Athlete, Config
from sync.settings.paths import DataDir
from sync.settings.rights import sources_refusal
from sync.wire.sources import LinkAnswer

LINK = "/link-"
BACK, FINISH = "/strava-back", "/strava-finish"
STEPS: Mapping[str, tuple[str, ...]] = {
    "garmin": ("1", "2", "3"),
    "intervals": ("1", "2"),
    "strava": ("1", "2", "3"),
    "calendar": ("1", "2"),
}
PAGES = (*(f"{LINK}{source}" for source in STEPS), BACK, FINISH)
SECRET = Markup('<input type="password" name="{}" autocomplete="off" autocapitalize="off" spellcheck="false" required>')
PLAIN = Markup('<input name="{}" inputmode="numeric" autocomplete="off" required>')
FILES = Markup('<input type="file" name="{}" accept=".json,application/json" multiple required>')
HIDDEN = Markup('<input type="hidden" name="{}" value="{}">')


@dataclass(frozen=True, slots=True)
class Visit:
    """Who stands before a form, and how springstep speaks to them."""

    look: Markup
    config: Config
    home: DataDir
    athlete: Athlete

    @property
    def words(self) -> Words:
        return context.words_of(self.athlete)

    def client(self) -> Client:
        return Client(self.home, athlete=self.athlete.id, now=context.now_utc, config=self.config)


def routes(look: Markup) -> list[Route]:
    """A form for each source; ``look`` is the pages' style sheet."""

    def visit(request: Request) -> Visit | None:
        config, home = context.settings()
        seen = auth.visible(config, home, request.cookies, context.now_utc())
        return Visit(look, config, home, seen[0]) if seen else None

    async def form(request: Request) -> Response:
        here, source = visit(request), request.path_params["source"]
        if here is None or source not in STEPS:
            return Response(status_code=404)
        if sources_refusal(here.config) is not None:
            return _no_sign_in(here, source)
        if request.method != "POST":
            return _form(here, source)
        return await _taken(here, source, request)

    async def back(request: Request) -> Response:
        """Strava sends the browser here. Nothing changes yet: only the button does, from a page of ours."""
        here = visit(request)
        if here is None or sources_refusal(here.config) is not None:
            return Response(status_code=404)
        return _finish_form(here, request.url.query)

    async def finish(request: Request) -> Response:
        here = visit(request)
        if here is None or sources_refusal(here.config) is not None:
            return Response(status_code=404)
        return await _taken(here, "strava", request)

    return [
        Route(BACK, back, methods=["GET"]),
        Route(FINISH, finish, methods=["POST"]),
        Route(LINK + "{source}", form, methods=["GET", "POST"]),
    ]


async def _taken(here: Visit, source: str, request: Request) -> Response:
    """Hands what was typed to the daemon and shows its answer."""
    try:
        given = await form_fields(request)
    except FormTooLarge:
        return _form(here, source, here.words.say("link.too_large"), status=413)
    fields = _request_fields(source, given, request)
    try:
        answer = await run_in_threadpool(link, here.client(), source, fields)
    except SpringstepError as error:
        return _form(here, source, _refused(here, error), status=409)
    return _consent(here, answer) if answer.go_to else _linked(here, source, answer)


def _refused(here: Visit, error: SpringstepError) -> str:
    """What the service or springstep said no to, and what helps: waiting where the error names nothing else."""
    says, do = render_error(error, here.words.language)
    return f"{says} {here.words.say('link.later') if do is None else do}"


def _request_fields(source: str, given: Mapping[str, list[str]], request: Request) -> dict[str, Any]:
    def one(name: str) -> str:
        return (given.get(name) or [""])[0]

    match source:
        case "garmin" if given.get("tokens"):
            return {"token_files": given["tokens"]}
        case "calendar":
            return {"address": one("address")}
        case "strava" if given.get("answer"):
            return {"answer": one("answer")}
        case "strava":
            # As the browser sees it, also below a proxy's path; the guard has compared its origin with the host.
            back = request.headers.get("referer", "").partition("?")[0].rpartition("/")[0] + BACK
            return {"client_id": one("client_id"), "client_secret": one("client_secret"), "back_to": back}
        case _:
            return {"key": one("key")}


def _form(here: Visit, source: str, refused: str = "", *, status: int = 200) -> Response:
    words = here.words
    steps = tag("ol", concat(tag("li", words.say(f"link.{source}_{step}")) for step in STEPS[source]))
    said = tag("p", refused, "ss-receipt ss-refused", role="alert") if refused else NOTHING
    inside = said + tag("p", words.say(f"link.{source}_why", days=here.config.strava.keep_days)) + steps
    match source:
        case "garmin":
            inside += _post(here, source, _field(words, "garmin_key", SECRET.format("key")), "button")
            files = _field(words, "garmin_tokens", FILES.format("tokens"))
            inside += tag("h2", words.say("link.garmin_or")) + tag("p", words.say("link.garmin_or_why"))
            inside += _post(here, source, files, "send_files", multipart=True)
        case "intervals":
            inside += _post(here, source, _field(words, "intervals_key", SECRET.format("key")), "button")
        case "calendar":
            inside += _post(here, source, _field(words, "calendar_address", SECRET.format("address")), "button")
        case "strava":
            fields = _field(words, "strava_id", PLAIN.format("client_id")) + _field(
                words, "strava_secret", SECRET.format("client_secret")
            )
            inside += _post(here, source, fields, "strava_next")
    inside += tag("p", words.say("link.kept"), "ss-quiet") + _back(here)
    return _page(here, source, inside, status=status)


def _post(here: Visit, source: str, fields: Markup, button: str, *, multipart: bool = False) -> Markup:
    kind = "multipart/form-data" if multipart else ""
    inside = fields + tag("button", here.words.say(f"link.{button}"), type="submit")
    action = f".{FINISH if source == 'finish' else LINK + source}"
    return tag("form", inside, method="post", action=action, enctype=kind)


def _field(words: Words, name: str, field: Markup) -> Markup:
    return tag("label", words.say(f"link.field_{name}") + field)


def _back(here: Visit) -> Markup:
    return tag("a", here.words.say("link.back"), href="./sources")


def _linked(here: Visit, source: str, answer: LinkAnswer) -> Response:
    said = concat(tag("p", one) for one in answer.says)
    inside = tag("div", said, "ss-receipt ss-stored", role="status")
    inside += tag("a", here.words.say("link.to_sources"), "ss-button", href="./sources")
    title = here.words.say("link.title_done", source=here.words.name("source", source))
    return plain_page(here.look, here.words, tag("h1", title, "ss-page") + inside)


def _consent(here: Visit, answer: LinkAnswer) -> Response:
    """Where the access is given; what the browser cannot bring back may be pasted."""
    words = here.words
    inside = tag("p", words.say("link.strava_allow")) + tag(
        "a", words.say("link.strava_go"), "ss-button", href=str(answer.go_to), rel="noreferrer"
    )
    inside += tag("h2", words.say("link.strava_or")) + tag("p", words.say("link.strava_or_why"))
    inside += _post(here, "finish", _field(words, "strava_code", SECRET.format("answer")), "button") + _back(here)
    return _page(here, "strava", inside)


def _finish_form(here: Visit, query: str) -> Response:
    words, came = here.words, parse_qs(query)
    if "code" not in came or len(query) > 2_000:
        return _form(here, "strava", words.say("link.strava_not_allowed"), status=409)
    form = _post(here, "finish", HIDDEN.format("answer", f"?{query}"), "button")
    return _page(here, "strava", tag("p", words.say("link.strava_came")) + form + _back(here))


def _no_sign_in(here: Visit, source: str) -> Response:
    words = here.words
    inside = tag("p", words.say("link.needs_sign_in"))
    inside += tag("a", words.say("settings.set_password"), "ss-button", href=f".{FIRST_PASSWORD}") + _back(here)
    return _page(here, source, inside, status=403)


def _page(here: Visit, source: str, inside: Markup, *, status: int = 200) -> Response:
    title = here.words.say("link.title", source=here.words.name("source", source))
    return plain_page(here.look, here.words, tag("h1", title, "ss-page") + inside, status=status)
