"""What a run was for the feet: the foot work it brought, and the next morning."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboard import markup, signs
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts.st_html import html
from dashboard.signs import Sign
from sync.wire.runs import FootWorkLine, NextMorning, RunPage

SIGNS: dict[str, Sign] = {
    "done": "done",
    "partial": "partial",
    "skipped": "skipped",
    "open": "open",
    "passed": "skipped",
}


def show(context: PageContext, page: RunPage) -> None:
    words = context.words
    with st.container(key="card-feet"):
        lines = markup.concat(_work(context, line) for line in page.work)
        html(
            tag("h2", words.say("feet.title"), "ss-title")
            + (tag("ul", lines, "ss-feet-work") if page.work else tag("p", words.say("feet.no_work"), "ss-says"))
            + tag("p", _morning(context, page.morning), "ss-says")
        )
        if any(line.state == "open" for line in page.work):
            st.page_link(context.pages["today"], label=words.say("feet.to_today"))


def _work(context: PageContext, line: FootWorkLine) -> Markup:
    words = context.words
    sign = signs.sign(SIGNS[line.state])
    says = words.join(
        [
            words.say("work.minutes", minutes=words.number(line.minutes)),
            words.near(line.day, context.today()),
            words.say(f"feet.{line.state}"),
        ]
    )
    return tag("li", sign + " " + tag("b", line.title) + tag("span", says, "ss-quiet"))


def _morning(context: PageContext, morning: NextMorning | None) -> str:
    words = context.words
    if morning is None:
        return words.say("feet.no_morning")
    score = words.number(morning.score, 0 if morning.score == round(morning.score) else 1)
    if morning.usual is None:
        return words.say("feet.morning", score=score)
    return words.say("feet.morning_usual", score=score, usual=words.number(morning.usual, 1))
