"""The self-check per foot, with the safety screen before it: one question a screen, each of which can be skipped.

The questions are gone through in the browser, which keeps every answer until it hears that they are stored.
"""

from __future__ import annotations

from functools import cache
from math import ceil
from pathlib import Path
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard.context import PageContext
from dashboard.drawings import files as drawings
from sync.wire.commands import Assess

SIDES = ("left", "right")
SECONDS = {
    "range_0_10": 40,
    "extension_deg": 60,
    "gathers": 20,
    "curl_ease_0_10": 60,
    "spread": 20,
    "balance_s": 120,
    "knee_to_wall_cm": 90,
}
"""How long an answer takes where one has to do something, for both feet: two stands on one leg of up to a minute, a
measure laid to the wall."""
ANSWER_S = 10
"""An answer from memory."""
PICTURES = {
    "range_0_10": "big-toe-lift",
    "extension_deg": "toe-bend-middle",
    "curl_ease_0_10": "towel-curl",
    "spread": "toe-spread",
    "balance_s": "balance-one-leg",
    "knee_to_wall_cm": "ankle-rock",
}
"""The drill that is drawn as the question asks."""
MOST = {"extension_deg": 120, "balance_s": 60, "knee_to_wall_cm": 30}
WORDS = ("next", "skip", "back", "store", "left_over", "count", "sending", "nothing", "kept")
MOUNT = "self-check"


@cache
def _source() -> str:
    return (Path(__file__).parent / "self_check.js").read_text(encoding="utf-8")


def link(context: PageContext, label: str) -> None:
    st.page_link(context.pages["self-check"], label=label)


def seconds(question: dict[str, Any]) -> int:
    return SECONDS.get(question["id"], ANSWER_S)


def minutes(questions: list[dict[str, Any]]) -> int:
    """Whole minutes that all of it takes, rounded up."""
    return ceil(sum(seconds(one) for one in questions) / 60)


def screens(context: PageContext, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the browser shows, one after the other."""
    words = context.words
    sides = [[side, words.name("side", side)] for side in SIDES]
    answers = [[one, words.say(f"assess.{one}")] for one in ("yes", "no")]
    return [
        {
            "id": one["id"],
            "says": one["says"],
            "use": one.get("use", ""),
            "kind": one["kind"] if one["kind"] in ("score", "number") else "choice",
            "choices": list(one["choices"]) or answers,
            "sides": sides if one["each_foot"] else [["", ""]],
            "most": MOST.get(one["id"], 180),
            "seconds": seconds(one),
            "picture": drawings.moving(PICTURES.get(one["id"], "")),
        }
        for one in questions
    ]


def show(context: PageContext, questions: list[dict[str, Any]]) -> None:
    language = context.words.language
    mount = st.components.v2.component(
        "springstep_self_check", js=_source(), html='<div class="ss-check"></div>', isolate_styles=False
    )
    mount(
        key=MOUNT,
        data={
            "keep": f"springstep:check:{context.athlete.id}",
            "heard": st.session_state.get("check:heard", []),
            "screens": screens(context, questions),
            "words": {name: language.texts[f"ui.assess.{name}"].text for name in WORDS},
        },
        on_finished_change=lambda: _finished(context, questions),
    )


def answers(questions: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
    """What was answered (``id`` or ``id:side`` -> value), sorted into the command's fields; a skipped question is
    absent, and so is an answer to none of them."""
    found: dict[str, Any] = {"left": {}, "right": {}, "screen": {}, "night_cramps": None}
    for question in questions:
        name, kind = question["id"], question["kind"]
        if question["each_foot"]:
            for side in SIDES:
                value = given.get(f"{name}:{side}")
                if value is not None:
                    found[side][name] = value
            continue
        value = given.get(name)
        if value is None:
            continue
        if kind == "screen":
            found["screen"][name] = value == "yes"
        else:
            found[name] = value == "yes" if kind == "yes_no" else value
    return found


def _finished(context: PageContext, questions: list[dict[str, Any]]) -> None:
    """The same report twice is one self-check: its ids were made in the browser."""
    report = st.session_state[MOUNT].get("finished") if MOUNT in st.session_state else None
    if not report:
        return
    command = Assess(
        command_id=str(UUID(report["command"])),
        assessment_id=str(UUID(report["id"])),
        athlete=context.athlete.id,
        typed_utc=context.now_utc(),
        day=context.today(),
        **answers(questions, report["answers"]),
    )
    receipt = context.send(command, about="assess")
    if receipt.refused is None:
        st.session_state["check:heard"] = [*st.session_state.get("check:heard", []), report["id"]]
