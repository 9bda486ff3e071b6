"""The strength card: wished for on the plan page, done or skipped on Today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard import markup, signs
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import player, receipt
from dashboard.parts.st_html import html
from rules.facts.answers import SkipReason
from sync.wire.commands import AnswerCard, SetPreference
from sync.wire.footwork import StrengthView

ABOUT = "strength"


def card(context: PageContext, strength: StrengthView | None) -> None:
    """Its receipt stands also where the card has gone with what was said."""
    words = context.words
    if strength is None:
        return
    with st.container(key="card-strength"):
        marks = words.join([words.say("work.minutes", minutes=words.minutes(strength.minutes)), strength.when])
        html(tag("h2", strength.title, "ss-title") + tag("p", marks, "ss-numbers"))
        if strength.told is None:
            _play(context, strength)
            _answers(context, strength)
        else:
            player.heard_of(strength.card_id, player.EVERY_SESSION)
            player.forget(strength.card_id)
            said = tag("b", words.name("session", strength.told))
            html(tag("p", signs.sign(strength.told) + " " + said, f"ss-session ss-session-{strength.told}"))
            st.button(words.say("work.undo"), key="strength-undo", on_click=_say, args=(context, strength, "open"))
        receipt.show(context, context.receipt(ABOUT))
        title = words.say("work.drills", n=len(strength.drills))
        why = markup.why(words, strength.reasons, strength.drills) + tag("p", strength.evidence, "ss-quiet")
        html(
            tag("p", strength.week, "ss-quiet")
            + markup.more(words.say("work.stops"), markup.listing(strength.warnings, "ss-warnings"))
            + markup.more(title, markup.drills(words, strength.drills))
            + markup.more(words.say("work.why"), why)
        )


def _play(context: PageContext, strength: StrengthView) -> None:
    """The player where it stands open, else the button that opens it."""
    key = strength.card_id
    if player.is_open(key):
        played = player.Played(
            key, ABOUT, strength.title, strength.minutes, strength.drills,
            lambda told: _played(context, strength, told), body=True,
        )  # fmt: skip
        player.show(context, played)
    else:
        st.button(
            context.words.say("work.start", minutes=context.words.minutes(strength.minutes)),
            key="strength-start",
            type="primary",
            width="stretch",
            on_click=player.start_anew,
            args=(key,),
        )


def _played(context: PageContext, strength: StrengthView, report: dict[str, Any]) -> AnswerCard:
    """What was ended early is done, too: the card has no minutes of its own."""
    hurts = report["state"] == "hurts"
    return AnswerCard(
        command_id=str(UUID(report["command_id"])),
        athlete=context.athlete.id,
        typed_utc=player.told_utc(report),
        card_id=strength.card_id,
        answer=f"skipped:{SkipReason.PAIN}" if hurts else "done",
    )


def _answers(context: PageContext, strength: StrengthView) -> None:
    words = context.words
    with st.container(horizontal=True, key="strength-answers"):
        st.button(words.say("work.done"), key="strength-done", on_click=_say, args=(context, strength, "done"))
        with st.popover(words.say("work.skip")):
            for reason in SkipReason:
                st.button(
                    words.name("skip", reason),
                    key=f"strength-skip-{reason}",
                    width="stretch",
                    on_click=_say,
                    args=(context, strength, f"skipped:{reason}"),
                )


def _say(context: PageContext, strength: StrengthView, answer: str) -> None:
    command = AnswerCard(
        athlete=context.athlete.id, typed_utc=context.now_utc(), card_id=strength.card_id, answer=answer
    )
    context.send(command, about=ABOUT)


def wish(context: PageContext, preferences: Mapping[str, Any], says: str) -> None:
    """The switch on the plan page; ``says`` is how the week stands."""
    words = context.words
    st.toggle(
        words.say("strength.wish"),
        value=preferences.get("strength") is True,
        key="prefer:strength",
        on_change=_wished,
        args=(context,),
    )
    html(tag("p", says or words.say("strength.wish_note"), "ss-quiet"))
    receipt.show(context, context.receipt(ABOUT))


def _wished(context: PageContext) -> None:
    command = SetPreference(
        athlete=context.athlete.id,
        typed_utc=context.now_utc(),
        key="strength",
        value=bool(st.session_state["prefer:strength"]),
    )
    context.send(command, about=ABOUT)
