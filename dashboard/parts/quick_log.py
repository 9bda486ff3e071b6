"""How stiff are your feet? The first tap stores, a tap on a place amends the same entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from dashboard.context import Desk
from dashboard.format import likely_when
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from rules.facts import Place, Side, When
from sync.wire import LogScore, RemoveEntry, Today, new_id

SAME_ENTRY = timedelta(minutes=30)
"""After this long a new tap is a new entry, not a change of the last one."""

AFTER_WORK = timedelta(hours=1)


@dataclass(slots=True)
class Draft:
    """The entry that the taps on this page make and amend."""

    entry_id: str
    at_utc: datetime
    score: int
    place: str
    when: str
    side: str | None = None
    stored: bool = False


def show(desk: Desk, today: Today) -> None:
    with st.container(key="card-strip"):
        _strip(desk, today)


@st.fragment
def _strip(desk: Desk, today: Today) -> None:
    words, state = desk.words, st.session_state
    round_number = state.setdefault("strip:round", 0)
    draft: Draft | None = state.get("strip:draft")
    st.pills(
        words.say("strip.question"),
        range(11),
        key=f"strip:score:{round_number}",
        width="stretch",
        on_change=_score,
        args=(desk, today, round_number),
    )
    html(
        f'<div class="ss-ends" aria-hidden="true"><span>{words.say("strip.low")}</span>'
        f"<span>{words.say('strip.high')}</span></div>"
    )
    if draft is None:
        # Said to the browser, not left to it: while the page around is drawn anew it may keep what was here.
        st.empty()
        if state.pop("strip:gone", False):
            st.toast(words.say("strip.undone"))
        return
    with st.container():
        _stored(desk, draft)


def _stored(desk: Desk, draft: Draft) -> None:
    words = desk.words
    receipt.show(desk, desk.receipt("strip"))
    places = [str(place) for place in Place]
    st.pills(
        words.say("strip.where"),
        places,
        default=draft.place if draft.place in places else None,
        required=True,
        format_func=lambda place: words.name("place", place),
        key=f"strip:place:{draft.entry_id}",
        on_change=_place,
        args=(desk, draft),
    )
    with st.container(horizontal=True, key="strip-after"):
        st.button(words.say("strip.undo"), key="strip:undo", on_click=_undo, args=(desk, draft))
        st.button(words.say("strip.another"), key="strip:another", on_click=_another, args=(desk,))
        if "log" in desk.pages:
            st.page_link(desk.pages["log"], label=words.say("strip.more"), query_params={"entry": draft.entry_id})


def _score(desk: Desk, today: Today, round_number: int) -> None:
    state = st.session_state
    score = state[f"strip:score:{round_number}"]
    draft: Draft | None = state.get("strip:draft")
    now = desk.now_utc()
    if score is None:
        if draft is not None:
            _undo(desk, draft)
        return
    if draft is None or now - draft.at_utc > SAME_ENTRY:
        sessions = [work.session for work in today.work if work.session is not None]
        lately = any(now - session.at_utc < AFTER_WORK for session in sessions)
        draft = Draft(new_id(), now, score, today.preset_place, likely_when(today.now_local, worked_lately=lately))
    draft.score = score
    state["strip:draft"] = draft
    _send(desk, draft)


def _place(desk: Desk, draft: Draft) -> None:
    place = st.session_state[f"strip:place:{draft.entry_id}"]
    if place is not None:
        draft.place = place
        _send(desk, draft)


def _send(desk: Desk, draft: Draft) -> None:
    desk.send(
        LogScore(
            athlete=desk.athlete.id,
            typed_utc=desk.now_utc(),
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


def _undo(desk: Desk, draft: Draft) -> None:
    desk.send(
        RemoveEntry(athlete=desk.athlete.id, typed_utc=desk.now_utc(), entry_id=draft.entry_id), about="strip:undone"
    )
    _another(desk)
    st.session_state["strip:gone"] = True


def _another(desk: Desk) -> None:
    st.session_state.pop("strip:draft", None)
    st.session_state["strip:round"] += 1
    desk.forget("strip")
