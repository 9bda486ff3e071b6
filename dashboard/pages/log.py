"""How do my feet feel? Two taps store it; everything else is optional."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import streamlit as st
from markupsafe import Markup

from dashboard import csv_export, query
from dashboard.context import PageContext
from dashboard.format import Words, said_score
from dashboard.markup import NOTHING, more, tag
from dashboard.parts import assess, csv_buttons, day_chips, flags, foot, kept_day, receipt, tapmap, typed
from dashboard.parts.st_html import html
from rules.facts.answers import Place, Side, When
from sync.wire.commands import LogScore, RemoveEntry, new_id
from sync.wire.footwork import EntryView
from sync.wire.pages import Diary, Today

SHOWN_DAYS = 28
SHOWN = 10
"""Entries before the rest is asked for."""
MOST_NOTE = 300


@dataclass(slots=True)
class EntryDraft:
    """The entry under the fingers."""

    entry_id: str
    at_utc: datetime
    day: date
    what: str = "stiffness"
    score: int | None = None
    place: str | None = None
    side: str | None = None
    when: str | None = None
    note: str | None = None
    begun: bool = False
    """New on this page, and stored by a tap on it."""
    timed: bool = False
    """The runner chose day or time: else a new entry is of the moment of its tap."""
    saved: tuple[object, ...] | None = None
    """What it says as it is stored; None until a tap on this page asked for storing."""

    @property
    def stored(self) -> bool:
        return self.saved is not None

    def says(self) -> tuple[object, ...]:
        return self.at_utc, self.what, self.score, self.place, self.side, self.when, self.note


def page(context: PageContext) -> None:
    if "check" in st.query_params:
        st.switch_page(context.pages["self-check"])
    today = context.ask(context.client.today)
    first = today.day - timedelta(days=SHOWN_DAYS)
    diary = context.ask(lambda: context.client.diary(first, today.day))
    render(context, today, diary)


def render(context: PageContext, today: Today, diary: Diary) -> None:
    words = context.words
    draft = _draft(context, today, diary)
    html(tag("h1", words.say("log.title"), "ss-page"))
    flags.stopped(context, today.stopped)
    with st.container(key="card-log"):
        _editor(context, draft)
        html(more(words.say("log.scale"), tag("p", words.say("log.scale_origin"))))
    _else_is_wrong(context, diary)
    with st.container(key="card-check"):
        assess.link(context, words.say("ask.check"))
    _list(context, diary, today.day)


def _draft(context: PageContext, today: Today, diary: Diary) -> EntryDraft:
    """The entry named in the address, or what a link filled in, or a new one."""
    state, params = st.session_state, query.now()
    named = params.get("entry")
    if named is not None:
        query.hold("entry", named)
    link = (named, params.get("score"), params.get("where"), params.get("side"), params.get("when"), params.get("what"))
    if "log:draft" in state and state.get("log:link") == link:
        return state["log:draft"]  # type: ignore[no-any-return]
    entry = next((one for one in diary.entries if one.entry_id == named), None)
    draft = from_entry(entry) if entry else new_draft(context.now_utc(), today)
    if entry is None:
        fill(draft, params)
    state["log:draft"], state["log:link"] = draft, link
    return draft


def new_draft(now_utc: datetime, today: Today) -> EntryDraft:
    return EntryDraft(new_id(), now_utc, today.day, place=today.preset_place, when=today.preset_when)


def from_entry(entry: EntryView) -> EntryDraft:
    draft = EntryDraft(
        entry.entry_id,
        entry.at_utc,
        entry.day,
        entry.what,
        entry.score,
        entry.place,
        entry.side,
        entry.when,
        entry.note,
    )
    draft.saved = draft.says()
    return draft


def fill(draft: EntryDraft, given: dict[str, str]) -> None:
    """Take from a link what makes sense; it stores nothing."""
    score = said_score(given.get("score", ""))
    if score is not None:
        draft.score = score
    for field, name, known in (("place", "where", Place), ("side", "side", Side), ("when", "when", When)):
        if given.get(name) in {str(one) for one in known}:
            setattr(draft, field, given[name])
    if given.get("what") in ("stiffness", "soreness"):
        draft.what = given["what"]


def _editor(context: PageContext, draft: EntryDraft) -> None:
    words, key = context.words, f"log:{draft.entry_id}"
    keep = f"{context.athlete.id}:{draft.entry_id if draft.stored else 'new'}"
    day_chips.show(context, draft.day, of=draft.entry_id, on_pick=lambda day: _moved(context, draft, day))
    kept_day.keep_day(
        draft.entry_id,
        keep=keep,
        day=draft.day,
        today=context.today(),
        stored=draft.stored,
        begun=draft.begun,
        on_kept=lambda day: _moved(context, draft, day),
    )
    _choice(context, draft, "what", ["stiffness", "soreness"], required=True)
    st.pills(
        words.say(f"log.how_{draft.what}"),
        range(11),
        default=draft.score,
        key=f"{key}:score",
        width="stretch",
        on_change=_changed,
        args=(context, draft, "score", f"{key}:score"),
    )
    html(
        tag(
            "div",
            tag("span", words.say(f"log.low_{draft.what}")) + tag("span", words.say(f"log.high_{draft.what}")),
            "ss-ends",
        )
    )
    receipt.show(context, context.receipt("log"))
    with st.container():
        _not_yet(context, draft)
    view = st.pills(
        words.say("log.view"),
        foot.VIEWS,
        default=foot.VIEWS[0],
        required=True,
        format_func=lambda one: words.say(f"log.view_{one}"),
        key="log:view",
        label_visibility="collapsed",
    )
    tapmap.show(
        foot.svg(words, draft.side, draft.place, view or foot.VIEWS[0]),
        key=f"feet-{draft.entry_id}",
        on_pick=lambda part: _tapped(context, draft, part),
    )
    _choice(context, draft, "place", [str(one) for one in Place])
    _choice(context, draft, "side", [str(one) for one in Side])
    _choice(context, draft, "when", [str(one) for one in When])
    typed.show(
        context,
        f"note-{draft.entry_id}",
        keep=keep,
        time=local(context, draft.at_utc).time(),
        note=draft.note or "",
        stored=draft.stored,
        begun=draft.begun,
        on_time=lambda time: _timed(context, draft, time),
        on_note=lambda note: _noted(context, draft, note),
    )
    with st.container(horizontal=True, key="log-after"):
        if draft.stored:
            st.button(words.say("log.remove"), key="log:remove", on_click=_remove, args=(context, draft))
            st.button(words.say("strip.another"), key="log:another", on_click=_fresh, args=(context,))


def _not_yet(context: PageContext, draft: EntryDraft) -> None:
    """What a link filled in, and the button that stores it."""
    words = context.words
    if draft.score is not None and not draft.stored:
        what = words.join([f"{draft.score}/10", words.name("place", draft.place) if draft.place else ""])
        html(tag("p", words.say("log.not_yet", what=what), "ss-says"))
        st.button(
            words.say("log.store", score=draft.score),
            key="log:store",
            type="primary",
            width="stretch",
            on_click=_store,
            args=(context, draft),
        )


def _choice(context: PageContext, draft: EntryDraft, field: str, options: list[str], *, required: bool = False) -> None:
    now = getattr(draft, field)
    # A tap on the foot map moves the pills too. Under one key: drawn again under another they would jump under the tap.
    key = f"log:{draft.entry_id}:{field}"
    st.session_state[key] = now if now in options else None
    st.pills(
        context.words.say(f"log.{field}"),
        options,
        required=required,
        format_func=lambda value: context.words.name("moment" if field == "when" else field, value),
        key=key,
        on_change=_changed,
        args=(context, draft, field, key),
    )


def _changed(context: PageContext, draft: EntryDraft, field: str, key: str) -> None:
    """A score stores at once; once stored, every further tap amends the same entry."""
    value = st.session_state[key]
    setattr(draft, field, value)
    if draft.score is not None and (draft.stored or field == "score"):
        _store(context, draft)


def _tapped(context: PageContext, draft: EntryDraft, part: str) -> None:
    draft.side, _, draft.place = part.partition(":")
    if draft.stored:
        _store(context, draft)


def local(context: PageContext, at_utc: datetime) -> datetime:
    """The runner's own clock, naive, of a naive UTC instant."""
    return at_utc.replace(tzinfo=UTC).astimezone(context.athlete.zone).replace(tzinfo=None)


def instant(context: PageContext, day: date, time: time) -> datetime:
    """The naive UTC instant of a time of the runner's own clock; never later than now."""
    at = datetime.combine(day, time, context.athlete.zone).astimezone(UTC).replace(tzinfo=None)
    return min(at, context.now_utc())


def _moved(context: PageContext, draft: EntryDraft, day: date) -> None:
    draft.at_utc = instant(context, day, local(context, draft.at_utc).time())
    draft.day, draft.timed = day, True
    if draft.stored:
        _store(context, draft)


def _timed(context: PageContext, draft: EntryDraft, time: time) -> None:
    draft.at_utc, draft.timed = instant(context, draft.day, time), True
    if draft.stored:
        _store(context, draft)


def _noted(context: PageContext, draft: EntryDraft, note: str) -> None:
    draft.note = note.strip()[:MOST_NOTE] or None
    if draft.stored:
        _store(context, draft)


def _store(context: PageContext, draft: EntryDraft) -> None:
    assert draft.score is not None
    if not draft.stored and draft.day == context.today() and not draft.timed:
        draft.at_utc = context.now_utc()  # the page may have stood open for hours before the first tap
    if draft.says() == draft.saved:
        return  # a tap right after another brings that one along once more
    sent = context.send(
        LogScore(
            athlete=context.athlete.id,
            typed_utc=context.now_utc(),
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
    if sent.refused is None:
        draft.begun, draft.saved = draft.begun or not draft.stored, draft.says()


def _remove(context: PageContext, draft: EntryDraft) -> None:
    _fresh(context)
    context.send(
        RemoveEntry(athlete=context.athlete.id, typed_utc=context.now_utc(), entry_id=draft.entry_id), about="log"
    )


def _fresh(context: PageContext) -> None:
    st.session_state.pop("log:draft", None)
    context.forget("log")
    query.clear()


def _else_is_wrong(context: PageContext, diary: Diary) -> None:
    words = context.words
    with st.container(key="card-wrong"), st.expander(words.say("flags.title"), expanded="wrong" in st.query_params):
        flags.ask(context, [(sign.flag, sign.says) for sign in diary.signs])


def _list(context: PageContext, diary: Diary, today: date) -> None:
    words = context.words
    html(tag("h2", words.say("log.past"), "ss-section"))
    if diary.usual is not None:
        html(tag("p", words.say("log.usual", usual=words.number(diary.usual, 1)), "ss-quiet"))
    if not diary.entries:
        html(tag("p", words.say("log.none"), "ss-says"))
        return
    with st.container(key="card-entries"):
        shown = diary.entries if st.session_state.get("log:all") else diary.entries[:SHOWN]
        for entry in shown:
            with st.container(horizontal=True, key=f"entry-{entry.entry_id}"):
                html(_line(words, entry, today))
                st.page_link(context.pages["log"], label=words.say("log.edit"), query_params={"entry": entry.entry_id})
        if len(shown) < len(diary.entries):
            st.button(
                words.say("log.all"),
                key="log:more",
                width="stretch",
                on_click=st.session_state.update,
                args=({"log:all": True},),
            )
    csv_buttons.buttons(context, diary=lambda: csv_export.diary(context.client.diary(date.min, today).entries))


def _line(words: Words, entry: EntryView, today: date) -> Markup:
    state = words.say("log.waiting") if entry.waiting else words.say("log.stored")
    parts = [
        words.name("place", entry.place) if entry.place else "",
        words.name("side", entry.side) if entry.side else "",
        words.name("moment", entry.when) if entry.when else "",
    ]
    day = words.near(entry.day, today)
    top = tag("b", str(entry.score)) + f" {words.name('what', entry.what)}, {day} {words.time(entry.at_local)}"
    sign = tag("span", "⧗" if entry.waiting else "✓", "ss-sign", title=state, role="img", aria_label=state)
    below = tag("p", words.join(parts), "ss-quiet ss-tight")
    note = tag("p", entry.note, "ss-quiet ss-tight") if entry.note else NOTHING
    return tag("div", tag("p", sign + " " + top) + below + note, "ss-entry")
