"""Which runs were there, and of what kind?"""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import streamlit as st

from dashboard import markup
from dashboard.desk import Desk
from dashboard.markup import tag, text
from dashboard.words import Words
from rules.facts import Kind, Surface
from sync.wire import RunLine, RunList

SHOWN = 25
PERIODS = {"4w": 28, "3m": 91, "1y": 365, "all": None}


def page(desk: Desk) -> None:
    chosen = _filters(desk)
    limit = int(st.session_state.get("runs:limit", SHOWN))
    today = desk.today()
    days = PERIODS[chosen["period"] or "all"]
    answer = desk.ask(
        lambda: desk.client.runs(
            kind=chosen["kind"],
            surface=chosen["surface"],
            asked=True if chosen["asked"] else None,
            first=today - timedelta(days=days) if days else None,
            limit=limit,
        )
    )
    render(desk, answer, limit=limit)


def _filters(desk: Desk) -> dict[str, str | None]:
    """Each stands in the address, so that a filtered list can be kept as a bookmark."""
    words = desk.words
    with st.container(key="filters"):
        kind = st.pills(
            words.say("runs.kind"),
            [str(kind) for kind in Kind],
            format_func=lambda value: words.name("kind", value),
            key="kind",
            bind="query-params",
        )
        with st.expander(words.say("runs.more_filters")):
            surface = st.pills(
                words.say("runs.surface"),
                [str(surface) for surface in Surface],
                format_func=lambda value: words.name("surface", value),
                key="surface",
                bind="query-params",
            )
            period = st.pills(
                words.say("runs.period"),
                list(PERIODS),
                default="all",
                required=True,
                format_func=lambda value: words.say(f"runs.period_{value}"),
                key="period",
                bind="query-params",
            )
            asked = st.toggle(words.say("runs.asked"), key="asked", bind="query-params")
    return {"kind": kind, "surface": surface, "period": period, "asked": "yes" if asked else None}


def render(desk: Desk, answer: RunList, *, limit: int = SHOWN) -> None:
    words = desk.words
    st.html(tag("p", text(words.say("runs.count", n=words.number(answer.total))), "ss-quiet", role="status"))
    if not answer.runs:
        st.html(tag("p", text(words.say("runs.none")), "ss-lead"))
        return
    month = None
    today = desk.today()
    for run in answer.runs:
        if (run.day.year, run.day.month) != month:
            month = (run.day.year, run.day.month)
            st.html(tag("h2", text(words.month(run.day)), "ss-section"))
        with st.container(key=f"card-row-{run.id}"):
            st.html(_row(words, run, today))
            st.page_link(
                desk.pages["run"],
                label=words.say(
                    "runs.open", title=run.title or words.say("run.untitled"), day=words.day_short(run.day)
                ),
                query_params={"id": run.id},
            )
    if answer.total > len(answer.runs):
        st.button(
            words.say("runs.more"),
            key="runs:more",
            width="stretch",
            on_click=lambda: st.session_state.update({"runs:limit": limit + 2 * SHOWN}),
        )
    st.download_button(
        words.say("export.csv"),
        lambda: as_csv(words, desk.client.runs(limit=100_000).runs).encode(),
        "springstep-runs.csv",
        "text/csv",
        key="runs:csv",
    )


def _row(words: Words, run: RunLine, today) -> str:  # type: ignore[no-untyped-def]
    asks = tag("span", text(words.say("run.asks")), "ss-asks") if run.asked else ""
    top = markup.kind_chip(words, run.primary) + tag("span", text(words.near(run.day, today)), "ss-quiet") + asks
    return tag(
        "div",
        tag("div", top, "ss-row")
        + tag("p", text(run.title or words.say("run.untitled")), "ss-row-title")
        + tag("p", text(markup.numbers(words, run)), "ss-quiet ss-tight"),
    )


def as_csv(words: Words, runs: list[RunLine]) -> str:
    """Plain units whatever the page shows: metres and seconds; a cell that a spreadsheet would run is quoted."""
    names = (
        "id start_utc start_local title distance_m duration_s moving_s ascent_m mean_heart_rate_bpm primary intensity "
        "long hills surface corrected"
    ).split()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    for run in runs:
        writer.writerow([harmless(getattr(run, name)) for name in names])
    return out.getvalue()


def harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
