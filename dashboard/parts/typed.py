"""Time and note of an entry in fields of our own: what is typed is kept in the browser until it is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.context import PageContext


@cache
def _source() -> str:
    return (Path(__file__).parent / "typed.js").read_text(encoding="utf-8")


def show(
    context: PageContext,
    key: str,
    *,
    keep: str,
    time: time,
    note: str,
    stored: bool,
    begun: bool,
    on_time: Callable[[time], None],
    on_note: Callable[[str], None],
) -> None:
    """``keep`` names what is kept: the runner, and which entry. ``begun``: this entry was new on this page, so that a
    note which was typed before its score belongs to it."""
    words = context.words
    mount = st.components.v2.component(
        "springstep_typed", js=_source(), html='<div class="ss-typed"></div>', isolate_styles=False
    )

    def timed() -> None:
        if value := _reported(key, "time"):
            on_time(type(time).fromisoformat(value))

    def noted() -> None:
        report = _reported(key, "note")
        if report is not None:
            on_note(report["text"])

    mount(
        key=key,
        data={
            "keep": f"springstep:note:{keep}",
            "time": f"{time:%H:%M}",
            "note": note,
            "stored": stored,
            "begun": begun,
            "words": {
                "time": words.say("log.time"),
                "note": words.say("log.note"),
                "kept": words.say("log.kept"),
            },
        },
        on_time_change=timed,
        on_note_change=noted,
    )


def _reported(key: str, name: str) -> Any:
    return st.session_state[key].get(name) if key in st.session_state else None
