"""Is that right? One line asks; the choices stand behind Change, and a correction stays through every rebuild."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import markup
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from rules.facts.kinds import Hills, Intensity, Kind, Surface
from sync.wire.commands import CorrectRun, UndoCorrection
from sync.wire.runs import RunPage


def show(context: PageContext, page: RunPage) -> None:
    """ "Intervals, right? Yes · Change": one tap says yes, two say what it was."""
    words, run = context.words, page.run
    about, opened = f"label:{run.id}", f"correct:open:{run.id}"
    with st.container(horizontal=True, key="correct-row"):
        html(tag("p", markup.chip(_asks(context, page), run.primary), "ss-verdict"))
        if not run.corrected and run.primary is not None:
            st.button(
                words.say("correct.right"),
                key="correct:right",
                on_click=_send,
                args=(context, run.id, {"confirm": True}),
            )
        st.button(words.say("correct.change"), key="correct:change", on_click=_turn, args=(opened,))
        if run.corrected:
            st.button(words.say("correct.undo"), key="correct:undo", on_click=_undo, args=(context, run.id))
    receipt.show(context, context.receipt(about))
    # Twenty-six choices are a third of the page's work: they are made when somebody wants them.
    if st.session_state.get(opened):
        with st.container(key="correct-choices"):
            _all_choices(context, page)


def _asks(context: PageContext, page: RunPage) -> str:
    run = page.run
    state = "yours" if run.corrected else "open" if run.primary is None else "asks"
    return context.words.say(f"correct.{state}", kind=markup.kind_of(context.words, run))


def _turn(opened: str) -> None:
    st.session_state[opened] = not st.session_state.get(opened)


def _all_choices(context: PageContext, page: RunPage) -> None:
    run = page.run
    _choices(context, page, "kind", [str(one) for one in Kind], run.primary)
    _choices(context, page, "intensity", [str(one) for one in Intensity], run.intensity)
    _choices(context, page, "hills", [str(one) for one in Hills], run.hills)
    _choices(context, page, "surface", [str(one) for one in Surface if one is not Surface.UNKNOWN], run.surface)
    _choices(context, page, "long", ["true", "false"], None if run.long is None else str(run.long).lower())
    st.button(
        context.words.say("correct.not_a_run"),
        key="correct:not",
        on_click=_send,
        args=(context, run.id, {"is_run": False}),
    )


def _choices(context: PageContext, page: RunPage, facet: str, options: list[str], now: str | None) -> None:
    key = f"correct:{facet}:{page.run.id}:{now}"
    st.pills(
        context.words.say(f"correct.{facet}"),
        options,
        default=now if now in options else None,
        format_func=lambda value: context.words.name(facet, value),
        key=key,
        on_change=_picked,
        args=(context, page.run.id, facet, key),
    )


def _picked(context: PageContext, run_id: str, facet: str, key: str) -> None:
    value: Any = st.session_state[key]
    if value is not None:
        _send(context, run_id, {facet: value == "true" if facet == "long" else value})


def _send(context: PageContext, run_id: str, fields: dict[str, Any]) -> None:
    command = CorrectRun(athlete=context.athlete.id, typed_utc=context.now_utc(), run_id=run_id, **fields)
    receipt = context.send(command, about=f"label:{run_id}")
    if receipt.refused is None:
        st.session_state.pop(f"correct:open:{run_id}", None)


def _undo(context: PageContext, run_id: str) -> None:
    context.send(
        UndoCorrection(athlete=context.athlete.id, typed_utc=context.now_utc(), run_id=run_id), about=f"label:{run_id}"
    )
