"""The pages' names and where each stands."""

from __future__ import annotations

NAMES = (
    "today",
    "log",
    "runs",
    "calendar",
    "insights",
    "plan",
    "sources",
    "settings",
    "status",
    "self-check",
    "run",
    "print",
    "sheet",
)
# The small page at /log is another: this is the whole diary.
ADDRESS = {"log": "diary"}
PAGES = frozenset({"", *(ADDRESS.get(name, name) for name in NAMES)})
"""Every path, without its first slash, that Streamlit shows a page at."""
