"""The kinds of elements that a page shows first, loaded with it instead of when the first one is met.

`dashboard/parts/early.py` says why that counts. Only where it was measured to help: everywhere else it costs time.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import streamlit

KINDS = {"diary": ("ButtonGroup", "BidiComponent", "Button", "PageLink")}
"""By the page's path."""


def script(asked: str) -> str:
    """For the head of the page at the path ``asked``. A part that another version of Streamlit calls otherwise is left
    out: it comes later then, as it would without this."""
    there = [found for name in KINDS.get(asked.rpartition("/")[2], ()) if (found := _file(name))]
    return f'<script type="module">{"".join(f"import({json.dumps(one)});" for one in there)}</script>' if there else ""


@cache
def _file(name: str) -> str | None:
    root = Path(streamlit.__file__).parent / "static"
    found = sorted(root.glob(f"static/js/{name}.*.js"))
    return f"./{found[0].relative_to(root).as_posix()}" if len(found) == 1 else None
