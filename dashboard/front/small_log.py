"""``/log``: how stiff or sore, in two taps, stored by a plain form; the full diary is another page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import context
from dashboard.format import said_score
from dashboard.front.small_away import SHELL, log_frame
from dashboard.front.small_page import SmallVisit, another_runner, day_chip, outcome, refused, visit_of
from dashboard.markup import concat, tag
from dashboard.plain_page import form_of, hidden
from rules.facts.answers import Place, Side, When
from sync.wire.commands import LogScore, new_id
from sync.wire.footwork import EntryView

PATH = "/log"
DIARY = "/diary"
KINDS = ("stiffness", "soreness")


@dataclass(frozen=True, slots=True)
class Filled:
    """What the address or the taps so far have filled in."""

    what: str = "stiffness"
    score: int | None = None
    place: str | None = None
    side: str | None = None
    when: str | None = None
    day: str = "today"

    @classmethod
    def of(cls, given: dict[str, str]) -> Filled:
        """What makes sense of it; the rest is left out."""
        known = {"where": Place, "side": Side, "when": When}
        found = {
            name: given[name] if given.get(name) in {str(one) for one in kind} else None for name, kind in known.items()
        }
        return cls(
            given["what"] if given.get("what") in KINDS else "stiffness",
            said_score(given.get("score", "")),
            found["where"], found["side"], found["when"],
            "yesterday" if given.get("day") == "yesterday" else "today",
        )  # fmt: skip

    def address(self, **other: str) -> str:
        told = {
            "what": self.what,
            "score": self.score,
            "where": self.place,
            "side": self.side,
            "when": self.when,
            "day": self.day,
        }
        asked = {name: value for name, value in {**told, **other}.items() if value not in (None, "stiffness", "today")}
        return f".{PATH}?{urlencode(asked)}" if asked else f".{PATH}"


def page(visit: SmallVisit, filled: Filled) -> Response:
    words = visit.words
    asks = {kind: words.say("strip.question" if kind == "stiffness" else "log.how_soreness") for kind in KINDS}
    kinds = concat(
        _chip(filled, "what", kind, words.name("what", kind), kind == filled.what, data_asks=asks[kind])
        for kind in KINDS
    )
    days = concat(
        _chip(filled, "day", day, day_chip(words, day), day == filled.day) for day in ("today", "yesterday")
    ) + tag("a", words.say("small.other_day"), href=f".{DIARY}")
    ends = concat(
        tag(
            "div",
            tag("span", words.say(f"log.low_{kind}")) + tag("span", words.say(f"log.high_{kind}")),
            "e q",
            data_for=kind,
            hidden="" if kind == filled.what else "hidden",
        )
        for kind in KINDS
    )
    fields = _fields(visit, filled, new_id())
    scores = concat(_button(str(score), "score", score, words.name("what", filled.what)) for score in range(11))
    form = tag("form", fields + tag("div", scores, "s") + ends, method="post", action=f".{PATH}")
    if filled.score is not None:
        place = words.name("place", filled.place) if filled.place else ""
        says = tag("p", words.join([f"{filled.score}/10", place]))
        save = tag(
            "button",
            words.say("log.store", score=filled.score),
            "m",
            type="submit",
            name="score",
            value=str(filled.score),
        )
        form = tag("form", _fields(visit, filled, new_id()) + says + save, "n", method="post", action=f".{PATH}") + form
    return visit.page(PATH, asks[filled.what], tag("nav", days) + tag("nav", kinds) + form + _onward(visit))


def after(visit: SmallVisit, entry: EntryView) -> Response:
    """What was logged, and the second tap: where."""
    words = visit.words
    told = [str(entry.score), words.name("place", entry.place) if entry.place else ""]
    line = words.say(
        "small.logged",
        time=words.time(entry.at_local),
        what=words.join(told),
        day=words.near(entry.day, visit.local(visit.now_utc).date()),
    )
    links = tag("a", words.say("log.edit"), href=f".{DIARY}?{urlencode({'entry': entry.entry_id})}") + tag(
        "a", words.say("strip.another"), href=f".{PATH}"
    )
    filled = Filled(entry.what, entry.score, entry.place, entry.side, entry.when)
    fields = _fields(visit, filled, entry.entry_id) + hidden("score", str(entry.score))
    fields += hidden("at_utc", entry.at_utc.isoformat())
    places = concat(_button(words.name("place", place), "where", str(place), str(entry.score)) for place in Place)
    form = tag("form", fields + tag("div", places, "k"), method="post", action=f".{PATH}")
    inside = tag("div", links, "k") + tag("h2", words.say("strip.where")) + form + _onward(visit)
    return visit.page(PATH, line, inside)


def store(visit: SmallVisit, given: dict[str, str], request: Request) -> Response:
    filled, words = Filled.of(given), visit.words
    entry_id, command_id = _uuid(given.get("entry")), _uuid(given.get("command"))
    if filled.score is None or entry_id is None or command_id is None:
        return refused(request, words.say("small.not_understood"), 422)
    tapped = visit.tapped_at(given)
    at = tapped - timedelta(days=1 if filled.day == "yesterday" else 0)
    if given.get("at_utc"):
        at = _instant(given["at_utc"], visit.now_utc) or at
    command = LogScore(
        command_id=command_id, athlete=visit.athlete.id, typed_utc=tapped, entry_id=entry_id,
        what="soreness" if filled.what == "soreness" else "stiffness", score=filled.score, at_utc=at,
        place=Place(filled.place) if filled.place else None, side=Side(filled.side) if filled.side else None,
        when=When(filled.when) if filled.when else None,
    )  # fmt: skip
    receipt = visit.client.send(command)
    if receipt.again:
        there = entry_of(visit, entry_id, visit.local(at).date())
        if there is None or (there.what, there.score) != (command.what, command.score):
            return refused(request, words.say("small.other_values"), 409)
    onward = f".{PATH}?{urlencode({'logged': entry_id, 'on': visit.local(at).date().isoformat()})}"
    return outcome(request, receipt, onward)


def entry_of(visit: SmallVisit, entry_id: str, day: date) -> EntryView | None:
    found = visit.client.diary(day - timedelta(days=1), day + timedelta(days=1)).entries
    return next((one for one in found if one.entry_id == entry_id), None)


def routes(now: Callable[[], datetime] = context.now_utc) -> list[Route]:
    async def log(request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.keys() & {"entry", "check", "wrong"}:
            return RedirectResponse(f".{DIARY}?{urlencode(asked)}", 307)
        if request.method != "POST":
            visit = visit_of(request, None, now)
            if visit is None:
                return RedirectResponse("./", 303)
            if SHELL in asked:
                return log_frame(visit.words, PATH)
            return await run_in_threadpool(_shown, visit, asked)
        given = await form_of(request)
        visit = visit_of(request, (given or {}).get("runner"), now)
        if given is None or visit is None:
            return another_runner(request)
        return await run_in_threadpool(store, visit, given, request)

    return [Route(PATH, log, methods=["GET", "POST"])]


def _shown(visit: SmallVisit, asked: dict[str, str]) -> Response:
    logged, on = _uuid(asked.get("logged")), _day(asked.get("on"))
    entry = entry_of(visit, logged, on) if logged and on else None
    if entry is not None:
        return after(visit, entry)
    filled = Filled.of(asked)
    return page(visit, filled)


def _fields(visit: SmallVisit, filled: Filled, entry_id: str) -> Markup:
    told = {
        "runner": visit.athlete.id, "entry": entry_id, "command": new_id(), "what": filled.what, "day": filled.day,
        "where": filled.place, "side": filled.side, "when": filled.when,
    }  # fmt: skip
    return concat(hidden(name, value) for name, value in told.items() if value is not None)


def _button(says: str, name: str, value: object, of: str) -> Markup:
    return tag("button", says, type="submit", name=name, value=str(value), data_shown=f"{of} {says}")


def _chip(filled: Filled, name: str, value: str, says: str, here: bool, **more: str) -> Markup:
    """A choice: a link, which the script takes up in the page."""
    now = {"aria_current": "true"} if here else {}
    return tag("a", says, href=filled.address(**{name: value}), data_sets=f"{name}:{value}", **now, **more)


def _onward(visit: SmallVisit) -> Markup:
    words = visit.words
    links = [
        ("./", words.say("small.to_today")),
        ("./done", words.say("small.done_title")),
        (f".{DIARY}", words.say("small.to_diary")),
    ]
    return tag("p", words.say("small.offline"), "q") + tag("nav", concat(tag("a", says, href=to) for to, says in links))


def _uuid(text: str | None) -> str | None:
    try:
        return str(UUID(text or ""))
    except ValueError:
        return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _instant(text: str, now_utc: datetime) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is None and at <= now_utc else None
