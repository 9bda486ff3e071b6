"""What is no page, no file and no answer of the page: Streamlit would show its shell for any address at all."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Literal

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDERS = frozenset({"api", "app", "assets", "component", "media", "static", "vendor", "_stcore"})
"""What machines ask for below these is no page."""

Fate = Literal["shown", "today", "missing"]


def fate(path: str, pages: Collection[str]) -> Fate:
    """Of a path that nothing but the shell answers: a page is shown, a file or an answer for machines is missing, and
    everything else was meant as a page, so it leads to Today."""
    parts = [part for part in path.split("/") if part]
    if "/".join(parts) in pages:
        return "shown"
    return "missing" if parts and (parts[0] in FOLDERS or "." in parts[-1]) else "today"


def way_to_today(path: str) -> str:
    """Relative, so that it holds below a proxy's path too."""
    return "../" * (path.count("/") - 1) or "./"


class UnknownPaths:
    """``own`` tells what the page's own routes answer."""

    def __init__(self, app: ASGIApp, pages: Collection[str], own: Callable[[Scope], bool]) -> None:
        self.app = app
        self.pages = pages
        self.own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or self.own(scope):
            await self.app(scope, receive, send)
            return
        path = str(scope["path"])
        known = fate(path, self.pages)
        if known == "shown":
            await self.app(scope, receive, send)
            return
        instead: Response | None = None

        async def watched(message: Message) -> None:
            nonlocal instead
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                # A file that is there has a kind of its own: only the shell stands for what is not.
                if message["status"] in (200, 304) and kind.startswith(b"text/html"):
                    instead = RedirectResponse(way_to_today(path), 303) if known == "today" else _missing()
                    return
            if instead is None:
                await send(message)

        await self.app(_unconditional(scope), receive, watched)
        if instead is not None:
            await instead(scope, receive, send)


def _missing() -> Response:
    return PlainTextResponse("404\n", 404, headers={"cache-control": "no-store"})


def _unconditional(scope: Scope) -> Scope:
    """The shell that a browser kept for an unknown path would be answered by 304."""
    wanted = [one for one in scope["headers"] if one[0] not in (b"if-none-match", b"if-modified-since")]
    return {**scope, "headers": wanted}
