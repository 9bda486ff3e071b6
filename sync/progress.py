"""How far a long piece of work is, told while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Progress = Callable[[int, int | None], None]
"""What is done, and of how many; None where nobody knows yet."""


class StoppableProgress(Protocol):
    """The same for work that may be asked to stop."""

    def __call__(self, done: int, total: int | None) -> None: ...

    def stopping(self) -> bool: ...
