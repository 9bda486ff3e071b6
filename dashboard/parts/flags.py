"""Something else is wrong: the red flags in plain words; a tick stops the drills at once."""

from __future__ import annotations

import streamlit as st

from dashboard.context import Desk
from dashboard.markup import tag, text
from dashboard.parts import receipt
from dashboard.parts.st_html import html
from sync.wire import ClearFlag, FlagView, RaiseFlag


def stopped(desk: Desk, rows: list[FlagView]) -> None:
    """Each open flag with what to do, and the confirmed way back."""
    words = desk.words
    for row in rows:
        with st.container(key=f"card-stop-{row.flag}-{row.flag_id}"):
            head = words.say("flags.emergency") if row.emergency else words.say("flags.stopped")
            sign = tag("span", "■", "ss-sign", aria_hidden="true")
            html(
                tag("h2", f"{sign} {text(head)}", "ss-title")
                + tag("p", text(row.says), "ss-says")
                + tag("p", text(words.say("flags.since", day=words.day(row.day))), "ss-quiet"),
            )
            if not row.flag_id:
                continue  # raised by a score or the safety screen: it clears with the next score, not by a tap
            with st.popover(words.say("flags.way_back"), width="stretch"):
                html(tag("p", text(words.say("flags.confirm"))))
                for because in ("seen", "gone"):
                    st.button(
                        words.say(f"flags.{because}"),
                        key=f"clear-{because}-{row.flag_id}",
                        width="stretch",
                        on_click=_clear,
                        args=(desk, row, because),
                    )
    receipt.show(desk, desk.receipt("flag"))


def ask(desk: Desk, choices: list[tuple[str, str]]) -> None:
    """The list of signs (id, words); one tap each."""
    words = desk.words
    html(tag("p", text(words.say("flags.intro")), "ss-says"))
    for flag, says in choices:
        st.button(says, key=f"flag-{flag}", width="stretch", on_click=_raise, args=(desk, flag), type="secondary")
    html(tag("p", text(words.say("flags.note")), "ss-quiet"))


def _raise(desk: Desk, flag: str) -> None:
    now = desk.now_utc()
    desk.send(RaiseFlag(athlete=desk.athlete.id, typed_utc=now, flag=flag, at_utc=now), about="flag")


def _clear(desk: Desk, row: FlagView, because: str) -> None:
    desk.send(
        ClearFlag(
            athlete=desk.athlete.id,
            typed_utc=desk.now_utc(),
            flag_id=row.flag_id,
            because="seen" if because == "seen" else "gone",
        ),
        about="flag",
    )
