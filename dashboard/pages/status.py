"""Is everything in order, and what is mine to do?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from dashboard import csv_export, markup, signs
from dashboard.context import PageContext
from dashboard.markup import concat, tag
from dashboard.parts import arrivals, csv_buttons, receipt
from dashboard.parts.drop import drop, dropped
from dashboard.parts.st_html import html
from dashboard.signs import Sign
from sync.errors import PersonMustAct, TryLater
from sync.service.messages import error_text
from sync.wire.pages import SourceLine, Status, SyncRunLine
from sync.wire.tasks import ProblemLine, Task

SIGNS: dict[str, Sign] = {"ok": "done", "waiting": "waiting", "act": "act", "off": "open"}


def page(context: PageContext) -> None:
    render(context, context.ask(context.client.status))


def render(context: PageContext, status: Status) -> None:
    words = context.words
    html(tag("h1", words.say("status.title"), "ss-page"))
    arrivals.under_way(context, status.work)
    yours, operators = st.tabs([words.say("status.yours"), words.say("status.operators")])
    with yours:
        _yours(context, status)
    with operators:
        _sync_runs(context, status.passes)
        _figures(context, status)
        csv_buttons.buttons(
            context,
            passes=lambda: csv_export.passes(status.passes),
            problems=lambda: csv_export.problems(status.problems),
        )


def _yours(context: PageContext, status: Status) -> None:
    """What a runner asks: do my runs come in, is anything waiting, and what is mine to do?"""
    words = context.words
    lead = words.say(f"status.owner_{status.owner}", pid=status.owner_pid or "")
    if status.outbox_waiting:
        lead += " " + words.say("status.outbox", n=status.outbox_waiting)
    html(tag("p", lead, "ss-lead"))
    arrivals.summary(context, status.arrived)
    html(tag("h2", words.say("status.sources"), "ss-section"))
    for source in status.sources:
        if source.state != "off":
            with st.container(key=f"card-source-{source.source}"):
                html(_source(context, source))
    if not any(source.state != "off" for source in status.sources):
        html(tag("p", words.say("status.no_sources"), "ss-says"))
    st.page_link(context.pages["sources"], label=words.say("status.link"))
    with st.container(horizontal=True, key="status-orders"):
        st.button(
            words.say("status.sync"), key="status:sync", on_click=_start, args=(context, context.client.start_sync)
        )
        st.button(words.say("status.look"), key="status:rescan", on_click=lambda: None)
    receipt.show(context, context.receipt("status"))
    with st.expander(words.say("status.upload"), expanded=dropped(), key="status-upload"):
        drop(context)
    _problems(context, status.problems)
    if status.problems:
        st.button(words.say("status.retry"), key="status:retry", on_click=_again, args=(context, status.inbox))


def _source(context: PageContext, source: SourceLine) -> Markup:
    words, now = context.words, context.now_utc()
    sign = signs.sign(SIGNS[source.state])
    name = words.name("source", source.source)
    state = words.say(f"status.state_{source.state}")
    # What is not linked is nothing to do; saying so twice would look like it.
    lines = markup.NOTHING if source.state == "off" else tag("p", source.says, "ss-says")
    if source.do_now and source.state == "act":
        lines += tag("p", tag("b", words.say("status.do_now")) + " " + source.do_now, "ss-do")
    elif source.do_now:
        lines += tag("p", source.do_now, "ss-quiet")
    times = words.join(
        [
            words.say("status.last", ago=words.ago(source.last_success_utc, now)) if source.last_success_utc else "",
            # Where all is well its own sentence says so.
            "" if source.tried_live or source.state == "ok" else words.say("status.untried"),
        ]
    )
    return (
        tag(
            "div",
            tag("h3", sign + " " + name, "ss-title") + tag("span", state, "ss-quiet"),
            "ss-row ss-split",
        )
        + lines
        + (tag("p", times, "ss-quiet") if times else markup.NOTHING)
    )


def _again(context: PageContext, inbox: str) -> None:
    """The files in the inbox once more; a source's records come again with its next sync run."""
    _start(context, lambda: context.client.start_import([Path(inbox)]))


def _start(context: PageContext, start: Callable[[], Task]) -> None:
    try:
        start()
    except (PersonMustAct, TryLater) as error:
        st.toast(error_text(error, context.words.language))
        return
    st.toast(context.words.say("status.ordered"))


def _problems(context: PageContext, problems: list[ProblemLine]) -> None:
    words, now = context.words, context.now_utc()
    html(tag("h2", words.say("status.problems", n=len(problems)), "ss-section"))
    if not problems:
        html(tag("p", words.say("status.no_problems"), "ss-says"))
        return
    items = concat(
        tag(
            "li",
            tag("b", problem.name)
            + tag("p", problem.reason, "ss-says")
            + tag(
                "p",
                f"{words.name('source', problem.source)} · {words.ago(problem.last_seen_utc, now)}",
                "ss-quiet",
            ),
        )
        for problem in problems[:50]
    )
    html(tag("ul", items, "ss-problems"))
    if len(problems) > 50:
        html(tag("p", words.say("status.more_problems", n=len(problems) - 50), "ss-quiet"))


def _sync_runs(context: PageContext, found: list[SyncRunLine]) -> None:
    words, now = context.words, context.now_utc()
    html(tag("h2", words.say("status.passes"), "ss-section"))
    if not found:
        html(tag("p", words.say("status.no_passes"), "ss-says"))
        return
    rows = [
        (
            words.ago(line.started_utc, now),
            words.name("source", line.source),
            words.name("sync_result", line.result),
            ", ".join(f"{words.name('sync_count', name)} {number}" for name, number in line.counts.items() if number)
            or "–",
        )
        for line in found[:12]
    ]
    head = [words.say(f"status.pass_{name}") for name in ("when", "source", "result", "counts")]
    html(markup.wide(markup.table(head, rows, words.say("status.passes")), words.say("status.passes")))


def _figures(context: PageContext, status: Status) -> None:
    words = context.words
    rows = [
        (words.say("status.runs"), words.number(status.runs)),
        (words.say("status.activities"), words.number(status.activities)),
        (words.say("status.database"), words.size(status.database_bytes)),
        (words.say("status.originals"), words.size(status.originals_bytes)),
        (words.say("status.backup"), words.ago(status.backup_utc, context.now_utc())),
        (words.say("status.map"), _map(context, status)),
        (words.say("status.version"), status.version),
        (words.say("status.rules"), status.rules_version),
        (words.say("status.duckdb"), f"{status.duckdb_version} · {status.schema_version}"),
        (words.say("status.home"), status.home),
        (words.say("status.inbox"), status.inbox),
    ]
    body = concat(tag("dt", name) + tag("dd", value) for name, value in rows)
    html(tag("h2", words.say("status.figures"), "ss-section") + tag("dl", body, "ss-figures"))


def _map(context: PageContext, status: Status) -> str:
    if status.map_utc is None:
        return context.words.say("status.map_none")
    day = status.map_utc.replace(tzinfo=UTC).astimezone(context.athlete.zone).date()
    size = context.words.size(status.map_bytes)
    return context.words.say("status.map_there", size=size, day=f"{context.words.day_short(day)} {day.year}")
