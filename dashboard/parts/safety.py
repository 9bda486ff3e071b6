"""Questions of safety with more than one tap: the big-toe joint, and what a professional said."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from rules.facts.card_answers import NONE, ONLY, STOP
from sync.wire.commands import AnswerCard
from sync.wire.footwork import Card

BIG_TOE, PROFESSIONAL = "big-toe", "professional"
KINDS = (BIG_TOE, PROFESSIONAL)


def show(context: PageContext, card: Card) -> None:
    about = f"card:{card.card_id}"
    with st.container(key=f"card-ask-{card.kind}-{card.card_id}"):
        html(tag("p", card.says, "ss-ask"))
        answer = _signs(context, card) if card.kind == BIG_TOE else _said(context, card)
        st.button(
            context.words.say("safety.save"),
            key=f"save-{card.card_id}",
            type="primary",
            disabled=answer is None,
            on_click=_send,
            args=(context, card, answer, about),
        )
        receipt.show(context, context.receipt(about))


def _signs(context: PageContext, card: Card) -> str | None:
    """Every sign that was tapped; "none of these" leaves the others out."""
    labels = dict(card.answers)
    chosen: list[str] = st.pills(
        context.words.say("safety.signs"),
        list(labels),
        selection_mode="multi",
        format_func=lambda one: labels[one],
        key=f"signs:{card.card_id}",
    )
    signs = [one for one in chosen if one != NONE]
    return ",".join(signs) or (NONE if chosen else None)


def _said(context: PageContext, card: Card) -> str | None:
    """The word, with its day or its drills where it has some."""
    words, labels = context.words, dict(card.answers)
    word = st.pills(
        words.say("safety.said"), list(labels), format_func=lambda one: labels[one], key=f"said:{card.card_id}"
    )
    if word == STOP:
        day: date | None = st.date_input(
            words.say("safety.until"),
            value=None,
            min_value=context.today(),
            format=words.say("day.picker"),
            key=f"until:{card.card_id}",
        )
        return f"{STOP}:{day.isoformat()}" if day is not None else None
    if word == ONLY:
        drills: list[str] = st.multiselect(
            words.say("safety.drills"),
            [key.split(".")[1] for key in words.language.texts if key.startswith("drill.") and key.endswith(".name")],
            format_func=lambda one: words.language.say(f"drill.{one}.name"),
            key=f"only:{card.card_id}",
        )
        return f"{ONLY}:{'+'.join(drills)}" if drills else None
    return word


def _send(context: PageContext, card: Card, answer: str | None, about: str) -> None:
    if answer is not None:
        now = context.now_utc()
        context.send(
            AnswerCard(athlete=context.athlete.id, typed_utc=now, card_id=card.card_id, answer=answer), about=about
        )
