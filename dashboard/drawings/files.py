"""The drawn drills as the page shows them; a drill without a drawing shows none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent


@cache
def still(drill: str) -> Markup:
    """The small picture beside a drill's name, which says what it shows: nothing for a screen reader to repeat."""
    drawn = _file(f"{drill}.still.svg").replace('role="img"', 'aria-hidden="true"')
    return Markup(drawn.strip())  # noqa: S704 - a file of ours


@cache
def moving(drill: str) -> str:
    """The moving picture, for the player alone; empty when there is none."""
    return _file(f"{drill}.svg").strip()


def _file(name: str) -> str:
    file = FOLDER / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""
