"""What kind of run was it, how do we know, and is that right?"""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboard import csv_export, markup, query
from dashboard.context import PageContext
from dashboard.format import Words
from dashboard.markup import concat, tag
from dashboard.parts import correct, csv_buttons, ground, receipt, run_feet
from dashboard.parts.st_html import figure, html
from dashboard.run_charts import ROLES, run_chart, told_parts
from sync.wire.commands import MergeRuns, SplitRun
from sync.wire.runs import FacetLine, RecordingLine, RunLine, RunPage

SURE = Markup('<i style="width:{}%"></i>')
ROLE = Markup('<i style="background:{}" aria-hidden="true"></i>')
STROKE = Markup('<span><i class="ss-stroke ss-stroke-{}" aria-hidden="true"></i>{}</span> ')
MARKS = ("partial", "owed", "sport_inferred", "offset_assumed", "clock_weeks", "clock_told", "mended", "corrected")


def page(context: PageContext) -> None:
    run_id = st.query_params.get("id")
    if not run_id:
        html(tag("p", context.words.say("run.no_id"), "ss-lead"))
        st.page_link(context.pages["runs"], label=context.words.say("nav.runs"))
        return
    if run_id == "last" and not context.ask(lambda: context.client.runs(limit=1)).runs:
        html(tag("p", context.words.say("runs.none_yet"), "ss-lead"))
        st.page_link(context.pages["status"], label=context.words.say("nav.status"))
        return
    query.hold("id", run_id)
    render(context, context.ask(lambda: context.client.run(run_id)))


def render(context: PageContext, page: RunPage) -> None:
    words, run = context.words, page.run
    with st.container(horizontal=True, key="run-ways"):
        st.page_link(context.pages["runs"], label=words.say("run.all"))
        if page.previous_id:
            st.page_link(context.pages["run"], label=words.say("run.previous"), query_params={"id": page.previous_id})
        if page.next_id:
            st.page_link(context.pages["run"], label=words.say("run.next"), query_params={"id": page.next_id})
    when = words.day(run.day, year=True) + ("" if run.removed else f", {words.time(run.start_local)}")
    html(
        tag("h1", markup.title(words, run), "ss-page")
        + tag("p", when, "ss-quiet")
        + tag("p", markup.numbers(words, run), "ss-numbers")
        + _marks(context, page)
    )
    receipt.show(context, context.receipt(_joined(run)))
    with st.container(key="card-kind"):
        correct.show(context, page)
        if page.because and not run.corrected:
            html(tag("p", page.because, "ss-says"))
        why = concat(facet(context, line) for line in page.facets)
        html(markup.more(words.say("run.why"), why))
    with st.container(key="two-columns-run"):
        with st.container(key="column-run"):
            run_feet.show(context, page)
            _zones(context, page)
            ground.show(context, page)
        with st.container(key="column-curves"):
            _curves(context, page)
    _segments(context, page)
    _recordings(context, page)
    csv_buttons.buttons(context, curves=lambda: csv_export.curves(page), segments=lambda: csv_export.segments(page))


def _marks(context: PageContext, page: RunPage) -> Markup:
    words, run = context.words, page.run
    marks = [
        words.say(f"run.mark_{name}")
        for name in (
            "partial",
            "owed",
            "sport_inferred",
            "offset_assumed",
            "clock_weeks",
            "clock_told",
            "mended",
            "corrected",
        )
        if getattr(run, name)
    ]
    return tag("p", words.join(marks), "ss-quiet") if marks else markup.NOTHING


def _vote(weight: float) -> str:
    """For or against what is said of the run; what speaks for neither has a dot."""
    return "+" if weight > 0 else "−" if weight < 0 else "·"


def facet(context: PageContext, line: FacetLine) -> Markup:
    """The verdict, how sure it is, and every sentence of evidence."""
    words = context.words
    sure = (
        words.say("run.corrected_by_you")
        if line.corrected
        else words.say("run.sure", percent=words.percent(line.confidence))
    )
    known = line.value is not None and line.value != "unknown"
    bar = tag("span", SURE.format(round(100 * line.confidence)), "ss-sure", aria_hidden="true")
    head = (
        tag("span", words.name("facet", line.facet), "ss-facet-name")
        + tag("b", line.says if known else words.say("run.abstained"))
        + (bar + tag("span", sure, "ss-quiet") if known else markup.NOTHING)
    )
    items = concat(
        tag(
            "li",
            tag("span", _vote(row.weight), "ss-vote", aria_hidden="true") + f" {row.says}",
        )
        for row in sorted(line.evidence, key=lambda row: -abs(row.weight))
    )
    body = tag("ul", items, "ss-evidence") if items else tag("p", words.say("run.no_evidence"), "ss-quiet")
    return tag("details", tag("summary", head) + body, "ss-facet")


def _curves(context: PageContext, page: RunPage) -> None:
    words = context.words
    parts = told_parts(page.run, page.segments)
    titles = {name: words.say(f"chart.{name}", unit=unit) for name, unit in _units(words).items()}
    chart = run_chart(words, page.lines, parts, titles) if page.lines is not None else None
    if chart is None:
        html(tag("p", words.say("run.no_lines"), "ss-quiet"))
        return
    with st.container(key="card-chart"):
        html(tag("h2", words.say("run.curves"), "ss-title"))
        roles = {part.role: ROLES.get(part.role, "#8a8778") for part in parts}
        keys = concat(tag("span", ROLE.format(colour) + words.name("role", role)) for role, colour in roles.items())
        lines = {"solid": words.say("chart.speed"), "dashed": words.say("chart.adjusted")}
        strokes = concat(STROKE.format(stroke, says) for stroke, says in lines.items())
        html(tag("div", keys + strokes, "ss-legend"))
        figure(chart, key="chart-run", alt=words.say("chart.run_alt", says=page.run.says))
        html(tag("p", words.say("chart.touch"), "ss-quiet"))


def _units(words: Words) -> dict[str, str]:
    return {"pace": words.units, "heart": "", "height": "ft" if words.units == "mi" else "m"}


def _zones(context: PageContext, page: RunPage) -> None:
    words = context.words
    if not page.zone_s and not page.thresholds:
        return
    html(tag("h2", words.say("run.zones"), "ss-section"))
    with st.container(key="card-zones"):
        total = sum(page.zone_s.values()) or 1.0
        rows = [
            (words.name("zone", zone), seconds / total, f"{words.duration(seconds)} · {words.percent(seconds / total)}")
            for zone, seconds in page.zone_s.items()
        ]
        html(markup.bars(rows) + markup.listing(page.thresholds, "ss-list ss-quiet"))


def _segments(context: PageContext, page: RunPage) -> None:
    words = context.words
    parts = told_parts(page.run, page.segments)
    if not parts:
        return
    rows = [
        (
            words.name("role", line.role),
            words.duration(line.end_s - line.start_s),
            words.distance(line.distance_m),
            words.pace(line.speed_mps),
            words.pace(line.grade_adjusted_mps),
            words.number(line.mean_heart_rate_bpm),
        )
        for line in parts
    ]
    head = [words.say(f"run.segment_{name}") for name in ("role", "time", "distance", "pace", "gap", "heart")]
    with st.expander(words.say("run.segments", n=len(rows))):
        table = markup.table(head, rows, words.say("run.segments", n=len(rows)))
        html(markup.wide(table, words.say("run.segments", n=len(rows))))


def _recordings(context: PageContext, page: RunPage) -> None:
    words = context.words
    place = st.expander(words.say("run.recordings", n=len(page.recordings)), key="recordings", on_change="rerun")
    with place:
        if not place.open:
            return
        html(concat(_recording(context, line) for line in page.recordings))
        if page.provenance:
            rows = [
                tag("dt", words.name("field", name)) + tag("dd", words.name("source", source))
                for name, source in sorted(page.provenance.items())
            ]
            html(tag("h3", words.say("run.provenance"), "ss-label") + tag("dl", concat(rows), "ss-figures"))
        if len(page.recordings) > 1:
            st.button(words.say("run.split"), key="run:split", on_click=_split, args=(context, page.run))
            html(tag("p", words.say("run.split_how"), "ss-quiet"))
        _merge(context, page.run)


def _merge(context: PageContext, run: RunLine) -> None:
    """Other runs of the same day may be this one, recorded twice."""
    words = context.words
    others = [
        one for one in context.ask(lambda: context.client.runs(first=run.day, last=run.day)).runs if one.id != run.id
    ]
    if others:
        html(tag("h3", words.say("run.merge"), "ss-label"))
    for other in others[:4]:
        title = markup.label(markup.title(words, other))
        label = words.say("run.merge_with", title=title, time=words.time(other.start_local))
        st.button(label, key=f"run:merge:{other.id}", on_click=_join, args=(context, run, other.id))


def _joined(run: RunLine) -> str:
    """Joining and splitting change which runs there are: what was answered shows on every run of that day."""
    return f"joined:{run.day}"


def _join(context: PageContext, run: RunLine, other_id: str) -> None:
    command = MergeRuns(athlete=context.athlete.id, typed_utc=context.now_utc(), run_a=run.id, run_b=other_id)
    context.send(command, about=_joined(run))


def _split(context: PageContext, run: RunLine) -> None:
    command = SplitRun(athlete=context.athlete.id, typed_utc=context.now_utc(), run_id=run.id)
    context.send(command, about=_joined(run))


def _recording(context: PageContext, line: RecordingLine) -> Markup:
    words = context.words
    parts = [words.distance(line.distance_m), words.duration(line.duration_s), line.device or ""]
    lead = f" ({words.say('run.lead')})" if line.lead else ""
    names = ", ".join(line.names)
    return (
        tag("p", tag("b", words.name("source", line.source)) + lead, "ss-tight")
        + tag("p", words.join(parts), "ss-quiet ss-tight")
        + tag("p", names, "ss-file")
    )
