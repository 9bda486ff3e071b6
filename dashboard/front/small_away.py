"""What a browser keeps of ``/log`` and ``/done`` over HTTPS to open them while the server is away: frames without a
person, and the worker that shows them. The words are those of whoever was signed in; a sign-out clears it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard import context
from dashboard.format import Words
from dashboard.front.small_page import framed, script_answer, visit_of
from dashboard.markup import concat, tag
from dashboard.plain_page import hidden

HERE = Path(__file__).parent
WORKER, SCRIPT = "/small-worker.js", "/small-away.js"
SHELL = "shell"
"""The word in the address that asks for the frame alone."""


def log_frame(words: Words, path: str) -> Response:
    kinds = [("what", kind, words.name("what", kind)) for kind in ("stiffness", "soreness")]
    days = [("day", day, words.say(f"day.{day}")) for day in ("today", "yesterday")]
    fields = concat(hidden(name, "") for name in ("runner", "entry", "command", "what", "day"))
    scores = concat(
        tag("button", str(score), type="submit", name="score", value=str(score), data_shown=str(score))
        for score in range(11)
    )
    asks = concat(
        tag("h2", words.say(says), data_for=kind)
        for kind, says in (("stiffness", "strip.question"), ("soreness", "log.how_soreness"))
    )
    ends = concat(
        tag("div", tag("span", words.say(f"log.low_{kind}")) + tag("span", words.say(f"log.high_{kind}")), "e q",
            data_for=kind)
        for _, kind, _ in kinds
    )  # fmt: skip
    form = tag("form", fields + tag("div", scores, "s") + ends, method="post", action=f".{path}", data_blank="1")
    inside = _choices(path, days) + _choices(path, kinds) + asks + form + _onward(words, "./done", "small.done_title")
    return _frame(words, path, words.say("nav.log"), inside)


def done_frame(words: Words, path: str) -> Response:
    work = tag("div", tag("p", words.say("small.away_work"), "n"), id="work")
    return _frame(words, path, words.say("small.done_title"), work + _onward(words, "./log", "log.title"))


def _frame(words: Words, path: str, title: str, inside: Markup) -> Response:
    told = tag("p", words.say("small.away"), "q", id="away")
    told += Markup('<p id="nobody" class="n" hidden>{}</p>').format(words.say("small.away_nobody"))
    return framed(words, path, title, told + inside, None, first_script=SCRIPT)


def _choices(path: str, links: list[tuple[str, str, str]]) -> Markup:
    return tag(
        "nav", concat(tag("a", says, href=f".{path}", data_sets=f"{name}:{value}") for name, value, says in links)
    )


def _onward(words: Words, href: str, says: str) -> Markup:
    return tag("nav", tag("a", words.say(says), href=href))


def routes(
    frames: dict[str, Callable[[Words, str], Response]], now: Callable[[], datetime] = context.now_utc
) -> list[Route]:
    """``frames``: how each page's frame is made, by its path. A change in any of them is a new version."""

    async def worker(request: Request) -> Response:
        visit = visit_of(request, None, now)
        if visit is None:
            return Response(status_code=401)
        parts = [frame(visit.words, path).body for path, frame in frames.items()]
        parts += [(HERE / name).read_bytes() for name in ("small.js", "small-away.js")]
        version = sha256(b"".join(bytes(part) for part in parts)).hexdigest()[:12]
        text = (HERE / "small-worker.js").read_text(encoding="utf-8").replace("@VERSION@", version)
        return script_answer(request, text)

    async def away(request: Request) -> Response:
        return script_answer(request, (HERE / "small-away.js").read_text(encoding="utf-8"))

    return [Route(WORKER, worker), Route(SCRIPT, away)]
