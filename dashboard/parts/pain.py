"""Foot work hurt: where, and how much? Two taps are an entry of soreness."""

from __future__ import annotations

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from rules.facts.answers import Place
from sync.wire.commands import LogScore, new_id
from sync.wire.footwork import Card

KIND = "pain"


def show(context: PageContext, cards: list[Card]) -> None:
    """The question while it is open, then what became of the answer."""
    words = context.words
    for card in cards:
        if card.kind != KIND:
            continue
        with st.container(key=f"card-ask-pain-{card.card_id}"):
            html(tag("p", card.says, "ss-ask"))
            where, score = f"pain:where:{card.card_id}", f"pain:score:{card.card_id}"
            st.pills(
                words.say("pain.where"),
                [str(place) for place in Place],
                format_func=lambda place: words.name("place", place),
                key=where,
                on_change=_tapped,
                args=(context, where, score),
            )
            st.pills(
                words.say("pain.score"),
                range(11),
                key=score,
                width="stretch",
                on_change=_tapped,
                args=(context, where, score),
            )
            low, high = words.say("log.low_soreness"), words.say("log.high_soreness")
            html(tag("div", tag("span", low) + tag("span", high), "ss-ends"))
    if (said := context.receipt("pain")) is not None:
        receipt.show(context, said)


def _tapped(context: PageContext, where: str, score: str) -> None:
    """Stored with the second tap, whichever of the two comes first."""
    place, points = st.session_state.get(where), st.session_state.get(score)
    if place is None or points is None or st.session_state.get(f"{where}:sent") == (place, points):
        return
    # Two quick taps may arrive as one: both call this.
    st.session_state[f"{where}:sent"] = (place, points)
    now, entry_id = context.now_utc(), str(st.session_state.setdefault(f"{where}:entry", new_id()))
    context.send(
        LogScore(
            athlete=context.athlete.id,
            typed_utc=now,
            entry_id=entry_id,
            what="soreness",
            score=points,
            at_utc=now,
            place=Place(place),
        ),
        about="pain",
    )
