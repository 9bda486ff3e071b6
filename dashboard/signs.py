"""Small signs drawn by the style sheet: a phone whose fonts lack such a letter would show an empty box in its place."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

Sign = Literal["done", "partial", "skipped", "open", "waiting", "act"]


def sign(name: Sign) -> Markup:
    """As high as a line of text; what it means must stand beside it in words."""
    return Markup('<i class="ss-glyph ss-glyph-{}" aria-hidden="true"></i>').format(name)
