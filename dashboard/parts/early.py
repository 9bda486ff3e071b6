"""One hidden element of each kind that a page shows first, on its first drawing for a browser and only then.

Streamlit draws a gap where it meets a kind of element for the first time, and React keeps the gap for at least 300 ms,
however soon the kind is there. So the kind is met before the page is drawn, where nobody sees it. That takes the diary
150 ms less to show its scores; on pages of mere text it would take more.
"""

from __future__ import annotations

import time

import streamlit as st

from dashboard.context import PageContext
from dashboard.markup import tag
from dashboard.parts.st_html import html

MET = "early:met"
AHEAD_S = 0.03
"""So much earlier than the page: the browser would else draw both at once."""


def meet(context: PageContext, page: str) -> None:
    with st.container(key="early"):  # always: what follows keeps its place
        if page not in ("log", "insights") or MET in st.session_state:
            return
        st.session_state[MET] = True
        html(tag("i", ""))
        if page == "log":
            st.pills("early", ["early"], key="early:pills", label_visibility="collapsed")
            st.button("early", key="early:button")
            st.page_link(context.pages["today"], label="early")
            st.components.v2.component("springstep_early", html=str(tag("i", "")))(key="early:part")
    time.sleep(AHEAD_S)
