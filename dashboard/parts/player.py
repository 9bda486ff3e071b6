"""The guided player: drill by drill with timer, cue and breath; what it reports is posted under its own UUIDs.

The browser remembers a session until it hears that its answer arrived, or that it was taken back: then it forgets it,
and the next start is a new session.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard import query
from dashboard.context import PageContext
from dashboard.drawings import files as drawings
from rules.facts.answers import DrillAnswer, SkipReason
from sync.wire.commands import LogSession, TypedCommand, new_id
from sync.wire.footwork import DrillView, PrescriptionView

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
    "left_foot",
    "right_foot",
    "left_of",
    "right_of",
    "change_sides",
    "rep",
    "sound",
    "vibration",
    "voice",
    "silent_switch",
    "no_voice",
    "stay_on",
]


BODY_WORDS = [
    "left",
    "right",
    "left_foot",
    "right_foot",
    "left_of",
    "right_of",
    "change_sides",
    "over_more",
    "end_here",
    "end_yes",
]
"""What is said otherwise where the drills are for the whole body."""
EVERY_SESSION = "*"
"""In the list of sessions that were heard of: all that the browser remembers."""


@dataclass(frozen=True, slots=True)
class Played:
    """What the player guides through, and what is sent when it is over."""

    key: str
    """Its name in the browser's memory and in the page's address."""
    about: str
    title: str
    minutes: float
    drills: Sequence[DrillView]
    command: Callable[[dict[str, Any]], TypedCommand]
    """From what the browser reports: ``state`` (done, partial or hurts), ``minutes``, ``drill``, and its own UUIDs."""
    body: bool = False
    """For the whole body: sides, no feet, and nothing that is done partly."""


@cache
def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def of_work(context: PageContext, work: PrescriptionView) -> Played:
    """One prescription, played as a session of it."""
    about = f"work:{work.prescription_id}"
    return Played(
        work.prescription_id, about, work.title, work.minutes, work.drills, lambda told: _session(context, work, told)
    )


def show(context: PageContext, played: Played) -> None:
    key = f"player-{played.key}"
    texts = context.words.language.texts
    words = {name: texts[f"ui.player.{name}"].text for name in WORDS}
    if played.body:
        words |= {name: texts[f"ui.player_body.{name}"].text for name in BODY_WORDS}
        words["partly"] = ""
    _mount()(
        key=key,
        data={
            "prescription_id": played.key,
            "heard": _heard(played.key),
            "opened": st.session_state.setdefault(f"opened:{played.key}", new_id()),
            "title": played.title,
            "minutes": played.minutes,
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
                    "reps": drill.reps,
                    "drawing": drawings.moving(drill.drill),
                }
                for drill in played.drills
            ],
            "language": context.words.language.code,
            "words": words,
        },
        on_finished_change=lambda: _finished(context, played, _reported(key)),
        on_closed_change=_closed,
    )


def is_open(key: str) -> bool:
    """Whether the page stands at the player of ``key``."""
    return query.get("play") == key


def start(key: str) -> None:
    query.write(play=key)


def start_anew(key: str) -> None:
    """Where every session before was forgotten: this one is not."""
    st.session_state[f"heard:{key}"] = [one for one in _heard(key) if one != EVERY_SESSION]
    start(key)


def _reported(key: str) -> dict[str, Any] | None:
    """None when the player was gone already: it reports again while it has no answer."""
    report: dict[str, Any] | None = st.session_state[key].get("finished") if key in st.session_state else None
    return report


def forget(key: str, session_id: str | None = None) -> None:
    """Has the browser forget the sessions that were heard of, ``session_id`` too; shows nothing.

    The browser may draw a player once more with its old data while the page takes it away: it is told which opening
    is over, so that such a late drawing does not begin another session.
    """
    heard = _heard(key)
    if session_id is not None and session_id not in heard:
        heard = [*heard, session_id]
    if f"opened:{key}" in st.session_state:
        st.session_state[f"over:{key}"] = st.session_state.pop(f"opened:{key}")
    if heard:
        over = st.session_state.get(f"over:{key}")
        with st.container(key=f"forget-{key}"):
            _mount()(key=f"forgets-{key}", data={"prescription_id": key, "heard": heard, "opened": over, "drills": []})


def heard_of(key: str, session_id: str) -> None:
    """What became of this session is known: the browser need not remember it."""
    if session_id not in _heard(key):
        st.session_state[f"heard:{key}"] = [*_heard(key), session_id]


def _heard(key: str) -> list[str]:
    heard: list[str] = st.session_state.get(f"heard:{key}", [])
    return heard


def _mount() -> Any:
    return st.components.v2.component(
        "springstep_player",
        js=_source("player_cues.js") + _source("player.js"),
        css=_source("player.css"),
        html='<div id="player-root"></div>',
    )


def _hurt(work: PrescriptionView, report: dict[str, Any]) -> dict[str, DrillAnswer]:
    """The drill that the player stood at when it hurt; none when the browser does not say."""
    drill = report.get("drill")
    return {drill: DrillAnswer.HURT} if drill in {one.drill for one in work.drills} else {}


def _closed() -> None:
    query.write(play=None)


def told_utc(report: dict[str, Any]) -> datetime:
    """When it was over."""
    return datetime.fromtimestamp(report["at_ms"] / 1000, tz=UTC).replace(tzinfo=None)


def _finished(context: PageContext, played: Played, report: dict[str, Any] | None) -> None:
    """The same report twice is one session: its UUIDs were made in the browser.

    One that was taken back elsewhere since is not stored again: the player stays and begins a new session.
    """
    if not report:
        return
    session = str(UUID(report["session_id"]))
    if session in _heard(played.key):  # told twice, the answer to the first on its way: what is open now is another
        return
    receipt = context.send(played.command(report), about=played.about)
    heard_of(played.key, session)
    if receipt.again and not receipt.stored and receipt.refused is None:
        context.forget(played.about)
        return
    query.write(play=None)


def _session(context: PageContext, work: PrescriptionView, report: dict[str, Any]) -> LogSession:
    at, hurts, state = told_utc(report), report["state"] == "hurts", report["state"]
    minutes = min(240.0, float(report["minutes"]))
    if hurts:
        state = "partial" if minutes > 0 else "skipped"
    return LogSession(
        command_id=str(UUID(report["command_id"])),
        athlete=context.athlete.id,
        typed_utc=at,
        session_id=str(UUID(report["session_id"])),
        prescription_id=work.prescription_id,
        state=state,
        at_utc=at,
        minutes=minutes or None,
        reason=SkipReason.PAIN if hurts else None,
        drills=_hurt(work, report) if hurts else {},
    )
