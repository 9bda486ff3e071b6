"""What was begun and did not end: whatever costs the process its life or all its time is not tried again without end.

A thread cannot be stopped from outside. So each step is noted in the home before it begins and taken off after it, and
what a dead process left in the note counts as a try. A step that outlives its deadline is noted as such at once.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal, TypeVar

import structlog

TRIES = 3
"""Processes that may end in the same step: a power cut is no proof against a file, three in the same step are."""
DEADLINE_S = 600.0
"""For one step, the reading and storing of one file: real ones take seconds, on a small computer a minute."""
AttemptReason = Literal["too-slow", "died"]
_Result = TypeVar("_Result")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Begun:
    """``step`` counts the files inside an archive: who died further on had got somewhere."""

    step: int = 0
    tries: int = 1
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It is not tried again, and why."""

    why: AttemptReason


def why_not(left: Begun | None) -> AttemptReason | None:
    """Why what is left of earlier tries forbids another one."""
    if left is None:
        return None
    return "too-slow" if left.overdue else "died" if left.tries >= TRIES else None


def next_try(left: Begun | None, step: int) -> Begun:
    """The note of a step that begins now."""
    if left is None or left.step != step:
        return Begun(step)
    return replace(left, tries=left.tries + 1, overdue=False)


class Attempts:
    """The note of one home; its owner alone writes it. A note that cannot be written costs only the memory."""

    def __init__(self, note: Path, *, deadline_s: float = DEADLINE_S) -> None:
        self._note = note
        self._deadline_s = deadline_s
        self._lock = threading.Lock()

    def given_up(self, key: str) -> AttemptReason | None:
        """Why this is not to be tried again; None for what may be."""
        return why_not(self._read().get(key))

    def attempt(
        self, key: str, work: Callable[[Callable[[], None]], _Result], on_overdue: Callable[[], object] = lambda: None
    ) -> _Result | GivenUp:
        """What ``work`` gives, unless it is given up; it is handed what it calls before each of its steps."""
        if (why := self.given_up(key)) is not None:
            return GivenUp(why)
        with self.trying(key, on_overdue) as begin:
            return work(begin)

    @contextmanager
    def trying(self, key: str, on_overdue: Callable[[], object] = lambda: None) -> Iterator[Callable[[], None]]:
        """Around the work on ``key``: call what it gives before each step. ``on_overdue`` comes from another thread."""
        left = self._read().get(key)
        step = -1
        watch: threading.Timer | None = None

        def begin() -> None:
            nonlocal step, watch
            step += 1
            if watch is not None:
                watch.cancel()
            begun = next_try(left, step)
            self._write(key, begun)
            watch = threading.Timer(self._deadline_s, self._late, (key, begun, on_overdue))
            watch.daemon = True
            watch.start()

        try:
            yield begin
        finally:
            if watch is not None:
                watch.cancel()
            self.forget(key)

    def forget(self, key: str) -> None:
        self._write(key, None)

    def _late(self, key: str, begun: Begun, on_overdue: Callable[[], object]) -> None:
        log.error("attempt.overdue", within_s=self._deadline_s, step=begun.step)
        self._write(key, replace(begun, overdue=True))
        try:
            on_overdue()
        except Exception:
            log.exception("attempt.not_told")

    def _read(self) -> dict[str, Begun]:
        try:
            found = json.loads(self._note.read_bytes())
            return {key: Begun(**facts) for key, facts in found.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _write(self, key: str, begun: Begun | None) -> None:
        with self._lock, suppress(OSError):
            kept = self._read()
            if begun is None and key not in kept:
                return
            kept.pop(key, None)
            if begun is not None:
                kept[key] = begun
            if not kept:
                self._note.unlink(missing_ok=True)
                return
            # Not flushed: what a power cut takes away is no sign against a file.
            temp = self._note.with_suffix(".new")
            temp.write_text(json.dumps({name: asdict(one) for name, one in kept.items()}))
            os.replace(temp, self._note)


def key_of(*parts: object) -> str:
    """A name for what is tried, with all that would make it another thing; it tells nobody a file's name."""
    return sha256("\0".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:24]
