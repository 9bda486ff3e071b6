"""The day that was tapped for an entry, kept in the browser until the entry is stored; shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.markup import tag
from sync.wire.commands import new_id


@cache
def _source() -> str:
    return (Path(__file__).parent / "kept_day.js").read_text(encoding="utf-8")


def keep_day(
    of: str, *, keep: str, day: date, today: date, stored: bool, begun: bool, on_kept: Callable[[date], None]
) -> None:
    """``of`` names the chips as ``day_chips.show`` does; ``keep`` the runner, and which entry; ``begun``: this entry
    was new on this page. ``on_kept`` hears of a day that the page does not know of."""
    key = f"kept-day-{of}"
    mount = st.components.v2.component(
        "springstep_kept_day", js=_source(), html=str(tag("div", "", "ss-typed")), isolate_styles=False
    )

    def heard() -> None:
        report: Any = st.session_state[key].get("kept") if key in st.session_state else None
        if report and (kept := date.fromisoformat(report)) <= today:
            on_kept(kept)

    with st.container(key=f"kept-day-of-{of}"):
        mount(
            key=key,
            data={
                "keep": f"springstep:day:{keep}",
                "of": of,
                "days": [today.isoformat(), (today - timedelta(days=1)).isoformat()],
                "day": day.isoformat(),
                "stored": stored,
                "begun": begun,
                "visit": st.session_state.setdefault("kept-day:visit", new_id()),
            },
            on_kept_change=heard,
        )
