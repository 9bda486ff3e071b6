"""The first visit: three ways in, then what makes the plan fit, each of it skippable."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import assess, choices, dose, set_up
from dashboard.parts.drop import drop
from dashboard.parts.st_html import html
from sync.wire.pages import Today


def start(context: PageContext, today: Today, work: Callable[[], None]) -> None:
    """An empty store: a file, the folder, a source, or the demo; ``work`` shows what is due."""
    words = context.words
    html(tag("h1", words.say("welcome.title"), "ss-page") + tag("p", words.say("welcome.lead"), "ss-lead"))
    with st.container(key="card-drop"):
        html(tag("h2", words.say("welcome.drop"), "ss-title"))
        drop(context)
    work()
    set_up.show(context, today)
    with st.container(key="card-folder"):
        html(tag("h2", words.say("welcome.folder"), "ss-title") + tag("p", words.say("welcome.folder_how"), "ss-says"))
        st.code(today.inbox, language=None, wrap_lines=True)
    with st.container(key="card-link"):
        html(tag("h2", words.say("welcome.link"), "ss-title") + tag("p", words.say("welcome.link_how"), "ss-says"))
        st.page_link(context.pages["sources"], label=words.say("welcome.link_go"))
    with st.container(key="card-demo"):
        html(tag("h2", words.say("welcome.demo"), "ss-title") + tag("p", words.say("welcome.demo_how"), "ss-says"))
        st.code("make demo", language=None)
    if today.set_up is None:
        # Else the set-up card asks for the same.
        _fit(context)
    html(tag("p", words.say("welcome.weeks"), "ss-note") + tag("p", today.evidence_note, "ss-note"))


def _fit(context: PageContext) -> None:
    """What makes the plan fit; each part can be skipped, all of it takes under two minutes."""
    words = context.words
    plan = context.ask(context.client.plan)
    html(tag("h2", words.say("welcome.fit"), "ss-section") + tag("p", words.say("welcome.fit_how"), "ss-quiet"))
    with st.expander(words.say("welcome.fit_days")):
        choices.show(context, plan.preferences)
        dose.days(context, plan.dose)
    assess.link(context, words.say("assess.open"))
