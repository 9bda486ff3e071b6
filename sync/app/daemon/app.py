"""The one process that has the store open: it answers, performs, and does long tasks one at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog
from pydantic import BaseModel

from rules.facts.problems import Problem
from rules.text import load_language
from sync.app.daemon.tasks import TaskProgress, TaskQueue
from sync.errors import CodedText, PersonMustAct, SpringstepError, TryLater, Unknown
from sync.service import lock as owner_lock
from sync.service import outbox
from sync.service.messages import error_text
from sync.service.queries import QUERIES, Query, QueryContext
from sync.service.queries.context import OwnerState as Role
from sync.settings.config import Config
from sync.settings.paths import DataDir
from sync.storage import typed, typed_count
from sync.storage.open import open_store
from sync.wire.commands import Receipt, TypedCommand
from sync.wire.tasks import BackupRequest, ImportRequest, MapRequest, MapResult, RebuildRequest, Task

if TYPE_CHECKING:
    from sync.service.engine import Engine
    from sync.settings.config import Athlete
    from sync.storage.database import Store

log = structlog.get_logger()
Now = Callable[[], datetime]
RequestHandler = Callable[[Any, TaskProgress], BaseModel | None]
CLOSE_WITHIN_S = 40.0
REFUSED_SHOWN = timedelta(days=14)
"""How long a problem that nothing mends stands on the status page: a refused command, a loss of the store."""
FAULT_TOLD = timedelta(hours=1)
"""How long health tells of a page that failed, unless it was answered since."""
LOSS_TOLD = timedelta(days=1)
"""How long health tells of a loss: a monitor has seen it by then."""


@dataclass(slots=True)
class Counters:
    """What ``/metrics`` tells since the start."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    last_success_s: dict[str, float] = field(default_factory=dict)
    """Job -> Unix seconds."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, result: str) -> None:
        with self.lock:
            self.counts[what, result] = self.counts.get((what, result), 0) + 1

    def succeeded(self, job: str, at_utc: datetime) -> None:
        with self.lock:
            self.last_success_s[job] = at_utc.replace(tzinfo=UTC).timestamp()


class App:
    """Made by `open_app`. Threads may call anything at any time."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        config: Config,
        home: DataDir,
        *,
        role: Role,
        now: Now,
        questions: Mapping[str, Query] = QUERIES,
    ) -> None:
        self.engine = engine
        self.store = store
        self.config = config
        self.home = home
        self.role = role
        self.now = now
        self.questions = questions
        self.counters = Counters()
        self.tasks = TaskQueue(moved=self.changed, says=self._says)
        self.task_kinds: dict[str, tuple[type[BaseModel], RequestHandler]] = {
            "import": (ImportRequest, self._import),
            "rebuild": (RebuildRequest, self._rebuild),
            "backup": (BackupRequest, self._backup),
            "map": (MapRequest, self._map),
        }
        self.calls: dict[str, tuple[type[BaseModel], Callable[[Any], BaseModel]]] = {}
        """What is answered at once and never stored: a setting, a key on its way into the vault."""
        self.health_checks: dict[str, Callable[[], str | None]] = {
            "tasks": self.tasks.check,
            "store": lambda: self.store.fault,
            "lost": self._lost,
            "pages": self._failing,
        }
        """Named checks for ``/healthz``: each says what is wrong, or None."""
        self._failed: dict[tuple[str, ...], tuple[datetime, str]] = {}
        """A question and its parameters -> when it failed last, and by what."""
        self._boot = uuid4().hex[:8]
        self._changes = 0
        self._performing = threading.Lock()
        self._today: list[str] = []

    def changed(self) -> None:
        """Whatever a page shows may be different now."""
        self._changes += 1

    @property
    def etag(self) -> str:
        return f"{self._boot}-{self._changes}"

    def ask(self, name: str, params: Mapping[str, str], *, athlete: str | None = None) -> BaseModel:
        """Raises Unknown for a question or thing that is not there, PersonMustAct for a wrong parameter."""
        question = self.questions.get(name)
        if question is None:
            raise Unknown("daemon.no_question", name=name)
        asked = (name, athlete or "", *(f"{key}={value}" for key, value in sorted(params.items())))
        try:
            answer = question(self.query_context(athlete), params)
        except SpringstepError:
            raise
        except Exception as error:
            self._failed[asked] = self.now(), f"{name} fails ({type(error).__name__})"
            raise
        self._failed.pop(asked, None)
        return answer

    def query_context(self, athlete: str | None = None) -> QueryContext:
        """What answers are worked out from, as of now."""
        return QueryContext(
            store=self.store,
            config=self.config,
            home=self.home,
            athlete=self.config.athlete(athlete),
            now_utc=self.now(),
            owner=self.role,
            owner_pid=os.getpid(),
            tasks=tuple(self.tasks.under_way()),
        )

    def perform(self, command: TypedCommand) -> Receipt:
        """Once, however often it is sent.

        One after the other: the copy of a command that was slow may come from the outbox while the first is under way.
        """
        from sync.storage.connect import is_damage

        with self._performing:
            try:
                receipt = self.engine.perform(command)
            except Exception as error:
                if is_damage(error):
                    raise TryLater("daemon.store_not_written") from error
                raise
            self.note_typed()
        self.counters.add("command", "refused" if receipt.refused else "again" if receipt.again else "stored")
        self.changed()
        return receipt

    def call(self, name: str, body: bytes) -> BaseModel:
        """Raises Unknown for a call that is not there, ValidationError for a wrong body."""
        if name not in self.calls:
            raise Unknown("daemon.no_order", name=name)
        shape, act = self.calls[name]
        return act(shape.model_validate_json(body))

    def use(self, config: Config) -> None:
        """Other settings from now on. What is read at a start only stays as it was."""
        self.home.make(*(athlete.id for athlete in config.athletes))
        self.config = config
        self.engine.use(config)
        self.changed()

    def start_requested(self, name: str, body: bytes) -> Task:
        """Queues a task. Raises Unknown for a kind that is not there, ValidationError for a wrong body."""
        if name not in self.task_kinds:
            raise Unknown("daemon.no_order", name=name)
        shape, handler = self.task_kinds[name]
        request = shape.model_validate_json(body)
        if self.role != "daemon":
            raise TryLater("daemon.busy")
        return self.start(name, handler, request)

    def start_here(self, name: str, request: BaseModel) -> Task:
        """The same from this process, for a command that owns the store for its own task."""
        return self.start(name, self.task_kinds[name][1], request)

    def start(self, name: str, handler: RequestHandler, request: BaseModel) -> Task:
        def ended(error: BaseException | None) -> None:
            self.counters.add(name, "done" if error is None else "failed")

        return self.tasks.start(name, lambda progress: handler(request, progress), on_end=ended)

    def import_upload(self, path: Path, athlete: Athlete) -> Task:
        return self.start("import", self._import, ImportRequest(athlete=athlete.id, paths=[str(path)]))

    def import_paths(
        self, paths: Sequence[Path], athlete: Athlete, progress: TaskProgress, *, day: date | None = None
    ) -> BaseModel:
        return self.engine.import_paths(
            paths, athlete=athlete.id, progress=progress, stopping=progress.stopping, arrived=progress.arrive, day=day
        )

    def ingest_outbox(self) -> None:
        ingested = outbox.ingest(self.home.outbox, perform=self.perform, tell=self._tell)
        if ingested != outbox.Ingested():
            self.changed()

    def refresh(self) -> None:
        """A new day asks for new foot work."""
        for athlete in self.config.athletes:
            self.engine.refresh(athlete.id)
        today = [
            self.ask("today", {}, athlete=athlete.id).model_dump_json(exclude={"now_local"})
            for athlete in self.config.athletes
        ]
        if today != self._today:
            self._today = today
            self.changed()

    def maintain(self) -> None:
        """The night's work on the store: what was written is made safe, and a proven copy is kept."""
        from sync.storage import backup, housekeeping

        self.store.checkpoint()
        for athlete in self.config.athletes:
            # Nothing mends a refused command: its file lies in outbox/broken, and it was shown long enough.
            for source in ("outbox", "store"):
                housekeeping.delete_problems(
                    self.store, athlete.id, source=source, before_utc=self.now() - REFUSED_SHOWN
                )
        made = backup.nightly(self.store, self.home.backups, self.now(), kept=self.config.store.backups_kept)
        log.info("store.maintained", backup=made.name if made else None)

    def tell_losses(self) -> None:
        """What this opening of the store found missing becomes a problem of everyone's, once."""
        before = typed_count.noted(self.home.typed_note)
        lost = typed_count.missing(before, typed.count_commands(self.store))
        problems = [Problem(name=aside, reason="journal_damaged") for aside in self.store.notices]
        if lost:
            problems.append(Problem(name=self.home.database.name, reason="entries_missing", detail=str(lost)))
        for problem in problems:
            log.error("store.lost", what=problem.reason, name=problem.name, entries=lost)
            for athlete in self.config.athletes:
                self.engine.tell_problem("store", problem, athlete.id)
        self.note_typed()

    def note_typed(self) -> None:
        """How many entries the store holds now is how many the next opening expects."""
        try:
            typed_count.note(self.home.typed_note, typed.count_commands(self.store))
        except OSError as error:
            # What was typed is stored: a full disk must not say otherwise.
            log.warning("store.typed_not_noted", error=type(error).__name__)

    def _lost(self) -> str | None:
        from sync.service.queries.status import problem_line
        from sync.storage import housekeeping

        since_utc = self.now() - LOSS_TOLD
        for athlete in self.config.athletes:
            for row in housekeeping.problems(self.store, athlete.id):
                if row.source == "store" and row.last_seen_utc >= since_utc:
                    return problem_line(row, load_language(athlete.language)).reason
        return None

    def _failing(self) -> str | None:
        since_utc = self.now() - FAULT_TOLD
        self._failed = {asked: said for asked, said in list(self._failed.items()) if said[0] >= since_utc}
        return next((says for _, says in self._failed.values()), None)

    def as_task(
        self, name: str, task: Callable[[], object]
    ) -> Callable[[Callable[[BaseException | None], None]], bool]:
        """A job that runs among the long tasks, where no two write at once, and is not shown to the runner."""

        def start(ended: Callable[[BaseException | None], None]) -> bool:
            self.tasks.start(name, lambda _progress: _done(task()), listed=False, on_end=ended)
            return True

        return start

    def _says(self, error: CodedText) -> str:
        return error_text(error, load_language(self.config.first.language))

    def close(self) -> None:
        """Ends the transaction under way and all else that is queued."""
        if not self.tasks.close(CLOSE_WITHIN_S):
            log.error("owner.work_did_not_end", within_s=CLOSE_WITHIN_S)

    def _tell(self, problem: Problem, athlete: str | None) -> None:
        try:
            whose = self.config.athlete(athlete).id
        except PersonMustAct:
            # Somebody who is no longer in the config.
            whose = self.config.first.id
        self.engine.tell_problem("outbox", problem, whose)

    def _import(self, request: ImportRequest, progress: TaskProgress) -> BaseModel:
        return self.import_paths(
            [Path(path) for path in request.paths], self.config.athlete(request.athlete), progress, day=request.day
        )

    def _rebuild(self, request: RebuildRequest, progress: TaskProgress) -> BaseModel | None:
        return self.engine.rebuild(athlete=request.athlete, progress=progress, stopping=progress.stopping)

    def _map(self, request: MapRequest, progress: TaskProgress) -> BaseModel:
        from sync.runs.ground_map import map_file, tasks

        ways = size = 0
        removed = False
        if request.path is None:
            removed = map_file.remove(self.home.map)
        else:
            ways, size = tasks.replace_map(self.store, self.home, Path(request.path), progress)
        laid = [
            self.engine.label_by_map(athlete.id, progress=progress, stopping=progress.stopping)
            for athlete in self.config.athletes
        ]
        self.changed()
        return MapResult(ways=ways, size_bytes=size, runs=sum(laid), removed=removed)

    def _backup(self, request: BackupRequest, progress: TaskProgress) -> None:
        from sync.storage import backup

        progress(0, 1)
        backup.pack(self.store, self.home, Path(request.path))
        progress(1, 1)


def _done(_value: object) -> None:
    return None


@contextmanager
def open_app(
    home: DataDir,
    config: Config,
    doing: str,
    *,
    role: Role,
    now: Now,
    patience_s: float = owner_lock.PATIENCE_S,
) -> Iterator[App]:
    """Takes the home's lock, opens the store, performs what waits in the outbox; checkpoints and closes at the end.

    Raises LockHeld naming the process that owns the home, TryLater naming a reader that does not close the file,
    NoStore where the runner must choose what the store is.
    """
    from sync.service.engine import Engine

    home.make(*(athlete.id for athlete in config.athletes))
    with (
        owner_lock.acquire(home.lock, doing, patience_s=patience_s),
        open_store(home, config, read_only=False, patience_s=patience_s) as store,
    ):
        app = App(Engine(store, config, home, now=now), store, config, home, role=role, now=now)
        try:
            app.tell_losses()
            try:
                app.ingest_outbox()
            except Exception:
                # Nothing that lies there may keep the store closed; the job for it tries again each minute.
                log.exception("outbox.not_ingested")
            yield app
        finally:
            app.close()
            if store.fault is None:
                store.checkpoint()
