"""The guided player: drill by drill with timer, cue and breath; what it reports is posted under its own UUIDs.

The browser remembers a session until it hears that its answer arrived, or that it was taken back: then it forgets it,
and the next start is a new session.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard.context import PageContext
from rules.facts.answers import DrillAnswer, SkipReason
from sync.wire.commands import LogSession
from sync.wire.footwork import PrescriptionView

HERE = Path(__file__).parent
WORDS = [
    "close",
    "count",
    "ready",
    "paused",
    "set",
    "left",
    "right",
    "rest",
    "next_is",
    "last",
    "back",
    "pause",
    "go_on",
    "next",
    "end_here",
    "end_ask",
    "end_yes",
    "end_no",
    "hurts",
    "over",
    "over_more",
    "done",
    "partly",
    "sending",
]


@cache
def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def show(context: PageContext, work: PrescriptionView) -> None:
    key = f"player-{work.prescription_id}"
    _mount()(
        key=key,
        data={
            "prescription_id": work.prescription_id,
            "heard": _heard(work.prescription_id),
            "title": work.title,
            "minutes": work.minutes,
            "drills": [
                {
                    "id": drill.drill,
                    "name": drill.name,
                    "dose": drill.dose,
                    "seconds": max(1, drill.seconds),
                    "sets": max(1, drill.sets),
                    "rest_s": drill.rest_s,
                    "per_side": drill.per_side,
                    "how": drill.how,
                    "cue": drill.cue,
                    "breath": drill.breath,
                    "stop": drill.stop,
                }
                for drill in work.drills
            ],
            "words": {name: context.words.language.texts[f"ui.player.{name}"].text for name in WORDS},
        },
        on_finished_change=lambda: _finished(context, work, _reported(key)),
        on_closed_change=_closed,
    )


def _reported(key: str) -> dict[str, Any] | None:
    """None when the player was gone already: it reports again while it has no answer."""
    report: dict[str, Any] | None = st.session_state[key].get("finished") if key in st.session_state else None
    return report


def forget(work: PrescriptionView) -> None:
    """Has the browser forget the sessions that were heard of; shows nothing."""
    heard = _heard(work.prescription_id)
    if work.session is not None and work.session.session_id not in heard:
        heard = [*heard, work.session.session_id]
    if heard:
        with st.container(key=f"forget-{work.prescription_id}"):
            data = {"prescription_id": work.prescription_id, "heard": heard, "drills": []}
            _mount()(key=f"forgets-{work.prescription_id}", data=data)


def heard_of(prescription_id: str, session_id: str) -> None:
    """What became of this session is known: the browser need not remember it."""
    if session_id not in _heard(prescription_id):
        st.session_state[f"heard:{prescription_id}"] = [*_heard(prescription_id), session_id]


def _heard(prescription_id: str) -> list[str]:
    heard: list[str] = st.session_state.get(f"heard:{prescription_id}", [])
    return heard


def _mount() -> Any:
    return st.components.v2.component(
        "springstep_player", js=_source("player.js"), css=_source("player.css"), html='<div id="player-root"></div>'
    )


def _hurt(work: PrescriptionView, report: dict[str, Any]) -> dict[str, DrillAnswer]:
    """The drill that the player stood at when it hurt; none when the browser does not say."""
    drill = report.get("drill")
    return {drill: DrillAnswer.HURT} if drill in {one.drill for one in work.drills} else {}


def _closed() -> None:
    st.query_params.pop("play", None)


def _finished(context: PageContext, work: PrescriptionView, report: dict[str, Any] | None) -> None:
    """The same report twice is one session: its UUIDs were made in the browser.

    One that was taken back elsewhere since is not stored again: the player stays and begins a new session.
    """
    if not report:
        return
    at = datetime.fromtimestamp(report["at_ms"] / 1000, tz=UTC).replace(tzinfo=None)
    session_id, about = str(UUID(report["session_id"])), f"work:{work.prescription_id}"
    hurts, state = report["state"] == "hurts", report["state"]
    minutes = min(240.0, float(report["minutes"]))
    if hurts:
        state = "partial" if minutes > 0 else "skipped"
    receipt = context.send(
        LogSession(
            command_id=str(UUID(report["command_id"])),
            athlete=context.athlete.id,
            typed_utc=at,
            session_id=session_id,
            prescription_id=work.prescription_id,
            state=state,
            at_utc=at,
            minutes=minutes or None,
            reason=SkipReason.PAIN if hurts else None,
            drills=_hurt(work, report) if hurts else {},
        ),
        about=about,
    )
    heard_of(work.prescription_id, session_id)
    if receipt.again and not receipt.stored and receipt.refused is None:
        context.forget(about)
        return
    st.query_params.pop("play", None)
