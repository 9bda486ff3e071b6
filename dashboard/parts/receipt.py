"""Saved means saved: what was stored, or that it waits."""

from __future__ import annotations

from dashboard.desk import Desk
from dashboard.markup import tag, text
from dashboard.parts.shown import html
from sync.wire import Receipt


def show(desk: Desk, receipt: Receipt | None) -> None:
    if receipt is None:
        return
    if receipt.refused:
        state, sign = "refused", "!"
        says = receipt.refused
    elif receipt.waiting:
        state, sign, says = "waiting", "⧗", receipt.says
    else:
        state, sign, says = "stored", "✓", receipt.says
    head = tag("b", text(desk.words.say(f"receipt.{state}")))
    mark = tag("span", sign, "ss-sign", aria_hidden="true")
    html(tag("p", f"{mark} {head} {text(says)}", f"ss-receipt ss-{state}", role="status"))
