"""Does it work for me? The diary with its uncertainty, the load without alarm."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup

from dashboard import charts, csv_export, markup
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import csv_buttons
from dashboard.parts.st_html import figure, html
from sync.wire.pages import Insights, SurfaceFelt

ENOUGH_TO_DRAW = 2


def page(context: PageContext) -> None:
    render(context, context.ask(context.client.insights))


def render(context: PageContext, facts: Insights) -> None:
    words = context.words
    html(tag("h1", words.say("insights.title"), "ss-page"))
    _section(context, "stiffness")
    with st.container(key="card-stiffness"):
        if len(facts.stiffness) >= ENOUGH_TO_DRAW:
            html(tag("h4", words.say("chart.stiffness"), "ss-label"))
            chart = charts.stiffness_chart(words, facts.stiffness, facts.level, facts.dose_changes, facts.shoe_changes)
            figure(chart, key="chart-stiffness", alt=facts.trend_says)
            html(_changes(context, facts))
        else:
            html(_empty(words.say("insights.few", n=facts.n)))
        html(tag("p", facts.trend_says, "ss-says"))
    for name, rows in (("surface", facts.by_surface), ("kind", facts.by_kind), ("shoe", facts.by_shoe)):
        _felt(context, name, rows, facts.felt_says.get(name, ""))
    _section(context, "adherence")
    with st.container(key="card-adherence"):
        html(tag("p", facts.adherence_says, "ss-says"))
    if facts.wins:
        _section(context, "wins")
        with st.container(key="card-wins"):
            html(markup.listing(facts.wins))
    _load(context, facts)
    if facts.signs:
        _section(context, "signs")
        with st.container(key="card-signs"):
            html(markup.listing(facts.signs))
    if facts.stiffness or _to_draw(facts.weekly_distance_m):
        csv_buttons.buttons(
            context,
            daily=lambda: csv_export.daily(facts),
            weekly=lambda: csv_export.weekly(facts),
            felt=lambda: csv_export.felt(facts),
        )
    html(tag("p", facts.evidence_note, "ss-note"))


def _section(context: PageContext, name: str) -> None:
    html(tag("h2", context.words.say(f"insights.{name}"), "ss-section"))


def _empty(says: str) -> Markup:
    """An empty frame where a chart will stand: honest, and it keeps its place."""
    return tag("div", tag("p", says), "ss-empty")


def _changes(context: PageContext, facts: Insights) -> Markup:
    words = context.words
    rows = [(day, words.say("chart.dose"), what) for day, what in facts.dose_changes]
    rows += [(day, words.say("chart.shoes"), what) for day, what in facts.shoe_changes]
    lines = [f"{words.day_short(day)}: {kind}, {what}" for day, kind, what in sorted(rows)[-6:]]
    return markup.listing(lines, "ss-list ss-quiet")


def _felt(context: PageContext, name: str, rows: list[SurfaceFelt], compared: str) -> None:
    if not rows:
        return
    words = context.words
    _section(context, f"by_{name}")
    named = [
        row.model_copy(update={"group": words.name("surface" if name == "surface" else "kind", row.group)})
        for row in rows
    ]
    with st.container(key=f"card-by-{name}"):
        chart = charts.felt_chart(words, named)
        says = [row.says for row in rows]
        if chart is not None:
            html(tag("h4", words.say("chart.felt"), "ss-label"))
            figure(chart, key=f"chart-by-{name}", alt=" ".join(says))
        html(markup.listing(says) + (tag("p", compared, "ss-says") if compared else markup.NOTHING))


def _to_draw(rows: list[tuple[date, float]]) -> bool:
    """A line at zero would say that nothing was run; there is only nothing known."""
    return len(rows) >= ENOUGH_TO_DRAW and any(value for _, value in rows)


def _load(context: PageContext, facts: Insights) -> None:
    words = context.words
    _section(context, "load")
    with st.container(key="card-load"):
        html(tag("p", words.say("insights.load_note"), "ss-quiet"))
        if _to_draw(facts.weekly_distance_m):
            html(tag("h4", words.say("chart.week", unit=words.units), "ss-label"))
            figure(
                charts.weeks_chart(words, facts.weekly_distance_m),
                key="chart-weeks",
                alt=words.say("insights.weeks_alt"),
            )
        if _to_draw(facts.load_short):
            html(tag("h4", words.say("chart.load"), "ss-label"))
            figure(
                charts.load_chart(words, facts.load_short, facts.load_long),
                key="chart-load",
                alt=words.say("insights.load_alt"),
            )
        html(markup.listing(facts.load_says))
        if facts.polarisation_s:
            total = sum(facts.polarisation_s.values()) or 1.0
            rows = [
                (
                    words.name("zone", zone),
                    seconds / total,
                    f"{words.duration(seconds)} · {words.percent(seconds / total)}",
                )
                for zone, seconds in facts.polarisation_s.items()
            ]
            html(tag("h4", words.say("insights.polarisation"), "ss-label") + markup.bars(rows))
        if facts.polarisation_says:
            html(tag("p", facts.polarisation_says, "ss-says"))
