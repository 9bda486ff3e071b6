"""Does it work for me? The diary with its uncertainty, the load without alarm."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup

from dashboard import charts, csv_export, markup
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import csv_buttons, running
from dashboard.parts.st_html import figure, html
from sync.wire.pages import Insights, SurfaceFelt

ENOUGH_TO_DRAW = 2


def page(context: PageContext) -> None:
    render(context, context.ask(context.client.insights))


def render(context: PageContext, facts: Insights) -> None:
    words = context.words
    html(tag("h1", words.say("insights.title"), "ss-page"))
    html(tag("p", facts.lead or _day_one(context, facts), "ss-lead ss-answer"))
    opens = {one.part for one in facts.opens}
    with st.container(key="grid-insights"):
        if len(facts.stiffness) >= ENOUGH_TO_DRAW:
            _stiffness(context, facts)
        if facts.running is not None:
            running.show(context, facts)
        for name, rows in (("surface", facts.by_surface), ("kind", facts.by_kind), ("shoe", facts.by_shoe)):
            if rows and name not in opens:
                _felt(context, name, rows, facts.felt_says.get(name, ""))
        if facts.wins:
            _listed(context, "wins", facts.wins)
        if facts.signs:
            _listed(context, "signs", facts.signs)
        _load(context, facts)
        if facts.opens:
            _opens(context, facts)
    if facts.stiffness or _to_draw(facts.weekly_distance_m):
        csv_buttons.buttons(
            context,
            daily=lambda: csv_export.daily(facts),
            weekly=lambda: csv_export.weekly(facts),
            felt=lambda: csv_export.felt(facts),
        )
    html(tag("p", facts.evidence_note, "ss-note"))


def _day_one(context: PageContext, facts: Insights) -> str:
    """Too little is logged for a word about the feet; what was run is known from the first import on."""
    words = context.words
    if facts.running is None:
        return words.say("insights.nothing_yet")
    years = facts.running.years
    far_m, runs = sum(one.distance_m for one in years), sum(one.runs for one in years)
    return words.say("insights.ran", n=words.number(runs), far=words.distance(far_m), year=years[0].year)


def _title(context: PageContext, name: str) -> Markup:
    return tag("h2", context.words.say(f"insights.{name}"), "ss-title")


def _listed(context: PageContext, name: str, rows: list[str]) -> None:
    with st.container(key=f"card-{name}"):
        html(_title(context, name) + markup.listing(rows))


def _sure(context: PageContext, inside: Markup) -> Markup:
    return markup.more(context.words.say("insights.sure"), inside)


def _opens(context: PageContext, facts: Insights) -> None:
    words = context.words
    with st.container(key="card-opens"):
        rows = [
            words.say(
                "insights.opens_next" if one.logs == 1 else "insights.opens_after",
                part=words.say(f"insights.opens_{one.part}"),
                n=one.logs,
            )
            for one in facts.opens
        ]
        html(_title(context, "opens") + markup.listing(rows))


def _stiffness(context: PageContext, facts: Insights) -> None:
    words = context.words
    with st.container(key="card-stiffness"):
        html(_title(context, "stiffness") + tag("p", words.say("chart.stiffness"), "ss-quiet"))
        chart = charts.stiffness_chart(words, facts.stiffness, facts.level, facts.dose_changes, facts.shoe_changes)
        figure(chart, key="chart-stiffness", alt=facts.trend_says)
        html(_changes(context, facts) + _sure(context, markup.listing([facts.trend_says, facts.adherence_says])))


def _changes(context: PageContext, facts: Insights) -> Markup:
    words = context.words
    rows = [(day, words.say("chart.dose"), what) for day, what in facts.dose_changes]
    rows += [(day, words.say("chart.shoes"), what) for day, what in facts.shoe_changes]
    lines = [f"{words.day_short(day)}: {kind}, {what}" for day, kind, what in sorted(rows)[-6:]]
    return markup.listing(lines, "ss-list ss-quiet")


def _felt(context: PageContext, name: str, rows: list[SurfaceFelt], compared: str) -> None:
    words = context.words
    named = [
        row.model_copy(update={"group": words.name("surface" if name == "surface" else "kind", row.group)})
        for row in rows
    ]
    with st.container(key=f"card-by-{name}"):
        chart = charts.felt_chart(words, named)
        says = [row.says for row in rows]
        html(_title(context, f"by_{name}"))
        if chart is not None:
            html(tag("p", words.say("chart.felt"), "ss-quiet"))
            figure(chart, key=f"chart-by-{name}", alt=" ".join(says))
        html(_sure(context, markup.listing(says) + (tag("p", compared, "ss-says") if compared else markup.NOTHING)))


def _to_draw(rows: list[tuple[date, float]]) -> bool:
    """A line at zero would say that nothing was run; there is only nothing known."""
    return len(rows) >= ENOUGH_TO_DRAW and any(value for _, value in rows)


def _load(context: PageContext, facts: Insights) -> None:
    words = context.words
    if _to_draw(facts.load_short):
        with st.container(key="card-load"):
            html(_title(context, "load") + tag("p", words.say("chart.load"), "ss-quiet"))
            figure(
                charts.load_chart(words, facts.load_short, facts.load_long),
                key="chart-load",
                alt=words.say("insights.load_alt"),
            )
            note = tag("p", words.say("insights.load_note"), "ss-quiet")
            html(_sure(context, note + markup.listing(facts.load_says)))
    if facts.polarisation_s:
        with st.container(key="card-effort"):
            total = sum(facts.polarisation_s.values()) or 1.0
            rows = [
                (
                    words.name("zone", zone),
                    seconds / total,
                    f"{words.duration(seconds)} · {words.percent(seconds / total)}",
                )
                for zone, seconds in facts.polarisation_s.items()
            ]
            html(_title(context, "effort") + markup.bars(rows))
            html(_sure(context, tag("p", facts.polarisation_says, "ss-says")))
