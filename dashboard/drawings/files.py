"""The drawn drills as the page shows them; a drill without a drawing shows none."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent


@cache
def still(drill: str) -> Markup:
    """The small picture beside a drill's name, which says what it shows: nothing for a screen reader to repeat.

    A mask in the ink of the text around it: Streamlit takes drawn elements out of the HTML that it shows.
    """
    drawn = _file(f"{drill}.still.svg").strip()
    if not drawn:
        return Markup("")
    packed = b64encode(drawn.encode()).decode()
    return Markup('<i class="ss-drawn" style="mask-image:url(data:image/svg+xml;base64,{})"></i>').format(packed)


@cache
def moving(drill: str) -> str:
    """The moving picture, for the player alone; empty when there is none."""
    return _file(f"{drill}.svg").strip()


def _file(name: str) -> str:
    file = FOLDER / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""
