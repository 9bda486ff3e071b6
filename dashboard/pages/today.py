"""What is there to do for my feet today?"""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup

from dashboard import markup
from dashboard.context import PageContext
from dashboard.markup import concat, tag
from dashboard.pages import welcome
from dashboard.parts import (
    after_work,
    arrivals,
    dose,
    flags,
    pain,
    questions,
    quick_log,
    receipt,
    set_up,
    strength,
    work,
)
from dashboard.parts.st_html import html
from rules.facts.foot_work import Window
from sync.wire.footwork import AdherenceView, DoseView, PrescriptionView
from sync.wire.pages import Today
from sync.wire.runs import RunLine

OLD_DAYS = 7
"""From here on the newest run says how old it is."""


def page(context: PageContext) -> None:
    render(context, context.ask(context.client.today))


def render(context: PageContext, today: Today) -> None:
    words = context.words
    if today.empty:
        # Warning signs and base days need no run.
        flags.stopped(context, today.stopped)
        pain.show(context, today.cards)
        _needs(context, today)
        arrivals.under_way(context, today.under_way)
        arrivals.summary(context, today.arrived)
        due, told, later = in_order(today)
        welcome.start(context, today, lambda: _work(context, today, [*due, *told, *later], set()))
        strength.card(context, today.strength)
        return
    html(tag("header", tag("b", "springstep") + tag("span", words.day(today.day)), "ss-brand"))
    if today.owner != "daemon":
        html(tag("p", words.say(f"shell.{today.owner}"), "ss-banner", role="status"))
    flags.stopped(context, today.stopped)
    pain.show(context, today.cards)
    _needs(context, today)
    arrivals.under_way(context, today.under_way)
    quick_log.show(context, today)
    arrivals.summary(context, today.arrived)
    _says(today)
    due, told, later = in_order(today)
    shown = set[str]()
    _work(context, today, due, shown)
    if today.wins:
        with st.container(key="card-wins"):
            html(markup.listing(today.wins))
    if today.latest_run is not None:
        _newest_run(context, today, today.latest_run)
    _work(context, today, [*told, *later], shown)
    strength.card(context, today.strength)
    set_up.show(context, today)
    dose.offer(context, today.dose)
    for card in today.cards:
        if card.kind != pain.KIND:
            questions.show(context, card)
    questions.more(context, today.later_cards)
    with st.container(key="card-dose"):
        html(_dose(context, today.dose, today.changed) + adherence_line(context, today.adherence))
    if today.evidence_note:
        html(tag("p", today.evidence_note, "ss-note"))


def _needs(context: PageContext, today: Today) -> None:
    """What a source waits for the runner to mend."""
    for number, says in enumerate(today.needs):
        with st.container(key=f"card-needs-{number}"):
            html(tag("p", says, "ss-says"))
            st.page_link(context.pages["sources"], label=context.words.say("today.to_sources"))


Work = tuple[str | None, PrescriptionView]
"""A prescription and the heading above it (the key of its words)."""


def in_order(today: Today) -> tuple[list[Work], list[Work], list[Work]]:
    """What is due today, first what comes first; what was answered already; what is for another day."""
    everything: list[Work] = [(None, one) for one in today.work]
    if today.before_next is not None:
        everything.append(("today.before_next", today.before_next))
    everything += [(None, one) for one in today.ahead]
    open_today = [one for one in everything if one[1].day <= today.day and one[1].session is None]
    due = sorted(open_today, key=lambda one: one[1].window != Window.BEFORE)
    told = [one for one in everything if one[1].session is not None]
    later = sorted((one for one in everything if one[1].day > today.day and one[1].session is None), key=_when)
    if today.primer is not None:
        # Optional: only where nothing else is due does it stand among what is.
        (told if due or today.primer.session is not None else due).append(("today.primer", today.primer))
    return due, told, later


def _when(work: Work) -> date:
    return work[1].day


def _says(today: Today) -> None:
    if today.says and not any(work.title in today.says for work in today.work):
        html(tag("p", today.says, "ss-lead"))


def _work(context: PageContext, today: Today, rows: list[Work], shown: set[str]) -> None:
    for heading, prescription in rows:
        if heading is not None:
            html(tag("h2", context.words.say(heading), "ss-section"))
        work.show(context, today, prescription, shown)
        if heading is None and prescription is rows[0][1]:
            receipt.show(context, context.receipt(after_work.CHOICE))


def _newest_run(context: PageContext, today: Today, run: RunLine) -> None:
    words, days = context.words, (today.day - run.day).days
    with st.container(key="card-run"):
        html(markup.run_card(words, run, today.day))
        if days >= OLD_DAYS:
            html(tag("p", words.say("today.newest", n=days), "ss-quiet"))
        st.page_link(context.pages["run"], label=words.say("today.look"), query_params={"id": run.id})


def _dose(context: PageContext, level: DoseView, changed: list[str]) -> Markup:
    words = context.words
    head = tag("h2", words.say("today.dose"), "ss-title")
    return head + tag("p", level.says, "ss-says") + markup.listing(changed, "ss-list")


def adherence_line(context: PageContext, kept: AdherenceView) -> Markup:
    """Seven days as marks, then the sentence; a dialled-back or excused day is not a miss."""
    words = context.words
    due = max(kept.due_7, 0)
    if not due and not kept.done_7:
        return tag("p", kept.says, "ss-says ss-quiet")
    marks = concat(tag("i", "", "on" if n < kept.done_7 else "off") for n in range(max(due, kept.done_7)))
    label = words.say("today.week" if kept.done_7 <= due else "today.week_more", done=kept.done_7, due=due)
    return (
        tag("h2", words.say("today.kept"), "ss-label")
        + tag("div", tag("span", marks, "ss-marks", aria_hidden="true") + tag("span", label), "ss-row")
        + tag("p", kept.says, "ss-says ss-quiet")
        + (
            tag("p", words.say("today.streak", n=kept.weeks_kept), "ss-quiet")
            if kept.weeks_kept > 1
            else markup.NOTHING
        )
    )
