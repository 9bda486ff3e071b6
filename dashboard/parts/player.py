"""The guided player: drill by drill with timer, cue and breath; what it reports is posted under its own UUIDs."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard.desk import Desk
from sync.wire import LogSession, PrescriptionView

HERE = Path(__file__).parent
WORDS = [
    "close",
    "count",
    "ready",
    "paused",
    "set",
    "next_is",
    "last",
    "back",
    "pause",
    "go_on",
    "next",
    "end_here",
    "over",
    "over_more",
    "done",
    "partly",
    "sending",
]


@cache
def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def show(desk: Desk, work: PrescriptionView) -> None:
    key = f"player-{work.prescription_id}"
    mount = st.components.v2.component(
        "springstep_player", js=_source("player.js"), css=_source("player.css"), html='<div id="player-root"></div>'
    )
    mount(
        key=key,
        data={
            "prescription_id": work.prescription_id,
            "title": work.title,
            "minutes": work.minutes,
            "drills": [
                {
                    "name": drill.name,
                    "dose": drill.dose,
                    "seconds": max(1, drill.seconds),
                    "sets": max(1, drill.sets),
                    "how": drill.how,
                    "cue": drill.cue,
                    "breath": drill.breath,
                    "stop": drill.stop,
                }
                for drill in work.drills
            ],
            "words": {name: desk.words.language.texts[f"ui.player.{name}"].text for name in WORDS},
        },
        on_finished_change=lambda: _finished(desk, work, st.session_state[key].get("finished")),
        on_closed_change=_closed,
    )


def _closed() -> None:
    st.query_params.pop("play", None)


def _finished(desk: Desk, work: PrescriptionView, report: dict[str, Any] | None) -> None:
    """The same report twice is one session: its UUIDs were made in the browser."""
    if not report:
        return
    at = datetime.fromtimestamp(report["at_ms"] / 1000, tz=UTC).replace(tzinfo=None)
    desk.send(
        LogSession(
            command_id=str(UUID(report["command_id"])),
            athlete=desk.athlete.id,
            typed_utc=at,
            session_id=str(UUID(report["session_id"])),
            prescription_id=work.prescription_id,
            state="done" if report["state"] == "done" else "partial",
            at_utc=at,
            minutes=min(240.0, float(report["minutes"])),
        ),
        about=f"work:{work.prescription_id}",
    )
    st.query_params.pop("play", None)
