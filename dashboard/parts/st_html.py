"""HTML and charts onto the page; Streamlit refuses an empty piece of HTML, we leave it out."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboard.charts import Spec


def html(body: Markup) -> None:
    if body.strip():
        st.html(str(body))


def figure(chart: Spec, *, key: str, alt: str) -> None:
    """A chart as wide as its place, or as wide as it says itself."""
    st.vega_lite_chart(spec=chart, width="content" if "width" in chart else "stretch", key=key, alt=alt)
