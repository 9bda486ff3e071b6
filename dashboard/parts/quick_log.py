"""How stiff are your feet? The first tap stores, a tap on a place amends the same entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from rules.facts.answers import Place, Side, When
from sync.wire.commands import LogScore, RemoveEntry, new_id
from sync.wire.pages import Today

SAME_ENTRY = timedelta(minutes=30)
"""After this long a new tap is a new entry, not a change of the last one."""


@dataclass(slots=True)
class QuickDraft:
    """The entry that the taps on this page make and amend."""

    entry_id: str
    at_utc: datetime
    score: int
    place: str
    when: str
    side: str | None = None
    stored: bool = False


def show(context: PageContext, today: Today) -> None:
    with st.container(key="card-strip"):
        _strip(context, today)


@st.fragment
def _strip(context: PageContext, today: Today) -> None:
    words, state = context.words, st.session_state
    round_number = state.setdefault("strip:round", 0)
    draft: QuickDraft | None = state.get("strip:draft")
    st.pills(
        words.say("strip.question"),
        range(11),
        key=f"strip:score:{round_number}",
        width="stretch",
        on_change=_score,
        args=(context, today, round_number),
    )
    ends = tag("span", words.say("strip.low")) + tag("span", words.say("strip.high"))
    html(tag("div", ends, "ss-ends", aria_hidden="true"))
    if draft is None:
        # Said to the browser, not left to it: while the page around is drawn anew it may keep what was here.
        st.empty()
        if state.pop("strip:gone", False):
            st.toast(words.say("strip.undone"))
        return
    with st.container():
        _stored(context, draft)


def _stored(context: PageContext, draft: QuickDraft) -> None:
    words = context.words
    receipt.show(context, context.receipt("strip"))
    places = [str(place) for place in Place]
    st.pills(
        words.say("strip.where"),
        places,
        default=draft.place if draft.place in places else None,
        required=True,
        format_func=lambda place: words.name("place", place),
        key=f"strip:place:{draft.entry_id}",
        on_change=_place,
        args=(context, draft),
    )
    with st.container(horizontal=True, key="strip-after"):
        st.button(words.say("strip.undo"), key="strip:undo", on_click=_undo, args=(context, draft))
        st.button(words.say("strip.another"), key="strip:another", on_click=_another, args=(context,))
        if "log" in context.pages:
            st.page_link(context.pages["log"], label=words.say("strip.more"), query_params={"entry": draft.entry_id})


def _score(context: PageContext, today: Today, round_number: int) -> None:
    state = st.session_state
    score = state[f"strip:score:{round_number}"]
    draft: QuickDraft | None = state.get("strip:draft")
    now = context.now_utc()
    if score is None:
        if draft is not None:
            _undo(context, draft)
        return
    if draft is None or now - draft.at_utc > SAME_ENTRY:
        draft = QuickDraft(new_id(), now, score, today.preset_place, today.preset_when)
    draft.score = score
    state["strip:draft"] = draft
    _send(context, draft)


def _place(context: PageContext, draft: QuickDraft) -> None:
    place = st.session_state[f"strip:place:{draft.entry_id}"]
    if place is not None:
        draft.place = place
        _send(context, draft)


def _send(context: PageContext, draft: QuickDraft) -> None:
    context.send(
        LogScore(
            athlete=context.athlete.id,
            typed_utc=context.now_utc(),
            entry_id=draft.entry_id,
            what="stiffness",
            score=draft.score,
            at_utc=draft.at_utc,
            place=Place(draft.place),
            when=When(draft.when),
            side=Side(draft.side) if draft.side else None,
        ),
        about="strip",
    )


def _undo(context: PageContext, draft: QuickDraft) -> None:
    context.send(
        RemoveEntry(athlete=context.athlete.id, typed_utc=context.now_utc(), entry_id=draft.entry_id),
        about="strip:undone",
    )
    _another(context)
    st.session_state["strip:gone"] = True


def _another(context: PageContext) -> None:
    st.session_state.pop("strip:draft", None)
    st.session_state["strip:round"] += 1
    context.forget("strip")
