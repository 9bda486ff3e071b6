"""Setup and navigation; every page is a ``render`` of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboard import auth, query
from dashboard import context as reception
from dashboard.addresses import ADDRESS
from dashboard.addresses import PAGES as PAGE_PATHS
from dashboard.context import PageContext
from dashboard.format import Words
from dashboard.markup import tag
from dashboard.pages import (
    calendar,
    drill_sheet,
    insights,
    log,
    no_store,
    plan,
    print_view,
    run,
    runs,
    self_check,
    settings,
    sources,
    status,
    today,
)
from dashboard.parts import early
from dashboard.parts.st_html import html
from sync.errors import NoStore, SpringstepError
from sync.service.messages import error_text
from sync.settings.config import Athlete

PULSE_S = 10

PAGES = {
    "today": today.page,
    "log": log.page,
    "runs": runs.page,
    "calendar": calendar.page,
    "insights": insights.page,
    "plan": plan.page,
    "sources": sources.page,
    "settings": settings.page,
    "status": status.page,
    "self-check": self_check.page,
    "run": run.page,
    "print": print_view.page,
    "sheet": drill_sheet.page,
}
# What a thumb reaches at the bottom of a phone; the others stand behind "More".
THUMB = ("today", "log", "runs", "calendar")
# Reached from other pages.
ASIDE = ("run", "print", "sheet", "self-check")


def main(first: str = "today") -> None:
    """Show the page the address asks for; ``first`` stands at the root."""
    query.begin()
    config, home = reception.settings()
    st.set_page_config(page_title="springstep", page_icon="👣", layout="centered", initial_sidebar_state="collapsed")
    athletes = _visible()
    if not athletes:
        _signed_out(reception.words_for(config.first, st.context.headers.get("accept-language") or ""))
        return
    pages: dict[str, Any] = {}
    names = {address: name for name, address in ADDRESS.items()}
    context = replace(
        reception.open_context(config, home, athletes),
        pages=pages,
        meanwhile=lambda: ways(),
        stands=lambda: bool(st.session_state.get("shell:stands") == standing()),
    )
    words = context.words

    def standing() -> tuple[str, str]:
        return here.url_path, context.athlete.id

    for name, page in PAGES.items():
        pages[name] = st.Page(
            partial(_shown, page, context),
            title=f"{words.say(f'nav.{name}')} · springstep",
            url_path=ADDRESS.get(name, name),
            default=name == first,
        )
    here = st.navigation(list(pages.values()), position="hidden")
    shown = names.get(here.url_path, here.url_path) or first
    early.meet(context, shown)
    place = st.container(key="nav", horizontal=True)
    with st.container(key="away"):
        html(tag("p", words.say("shell.away"), "ss-away", role="status"))
    if context.athlete.made_up:
        html(tag("p", words.say("shell.made_up"), "ss-banner"))
    with st.container():  # always: what is below keeps its place when this appears
        if reception.config_mistakes() and context.athlete == config.first and here.url_path != "settings":
            html(tag("p", words.say("settings.invalid"), "ss-banner", role="status"))

    @cache
    def ways() -> None:
        """Placed first, for the keyboard; drawn once what the runner came for stands, or while that is slow."""
        with place:
            _ways(context, shown)

    try:
        here.run()
    except NoStore as lost:
        no_store.render(words, lost)
        _pulse(context)
        return
    except Exception:
        ways()
        raise
    st.session_state["shell:stands"] = standing()
    ways()
    _pulse(context)


def _shown(page: Callable[[PageContext], None], context: PageContext) -> None:
    try:
        page(context)
    except NoStore:
        raise
    except SpringstepError as error:
        html(
            tag("h2", context.words.say("shell.cannot"), "ss-title")
            + tag("p", error_text(error, context.words.language), "ss-says"),
        )
        st.button(context.words.say("shell.again"), key="again")


def _ways(context: PageContext, here: str) -> None:
    words = context.words
    for name in PAGES:
        if name in ASIDE:
            continue
        with st.container(key=f"nav-{name}{'-here' if name == here else ''}"):
            st.page_link(context.pages[name], label=words.say(f"nav.{name}"))
    with st.container(key="nav-more"), st.popover(words.say("nav.more")):
        for name in PAGES:
            if name not in THUMB and name not in ("run", "self-check"):
                st.page_link(context.pages[name], label=words.say(f"nav.{name}"))
        if len(context.athletes) > 1:
            _household(context)
        if reception.settings()[0].dashboard.sign_in:
            html(tag("a", words.say("devices.link"), "ss-devices", href=f".{auth.DEVICES}", target="_self"))
            leave = tag("button", words.say("door.leave", name=context.athlete.name), type="submit")
            html(tag("form", leave, "ss-leave", method="post", action=f".{auth.SIGN_OUT}"))


def _visible() -> tuple[Athlete, ...]:
    return auth.visible(*reception.settings(), dict(st.context.cookies), reception.now_utc())


def _signed_out(words: Words) -> None:
    """The sign-in ran out, or a new password was set, while this page stood open."""
    html(tag("p", words.say("door.out"), "ss-lead"))
    here = urlsplit(st.context.url or "").path.rpartition("/")[2]
    back = urlencode({"next": f"/{here}"}) if here in PAGE_PATHS else ""
    html(tag("a", words.say("door.enter"), href=f".{auth.SIGN_IN}?{back}", target="_self"))


def _household(context: PageContext) -> None:
    names = {athlete.id: athlete.name for athlete in context.athletes}
    st.selectbox(
        context.words.say("shell.athlete"),
        list(names),
        index=list(names).index(context.athlete.id),
        format_func=lambda one: names[one],
        key="shell:athlete",
        on_change=lambda: st.session_state.update(athlete=st.session_state["shell:athlete"]),
    )


@st.fragment(run_every=PULSE_S)
def _pulse(context: PageContext) -> None:
    """A run that arrives, or a word from another device, shows without a reload; so does a new password."""
    if context.athlete not in _visible():
        st.rerun(scope="app")
    try:
        stamp = context.client.etag()
    except SpringstepError:
        return
    key = f"stamp:{context.athlete.id}"
    before = st.session_state.get(key)
    st.session_state[key] = stamp
    if before is not None and before != stamp:
        st.rerun(scope="app")
