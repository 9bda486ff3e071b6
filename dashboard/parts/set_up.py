"""The set-up card on Today: five steps of under a minute each, until they are done or the card is dismissed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import assess, choices, dose, receipt
from dashboard.parts.drop import drop
from dashboard.parts.st_html import html
from sync.wire.commands import SetPreference
from sync.wire.pages import SetUpStep, SetUpView, Today

ABOUT = "set-up"
SIGNS = {"done": "✓", "skipped": "–", "open": "○"}


def show(context: PageContext, today: Today) -> None:
    view = today.set_up
    if view is None:
        return
    words = context.words
    with st.container(key="card-set-up"):
        said = words.say("set_up_card.count", done=view.done, all=len(view.steps))
        html(tag("div", tag("h2", words.say("set_up_card.title"), "ss-title") + tag("span", said), "ss-row ss-split"))
        html(tag("p", words.say("set_up_card.lead"), "ss-quiet"))
        for step in view.steps:
            _step(context, today, view, step)
        receipt.show(context, context.receipt(ABOUT))
        receipt.show(context, context.receipt("prefer"))
        st.button(
            words.say("set_up_card.dismiss"),
            key="set-up:dismiss",
            on_click=_prefer,
            args=(context, "set_up_hidden", True),
        )


def _step(context: PageContext, today: Today, view: SetUpView, step: SetUpStep) -> None:
    words = context.words
    state = "done" if step.done else "skipped" if step.skipped else "open"
    label = f"{SIGNS[state]} {words.say(f'set_up_card.{step.name}')}"
    parts: Mapping[str, Callable[[], None]] = {
        "runs": lambda: _runs(context, today),
        "safety": lambda: _safety(context, view),
        "self_check": lambda: _self_check(context),
        "days": lambda: _days(context, today, view),
        "equipment": lambda: _equipment(context, view),
    }
    with st.expander(label, key=f"set-up:{step.name}", on_change="rerun") as place:
        # Made when it is opened: the fields of five steps are not needed by who came for today's foot work.
        if not place.open:
            return
        parts[step.name]()
        if state == "open":
            skipped = [one.name for one in view.steps if one.skipped]
            st.button(
                words.say("set_up_card.skip"), key=f"set-up:skip:{step.name}", on_click=_prefer,
                args=(context, "set_up_skipped", [*skipped, step.name]),
            )  # fmt: skip


def _runs(context: PageContext, today: Today) -> None:
    words = context.words
    if not today.empty:
        # On an empty page the place to drop files stands below already, and there is one for a page.
        drop(context)
    html(tag("p", words.say("set_up_card.runs_how"), "ss-says"))
    st.page_link(context.pages["sources"], label=words.say("welcome.link_go"))


def _safety(context: PageContext, view: SetUpView) -> None:
    """Each answer is kept at once; a yes brings its advice."""
    words, told = context.words, view.preferences.get("screen") or {}
    for question, says in view.safety:
        now = told.get(question)
        st.pills(
            says, ["yes", "no"], default=None if now is None else ("yes" if now else "no"),
            format_func=lambda one: words.say(f"assess.{one}"), key=f"set-up:screen:{question}",
            on_change=_answered, args=(context, question, told),
        )  # fmt: skip


def _answered(context: PageContext, question: str, told: Mapping[str, Any]) -> None:
    value = st.session_state[f"set-up:screen:{question}"]
    left = {name: one for name, one in told.items() if name != question}
    _prefer(context, "screen", left if value is None else {**left, question: value == "yes"})


def _self_check(context: PageContext) -> None:
    html(tag("p", context.words.say("set_up_card.self_check_how"), "ss-says"))
    assess.link(context, context.words.say("ask.check"))


def _days(context: PageContext, today: Today, view: SetUpView) -> None:
    dose.days(context, today.dose)
    for name in ("anchors", "hard_weekdays"):
        choices.many(context, name, view.preferences)


def _equipment(context: PageContext, view: SetUpView) -> None:
    for name in ("equipment", "textures"):
        choices.many(context, name, view.preferences)
    choices.shoes(context, view.preferences)


def _prefer(context: PageContext, key: str, value: Any) -> None:
    context.send(
        SetPreference(athlete=context.athlete.id, typed_utc=context.now_utc(), key=key, value=value), about=ABOUT
    )
