"""How stiff are your feet? The first tap stores, a tap on a place amends the same entry, and Today remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st
from markupsafe import Markup

from dashboard.context import PageContext
from dashboard.format import Words
from dashboard.markup import tag
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from rules.facts.answers import Place, Side, When
from sync.wire.commands import LogScore, RemoveEntry, new_id
from sync.wire.footwork import EntryView
from sync.wire.pages import Today


@dataclass(slots=True)
class QuickDraft:
    """The entry that the taps on this page make and amend."""

    entry_id: str
    at_utc: datetime
    score: int
    place: str | None
    when: str | None
    side: str | None = None
    note: str | None = None
    what: str = "stiffness"
    at_local: datetime | None = None
    waiting: bool = False


def show(context: PageContext, today: Today) -> None:
    with st.container(key="card-strip"):
        _strip(context, today)


@st.fragment
def _strip(context: PageContext, today: Today) -> None:
    """The scale, until something is logged today; then what was logged, also after a reload."""
    state = st.session_state
    round_number = state.setdefault("strip:round", 0)
    draft: QuickDraft | None = state.get("strip:draft")
    entry = logged_today(today, state.get("strip:removed"))
    if draft is None and entry is not None and not state.get("strip:asks"):
        draft = from_entry(entry)
    if draft is None or state.get("strip:asks"):
        with st.container(key="strip-scale"):
            _scale(context, today, round_number)
    else:
        with st.container():
            _stored(context, draft, fresh="strip:draft" in state)
    if state.pop("strip:gone", False):
        st.toast(context.words.say("strip.undone"))


def logged_today(today: Today, removed: str | None) -> EntryView | None:
    """The last entry of this day; not one that was just taken back."""
    entry = today.last_entry
    return entry if entry is not None and entry.day == today.day and entry.entry_id != removed else None


def from_entry(entry: EntryView) -> QuickDraft:
    return QuickDraft(
        entry.entry_id, entry.at_utc, entry.score, entry.place, entry.when, entry.side, entry.note, entry.what,
        at_local=entry.at_local, waiting=entry.waiting,
    )  # fmt: skip


def _scale(context: PageContext, today: Today, round_number: int) -> None:
    words = context.words
    state = st.session_state
    draft: QuickDraft | None = state.get("strip:draft")
    what = draft.what if draft is not None else state.get("strip:what", "stiffness")
    st.pills(
        words.say("strip.question" if what == "stiffness" else "log.how_soreness"),
        range(11),
        key=f"strip:score:{round_number}",
        width="stretch",
        on_change=_score,
        args=(context, today, round_number),
    )
    ends = tag("span", words.say(f"log.low_{what}")) + tag("span", words.say(f"log.high_{what}"))
    html(tag("div", ends, "ss-ends", aria_hidden="true"))
    if draft is None:
        other = "soreness" if what == "stiffness" else "stiffness"
        st.button(words.say(f"strip.{other}"), key="strip:what:other", type="tertiary", on_click=_ask_of, args=(other,))


def _ask_of(what: str) -> None:
    st.session_state["strip:what"] = what
    st.session_state["strip:round"] += 1


def _stored(context: PageContext, draft: QuickDraft, *, fresh: bool) -> None:
    """``Logged 13:56: 2, ball of the foot``; right after the tap also where, as the second tap. Soreness just tapped is
    said by its receipt, which may hold what to do now."""
    words = context.words
    said = context.receipt("strip") if fresh else None
    if said is None or (said.stored and not said.refused and draft.what != "soreness"):
        html(_line(words, draft, context))
    else:
        receipt.show(context, said)
    with st.container(horizontal=True, key="strip-after"):
        st.button(words.say("strip.change"), key="strip:change", type="tertiary", on_click=_change, args=(draft,))
        st.button(words.say("strip.another"), key="strip:another", type="tertiary", on_click=_another, args=(context,))
        if fresh:
            st.button(words.say("strip.undo"), key="strip:undo", type="tertiary", on_click=_undo, args=(context, draft))
    if not fresh:
        return
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
    if "log" in context.pages:
        st.page_link(context.pages["log"], label=words.say("strip.more"), query_params={"entry": draft.entry_id})


def _line(words: Words, draft: QuickDraft, context: PageContext) -> Markup:
    at = draft.at_local or draft.at_utc.replace(tzinfo=UTC).astimezone(context.athlete.zone).replace(tzinfo=None)
    score = str(draft.score) if draft.what == "stiffness" else f"{words.name('what', draft.what)} {draft.score}"
    what = f"{score}, {words.language.say(f'place.{draft.place}')}" if draft.place else score
    state, sign = ("waiting", "⧗") if draft.waiting else ("stored", "✓")
    mark = tag("span", sign, "ss-sign", aria_hidden="true")
    says = words.say("strip.logged", time=words.time(at), what=what)
    return tag("p", mark + " " + says, f"ss-receipt ss-{state}", role="status")


def _score(context: PageContext, today: Today, round_number: int) -> None:
    state = st.session_state
    score = state[f"strip:score:{round_number}"]
    draft: QuickDraft | None = state.get("strip:draft")
    now = context.now_utc()
    echo = draft is not None and draft.score == score and not state.get("strip:asks")
    if score is None or echo or round_number != state["strip:round"]:
        return  # a tap right after the score brings the score along once more
    if draft is None:
        draft = QuickDraft(
            new_id(), now, score, today.preset_place, today.preset_when, what=state.get("strip:what", "stiffness")
        )
    draft.score = score
    state["strip:draft"] = draft
    for name in ("strip:asks", "strip:what"):
        state.pop(name, None)
    _send(context, draft)


def _change(draft: QuickDraft) -> None:
    st.session_state["strip:draft"] = draft
    _ask_again()


def _ask_again() -> None:
    st.session_state["strip:asks"] = True
    st.session_state["strip:round"] += 1


def _place(context: PageContext, draft: QuickDraft) -> None:
    place = st.session_state[f"strip:place:{draft.entry_id}"]
    if place is not None and place != draft.place:
        draft.place = place
        _send(context, draft)


def _send(context: PageContext, draft: QuickDraft) -> None:
    context.send(
        LogScore(
            athlete=context.athlete.id,
            typed_utc=context.now_utc(),
            entry_id=draft.entry_id,
            what="soreness" if draft.what == "soreness" else "stiffness",
            score=draft.score,
            at_utc=draft.at_utc,
            place=Place(draft.place) if draft.place else None,
            when=When(draft.when) if draft.when else None,
            side=Side(draft.side) if draft.side else None,
            note=draft.note,
        ),
        about="strip",
    )


def _undo(context: PageContext, draft: QuickDraft) -> None:
    context.send(
        RemoveEntry(athlete=context.athlete.id, typed_utc=context.now_utc(), entry_id=draft.entry_id),
        about="strip:undone",
    )
    _another(context)
    st.session_state["strip:removed"] = draft.entry_id
    st.session_state["strip:gone"] = True


def _another(context: PageContext) -> None:
    st.session_state.pop("strip:draft", None)
    context.forget("strip")
    _ask_again()
