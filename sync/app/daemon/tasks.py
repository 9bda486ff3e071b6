"""Tasks: long pieces of work, one at a time on a thread of their own, each with its progress."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import structlog
from pydantic import BaseModel

from sync.errors import NOT_ALLOWED, CodedText, PersonMustAct, SpringstepError, TryLater, Unknown, unforeseen
from sync.progress import Arrived
from sync.wire.tasks import Task

KEPT = 50
HOUR_S = 3600.0
DEADLINES_S = {
    "import": 12 * HOUR_S,
    "rebuild": 24 * HOUR_S,
    "map": 12 * HOUR_S,
    "sync": 6 * HOUR_S,
    "backup": 6 * HOUR_S,
}
DEADLINE_S = HOUR_S
"""When each kind of task, or any other one, is asked to end: ten years of runs take minutes, on a slow card an hour."""
SILENT_S = 1800.0
"""Progress and tasks without any are silent for minutes at most."""
log = structlog.get_logger()


class TaskProgress:
    """What a task is given: it says how far it is, and hears whether it must stop."""

    def __init__(
        self,
        stop: threading.Event,
        moved: Callable[[], None],
        clock: Callable[[], float],
        deadline_s: float = float("inf"),
    ) -> None:
        self._stop = stop
        self._deadline_s = deadline_s
        self._moved = moved
        self._clock = clock
        self.cut = False
        """Whether it was asked to stop because its time was over."""
        self.begin()
        self.done = 0
        self.total: int | None = None
        self.arrived: Arrived | None = None

    def begin(self) -> None:
        """Its time runs from here on."""
        self._started_s = self._moved_s = self._clock()

    def __call__(self, done: int, total: int | None) -> None:
        self.done, self.total = done, total
        self._moved_s = self._clock()
        self._moved()

    def arrive(self, arrived: Arrived) -> None:
        """How far an import is, in more than whole files."""
        self.arrived = arrived
        self._moved_s = self._clock()
        self._moved()

    def stopping(self) -> bool:
        """True once the app wants to close, or the time is over: end after the transaction under way."""
        if self._stop.is_set():
            return True
        self.cut = self.cut or self.spent_s > self._deadline_s
        return self.cut

    @property
    def spent_s(self) -> float:
        return self._clock() - self._started_s

    @property
    def hangs(self) -> bool:
        """Whether it went on far beyond its time, or gave no sign of life."""
        return self.spent_s > self._deadline_s + SILENT_S or self._clock() - self._moved_s > SILENT_S

    @property
    def left_s(self) -> float | None:
        """Time left at the pace so far; None before there is a pace."""
        if self.arrived is not None:
            share = self.arrived.share
            return None if share <= 0 or self.spent_s < 1 else round(self.spent_s / share * (1 - share), 1)
        if not self.total or not self.done or self.spent_s < 1:
            return None
        return round(self.spent_s / self.done * (self.total - self.done), 1)


TaskFunction = Callable[[TaskProgress], BaseModel | None]


@dataclass(slots=True)
class _Entry:
    work_id: str
    what: str
    task: TaskFunction
    progress: TaskProgress
    listed: bool
    on_end: Callable[[BaseException | None], None] | None
    result: BaseModel | None = None
    failed: CodedText | None = None
    must_act: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    def view(self, says: Callable[[CodedText], str]) -> Task:
        return Task(
            work_id=self.work_id,
            what=self.what,
            done=self.progress.done,
            total=self.progress.total,
            files=None if self.progress.arrived is None else self.progress.arrived.files,
            runs=None if self.progress.arrived is None else self.progress.arrived.runs,
            left_s=None if self.ended.is_set() else self.progress.left_s,
            ended=self.ended.is_set(),
            result=self.result.model_dump(mode="json") if self.result is not None else None,
            failed=None if self.failed is None else says(self.failed),
            failed_code=None if self.failed is None else self.failed.to_json(),
            must_act=self.must_act,
        )


class TaskQueue:
    def __init__(
        self,
        *,
        moved: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        says: Callable[[CodedText], str] = str,
    ) -> None:
        """``moved`` is called at each step of progress and at each end; ``says`` renders what made a task fail."""
        self._moved = moved
        self._says = says
        self._clock = clock
        self._stop = threading.Event()
        self._queue: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._entries: dict[str, _Entry] = {}
        self._doing: _Entry | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._loop, name="tasks", daemon=True)
        self._thread.start()

    def start(
        self,
        what: str,
        task: TaskFunction,
        *,
        listed: bool = True,
        on_end: Callable[[BaseException | None], None] | None = None,
    ) -> Task:
        """Queues ``task``; a listed one is shown to the runner. ``on_end`` hears its exception, None on success."""
        progress = TaskProgress(self._stop, self._moved, self._clock, DEADLINES_S.get(what, DEADLINE_S))
        entry = _Entry(str(uuid4()), what, task, progress, listed, on_end)
        with self._lock:
            if self._stop.is_set():
                raise TryLater("daemon.stopping")
            self._entries[entry.work_id] = entry
            self._forget_old()
        self._queue.put(entry)
        return entry.view(self._says)

    def get(self, work_id: str) -> Task:
        """Raises Unknown for one that never was, or that ended long ago."""
        with self._lock:
            entry = self._entries.get(work_id)
        if entry is None:
            raise Unknown("daemon.no_task")
        return entry.view(self._says)

    def wait(self, work_id: str, timeout_s: float | None = None) -> Task:
        with self._lock:
            entry = self._entries[work_id]
        entry.ended.wait(timeout_s)
        return entry.view(self._says)

    def under_way(self) -> list[Task]:
        """What is being done or waits for its turn, oldest first."""
        with self._lock:
            return [
                entry.view(self._says) for entry in self._entries.values() if entry.listed and not entry.ended.is_set()
            ]

    def check(self) -> str | None:
        """What hangs, for a monitor: a thread cannot be stopped from outside, and all else waits for it."""
        doing = self._doing
        if doing is None or not doing.progress.hangs:
            return None
        return (
            f"{doing.what} has been under way for {doing.progress.spent_s / 60:.0f} min and all other work waits for it"
        )

    def close(self, timeout_s: float) -> bool:
        """Asks the work under way to stop, drops what waits; False when it did not end in time."""
        with self._lock:
            self._stop.set()
        self._queue.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _loop(self) -> None:
        while (entry := self._queue.get()) is not None:
            if self._stop.is_set():
                entry.failed = CodedText("daemon.stopped_before")
                self._end(entry, None)
                continue
            error: BaseException | None = None
            entry.progress.begin()
            self._doing = entry
            try:
                entry.result = entry.task(entry.progress)
                if entry.progress.cut:
                    raise TryLater("daemon.cut_short")
            except SpringstepError as said:
                error = said
                entry.failed = said.coded
                entry.must_act = isinstance(said, PersonMustAct)
                log.warning("work.failed", what=entry.what, error=str(said))
            except Exception as bug:
                error = bug
                entry.failed = unforeseen(bug)
                entry.must_act = entry.failed.code == NOT_ALLOWED
                log.exception("work.failed", what=entry.what)
            self._end(entry, error)

    def _end(self, entry: _Entry, error: BaseException | None) -> None:
        self._doing = None
        entry.ended.set()
        if entry.on_end is not None:
            try:
                entry.on_end(error)
            except Exception:
                log.exception("work.end_failed", what=entry.what)
        self._moved()

    def _forget_old(self) -> None:
        ended = [work_id for work_id, entry in self._entries.items() if entry.ended.is_set()]
        for work_id in ended[: max(0, len(ended) - KEPT)]:
            del self._entries[work_id]
