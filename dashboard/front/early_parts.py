"""The kinds of elements that every page draws first, loaded with the page instead of when the first one is met.

`dashboard/parts/early.py` says why that counts.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import streamlit

EVERYWHERE = ("Html", "ButtonGroup", "BidiComponent", "Button", "PageLink")
WITH_CHARTS = ("ArrowVegaLiteChart",)
CHARTS = frozenset({"insights", "run"})
"""The pages that draw some."""


def script(asked: str) -> str:
    """For the head of the page at the path ``asked``. A part that another version of Streamlit calls otherwise is left
    out: it comes later then, as it would without this."""
    names = EVERYWHERE + (WITH_CHARTS if asked.rpartition("/")[2] in CHARTS else ())
    there = [found for name in names if (found := _file(name))]
    return f'<script type="module">{"".join(f"import({json.dumps(one)});" for one in there)}</script>' if there else ""


@cache
def _file(name: str) -> str | None:
    root = Path(streamlit.__file__).parent / "static"
    found = sorted(root.glob(f"static/js/{name}.*.js"))
    return f"./{found[0].relative_to(root).as_posix()}" if len(found) == 1 else None
