"""Where files are dropped: sent by the browser in one POST each, then read like everything in the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from markupsafe import Markup

from dashboard.context import PageContext
from dashboard.format import Words
from dashboard.front.uploads import ROOM, UPLOAD
from dashboard.markup import listing, tag
from dashboard.parts.st_html import html
from sync.errors import CodedText
from sync.service.messages import error_text
from sync.wire.tasks import Task

HERE = Path(__file__).parent
KEY = "upload"


@cache
def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def dropped() -> bool:
    """Whether files of this visit are being read, or have just been."""
    return bool(st.session_state.get("drop:tasks") or st.session_state.get("drop:said"))


def drop(context: PageContext) -> None:
    """Files go the way of the inbox: kept as they are, read, and named if they cannot be read."""
    words, state = context.words, st.session_state
    mount = st.components.v2.component(
        "springstep_upload",
        js=_source("upload.js"),
        css=_source("upload.css"),
        html=str(Markup('<div class="upload"></div>')),
    )
    mount(
        key=KEY,
        data={
            "words": {
                "pick": words.say("upload.pick"),
                "hint": words.say("welcome.drop_label"),
                "cancel": words.say("upload.cancel"),
                "sending": words.say("upload.sending"),
            },
            "path": {"upload": f".{UPLOAD}", "room": f".{ROOM}", "params": {"runner": context.athlete.id}},
        },
        on_sent_change=lambda: _sent(context, state[KEY].get("sent")),
    )
    if state.get("drop:tasks"):
        _arriving(context)
    if state.get("drop:said"):
        for ok, box in ((True, "ss-stored"), (False, "ss-refused")):
            lines = [says for good, says in state["drop:said"] if good is ok]
            if lines:
                html(tag("div", listing(lines, "ss-list"), f"ss-receipt {box}", role="status"))


def _sent(context: PageContext, sent: Sequence[dict[str, Any]] | None) -> None:
    """What the browser says became of each file: the task that reads it, or why it was not taken."""
    state, words = st.session_state, context.words
    tasks = state.setdefault("drop:tasks", [])
    names = state.setdefault("drop:names", [])
    said = []
    for one in sent or ():
        if one.get("task"):
            tasks.append(Task.model_validate(one["task"]))
            names.append(str(one["name"]))
        else:
            said.append((False, str(one.get("says") or words.say("upload.not_sent", name=one["name"]))))
    state["drop:said"] = said


@st.fragment(run_every=1)
def _arriving(context: PageContext) -> None:
    words, state = context.words, st.session_state
    tasks = [task if task.ended else context.client.task(task.work_id) for task in state["drop:tasks"]]
    state["drop:tasks"] = tasks
    left = sum(not task.ended for task in tasks)
    if left:
        st.progress(1 - left / len(tasks), text=words.say("welcome.reading", n=left))
        return
    names = state.pop("drop:names")
    read = [line for name, task in zip(names, tasks, strict=True) for line in what_became(words, name, task)]
    state["drop:said"] = [*state.get("drop:said", ()), *read]
    state.pop("drop:tasks")
    st.rerun(scope="app")


def what_became(words: Words, name: str, task: Task) -> list[tuple[bool, str]]:
    """Whether it went well, and a sentence, about one dropped file: read, known, waiting, or what is wrong with it."""
    result = task.result or {}
    if task.failed:
        coded = CodedText.from_json(task.failed_code)
        return [(False, f"{name}: {task.failed if coded is None else error_text(coded, words.language)}")]
    if result.get("says"):
        return [(True, str(result["says"]))]
    failed = [(False, f"{problem['name']}: {problem['reason']}") for problem in result.get("problems") or ()]
    if failed and not result.get("runs"):
        return failed
    if not result.get("runs") and result.get("duplicate"):
        return [(True, words.say("welcome.known", name=name))]
    runs = result.get("runs", 0)
    key = {0: "read_none", 1: "read_one"}.get(runs, "read")
    return [(True, words.say(f"welcome.{key}", name=name, runs=runs)), *failed]
