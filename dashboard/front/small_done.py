"""``/done``: today's foot work, outcome in one tap by a plain form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import context
from dashboard.front.small_away import SHELL, done_frame
from dashboard.front.small_page import SmallVisit, another_runner, outcome, refused, visit_of
from dashboard.markup import concat, tag
from dashboard.plain_page import form_of, hidden
from rules.facts.answers import SkipReason
from sync.wire.commands import AnswerCard, LogSession, new_id
from sync.wire.footwork import PrescriptionView, StrengthView
from sync.wire.pages import Today

PATH = "/done"
STATES = (("done", "done"), ("partial", "partly"))
"""What is sent, and the word on its button."""


def page(visit: SmallVisit) -> Response:
    words, today = visit.words, visit.client.today()
    shown = concat(_card(visit, one) for one in _due(today)) or tag("p", today.says, "n")
    shown += _strength(visit, today.strength) if today.strength is not None else ""
    cards = tag("div", shown, id="work")
    links = tag(
        "nav", tag("a", words.say("small.to_today"), href="./") + tag("a", words.say("log.title"), href="./log")
    )
    return visit.page(PATH, words.say("small.done_title"), cards + links)


def _due(today: Today) -> list[PrescriptionView]:
    return [*today.work, *([today.primer] if today.primer is not None else [])]


def _card(visit: SmallVisit, work: PrescriptionView) -> Markup:
    told = work.session.state if work.session is not None else None
    return _section(visit, work.prescription_id, work.title, work.minutes, told, STATES)


def _strength(visit: SmallVisit, card: StrengthView) -> Markup:
    """It is done or skipped; there is no half of it."""
    return _section(visit, card.card_id, card.title, card.minutes, card.told, STATES[:1])


def _section(
    visit: SmallVisit, name: str, title: str, minutes: float, state: str | None, states: Sequence[tuple[str, str]]
) -> Markup:
    """One piece of foot work, or the strength card: ``state`` is what was said of it, ``states`` what may be."""
    words = visit.words
    head = tag("h2", title) + tag("p", words.say("work.minutes", minutes=words.minutes(minutes)), "q")
    if state is not None:
        return tag("section", head + tag("p", words.name("session", state)), "w")
    told = {"runner": visit.athlete.id, "work": name, "entry": new_id(), "command": new_id()}
    fields = concat(hidden(key, value) for key, value in told.items())
    taps = concat(
        tag("button", words.say(f"work.{says}"), type="submit", name="state", value=value, data_shown=title)
        for value, says in states
    )
    reasons = concat(
        tag(
            "button",
            words.name("skip", reason),
            type="submit",
            name="state",
            value=f"skipped:{reason}",
            data_shown=title,
        )
        for reason in SkipReason
    )
    skip = tag("details", tag("summary", words.say("work.skip")) + tag("div", reasons, "k"))
    return tag(
        "section", head + tag("form", fields + tag("div", taps, "k") + skip, method="post", action=f".{PATH}"), "w"
    )


def store(visit: SmallVisit, given: dict[str, str], request: Request) -> Response:
    words = visit.words
    state, _, reason = given.get("state", "").partition(":")
    today = visit.client.today()
    told = next((one for one in _due(today) if one.prescription_id == given.get("work")), None)
    try:
        ids = str(UUID(given.get("entry", ""))), str(UUID(given.get("command", "")))
        why = SkipReason(reason) if reason else None
    except ValueError:
        return refused(request, words.say("small.not_understood"), 422)
    card = today.strength
    if card is not None and card.card_id == given.get("work") and state in ("done", "skipped"):
        return _store_strength(visit, given, request, card, why, ids[1])
    if not given.get("work") or state not in ("done", "partial", "skipped"):
        return refused(request, words.say("small.not_understood"), 422)
    if told is not None and told.session is not None:
        if told.session.session_id == ids[0] and told.session.state == state:
            return outcome(request, visit.client.send(_command(visit, given, told, state, why, ids)), f".{PATH}")
        return refused(request, words.say("small.other_values"), 409)
    return outcome(request, visit.client.send(_command(visit, given, told, state, why, ids)), f".{PATH}")


def _store_strength(
    visit: SmallVisit, given: dict[str, str], request: Request, card: StrengthView, why: SkipReason | None, name: str
) -> Response:
    said = f"skipped:{why}" if why is not None else "done"
    if card.told is not None and card.told != said.partition(":")[0]:
        return refused(request, visit.words.say("small.other_values"), 409)
    told = AnswerCard(
        command_id=name, athlete=visit.athlete.id, typed_utc=visit.tapped_at(given), card_id=card.card_id, answer=said
    )
    return outcome(request, visit.client.send(told), f".{PATH}")


def _command(
    visit: SmallVisit,
    given: dict[str, str],
    work: PrescriptionView | None,
    state: str,
    why: SkipReason | None,
    ids: tuple[str, str],
) -> LogSession:
    """``work`` is None for a tap that waited until another day had its own: the store knows that work, or refuses."""
    share = {"done": 1.0, "partial": 0.5}.get(state)
    minutes = work.minutes * share if work is not None and share else None
    at_utc = visit.tapped_at(given)
    return LogSession(
        command_id=ids[1], athlete=visit.athlete.id, typed_utc=at_utc, session_id=ids[0],
        prescription_id=given["work"], state=state, at_utc=at_utc,  # type: ignore[arg-type]
        minutes=minutes, reason=why,
    )  # fmt: skip


def routes(now: Callable[[], datetime] = context.now_utc) -> list[Route]:
    async def done(request: Request) -> Response:
        given = await form_of(request) if request.method == "POST" else {}
        visit = visit_of(request, (given or {}).get("runner"), now)
        if request.method != "POST" and visit is not None and SHELL in request.query_params:
            return done_frame(visit.words, PATH)
        if request.method != "POST":
            return await run_in_threadpool(page, visit) if visit is not None else RedirectResponse("./", 303)
        if given is None or visit is None:
            return another_runner(request)
        return await run_in_threadpool(store, visit, given, request)

    return [Route(PATH, done, methods=["GET", "POST"])]
