"""The self-check: one question a screen, kept in the browser until it is stored."""

from __future__ import annotations

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import assess, receipt
from dashboard.parts.st_html import html
from sync.wire.pages import PlanPage


def page(context: PageContext) -> None:
    render(context, context.ask(context.client.plan))


def render(context: PageContext, plan: PlanPage) -> None:
    words, questions = context.words, plan.self_check
    html(tag("h1", words.say("assess.title"), "ss-page"))
    if not questions:
        html(tag("p", words.say("assess.none"), "ss-says"))
        return
    said = context.receipt("assess")
    receipt.show(context, said)
    if said is not None and said.refused is None:
        with st.container(key="forget-check"):
            assess.show(context, questions)  # shows nothing: the browser hears that its answers are stored
        st.page_link(context.pages["plan"], label=words.say("assess.compare"))
        return
    says = words.say("assess.takes", n=assess.minutes(questions), of=len(questions))
    html(tag("p", says, "ss-lead") + tag("p", words.language.say("check.intro"), "ss-says"))
    with st.container(key="card-check"):
        assess.show(context, questions)
