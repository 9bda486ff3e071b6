"""Saved means saved: what was stored, or that it waits."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboard import signs
from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts.st_html import html
from dashboard.signs import Sign
from sync.wire.commands import Receipt


def show(context: PageContext, receipt: Receipt | None) -> None:
    """Its place is always taken, so that nothing below moves to another when it appears."""
    with st.container():
        if receipt is not None:
            html(sentence(context, receipt))


def sentence(context: PageContext, receipt: Receipt) -> Markup:
    sign: Sign
    if receipt.refused:
        state, sign, says = "refused", "act", receipt.refused
    elif receipt.waiting:
        state, sign, says = "waiting", "waiting", receipt.says
    elif not receipt.stored:
        state, sign, says = "refused", "act", receipt.says
    else:
        state, sign, says = "stored", "done", receipt.says
    head = context.words.say(f"receipt.{state}")
    says_it = says.startswith(head.rstrip("."))  # as "Saved for Sunday: …" does
    before = tag("span", signs.sign(sign), "ss-sign") + " "
    if not says_it:
        before += tag("b", head) + " "
    return tag("p", before + says, f"ss-receipt ss-{state}", role="status")
