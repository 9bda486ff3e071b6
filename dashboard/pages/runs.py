"""Which runs were there, and of what kind?"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import streamlit as st
from markupsafe import Markup

from dashboard import csv_export, markup, query
from dashboard.context import PageContext
from dashboard.format import Words
from dashboard.markup import tag
from dashboard.parts import csv_buttons, scroll_back
from dashboard.parts.drop import drop, dropped
from dashboard.parts.st_html import html
from rules.facts.kinds import Kind, Surface
from sync.wire.pages import RunList
from sync.wire.runs import RunLine

SHOWN = 15
EVERY = 100_000
ADDING = "runs:adding"
PERIODS = {"4w": 28, "3m": 91, "1y": 365, "all": None}


def page(context: PageContext) -> None:
    with st.container(horizontal=True, key="runs-head"):
        html(tag("h1", context.words.say("nav.runs"), "ss-page"))
        st.button(context.words.say("runs.add"), key="runs:add-files", on_click=_turn)
    if st.session_state.get(ADDING) or dropped():
        with st.container(key="card-add-files"):
            drop(context)
    chosen = _filters(context)
    limit = int(st.session_state.get("runs:limit", SHOWN))
    today = context.today()
    days = PERIODS[chosen["period"] or "all"]
    first = today - timedelta(days=days) if days else None
    fitting = partial(
        context.client.runs, kind=chosen["kind"], surface=chosen["surface"], asked=chosen["asked"], first=first
    )
    answer = context.ask(lambda: fitting(limit=limit))
    render(context, answer, limit=limit, filtered=any(value not in (None, "all") for value in chosen.values()))
    scroll_back.keep()
    if answer.runs:
        csv_buttons.buttons(context, runs=lambda: csv_export.runs(fitting(limit=EVERY).runs))


def _turn() -> None:
    st.session_state[ADDING] = not st.session_state.get(ADDING)


def _filters(context: PageContext) -> dict[str, str | None]:
    """Each stands in the address, so that a filtered list can be kept as a bookmark."""
    words = context.words
    with st.container(key="filters"):
        kind = _pick(context, "kind", [str(kind) for kind in Kind])
        with st.expander(words.say("runs.more_filters"), expanded="surface" in st.query_params):
            surface = _pick(context, "surface", [str(surface) for surface in Surface])
            period = _pick(context, "period", list(PERIODS))
            asked = st.toggle(
                words.say("runs.asked"),
                value="asked" in st.query_params,
                key="runs:asked",
                on_change=lambda: _into_address("asked", "true" if st.session_state["runs:asked"] else None),
            )
    return {"kind": kind, "surface": surface, "period": period, "asked": "true" if asked else None}


def _pick(context: PageContext, name: str, options: list[str]) -> str | None:
    now = st.query_params.get(name)
    key = f"runs:{name}"
    return st.pills(
        context.words.say(f"runs.{name}"),
        options,
        default=now if now in options else None,
        format_func=lambda value: (
            context.words.say(f"runs.period_{value}") if name == "period" else context.words.name(name, value)
        ),
        key=key,
        on_change=lambda: _into_address(name, st.session_state[key]),
    )


def _into_address(name: str, value: str | None) -> None:
    st.session_state.pop("runs:limit", None)
    query.write(**{name: value})


def render(context: PageContext, answer: RunList, *, limit: int = SHOWN, filtered: bool = False) -> None:
    words = context.words
    html(tag("p", words.say("runs.count", n=words.number(answer.total)), "ss-quiet", role="status"))
    if not answer.runs:
        html(tag("p", words.say("runs.none" if filtered else "runs.none_yet"), "ss-lead"))
        if not filtered:
            st.page_link(context.pages["status"], label=words.say("nav.status"))
        return
    month = None
    today = context.today()
    for run in answer.runs:
        if (run.day.year, run.day.month) != month:
            month = (run.day.year, run.day.month)
            html(tag("h2", words.month(run.day), "ss-section"))
        with st.container(key=f"card-row-{run.id}"):
            st.page_link(
                context.pages["run"], label=markup.label(markup.title(words, run)), query_params={"id": run.id}
            )
            html(_row(words, run, today))
    if answer.total > len(answer.runs):
        st.button(
            words.say("runs.more"),
            key="runs:more",
            width="stretch",
            on_click=lambda: st.session_state.update({"runs:limit": limit + 2 * SHOWN}),
        )


def _row(words: Words, run: RunLine, today: date) -> Markup:
    top = markup.run_chip(words, run) + tag("span", words.near(run.day, today), "ss-quiet") + markup.asks(words, run)
    return tag(
        "div",
        tag("div", top, "ss-row") + tag("p", markup.numbers(words, run), "ss-quiet ss-tight"),
    )
