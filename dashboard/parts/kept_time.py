"""A time of day in a field of our own: what is typed is kept in the browser, with its day, until it is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


@cache
def _source() -> str:
    return (Path(__file__).parent / "kept_time.js").read_text(encoding="utf-8")


def show(
    key: str,
    *,
    keep: str,
    label: str,
    day: date,
    first: date,
    at: time | None,
    sent: str,
    on_kept: Callable[[date, time | None], None],
) -> None:
    """``keep`` names whose it is, ``first`` the first day that can still be meant, ``sent`` the last command that was
    stored: with it the browser forgets. ``on_kept`` hears what is typed, and what an earlier visit left."""
    mount = st.components.v2.component(
        "springstep_kept_time", js=_source(), html='<div class="ss-typed"></div>', isolate_styles=False
    )

    def heard() -> None:
        report: Any = st.session_state[key].get("kept") if key in st.session_state else None
        if report:
            told = report["time"]
            on_kept(date.fromisoformat(report["day"]), time.fromisoformat(told) if told else None)

    mount(
        key=key,
        data={
            "keep": f"springstep:plan:{keep}",
            "label": label,
            "day": day.isoformat(),
            "first": first.isoformat(),
            "time": f"{at:%H:%M}" if at else "",
            "sent": sent,
        },
        on_kept_change=heard,
    )
