"""How far a long piece of work is, told while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

Progress = Callable[[int, int | None], None]
"""What is done, and of how many; None where nobody knows yet."""
TOLD_EACH_BYTES = 1 << 20


class StoppableProgress(Protocol):
    """The same for work that may be asked to stop."""

    def __call__(self, done: int, total: int | None) -> None: ...

    def stopping(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Arrived:
    """What an import has done: files inside archives count each; ``share`` of all bytes is read, from 0 to 1."""

    files: int
    runs: int
    share: float


@dataclass(slots=True)
class BytesRead:
    """How much of several files was read: one archive or stream may hold more than thousands of small files."""

    total_bytes: int
    moved: Callable[[], None] = lambda: None
    """Called after each megabyte."""
    _before: int = 0
    _size: int = 0
    _read: int = 0
    _times: int = 1
    _told: int = 0

    def begin(self, size_bytes: int) -> None:
        """The next file, after the one before is done with."""
        self._before += self._size
        self._size, self._read, self._times, self._told = size_bytes, 0, 1, 0

    def twice(self) -> None:
        """The file under way is read two times over."""
        self._times = 2

    def read(self, count: int) -> None:
        self._read += count
        if self._read - self._told >= TOLD_EACH_BYTES:
            self._told = self._read
            self.moved()

    @property
    def share(self) -> float:
        if not self.total_bytes:
            return 0.0
        of_file = min(self._size, self._read / self._times)
        return min(1.0, (self._before + of_file) / self.total_bytes)
