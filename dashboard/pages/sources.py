"""Where runs come from: what is linked, what each source asks for, and the honest way in for each watch."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import context as reception
from dashboard import signs
from dashboard.context import PageContext
from dashboard.front.secret_forms import LINK
from dashboard.markup import NOTHING, listing, tag
from dashboard.pages.status import SIGNS
from dashboard.parts.set_password import set_password
from dashboard.parts.st_html import html
from sync.errors import SpringstepError
from sync.service.messages import error_text
from sync.service.secret_calls import links, unlink
from sync.settings.rights import sources_refusal
from sync.wire.pages import SourceLine, Status
from sync.wire.sources import LinksPage
from sync.wire.tasks import Task

SERVICES = ("garmin", "intervals", "strava")
CALENDAR = "calendar"
WATCHES = ("garmin", "apple", "coros", "polar", "suunto", "wahoo", "amazfit")
TASK, SAID = "sources:task", "sources:said"


def page(context: PageContext) -> None:
    status = context.ask(context.client.status)
    try:
        linked = context.ask(lambda: links(context.client))
    except SpringstepError as error:
        render(context, status, None, error_text(error, context.words.language))
    else:
        render(context, status, linked)


def render(context: PageContext, status: Status, linked: LinksPage | None, away: str = "") -> None:
    """``linked`` is None where the daemon did not answer, and ``away`` says why."""
    words = context.words
    html(tag("h1", words.say("sources.title"), "ss-page") + tag("p", words.say("sources.lead"), "ss-lead"))
    refusal = sources_refusal(reception.settings()[0])
    if away:
        html(tag("p", words.say("sources.away", says=away), "ss-banner", role="status"))
    elif refusal is not None:
        html(tag("p", words.say("sources.needs_sign_in"), "ss-says"))
        set_password(context)
    may = refusal is None and linked is not None
    lines = {line.source: line for line in status.sources}
    kinds = {} if linked is None else {line.source: line.kind for line in linked.links}
    for source in SERVICES:
        with st.container(key=f"card-source-{source}"):
            _service(context, source, lines.get(source), kinds, may=may)
    with st.container(key=f"card-source-{CALENDAR}"):
        _calendars(context, linked, may=may)
    with st.container(key="card-source-files"):
        html(tag("h2", words.say("sources.files"), "ss-title") + tag("p", words.say("sources.files_how"), "ss-says"))
        st.code(status.inbox, language=None, wrap_lines=True)
        st.page_link(context.pages["status"], label=words.say("sources.files_drop"))
    _watches(context)


def _service(
    context: PageContext, source: str, line: SourceLine | None, kinds: Mapping[str, str], *, may: bool
) -> None:
    words, kind = context.words, kinds.get(source)
    state = "off" if line is None else line.state
    sign = signs.sign(SIGNS[state])
    head = tag("h2", sign + " " + words.name("source", source), "ss-title")
    html(tag("div", head + tag("span", words.say(f"status.state_{state}"), "ss-quiet"), "ss-row ss-split"))
    says = words.say(f"sources.what_{source}") if state == "off" or line is None else line.says
    do_now = "" if line is None or state != "act" else line.do_now or ""
    html(tag("p", says, "ss-says") + (tag("p", do_now, "ss-do") if do_now else NOTHING))
    if kind is not None:
        html(tag("p", words.say(f"sources.kind_{kind}"), "ss-quiet"))
    if may and kind != "given":
        _link_button(context, source, again=kind is not None)
    if kind is None:
        _answer(context, source)
        return
    with st.container(horizontal=True, key=f"do-{source}"):
        _try_button(context, source)
        if may and kind != "given":
            with st.popover(words.say("sources.unlink")):
                html(tag("p", words.say("sources.unlink_how"), "ss-says"))
                st.button(
                    words.say("sources.unlink_yes"), key=f"unlink:{source}", on_click=_unlink, args=(context, source)
                )
                html(tag("p", words.say("sources.purge_how"), "ss-says"))
                st.button(
                    words.say("sources.purge_yes"), key=f"purge:{source}", on_click=_purge, args=(context, source)
                )
    _answer(context, source)


def _calendars(context: PageContext, linked: LinksPage | None, *, may: bool) -> None:
    words, calendars = context.words, [] if linked is None else linked.calendars
    html(tag("h2", words.say("sources.calendars"), "ss-title"))
    html(tag("p", words.say("sources.what_calendar"), "ss-says"))
    for number, one in enumerate(calendars):
        with st.container(horizontal=True, key=f"calendar-{number}"):
            html(tag("p", tag("b", one.host), "ss-says"))
            if may:
                st.button(
                    words.say("sources.unlink"), key=f"unlink:calendar:{one.calendar_id}", on_click=_unlink,
                    args=(context, CALENDAR, one.calendar_id),
                )  # fmt: skip
    if may:
        _link_button(context, CALENDAR, again=False)
    if calendars:
        _try_button(context, CALENDAR)
    _answer(context, CALENDAR)


def _link_button(context: PageContext, source: str, *, again: bool) -> None:
    """A link to the form that stands before Streamlit: a key is typed there and never here."""
    words = context.words
    key = f"sources.link_{CALENDAR}" if source == CALENDAR else "sources.link_again" if again else "sources.link"
    label = words.say(key, source=words.name("source", source))
    look = "ss-button ss-second" if again else "ss-button"
    html(tag("a", label, look, href=f".{LINK}{source}", target="_self"))


def _try_button(context: PageContext, source: str) -> None:
    st.button(context.words.say("sources.try"), key=f"try:{source}", on_click=_try, args=(context, source))


def _try(context: PageContext, source: str) -> None:
    try:
        st.session_state[TASK] = source, context.client.start_doctor(source)
        st.session_state.pop(SAID, None)
    except SpringstepError as error:
        st.session_state[SAID] = source, False, error_text(error, context.words.language)


def _unlink(context: PageContext, source: str, calendar_id: str | None = None) -> None:
    try:
        said = True, " ".join(unlink(context.client, source, calendar_id).says)
    except SpringstepError as error:
        said = False, error_text(error, context.words.language)
    st.session_state[SAID] = source, *said


def _purge(context: PageContext, source: str) -> None:
    try:
        st.session_state[TASK] = source, context.client.start_purge(source)
    except SpringstepError as error:
        st.session_state[SAID] = source, False, error_text(error, context.words.language)


def _answer(context: PageContext, source: str) -> None:
    """What became of the last thing that was asked for here."""
    asked = st.session_state.get(TASK)
    if asked is not None and asked[0] == source:
        _waiting(context)
    said = st.session_state.get(SAID)
    if said is not None and said[0] == source:
        look, role = ("ss-stored", "status") if said[1] else ("ss-refused", "alert")
        html(tag("p", said[2], f"ss-receipt {look}", role=role))


@st.fragment(run_every=1)
def _waiting(context: PageContext) -> None:
    asked = st.session_state.get(TASK)
    if asked is None:
        return
    source, task = asked
    task = task if task.ended else context.client.task(task.work_id)
    if not task.ended:
        html(tag("p", context.words.say("sources.asking"), "ss-quiet", role="status"))
        return
    st.session_state[SAID] = source, *_outcome(context, task)
    st.session_state.pop(TASK)
    st.rerun(scope="app")


def _outcome(context: PageContext, task: Task) -> tuple[bool, str]:
    result = task.result or {}
    if task.failed:
        return False, task.failed
    if "says" in result:
        return bool(result.get("ok")), str(result["says"])
    return True, context.words.say("sources.purged", copies=result.get("copies", 0))


def _watches(context: PageContext) -> None:
    words = context.words
    html(tag("h2", words.say("sources.watches"), "ss-section"))
    for watch in WATCHES:
        with st.expander(words.say(f"sources.watch_{watch}")):
            steps = [words.say(f"sources.watch_{watch}_{number}") for number in (1, 2, 3)
                     if f"ui.sources.watch_{watch}_{number}" in words.language]  # fmt: skip
            html(listing(steps))
