"""What the runner says of foot work beside done or skipped: how each drill went, how long today is, what cramps."""

from __future__ import annotations

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts.st_html import html
from rules.facts.answers import DrillAnswer
from sync.wire.commands import ChooseLength, RateDrills, SwapDrill
from sync.wire.footwork import PrescriptionView

LENGTHS = ("short", "planned", "longer")
CHOICE = "choice"
"""What the receipt of a choice is kept under: the card it was made on may be another one by then."""


def rate(context: PageContext, work: PrescriptionView) -> None:
    """One optional tap a drill, once the foot work is done."""
    words, session = context.words, work.session
    if session is None or session.state == "skipped":
        return
    with st.expander(words.say("work.rate")):
        for drill in {one.drill: one for one in work.drills}.values():
            st.pills(
                drill.name,
                [str(answer) for answer in DrillAnswer],
                default=session.drills.get(drill.drill),
                format_func=lambda one: words.name("drill_answer", one),
                key=f"rate:{session.session_id}:{drill.drill}",
                on_change=_rated,
                args=(context, work, session.session_id, drill.drill),
            )


def _rated(context: PageContext, work: PrescriptionView, session_id: str, drill: str) -> None:
    answer = st.session_state[f"rate:{session_id}:{drill}"]
    if answer is None:
        return
    now = context.now_utc()
    context.send(
        RateDrills(
            athlete=context.athlete.id, typed_utc=now, session_id=session_id, drills={drill: DrillAnswer(answer)}
        ),
        about=f"work:{work.prescription_id}",
    )


def choose(context: PageContext, work: PrescriptionView) -> None:
    """Short, as planned or longer today; another drill for one that cramps."""
    words, key = context.words, work.prescription_id
    with st.popover(words.say("work.choose"), type="tertiary"):
        html(tag("p", words.say("work.how_long"), "ss-quiet"))
        for length in LENGTHS:
            st.button(
                words.say(f"work.length_{length}"),
                key=f"length-{length}-{key}",
                width="stretch",
                on_click=_chosen,
                args=(context, work, length),
            )
        html(tag("p", words.say("work.cramps"), "ss-quiet"))
        for drill in {one.drill: one for one in work.drills}.values():
            st.button(
                drill.name,
                key=f"swap-{drill.drill}-{key}",
                width="stretch",
                on_click=_swapped,
                args=(context, drill.drill),
            )


def _chosen(context: PageContext, work: PrescriptionView, length: str) -> None:
    now = context.now_utc()
    command = ChooseLength(athlete=context.athlete.id, typed_utc=now, day=work.day, length=length)  # type: ignore[arg-type]
    context.send(command, about=CHOICE)


def _swapped(context: PageContext, drill: str) -> None:
    now = context.now_utc()
    command = SwapDrill(athlete=context.athlete.id, typed_utc=now, drill=drill, day=context.today())
    context.send(command, about=CHOICE)
