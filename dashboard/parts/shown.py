"""HTML onto the page; Streamlit refuses an empty piece, we leave it out."""

from __future__ import annotations

import streamlit as st


def html(body: str) -> None:
    if body.strip():
        st.html(body)
