"""Files on their way in: how far they are, and what came of them, until that was read."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import markup, signs
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts.st_html import html
from sync.service.import_summary import READ
from sync.wire.commands import SetPreference
from sync.wire.tasks import ImportSummary, Task

PARTS = ("runs", "joined", "other", "known", "problems")


def under_way(context: PageContext, work: Sequence[Task]) -> None:
    """Its place is always there, so that nothing below moves to another when work begins."""
    words = context.words
    with st.container(key="under-way"):
        for task in work:
            left = words.say("status.left", time=words.duration(max(task.left_s, 60))) if task.left_s else ""
            known = task.total is not None
            how_far = words.say("task.of", n=words.number(task.done), of=words.number(task.total)) if known else ""
            share = task.done / task.total if task.total else 0.0
            st.progress(min(1.0, share), text=words.join([words.name("task", task.what), how_far, left]))


def summary(context: PageContext, found: ImportSummary | None) -> None:
    if found is None:
        return
    words = context.words
    failed = found.problems > 0
    with st.container(key="card-ask-arrived"):
        counts = [(part, getattr(found, part)) for part in PARTS]
        lines = [words.say(f"arrived.{part}", n=words.number(n)) for part, n in counts if n and part != "problems"]
        sign = signs.sign("act" if failed else "done")
        title = words.say("arrived.title", n=words.number(found.files))
        html(tag("h2", sign + " " + title, "ss-title") + markup.listing(lines))
        if failed:
            html(tag("p", words.say("arrived.problems", n=words.number(found.problems)), "ss-do"))
            st.page_link(context.pages["status"], label=words.say("arrived.look"))
        st.button(words.say("arrived.read"), key="arrived:read", on_click=_read, args=(context, found))


def _read(context: PageContext, found: ImportSummary) -> None:
    command = SetPreference(
        athlete=context.athlete.id, typed_utc=context.now_utc(), key=READ, value=found.ended_utc.isoformat()
    )
    context.send(command, about="arrived")
