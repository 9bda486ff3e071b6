"""HTML that can be tapped: the foot map and the month. What has ``data-pick`` reports its value."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup


@cache
def _source() -> str:
    return (Path(__file__).parent / "tapmap.js").read_text(encoding="utf-8")


def show(html: Markup, *, key: str, on_pick: Callable[[str], None]) -> None:
    mount = st.components.v2.component(
        "springstep_tapmap", js=_source(), html='<div class="tapmap"></div>', isolate_styles=False
    )

    def picked() -> None:
        value = st.session_state[key].get("picked")
        if value:
            on_pick(value)

    mount(key=key, data={"html": str(html)}, on_picked_change=picked)
