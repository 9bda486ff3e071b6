"""HTML and charts onto the page; Streamlit refuses an empty piece of HTML, we leave it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import streamlit as st


def html(body: str) -> None:
    if body.strip():
        st.html(body)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A chart that is not held against the schema again: a test does that, and it is most of a chart's cost."""

    chart: Any

    def to_dict(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.chart.to_dict(validate=False)
        return spec


def figure(chart: Any, *, key: str, alt: str) -> None:
    """An Altair chart, as wide as its place."""
    st.altair_chart(cast(Any, _Drawn(chart)), width="stretch", key=key, alt=alt)
