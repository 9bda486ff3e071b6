"""Save a table of the page as CSV; it is made only when somebody taps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.context import PageContext


def buttons(context: PageContext, **tables: Callable[[], str]) -> None:
    """One button a table, named by what it holds."""
    words = context.words
    with st.container(horizontal=True, key=f"save-{'-'.join(tables)}"):
        for name, made in tables.items():
            st.download_button(
                words.say("export.csv", what=words.say(f"export.{name}")),
                partial(_encoded, made),
                f"springstep-{name}.csv",
                "text/csv",
                key=f"save:{name}",
                on_click="ignore",
            )


def _encoded(made: Callable[[], str]) -> bytes:
    return made().encode()
