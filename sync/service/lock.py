"""One owner at a time: a lock file that names its holder."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sync.errors import TryLater

PATIENCE_S = 5.0
FOR_GOOD = frozenset({"run", "daemon", "demo"})
"""Who does these does not end by waiting."""


@dataclass(frozen=True, slots=True)
class Holder:
    pid: int
    doing: str


class LockHeld(TryLater):
    """Another process owns the home."""

    def __init__(self, holder: Holder | None) -> None:
        self.holder = holder
        if holder is not None and holder.doing in FOR_GOOD:
            self.exit_code = 2
            super().__init__("service.home_kept", doing=holder.doing, pid=holder.pid)
        elif holder is not None:
            super().__init__("service.home_busy", doing=holder.doing, pid=holder.pid)
        else:
            super().__init__("service.home_in_use")


@contextmanager
def acquire(
    lock: Path,
    doing: str,
    *,
    patience_s: float = PATIENCE_S,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Holds ``lock`` for the block; the kernel lets go of it even after kill -9.

    Waits ``patience_s`` for a short command to finish, then raises Held with the process it found.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = clock() + patience_s
        while not _try(descriptor):
            if clock() >= end:
                raise LockHeld(holder(lock))
            sleep(0.05)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {doing}\n".encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(lock: Path) -> Holder | None:
    """Who owns it now; None when nobody does."""
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if _try(descriptor):
            return None
        pid, _, doing = os.pread(descriptor, 200, 0).decode(errors="replace").strip().partition(" ")
        return Holder(int(pid), doing) if pid.isdigit() else None
    finally:
        os.close(descriptor)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
