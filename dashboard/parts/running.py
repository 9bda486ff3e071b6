"""What was run so far: weekly distance, kinds, years and the longest run, from the first import on."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, markup
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts.st_html import figure, html
from sync.wire.pages import Insights, RunningSoFar

LEAST_WEEKS = 2


def show(context: PageContext, facts: Insights) -> None:
    words, so_far = context.words, facts.running
    assert so_far is not None
    weeks = facts.weekly_distance_m
    if len(weeks) >= LEAST_WEEKS and any(far for _, far in weeks):
        with st.container(key="card-weeks"):
            title = tag("h2", words.say("insights.weeks"), "ss-title")
            html(title + tag("p", words.say("chart.week", unit=words.units), "ss-quiet"))
            figure(charts.weeks_chart(words, weeks), key="chart-weeks", alt=words.say("insights.weeks_alt"))
    with st.container(key="card-kinds"):
        total = sum(so_far.kinds.values()) or 1
        rows = [
            (
                words.say("run.unsure") if kind == "unsure" else words.name("kind", kind),
                n / total,
                f"{words.number(n)} · {words.percent(n / total)}",
            )
            for kind, n in so_far.kinds.items()
        ]
        html(tag("h2", words.say("insights.kinds"), "ss-title") + markup.bars(rows))
        _longest(context, so_far)
    if len(so_far.years) > 1:
        with st.container(key="card-years"):
            most_m = max(one.distance_m for one in so_far.years) or 1.0
            years = [
                (
                    str(one.year),
                    one.distance_m / most_m,
                    words.join([words.distance(one.distance_m), words.say("insights.year_runs", n=one.runs)]),
                )
                for one in reversed(so_far.years)
            ]
            html(tag("h2", words.say("insights.years"), "ss-title") + markup.bars(years))


def _longest(context: PageContext, so_far: RunningSoFar) -> None:
    words = context.words
    if so_far.longest_id is None or so_far.longest_day is None:
        return
    day = f"{words.day_short(so_far.longest_day)} {so_far.longest_day.year}"
    html(tag("p", words.say("insights.longest", far=words.distance(so_far.longest_m), day=day), "ss-says"))
    st.page_link(context.pages["run"], label=words.say("insights.to_run"), query_params={"id": so_far.longest_id})
