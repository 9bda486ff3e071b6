"""One prescription as a card: what, why, the drills, and done / partly / skipped in one tap."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboard import markup, signs
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import after_work, player, receipt
from dashboard.parts.st_html import html
from dashboard.signs import Sign
from rules.facts.answers import SkipReason
from sync.wire.commands import LogSession, RemoveSession, new_id
from sync.wire.footwork import PrescriptionView
from sync.wire.pages import Today

SIGNS: dict[str, Sign] = {"done": "done", "partial": "partial", "skipped": "skipped"}


def show(context: PageContext, today: Today, work: PrescriptionView, shown: set[str]) -> None:
    """``shown`` holds the warnings that stand further up on this page: the same sentence is not said twice."""
    words, about = context.words, f"work:{work.prescription_id}"
    can_act = work.day <= today.day
    with st.container(key=f"card-work-{work.window}-{work.prescription_id}"):
        html(_head(context, today, work))
        if can_act and work.session is None and player.is_open(work.prescription_id):
            player.show(context, player.of_work(context, work))
        else:
            player.forget(work.prescription_id, work.session.session_id if work.session is not None else None)
        if work.session is not None:
            _said(context, work)
            after_work.rate(context, work)
        elif not can_act:
            html(tag("p", words.say("work.not_yet", day=words.near(work.day, today.day)), "ss-quiet"))
        elif work.drills:
            st.button(
                words.say("work.start", minutes=words.minutes(work.minutes)),
                key=f"start-{work.prescription_id}",
                type="primary",
                width="stretch",
                on_click=player.start,
                args=(work.prescription_id,),
            )
            _one_tap(context, work)
        receipt.show(context, context.receipt(about))
        title = words.say("work.drill" if len(work.drills) == 1 else "work.drills", n=len(work.drills))
        html(
            _warnings(context, work, shown, is_open=today.first_week)
            + markup.more(title, markup.drills(words, work.drills) if work.drills else markup.NOTHING)
            + markup.more(words.say("work.why"), markup.why(words, work.reasons, work.drills, work.warnings))
        )


def _warnings(context: PageContext, work: PrescriptionView, shown: set[str], *, is_open: bool) -> Markup:
    """When to stop: in sight in the first week, later behind a tap."""
    words = context.words
    fresh = [row for row in work.warnings if row.says not in shown]
    rows = markup.reasons(fresh, "ss-warnings")
    shown.update(row.says for row in fresh)
    rest = tag("p", words.say("work.same_stops"), "ss-quiet") if len(fresh) < len(work.warnings) else markup.NOTHING
    return (rows if is_open else markup.more(words.say("work.stops"), rows)) + rest


def run_name(context: PageContext, today: Today, work: PrescriptionView) -> str | None:
    """The run that this is for, as the runs are named, and its day; None without one."""
    words, run, newest = context.words, work.run, today.latest_run
    if run is None or run.coming:
        return None
    same = newest is not None and newest.id == run.run_id
    name = markup.title(words, newest) if same and newest else words.say(f"run.untitled_{run.kind or 'unknown'}")
    return words.join([name, words.near(run.day, today.day)])


def _head(context: PageContext, today: Today, work: PrescriptionView) -> Markup:
    words = context.words
    marks = [words.say("work.minutes", minutes=words.minutes(work.minutes)), work.when.rstrip(".")]
    if work.window in ("before", "morning"):
        day, start = words.day(work.day), work.starts_local
        marks.insert(0, words.say("work.run_at", day=day, start=words.time(start)) if start else day)
    marks += [words.say("work.gentle")] if work.gentle else []
    window = tag("span", words.name("window", work.window), f"ss-window ss-window-{work.window}")
    run = run_name(context, today, work)
    named = tag("p", words.say("work.for_run", run=run), "ss-quiet ss-tight") if run else markup.NOTHING
    return window + tag("h2", work.title, "ss-title") + named + tag("p", words.join(marks), "ss-numbers")


def _one_tap(context: PageContext, work: PrescriptionView) -> None:
    words, key = context.words, work.prescription_id
    with st.container(horizontal=True, key=f"answers-{key}"):
        st.button(words.say("work.done"), key=f"done-{key}", on_click=_send, args=(context, work, "done"))
        st.button(words.say("work.partly"), key=f"partly-{key}", on_click=_send, args=(context, work, "partial"))
        with st.popover(words.say("work.skip")):
            html(tag("p", words.say("work.skip_why"), "ss-quiet"))
            for reason in SkipReason:
                st.button(
                    words.name("skip", reason),
                    key=f"skip-{reason}-{key}",
                    width="stretch",
                    on_click=_send,
                    args=(context, work, "skipped", str(reason)),
                )
    with st.container(key=f"choose-{key}"):
        after_work.choose(context, work)


def _said(context: PageContext, work: PrescriptionView) -> None:
    words, session = context.words, work.session
    assert session is not None
    parts = [words.name("session", session.state)]
    if session.reason:
        parts.append(words.name("skip", session.reason))
    if session.minutes:
        parts.append(words.say("work.minutes", minutes=words.minutes(session.minutes)))
    html(
        tag(
            "p",
            signs.sign(SIGNS[session.state]) + " " + tag("b", words.join(parts)),
            f"ss-session ss-session-{session.state}",
        )
    )
    st.button(words.say("work.undo"), key=f"undo-{work.prescription_id}", on_click=_undo, args=(context, work))


def session_id(prescription_id: str) -> str:
    """One id for whatever is answered to this prescription while the page is open: a second tap amends."""
    return str(st.session_state.setdefault(f"session:{prescription_id}", new_id()))


def _send(context: PageContext, work: PrescriptionView, state: str, reason: str | None = None) -> None:
    now = context.now_utc()
    context.send(
        LogSession(
            athlete=context.athlete.id,
            typed_utc=now,
            session_id=session_id(work.prescription_id),
            prescription_id=work.prescription_id,
            state=state,  # type: ignore[arg-type]
            at_utc=now,
            minutes=work.minutes if state == "done" else work.minutes / 2 if state == "partial" else None,
            reason=SkipReason(reason) if reason else None,
        ),
        about=f"work:{work.prescription_id}",
    )


def _undo(context: PageContext, work: PrescriptionView) -> None:
    if work.session is None:
        return
    st.session_state.pop(f"session:{work.prescription_id}", None)
    player.heard_of(work.prescription_id, work.session.session_id)
    context.send(
        RemoveSession(athlete=context.athlete.id, typed_utc=context.now_utc(), session_id=work.session.session_id),
        about=f"work:{work.prescription_id}",
    )
