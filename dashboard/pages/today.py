"""What is there to do for my feet today?"""

from __future__ import annotations

import streamlit as st

from dashboard import markup
from dashboard.context import Desk
from dashboard.markup import tag, text
from dashboard.pages import welcome
from dashboard.parts import dose, flags, pain, questions, quick_log, work
from dashboard.parts.st_html import html
from sync.wire import AdherenceView, DoseView, Today


def page(desk: Desk) -> None:
    render(desk, desk.ask(desk.client.today))


def render(desk: Desk, today: Today) -> None:
    words = desk.words
    if today.empty:
        # Warning signs and base days need no run.
        flags.stopped(desk, today.stopped)
        welcome.start(desk, today)
        _work(desk, today)
        return
    html(tag("header", tag("b", "springstep") + tag("span", text(words.day(today.day))), "ss-brand"))
    if today.owner != "daemon":
        html(tag("p", text(words.say(f"shell.{today.owner}")), "ss-banner", role="status"))
    flags.stopped(desk, today.stopped)
    quick_log.show(desk, today)
    if today.says and not any(work.title in today.says for work in today.work):
        html(tag("p", text(today.says), "ss-lead"))
    if today.latest_run is not None:
        with st.container(key="card-run"):
            html(markup.run_card(words, today.latest_run, today.day))
            st.page_link(desk.pages["run"], label=words.say("today.look"), query_params={"id": today.latest_run.id})
    _work(desk, today)
    dose.offer(desk, today.dose)
    for card in today.cards:
        if card.kind != pain.KIND:
            questions.show(desk, card)
    with st.container(key="card-dose"):
        html(_dose(desk, today.dose, today.changed) + adherence(desk, today.adherence))
    if today.evidence_note:
        html(tag("p", text(today.evidence_note), "ss-note"))


def _work(desk: Desk, today: Today) -> None:
    """Today's work, the block before the coming hard run, the primer, and what stands for tomorrow; before all of it
    what hurt."""
    words, shown = desk.words, set[str]()
    pain.show(desk, today.cards)
    for prescription in today.work:
        work.show(desk, prescription, shown, open_drills=prescription.session is None)
    if today.before_next is not None:
        html(tag("h2", text(words.say("today.before_next")), "ss-section"))
        work.show(desk, today.before_next, shown)
    if today.primer is not None:
        html(tag("h2", text(words.say("today.primer")), "ss-section"))
        work.show(desk, today.primer, shown)
    for prescription in today.ahead:
        work.show(desk, prescription, shown)


def _dose(desk: Desk, level: DoseView, changed: list[str]) -> str:
    words = desk.words
    head = tag("h2", text(words.say("today.dose")), "ss-title")
    return head + tag("p", text(level.says), "ss-says") + markup.listing(changed, "ss-list")


def adherence(desk: Desk, kept: AdherenceView) -> str:
    """Seven days as marks, then the sentence; a dialled-back or excused day is not a miss."""
    words = desk.words
    due = max(kept.due_7, 0)
    if not due and not kept.done_7:
        return tag("p", text(kept.says), "ss-says ss-quiet")
    marks = "".join(f'<i class="{"on" if n < kept.done_7 else "off"}"></i>' for n in range(max(due, kept.done_7)))
    label = words.say("today.week" if kept.done_7 <= due else "today.week_more", done=kept.done_7, due=due)
    return (
        tag("h4", text(words.say("today.kept")), "ss-label")
        + tag("div", tag("span", marks, "ss-marks", aria_hidden="true") + tag("span", text(label)), "ss-row")
        + tag("p", text(kept.says), "ss-says ss-quiet")
        + (tag("p", text(words.say("today.streak", n=kept.weeks_kept)), "ss-quiet") if kept.weeks_kept > 1 else "")
    )
