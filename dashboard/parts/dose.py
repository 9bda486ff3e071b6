"""The dose ladder: where it stands, the step on offer, and why it moved."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard import markup
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from sync.wire.commands import ChooseStep, SetDose
from sync.wire.footwork import DoseView

Step = Literal["minutes", "two-minutes", "repetition", "level", "decline"]


def offer(context: PageContext, dose: DoseView) -> None:
    """A step up is offered, never taken: one minute or two, or one repetition, or no."""
    if dose.offer is None:
        return
    words, change = context.words, dose.offer
    with st.container(key=f"card-ask-step-{change.change_id}"):
        html(tag("p", change.says, "ss-ask") + markup.reasons(change.reasons))
        with st.container(horizontal=True, key="step-answers"):
            for choice in dose.choices:
                st.button(
                    words.name("step", choice),
                    key=f"step-{choice}",
                    on_click=_choose,
                    args=(context, change.change_id, choice),
                )
    receipt.show(context, context.receipt("dose"))


def show(context: PageContext, dose: DoseView) -> None:
    words = context.words
    html(tag("h2", words.say("dose.title"), "ss-title") + tag("p", dose.says, "ss-says"))
    offer(context, dose)
    days(context, dose)
    with st.expander(words.say("dose.by_hand")), st.container(horizontal=True, key="dose-steps"):
        for step in ("minutes", "repetition", "level", "less"):
            st.button(words.say(f"dose.step_{step}"), key=f"dose-{step}", on_click=_step, args=(context, step))
    receipt.show(context, context.receipt("dose"))
    lines = markup.concat(
        tag(
            "li",
            tag("b", words.day_short(change.day)) + " " + change.says + markup.reasons(change.reasons),
        )
        for change in dose.history
    )
    html(
        markup.more(
            words.say("dose.history", n=len(dose.history)), tag("ul", lines, "ss-problems") if lines else markup.NOTHING
        )
    )


def days(context: PageContext, dose: DoseView) -> None:
    words = context.words
    st.pills(
        words.say("dose.days"),
        [2, 3, 4, 5],
        default=dose.days_per_week if dose.days_per_week in (2, 3, 4, 5) else None,
        required=True,
        key=f"dose:days:{dose.days_per_week}",
        on_change=_days,
        args=(context, f"dose:days:{dose.days_per_week}"),
    )


def _choose(context: PageContext, change_id: str, choice: Step) -> None:
    command = ChooseStep(athlete=context.athlete.id, typed_utc=context.now_utc(), change_id=change_id, choice=choice)
    context.send(command, about="dose")


def _days(context: PageContext, key: str) -> None:
    days = st.session_state[key]
    context.send(
        SetDose(athlete=context.athlete.id, typed_utc=context.now_utc(), day=context.today(), days_per_week=days),
        about="dose",
    )


def _step(context: PageContext, step: Literal["minutes", "repetition", "level", "less"]) -> None:
    context.send(
        SetDose(athlete=context.athlete.id, typed_utc=context.now_utc(), day=context.today(), step=step), about="dose"
    )
