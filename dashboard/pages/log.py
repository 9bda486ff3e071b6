"""How do my feet feel? Two taps store it; everything else is optional."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import streamlit as st

from dashboard import csv_export
from dashboard.context import Desk
from dashboard.format import Words, likely_when
from dashboard.markup import tag, text
from dashboard.parts import assess, csv_buttons, flags, foot, receipt, tapmap
from dashboard.parts.st_html import html
from rules.facts import Place, Side, When
from sync.wire import Diary, EntryView, LogScore, RemoveEntry, Today, new_id

SHOWN_DAYS = 28
SHOWN = 10
"""Entries before the rest is asked for."""


@dataclass(slots=True)
class Draft:
    """The entry under the fingers. ``stored`` is False until a tap on this page asked for storing."""

    entry_id: str
    at_utc: datetime
    day: date
    what: str = "stiffness"
    score: int | None = None
    place: str | None = None
    side: str | None = None
    when: str | None = None
    note: str | None = None
    stored: bool = False


def page(desk: Desk) -> None:
    today = desk.ask(desk.client.today)
    first = today.day - timedelta(days=SHOWN_DAYS)
    diary = desk.ask(lambda: desk.client.diary(first, today.day))
    render(desk, today, diary)


def render(desk: Desk, today: Today, diary: Diary) -> None:
    words = desk.words
    draft = _draft(desk, today, diary)
    html(tag("h1", text(words.say("log.title")), "ss-page"))
    flags.stopped(desk, today.stopped)
    with st.container(key="card-log"):
        _editor(desk, draft)
    _else_is_wrong(desk, diary)
    assess.behind(desk, words.say("assess.title"), expanded="check" in st.query_params)
    _list(desk, diary, today.day)


def _draft(desk: Desk, today: Today, diary: Diary) -> Draft:
    """The entry named in the address, or what a link filled in, or a new one."""
    state, params = st.session_state, st.query_params
    named = params.get("entry")
    link = (named, params.get("score"), params.get("where"), params.get("side"), params.get("when"), params.get("what"))
    if "log:draft" in state and state.get("log:link") == link:
        return state["log:draft"]  # type: ignore[no-any-return]
    entry = next((one for one in diary.entries if one.entry_id == named), None)
    draft = from_entry(entry) if entry else new_draft(desk.now_utc(), today)
    if entry is None:
        fill(draft, dict(params))
    state["log:draft"], state["log:link"] = draft, link
    return draft


def new_draft(now_utc: datetime, today: Today) -> Draft:
    return Draft(new_id(), now_utc, today.day, place=today.preset_place, when=likely_when(today.now_local))


def from_entry(entry: EntryView) -> Draft:
    return Draft(
        entry.entry_id,
        entry.at_utc,
        entry.day,
        entry.what,
        entry.score,
        entry.place,
        entry.side,
        entry.when,
        entry.note,
        stored=True,
    )


def fill(draft: Draft, given: dict[str, str]) -> None:
    """Take from a link what makes sense; it stores nothing."""
    score = given.get("score", "")
    if score.isdigit() and int(score) <= 10:
        draft.score = int(score)
    for field, name, known in (("place", "where", Place), ("side", "side", Side), ("when", "when", When)):
        if given.get(name) in {str(one) for one in known}:
            setattr(draft, field, given[name])
    if given.get("what") in ("stiffness", "soreness"):
        draft.what = given["what"]


def _editor(desk: Desk, draft: Draft) -> None:
    words, key = desk.words, f"log:{draft.entry_id}"
    if draft.day != desk.today() or draft.stored:
        html(tag("p", text(words.say("log.about", day=words.day(draft.day))), "ss-quiet"))
    _choice(desk, draft, "what", ["stiffness", "soreness"], required=True)
    st.pills(
        words.say(f"log.how_{draft.what}"),
        range(11),
        default=draft.score,
        key=f"{key}:score",
        width="stretch",
        on_change=_changed,
        args=(desk, draft, "score", f"{key}:score"),
    )
    html(
        tag(
            "div",
            tag("span", text(words.say(f"log.low_{draft.what}")))
            + tag("span", text(words.say(f"log.high_{draft.what}"))),
            "ss-ends",
        )
    )
    receipt.show(desk, desk.receipt("log"))
    with st.container():
        _not_yet(desk, draft)
    tapmap.show(
        foot.svg(words, draft.side, draft.place),
        key=f"feet-{draft.entry_id}",
        on_pick=lambda part: _tapped(desk, draft, part),
    )
    _choice(desk, draft, "place", [str(one) for one in Place])
    _choice(desk, draft, "side", [str(one) for one in Side])
    _choice(desk, draft, "when", [str(one) for one in When])
    st.text_input(
        words.say("log.note"),
        value=draft.note or "",
        max_chars=300,
        key=f"{key}:note",
        on_change=_changed,
        args=(desk, draft, "note", f"{key}:note"),
    )
    if not draft.stored:
        with st.expander(words.say("log.other_day")):
            st.date_input(
                words.say("log.day"),
                value=draft.day,
                max_value=max(draft.day, desk.today()),
                key=f"{key}:day",
                on_change=_moved,
                args=(draft, f"{key}:day"),
            )
    with st.container(horizontal=True, key="log-after"):
        if draft.stored:
            st.button(words.say("log.remove"), key="log:remove", on_click=_remove, args=(desk, draft))
            st.button(words.say("strip.another"), key="log:another", on_click=_fresh, args=(desk,))


def _not_yet(desk: Desk, draft: Draft) -> None:
    """What a link filled in, and the button that stores it."""
    words = desk.words
    if draft.score is not None and not draft.stored:
        says = words.say("log.not_yet", score=draft.score, place=words.name("place", draft.place))
        html(tag("p", text(says), "ss-says"))
        st.button(
            words.say("log.store", score=draft.score),
            key="log:store",
            type="primary",
            width="stretch",
            on_click=_store,
            args=(desk, draft),
        )


def _choice(desk: Desk, draft: Draft, field: str, options: list[str], *, required: bool = False) -> None:
    now = getattr(draft, field)
    # The value stands in the key: a tap on the foot map must move the pills too, and a widget keeps its own state.
    key = f"log:{draft.entry_id}:{field}:{now}"
    st.pills(
        desk.words.say(f"log.{field}"),
        options,
        default=now if now in options else None,
        required=required,
        format_func=lambda value: desk.words.name("moment" if field == "when" else field, value),
        key=key,
        on_change=_changed,
        args=(desk, draft, field, key),
    )


def _changed(desk: Desk, draft: Draft, field: str, key: str) -> None:
    """A score stores at once; once stored, every further tap amends the same entry."""
    value = st.session_state[key]
    setattr(draft, field, value or None if field == "note" else value)
    if draft.score is not None and (draft.stored or field == "score"):
        _store(desk, draft)


def _tapped(desk: Desk, draft: Draft, part: str) -> None:
    draft.side, _, draft.place = part.partition(":")
    if draft.stored:
        _store(desk, draft)


def _moved(draft: Draft, key: str) -> None:
    day: date = st.session_state[key]
    draft.at_utc += day - draft.day
    draft.day = day


def _store(desk: Desk, draft: Draft) -> None:
    assert draft.score is not None
    if not draft.stored and draft.day == desk.today():
        draft.at_utc = desk.now_utc()  # the page may have stood open for hours before the first tap
    sent = desk.send(
        LogScore(
            athlete=desk.athlete.id,
            typed_utc=desk.now_utc(),
            entry_id=draft.entry_id,
            what="soreness" if draft.what == "soreness" else "stiffness",
            score=draft.score,
            at_utc=draft.at_utc,
            place=Place(draft.place) if draft.place else None,
            side=Side(draft.side) if draft.side else None,
            when=When(draft.when) if draft.when else None,
            note=draft.note,
        ),
        about="log",
    )
    draft.stored = sent.refused is None


def _remove(desk: Desk, draft: Draft) -> None:
    desk.send(RemoveEntry(athlete=desk.athlete.id, typed_utc=desk.now_utc(), entry_id=draft.entry_id), about="log")
    said = desk.receipt("log")
    _fresh(desk)
    if said is not None:
        st.session_state["receipt:log"] = said


def _fresh(desk: Desk) -> None:
    st.session_state.pop("log:draft", None)
    desk.forget("log")
    st.query_params.clear()


def _else_is_wrong(desk: Desk, diary: Diary) -> None:
    words = desk.words
    with st.container(key="card-wrong"), st.expander(words.say("flags.title"), expanded="wrong" in st.query_params):
        flags.ask(desk, [(sign.flag, sign.says) for sign in diary.signs])


def _list(desk: Desk, diary: Diary, today: date) -> None:
    words = desk.words
    html(tag("h2", text(words.say("log.past")), "ss-section"))
    if diary.usual is not None:
        html(tag("p", text(words.say("log.usual", usual=words.number(diary.usual, 1))), "ss-quiet"))
    if not diary.entries:
        html(tag("p", text(words.say("log.none")), "ss-says"))
        return
    with st.container(key="card-entries"):
        shown = diary.entries if st.session_state.get("log:all") else diary.entries[:SHOWN]
        for entry in shown:
            with st.container(horizontal=True, key=f"entry-{entry.entry_id}"):
                html(_line(words, entry, today))
                st.page_link(desk.pages["log"], label=words.say("log.edit"), query_params={"entry": entry.entry_id})
        if len(shown) < len(diary.entries):
            st.button(
                words.say("log.all"),
                key="log:more",
                width="stretch",
                on_click=st.session_state.update,
                args=({"log:all": True},),
            )
    csv_buttons.buttons(desk, diary=lambda: csv_export.diary(desk.client.diary(date.min, today).entries))


def _line(words: Words, entry: EntryView, today: date) -> str:
    state = words.say("log.waiting") if entry.waiting else words.say("log.stored")
    parts = [
        words.name("place", entry.place) if entry.place else "",
        words.name("side", entry.side) if entry.side else "",
        words.name("moment", entry.when) if entry.when else "",
    ]
    day = words.near(entry.day, today)
    top = f"<b>{entry.score}</b> {text(words.name('what', entry.what))}, {text(day)} {text(words.time(entry.at_local))}"
    sign = tag("span", "⧗" if entry.waiting else "✓", "ss-sign", title=state, role="img", aria_label=state)
    below = tag("p", text(words.join(parts)), "ss-quiet ss-tight")
    note = tag("p", text(entry.note), "ss-quiet ss-tight") if entry.note else ""
    return tag("div", tag("p", f"{sign} {top}") + below + note, "ss-entry")
