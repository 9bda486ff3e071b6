"""The client of the process that owns the store: asks and hands in over its socket, and goes on without it.

With no owner, questions open the store read-only and close it at once, and what the runner typed waits in the outbox.
One client may be used from many threads: it keeps no connection.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from sync.errors import Bug, NoStore, PersonMustAct, TryLater, Unknown
from sync.service import lock, outbox, upload
from sync.service.messages import error_text
from sync.service.settings_view import settings_page
from sync.service.socket_call import SocketConnection, refusal_of
from sync.settings.config import Config
from sync.settings.config import load_config as load_config
from sync.settings.paths import DataDir
from sync.wire.commands import Receipt, TypedCommand
from sync.wire.pages import CalendarPage, Diary, Insights, PlanPage, RunList, Status, Today
from sync.wire.runs import RunPage
from sync.wire.settings import SettingsChange, SettingsPage, SettingsQuestion
from sync.wire.tasks import (
    BackupRequest,
    DoctorRequest,
    ImportRequest,
    MapRequest,
    PurgeRequest,
    PurgeRunnerRequest,
    RebuildRequest,
    SyncRequest,
    Task,
)

if TYPE_CHECKING:
    from rules.text import Language

_Answer = TypeVar("_Answer", bound=BaseModel)
ANSWER_WITHIN_S = 30.0
STORED_WITHIN_S = 2.0
UPLOADED_WITHIN_S = 600.0
OWNER_COMES_UP_WITHIN_S = 5.0


FILE_FREE_WITHIN_S = 0.5
OLDER_STORE = "storage.older_store"


class NobodyThere(TryLater):
    """No owner listens on the socket."""

    def __init__(self) -> None:
        super().__init__("service.not_running")


class StoreBusy(Exception):
    """Another process has the file open for writing just now."""


class Client:
    """``home`` may be its root; ``now`` gives naive UTC; ``config`` else comes from SPRINGSTEP_CONFIG or the home."""

    def __init__(
        self,
        home: DataDir | Path,
        *,
        athlete: str | None = None,
        now: Callable[[], datetime],
        config: Config | None = None,
        environ: Mapping[str, str] = os.environ,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.home = home if isinstance(home, DataDir) else DataDir(home)
        self.athlete = athlete
        self._now = now
        self._config = config
        self._environ = environ
        self._sleep = sleep

    @property
    def config(self) -> Config:
        if self._config is None:
            path = self.config_path
            self._config = load_config(path) if path.exists() else Config()
        return self._config

    @property
    def config_path(self) -> Path:
        return Path(self._environ.get("SPRINGSTEP_CONFIG") or self.home.config)

    # --- questions --------------------------------------------------------------------------------

    def today(self) -> Today:
        return self._ask(Today, "today")

    def runs(self, **filters: Any) -> RunList:
        return self._ask(RunList, "runs", **filters)

    def run(self, run_id: str) -> RunPage:
        """Everything about one run; a prefix of its id or ``last`` will do."""
        return self._ask(RunPage, "run", id=run_id)

    def diary(self, first: date, last: date) -> Diary:
        return self._ask(Diary, "diary", first=first, last=last)

    def calendar(self, first: date, last: date) -> CalendarPage:
        return self._ask(CalendarPage, "calendar", first=first, last=last)

    def insights(self) -> Insights:
        return self._ask(Insights, "insights")

    def plan(self) -> PlanPage:
        return self._ask(PlanPage, "plan")

    def status(self) -> Status:
        return self._ask(Status, "status")

    def settings(self) -> SettingsPage:
        """Also while no daemon runs: then nothing can be set."""
        try:
            return self.call(
                SettingsPage, "settings", SettingsQuestion(athlete=self.athlete).model_dump_json().encode()
            )
        except (NobodyThere, TryLater, Unknown):
            config = self.config
            return settings_page(self.config_path, self.home, config, config.athlete(self.athlete), away=True)

    def etag(self) -> str:
        """Changes whenever an answer may have changed; costs next to nothing."""
        try:
            return str(json.loads(self._call("GET", "/v1/stamp", timeout_s=STORED_WITHIN_S))["stamp"])
        except (NobodyThere, TryLater):
            return f"{self._traces()}-{self._now():%Y%m%d%H}"

    # --- handing in -------------------------------------------------------------------------------

    def send(self, command: TypedCommand) -> Receipt:
        """Stored by the owner; when none answers within two seconds it waits in the outbox, and the receipt says so."""
        if command.athlete is None and self.athlete is not None:
            command = command.model_copy(update={"athlete": self.athlete})
        try:
            body = self._call(
                "POST", "/v1/commands", body=outbox.COMMANDS.dump_json(command), timeout_s=STORED_WITHIN_S
            )
            return _read(Receipt, body)
        except PersonMustAct as error:
            says = error_text(error, self._language(command.athlete))
            return Receipt(command_id=command.command_id, stored=False, says=says, refused=says)
        except (NobodyThere, TryLater, Bug):
            self.home.make()
            outbox.put(self.home.outbox, command)
            return Receipt(command_id=command.command_id, stored=False, waiting=True, says=self._waits(command))

    def waits(self, command_id: str) -> bool:
        """Whether what was handed in lies in the outbox still."""
        return outbox.holds(self.home.outbox, command_id)

    def upload(self, name: str, data: bytes) -> Task:
        """A file into the inbox. With no owner it lies there until one comes, and ``result["waiting"]`` is True."""
        params = urlencode({"name": name, **({"athlete": self.athlete} if self.athlete else {})})
        try:
            return _read(Task, self._call("PUT", f"/v1/upload?{params}", body=data, timeout_s=UPLOADED_WITHIN_S))
        except (NobodyThere, TryLater):
            return self._lies_there(upload.put(self.home.inbox(self.config.athlete(self.athlete).id), name, [data]))

    def import_arrived(self, path: Path) -> Task:
        """The same for a file that lies in the inbox already."""
        try:
            return self.start_import([path])
        except (NobodyThere, TryLater):
            return self._lies_there(path)

    def _lies_there(self, path: Path) -> Task:
        says = self._language(self.athlete).say("cli.upload.waits", name=path.name)
        return Task(
            work_id="waiting", what="import", done=0, total=1, ended=True, result={"waiting": True, "says": says}
        )

    def set(self, name: str, value: str | int | bool | None, *, read: str) -> SettingsPage:
        """One setting into the file whose digest was ``read``. Raises NobodyThere, or PersonMustAct saying why not."""
        change = SettingsChange(athlete=self.athlete, digest=read, name=name, value=value)
        return self.call(SettingsPage, "set", change)

    def start_import(self, paths: list[Path], day: date | None = None) -> Task:
        """Raises NobodyThere when no daemon runs."""
        request = ImportRequest(athlete=self.athlete, paths=[str(path.absolute()) for path in paths], day=day)
        return self._start("import", request)

    def start_sync(self, source: str | None = None, *, full: bool = False) -> Task:
        return self._start("sync", SyncRequest(athlete=self.athlete, source=source, full=full))

    def start_purge(self, source: str) -> Task:
        return self._start("purge", PurgeRequest(athlete=self.athlete, source=source))

    def start_purge_runner(self, runner: str) -> Task:
        return self._start("purge-runner", PurgeRunnerRequest(runner=runner))

    def start_doctor(self, source: str) -> Task:
        return self._start("doctor", DoctorRequest(athlete=self.athlete, source=source))

    def start_rebuild(self) -> Task:
        return self._start("rebuild", RebuildRequest(athlete=self.athlete))

    def start_map(self, extract: Path | None) -> Task:
        """None takes the map out."""
        return self._start("map", MapRequest(path=None if extract is None else str(extract.absolute())))

    def start_backup(self, to: Path) -> Task:
        return self._start("backup", BackupRequest(path=str(to.absolute())))

    def choose_copy(self, file: Path) -> str | None:
        """``file`` becomes the store of a daemon that has none; gives where the unreadable one lies.

        Raises NobodyThere when no daemon runs, Unknown when it has a store and there is nothing to choose.
        """
        return self._choose("restore", {"path": str(file.absolute())})

    def choose_empty(self) -> str | None:
        """The same with a new, empty store."""
        return self._choose("start-empty", {})

    def task(self, work_id: str) -> Task:
        return _read(Task, self._call("GET", f"/v1/works/{work_id}", timeout_s=ANSWER_WITHIN_S))

    def healthy(self) -> bool:
        """Whether a daemon answers and is well."""
        try:
            self._call("GET", "/healthz", timeout_s=STORED_WITHIN_S)
        except (NobodyThere, TryLater):
            return False
        return True

    # --- the road ---------------------------------------------------------------------------------

    def call(
        self, shape: type[_Answer], name: str, question: BaseModel | bytes, *, timeout_s: float = ANSWER_WITHIN_S
    ) -> _Answer:
        """One of the daemon's calls; nothing of it waits anywhere. Raises NobodyThere when no daemon runs."""
        body = question if isinstance(question, bytes) else question.model_dump_json().encode()
        return _read(shape, self._call("POST", f"/v1/calls/{name}", body=body, timeout_s=timeout_s))

    def _start(self, name: str, request: BaseModel) -> Task:
        body = request.model_dump_json().encode()
        return _read(Task, self._call("POST", f"/v1/orders/{name}", body=body, timeout_s=ANSWER_WITHIN_S))

    def _choose(self, name: str, choice: dict[str, str]) -> str | None:
        body = json.dumps(choice).encode()
        answer = json.loads(self._call("POST", f"/v1/orders/{name}", body=body, timeout_s=UPLOADED_WITHIN_S))
        return None if answer["aside"] is None else str(answer["aside"])

    def _ask(self, shape: type[_Answer], name: str, **params: Any) -> _Answer:
        words = {key: _word(value) for key, value in params.items() if value is not None}
        if self.athlete is not None:
            words["athlete"] = self.athlete
        step_s = 0.1
        for _ in range(int(OWNER_COMES_UP_WITHIN_S / step_s)):
            try:
                return _read(shape, self._call("GET", f"/v1/{name}?{urlencode(words)}", timeout_s=ANSWER_WITHIN_S))
            except NobodyThere:
                if lock.holder(self.home.lock) is None:
                    try:
                        return self._ask_the_file(shape, name, words)
                    except StoreBusy:
                        # An owner came up between the two looks, or another reader's file is just being closed.
                        pass
            self._sleep(step_s)
        raise lock.LockHeld(lock.holder(self.home.lock))

    def _ask_the_file(self, shape: type[_Answer], name: str, words: dict[str, str]) -> _Answer:
        from sync.service.queries import QUERIES, QueryContext
        from sync.storage.open import open_store

        params = {key: word for key, word in words.items() if key != "athlete"}
        athlete = self.config.athlete(words.get("athlete"))
        try:
            store = open_store(self.home, self.config, read_only=True, patience_s=FILE_FREE_WITHIN_S)
        except NoStore:
            raise
        except TryLater:
            raise StoreBusy from None
        except PersonMustAct as error:
            if error.code != OLDER_STORE:
                raise
            self._bring_up_to_date()
            raise StoreBusy from None
        with store:
            asking = QueryContext(store=store, config=self.config, home=self.home, athlete=athlete, now_utc=self._now())
            answer = QUERIES[name](asking, params)
        if not isinstance(answer, shape):
            raise Bug("service.other_answer", name=name, given=type(answer).__name__)
        return answer

    def _bring_up_to_date(self) -> None:
        """The store of an older springstep, while nobody owns it. Raises StoreBusy when somebody came first."""
        from sync.storage.open import open_store

        try:
            with lock.acquire(self.home.lock, "update", patience_s=FILE_FREE_WITHIN_S):
                open_store(self.home, self.config, read_only=False, patience_s=FILE_FREE_WITHIN_S).close()
        except NoStore:
            raise
        except TryLater:
            raise StoreBusy from None

    def _call(self, method: str, target: str, *, timeout_s: float, body: bytes | None = None) -> bytes:
        """The answer's body. Raises NobodyThere, TryLater, PersonMustAct, or Bug when the owner itself failed."""
        connection = SocketConnection(self.home.socket(self._environ), timeout_s)
        try:
            connection.request(method, target, body=body)
            response = connection.getresponse()
            answer = response.read()
        except (FileNotFoundError, ConnectionRefusedError):
            raise NobodyThere() from None
        except TimeoutError:
            raise TryLater("service.no_answer_in_time") from None
        except (OSError, http.client.HTTPException):
            raise TryLater("service.stopped_answering") from None
        finally:
            connection.close()
        if response.status == 200:
            return answer
        raise refusal_of(response.status, answer)

    def _traces(self) -> str:
        """What changes on disk when anything was stored or typed."""
        marks = []
        for path in (
            self.home.database,
            self.home.database.with_name(self.home.database.name + ".wal"),
            self.home.outbox,
        ):
            try:
                found = path.stat()
                marks.append(f"{found.st_mtime_ns:x}.{found.st_size:x}")
            except OSError:
                marks.append("0")
        return "-".join(marks)

    def _waits(self, command: TypedCommand) -> str:
        """That it waits; a warning sign is shown all the same."""
        from rules.knowledge.thresholds import thresholds
        from sync.service.safety_notice import with_warning

        language = self._language(command.athlete)
        return with_warning(language.say("cli.outbox.waits"), command, thresholds(self.config.rules), language)

    def _language(self, athlete: str | None) -> Language:
        from rules.text import load_language

        try:
            return load_language(self.config.athlete(athlete).language)
        except PersonMustAct:
            return load_language("en")


def _word(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _read(shape: type[_Answer], body: bytes) -> _Answer:
    try:
        return shape.model_validate_json(body)
    except ValidationError:
        raise PersonMustAct("service.other_version") from None
