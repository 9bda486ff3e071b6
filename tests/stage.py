"""A page before a made-up owner, and what that owner was told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser import Served
from tests.fakes.owner import FakeOwner

Stage = tuple[FakeOwner, Served]
PAGES = ("", "diary", "runs", "run?id=last", "calendar", "insights", "plan", "status", "print")
SENT_WITHIN_S = 20
"""As long as the page itself may take on a busy machine."""


def sent(
    owner: FakeOwner, kind: type[Any], page: Page, ready: Callable[[list[Any]], bool] = bool, *, again: bool = False
) -> list[Any]:
    """The commands of one kind, once ``ready`` holds for them. ``again``: one that came more than once counts once."""
    end = time.monotonic() + SENT_WITHIN_S
    while time.monotonic() < end:
        found = [command for command in owner.commands if isinstance(command, kind)]
        if again:
            found = list({command.command_id: command for command in found}.values())
        if ready(found):
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"waited in vain for {kind.__name__}: {owner.commands}")
