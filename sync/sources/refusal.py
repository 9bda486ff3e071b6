"""What a service's no is about: the access itself, one activity, or nothing but trouble on the way.

The runner has to act only when access itself was refused: the sign-in, the token exchange, or
the list, which every access may read. One activity that may not be read says nothing about the key.
"""

from __future__ import annotations

from typing import Literal

Question = Literal["exchange", "list", "activity", "extra"]
"""What was asked: for access, for the list, for one activity, or for what a source tells besides runs."""
Renewal = Literal["possible", "done", "used_up"]
"""Whether a fresh access may be asked for; ``done``: the access that was refused is as fresh as it gets."""
About = Literal["renew", "access", "activity", "trouble"]
MOST_RENEWALS = 3
"""Exchanges in one sync run: limits of a sign-in are per account, so nothing loops on it."""


def about(status: int | None, question: Question, *, page: bool, renewal: Renewal = "done") -> About:
    """``page``: the answer is a page for people (HTML), as a wall before the service sends one."""
    match question, status:
        case "exchange", int() if 400 <= status < 500:
            return "trouble" if page and status != 429 else "access"
        case (("list" | "activity" | "extra"), 401) if renewal == "possible":
            return "renew"
        case "list", (401 | 403) if not page and (status == 403 or renewal == "done"):
            return "access"
        case "activity", 403 if not page:
            return "activity"
        case _:
            return "trouble"


def is_page(content_type: str | None, content: bytes) -> bool:
    """Whether an answer is HTML, whatever it says that it is."""
    begins = content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" in (content_type or "").lower() or begins.startswith((b"<!doctype html", b"<html"))


def renewal_left(renewals: int, *, again: bool) -> Renewal:
    """``again``: this very question was asked with an access that was renewed for it."""
    if again:
        return "done"
    return "possible" if renewals < MOST_RENEWALS else "used_up"
