"""Something else is wrong: the red flags in plain words; a tick stops the drills at once."""

from __future__ import annotations

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from sync.wire.commands import ClearFlag, RaiseFlag
from sync.wire.footwork import FlagView


def stopped(context: PageContext, rows: list[FlagView]) -> None:
    """Each open flag with what to do, and the confirmed way back."""
    words = context.words
    for row in rows:
        with st.container(key=f"card-stop-{row.flag}-{row.flag_id}"):
            head = words.say("flags.emergency") if row.emergency else words.say("flags.stopped")
            sign = tag("span", "■", "ss-sign", aria_hidden="true")
            html(
                tag("h2", sign + " " + head, "ss-title")
                + tag("p", row.says, "ss-says")
                + tag("p", words.say("flags.since", day=words.day(row.day)), "ss-quiet"),
            )
            if not row.flag_id:
                continue  # raised by a score or the safety screen: it clears with the next score, not by a tap
            with st.popover(words.say("flags.way_back"), width="stretch"):
                html(tag("p", words.say("flags.confirm")))
                for because in ("seen", "gone"):
                    st.button(
                        words.say(f"flags.{because}"),
                        key=f"clear-{because}-{row.flag_id}",
                        width="stretch",
                        on_click=_clear,
                        args=(context, row, because),
                    )
    receipt.show(context, context.receipt("flag"))


def ask(context: PageContext, choices: list[tuple[str, str]]) -> None:
    """The list of signs (id, words); one tap each."""
    words = context.words
    html(tag("p", words.say("flags.intro"), "ss-says"))
    for flag, says in choices:
        st.button(says, key=f"flag-{flag}", width="stretch", on_click=_raise, args=(context, flag), type="secondary")
    html(tag("p", words.say("flags.note"), "ss-quiet"))


def _raise(context: PageContext, flag: str) -> None:
    now = context.now_utc()
    context.send(RaiseFlag(athlete=context.athlete.id, typed_utc=now, flag=flag, at_utc=now), about="flag")


def _clear(context: PageContext, row: FlagView, because: str) -> None:
    context.send(
        ClearFlag(
            athlete=context.athlete.id,
            typed_utc=context.now_utc(),
            flag_id=row.flag_id,
            because="seen" if because == "seen" else "gone",
        ),
        about="flag",
    )
