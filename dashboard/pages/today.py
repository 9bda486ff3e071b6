"""What is there to do for my feet today?"""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboard import markup
from dashboard.context import PageContext
from dashboard.markup import concat, tag
from dashboard.pages import welcome
from dashboard.parts import after_work, arrivals, dose, flags, pain, questions, quick_log, receipt, set_up, work
from dashboard.parts.st_html import html
from sync.wire.footwork import AdherenceView, DoseView
from sync.wire.pages import Today


def page(context: PageContext) -> None:
    render(context, context.ask(context.client.today))


def render(context: PageContext, today: Today) -> None:
    words = context.words
    if today.empty:
        # Warning signs and base days need no run.
        flags.stopped(context, today.stopped)
        arrivals.under_way(context, today.under_way)
        arrivals.summary(context, today.arrived)
        welcome.start(context, today)
        _work(context, today)
        return
    html(tag("header", tag("b", "springstep") + tag("span", words.day(today.day)), "ss-brand"))
    if today.owner != "daemon":
        html(tag("p", words.say(f"shell.{today.owner}"), "ss-banner", role="status"))
    flags.stopped(context, today.stopped)
    arrivals.under_way(context, today.under_way)
    quick_log.show(context, today)
    arrivals.summary(context, today.arrived)
    if today.says and not any(work.title in today.says for work in today.work):
        html(tag("p", today.says, "ss-lead"))
    if today.wins:
        with st.container(key="card-wins"):
            html(markup.listing(today.wins))
    if today.latest_run is not None:
        with st.container(key="card-run"):
            html(markup.run_card(words, today.latest_run, today.day))
            st.page_link(context.pages["run"], label=words.say("today.look"), query_params={"id": today.latest_run.id})
    _work(context, today)
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


def _work(context: PageContext, today: Today) -> None:
    """Today's work, the block before the coming hard run, the primer, and what stands for tomorrow; before all of it
    what hurt."""
    words, shown = context.words, set[str]()
    pain.show(context, today.cards)
    receipt.show(context, context.receipt(after_work.CHOICE))
    for prescription in today.work:
        work.show(context, prescription, shown, open_drills=prescription.session is None)
    if today.before_next is not None:
        html(tag("h2", words.say("today.before_next"), "ss-section"))
        work.show(context, today.before_next, shown)
    if today.primer is not None:
        html(tag("h2", words.say("today.primer"), "ss-section"))
        work.show(context, today.primer, shown)
    for prescription in today.ahead:
        work.show(context, prescription, shown)


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
