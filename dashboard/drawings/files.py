"""The drawn drills as the page shows them; a drill without a drawing shows none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent


ADDRESS = "/drawings"


@cache
def still(drill: str) -> Markup:
    """The small picture beside a drill's name, which says what it shows: nothing for a screen reader to repeat.

    Streamlit takes every SVG out of the HTML it shows, so the picture is a mask through which the text's colour is
    seen: it follows the theme as lines of its own would.
    """
    if not _file(f"{drill}.still.svg"):
        return Markup("")
    return Markup(
        '<span class="ss-still" aria-hidden="true" style="mask-image:url(.{0}/{1}.svg);'
        '-webkit-mask-image:url(.{0}/{1}.svg)"></span>'
    ).format(ADDRESS, drill)


async def served_still(request: Request) -> Response:
    """The still of one drill, for the page's masks."""
    drawn = _file(f"{Path(request.path_params['name']).name}.still.svg")
    if not drawn:
        return Response(status_code=404)
    return Response(drawn, media_type="image/svg+xml", headers={"cache-control": "max-age=86400"})


@cache
def moving(drill: str) -> str:
    """The moving picture, for the player alone; empty when there is none."""
    return _file(f"{drill}.svg").strip()


def _file(name: str) -> str:
    file = FOLDER / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""
