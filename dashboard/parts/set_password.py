"""The one button where nobody signs in: with a password the page knows who asks, and more can be set."""

from __future__ import annotations

from dashboard.context import PageContext
from dashboard.front.first_password import FIRST_PASSWORD
from dashboard.markup import tag
from dashboard.parts.st_html import html


def set_password(context: PageContext) -> None:
    html(tag("a", context.words.say("settings.set_password"), "ss-button", href=f".{FIRST_PASSWORD}", target="_self"))
