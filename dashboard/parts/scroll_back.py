"""A list that is left for one of its items stands where it was on the way back."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st


@cache
def _source() -> str:
    return (Path(__file__).parent / "scroll_back.js").read_text(encoding="utf-8")


def keep() -> None:
    """Once on a page, after everything that makes it long."""
    st.components.v2.component("springstep_scroll_back", js=_source())(key="scroll-back")
