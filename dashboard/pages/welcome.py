"""The first visit: three ways in, then what makes the plan fit, each of it skippable."""

from __future__ import annotations

import streamlit as st

from dashboard.context import PageContext
from dashboard.format import Words
from dashboard.markup import listing, tag
from dashboard.parts import assess, choices, dose
from dashboard.parts.st_html import html
from sync.errors import CodedText
from sync.service.messages import error_text
from sync.wire.pages import Today
from sync.wire.tasks import Task

TYPES = ["fit", "tcx", "gpx", "gz", "zip", "csv"]


def start(context: PageContext, today: Today) -> None:
    """An empty store: drop a file, copy into the folder, link a source, or look at the demo."""
    words = context.words
    html(tag("h1", words.say("welcome.title"), "ss-page") + tag("p", words.say("welcome.lead"), "ss-lead"))
    with st.container(key="card-drop"):
        html(tag("h2", words.say("welcome.drop"), "ss-title"))
        drop(context)
    with st.container(key="card-folder"):
        html(tag("h2", words.say("welcome.folder"), "ss-title") + tag("p", words.say("welcome.folder_how"), "ss-says"))
        st.code(today.inbox, language=None, wrap_lines=True)
    with st.container(key="card-link"):
        html(tag("h2", words.say("welcome.link"), "ss-title") + tag("p", words.say("welcome.link_how"), "ss-says"))
        st.code("springstep link intervals\nspringstep link garmin\nspringstep link strava", language=None)
    with st.container(key="card-demo"):
        html(tag("h2", words.say("welcome.demo"), "ss-title") + tag("p", words.say("welcome.demo_how"), "ss-says"))
        st.code("make demo", language=None)
    _fit(context)
    html(tag("p", words.say("welcome.weeks"), "ss-note") + tag("p", today.evidence_note, "ss-note"))


def _fit(context: PageContext) -> None:
    """What makes the plan fit; each part can be skipped, all of it takes under two minutes."""
    words = context.words
    plan = context.ask(context.client.plan)
    html(tag("h2", words.say("welcome.fit"), "ss-section") + tag("p", words.say("welcome.fit_how"), "ss-quiet"))
    with st.expander(words.say("welcome.fit_days")):
        choices.show(context, plan.preferences)
        dose.days(context, plan.dose)
    assess.behind(context, words.say("assess.title"))


def dropped() -> bool:
    """Whether files of this visit are on their way, or have just been read."""
    return bool(st.session_state.get("drop:tasks") or st.session_state.get("drop:said"))


def drop(context: PageContext) -> None:
    """Files go the way of the inbox: kept as they are, read, and named if they cannot be read."""
    words, state = context.words, st.session_state
    round_number = state.setdefault("drop:round", 0)
    files = st.file_uploader(
        words.say("welcome.drop_label"), type=TYPES, accept_multiple_files=True, key=f"drop:{round_number}"
    )
    if files:
        state["drop:tasks"] = [context.client.upload(file.name, file.getvalue()) for file in files]
        state["drop:names"] = [file.name for file in files]
        state["drop:round"] = round_number + 1
        st.rerun()
    if state.get("drop:tasks"):
        _arriving(context)
    if state.get("drop:said"):
        html(tag("div", listing(state["drop:said"], "ss-list"), "ss-receipt ss-stored", role="status"))


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
    state["drop:said"] = [
        line for name, task in zip(names, tasks, strict=True) for line in what_became(words, name, task)
    ]
    state.pop("drop:tasks")
    st.rerun(scope="app")


def what_became(words: Words, name: str, task: Task) -> list[str]:
    """Sentences about one dropped file: read, known, waiting, or what is wrong with it."""
    result = task.result or {}
    if task.failed:
        coded = CodedText.from_json(task.failed_code)
        return [f"{name}: {task.failed if coded is None else error_text(coded, words.language)}"]
    if result.get("says"):
        return [str(result["says"])]
    if problems := result.get("problems"):
        return [f"{problem['name']}: {problem['reason']}" for problem in problems]
    if not result.get("runs") and result.get("duplicate"):
        return [words.say("welcome.known", name=name)]
    runs = result.get("runs", 0)
    key = {0: "read_none", 1: "read_one"}.get(runs, "read")
    return [words.say(f"welcome.{key}", name=name, runs=runs)]
