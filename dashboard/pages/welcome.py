"""The first visit: three ways in, then what makes the plan fit, each of it skippable."""

from __future__ import annotations

import streamlit as st

from dashboard.desk import Desk
from dashboard.markup import listing, tag, text
from sync.wire import Today

TYPES = ["fit", "tcx", "gpx", "gz", "zip"]


def start(desk: Desk, today: Today) -> None:
    """An empty store: drop a file, copy into the folder, link a source, or look at the demo."""
    words = desk.words
    st.html(
        tag("h1", text(words.say("welcome.title")), "ss-page") + tag("p", text(words.say("welcome.lead")), "ss-lead")
    )
    with st.container(key="card-drop"):
        st.html(tag("h2", text(words.say("welcome.drop")), "ss-title"))
        drop(desk)
    with st.container(key="card-folder"):
        st.html(
            tag("h2", text(words.say("welcome.folder")), "ss-title")
            + tag("p", text(words.say("welcome.folder_how")), "ss-says")
        )
        st.code(today.inbox, language=None, wrap_lines=True)
    with st.container(key="card-link"):
        st.html(
            tag("h2", text(words.say("welcome.link")), "ss-title")
            + tag("p", text(words.say("welcome.link_how")), "ss-says")
        )
        st.code("springstep link intervals\nspringstep link garmin\nspringstep link strava", language=None)
    with st.container(key="card-demo"):
        st.html(
            tag("h2", text(words.say("welcome.demo")), "ss-title")
            + tag("p", text(words.say("welcome.demo_how")), "ss-says")
        )
        st.code("make demo", language=None)
    if today.next_steps:
        st.html(listing(today.next_steps, "ss-list"))
    st.html(tag("p", text(words.say("welcome.weeks")), "ss-note") + tag("p", text(today.evidence_note), "ss-note"))


def drop(desk: Desk) -> None:
    """Files go the way of the inbox: kept as they are, read, and named if they cannot be read."""
    words, state = desk.words, st.session_state
    round_number = state.setdefault("drop:round", 0)
    files = st.file_uploader(
        words.say("welcome.drop_label"), type=TYPES, accept_multiple_files=True, key=f"drop:{round_number}"
    )
    if files:
        state["drop:works"] = [desk.client.upload(file.name, file.getvalue()) for file in files]
        state["drop:names"] = [file.name for file in files]
        state["drop:round"] = round_number + 1
        st.rerun()
    if state.get("drop:works"):
        _arriving(desk)


@st.fragment(run_every=1)
def _arriving(desk: Desk) -> None:
    words, state = desk.words, st.session_state
    works = [desk.client.work(work.work_id) for work in state["drop:works"]]  # type: ignore[attr-defined]
    open_works = [work for work in works if not work.ended]
    if open_works:
        st.progress(1 - len(open_works) / len(works), text=words.say("welcome.reading", n=len(open_works)))
        return
    lines = []
    for name, work in zip(state["drop:names"], works, strict=True):
        counts = work.result or {}
        if work.failed:
            lines.append(f"{name}: {work.failed}")
        elif problems := counts.get("problems"):
            lines.extend(f"{problem['name']}: {problem['reason']}" for problem in problems)
        else:
            lines.append(words.say("welcome.read", name=name, runs=counts.get("runs", 0)))
    state["drop:said"] = lines
    state.pop("drop:works")
    st.rerun(scope="app")
