"""Cards that ask or tell: how a surface felt, whether two recordings are one run, whether a day is still hard …"""

from __future__ import annotations

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import assess, receipt, safety
from dashboard.parts.st_html import html
from rules.facts.card_answers import NEVER, NOT_NOW
from sync.wire.commands import AnswerCard, CorrectRun, MergeRuns, SplitRun
from sync.wire.footwork import Card

SAME_RUN, IS_RUN = "same-run", "is-run"
WITH_RUN = ("feel", "ask-kind")
"""Cards whose ``run_id`` is a run's; a question about two recordings names those."""


def show(context: PageContext, card: Card) -> None:
    if card.kind in safety.KINDS:
        safety.show(context, card)
        return
    about = f"card:{card.card_id}"
    with st.container(key=f"card-ask-{card.kind}-{card.card_id}"):
        html(tag("p", card.says, "ss-ask"))
        with st.container(horizontal=True, key=f"ask-{card.card_id}"):
            for value, label in card.answers:
                st.button(
                    label, key=f"answer-{card.card_id}-{value}", on_click=answer, args=(context, card, value, about)
                )
            if card.kind == "self-check":
                assess.link(context, context.words.say("ask.check"))
            elif card.run_id and card.kind in WITH_RUN:
                st.page_link(
                    context.pages["run"], label=context.words.say("ask.look"), query_params={"id": card.run_id}
                )
        _put_off(context, card, about)
        receipt.show(context, context.receipt(about))


def _put_off(context: PageContext, card: Card, about: str) -> None:
    """Not now, or never again: small, beside what is asked."""
    if not card.put_off:
        return
    with st.container(horizontal=True, key=f"put-off-{card.card_id}"):
        for value, label in card.put_off:
            st.button(
                label,
                key=f"answer-{card.card_id}-{value}",
                type="tertiary",
                on_click=answer,
                args=(context, card, value, about),
            )


def more(context: PageContext, cards: list[Card]) -> None:
    """What is asked on other days, for whoever wants to answer it now; made when it is opened."""
    if not cards:
        return
    label = context.words.say("ask.more", n=len(cards))
    with st.expander(label, key="ask:more", on_change="rerun") as place:
        if place.open:
            for card in cards:
                show(context, card)


def answer(context: PageContext, card: Card, value: str, about: str) -> None:
    """What a card asks about runs is a command of its own; every other answer goes to the daemon as it is."""
    now, athlete = context.now_utc(), context.athlete.id
    if value in (NOT_NOW, NEVER):
        context.send(AnswerCard(athlete=athlete, typed_utc=now, card_id=card.card_id, answer=value), about=about)
        return
    if card.kind == SAME_RUN and card.run_id and card.other_id:
        if value == "yes":
            context.send(MergeRuns(athlete=athlete, typed_utc=now, run_a=card.run_id, run_b=card.other_id), about=about)
        else:
            context.send(
                SplitRun(athlete=athlete, typed_utc=now, run_id=card.run_id, other_id=card.other_id), about=about
            )
        return
    if card.kind == IS_RUN and card.run_id:
        context.send(CorrectRun(athlete=athlete, typed_utc=now, run_id=card.run_id, is_run=value == "yes"), about=about)
        return
    context.send(AnswerCard(athlete=athlete, typed_utc=now, card_id=card.card_id, answer=value), about=about)
