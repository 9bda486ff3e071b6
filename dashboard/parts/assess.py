"""The self-check per foot, with the safety screen before it; every question can be skipped."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from sync.wire.commands import Assess

SIDES = ("left", "right")


def behind(context: PageContext, label: str, *, expanded: bool = False) -> None:
    """The self-check behind a tap: its fifty fields are made when it is opened, not with every page that offers it."""
    with st.expander(label, expanded=expanded, key="assess:open", on_change="rerun") as place:
        if place.open:
            show(context)


def show(context: PageContext) -> None:
    """The daemon's questions: one list for the person, one for each foot."""
    words = context.words
    receipt.show(context, context.receipt("assess"))
    plan = context.ask(context.client.plan)
    if not plan.self_check:
        html(tag("p", words.say("assess.none"), "ss-says"))
        return
    html(tag("p", words.language.say("check.intro"), "ss-says"))
    with st.form("assess", border=False):
        for question in plan.self_check:
            use = question.get("use", "")
            if not question["each_foot"]:
                _ask(context, question, question["id"], question["says"])
                html(tag("p", use, "ss-quiet"))
                continue
            html(tag("p", question["says"], "ss-question") + tag("p", use, "ss-quiet"))
            for side in SIDES:
                _ask(context, question, f"{question['id']}:{side}", words.name("side", side))
        if st.form_submit_button(words.say("assess.store"), type="primary", width="stretch"):
            _send(context, plan.self_check)
            st.rerun()


def _ask(context: PageContext, question: dict[str, Any], name: str, label: str) -> None:
    words, key = context.words, f"assess:{name}"
    match question["kind"]:
        case "score":
            st.pills(label, range(11), key=key, width="stretch")
        case "number":
            st.number_input(label, min_value=0.0, max_value=180.0, value=None, step=1.0, key=key)
        case "choice":
            choices = dict(question["choices"])
            st.pills(label, list(choices), format_func=lambda value: choices[value], key=key)
        case _:
            st.pills(label, ["yes", "no"], format_func=lambda value: words.say(f"assess.{value}"), key=key)


def answers(questions: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
    """What was answered, sorted into the command's fields; a skipped question is absent."""
    found: dict[str, Any] = {"left": {}, "right": {}, "screen": {}, "night_cramps": None}
    for question in questions:
        name, kind = question["id"], question["kind"]
        if question["each_foot"]:
            for side in SIDES:
                value = given.get(f"assess:{name}:{side}")
                if value is not None:
                    found[side][name] = value
            continue
        value = given.get(f"assess:{name}")
        if value is None:
            continue
        if kind == "screen":
            found["screen"][name] = value == "yes"
        else:
            found[name] = value == "yes" if kind == "yes_no" else value
    return found


def _send(context: PageContext, questions: list[dict[str, Any]]) -> None:
    now = context.now_utc()
    found = answers(questions, dict(st.session_state))  # type: ignore[arg-type]
    context.send(Assess(athlete=context.athlete.id, typed_utc=now, day=context.today(), **found), about="assess")
