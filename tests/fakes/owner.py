"""A fake owner: real HTTP on a unix socket, answering the wire's questions from a made-up runner and taking commands.

It counts what it was told, and it can be slow, refuse, or go away.
"""

from __future__ import annotations

import json
import os
import socketserver
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import TypeAdapter

from sync.settings.paths import DataDir
from sync.wire.commands import (
    AnswerCard,
    Assess,
    ChooseStep,
    ClearFlag,
    CorrectRun,
    LogScore,
    LogSession,
    MergeRuns,
    PauseWork,
    PlanRun,
    RaiseFlag,
    Receipt,
    RemoveEntry,
    RemoveSession,
    ResumeWork,
    SetDose,
    SetPreference,
    SplitRun,
    TypedCommand,
    UndoCorrection,
)
from sync.wire.footwork import FlagView, SessionView
from sync.wire.pages import PlannedView, RunList
from sync.wire.tasks import Task
from tests.fakes import answers
from tests.fakes.athlete import Athlete, entry_view

CONFIG = '[athlete]\nname = "Demo"\nmade_up = true\n'
COMMANDS: TypeAdapter[Any] = TypeAdapter(TypedCommand)


class FakeOwner:
    def __init__(self, home: DataDir, athlete: Athlete, *, delay_s: float = 0.0) -> None:
        self.home = home
        self.athlete = athlete
        self.delay_s = self.usual_delay_s = delay_s
        self.commands: list[Any] = []
        self.uploads: list[tuple[str, int]] = []
        self.seen: set[str] = set()
        self.asked_for: set[str | None] = set()
        """Whose answers were asked for."""
        self.refuse: str | None = None
        self.epoch = 0
        self.socket = Path()

    def fresh(self) -> None:
        """A new made-up runner of the same length, and nothing told yet."""
        self.athlete = Athlete(datetime.now(UTC).replace(tzinfo=None), weeks=self.athlete.weeks)
        self.delay_s = self.usual_delay_s
        self.refuse = None
        self.commands.clear()
        self.uploads.clear()
        self.asked_for.clear()
        self.epoch += 1

    @property
    def stamp(self) -> str:
        return f"fake-{self.epoch}-{len(self.commands)}-{len(self.uploads)}-{len(self.athlete.runs)}"

    def ask(self, question: str, params: dict[str, str]) -> Any:
        time.sleep(self.delay_s)
        first = date.fromisoformat(params["first"]) if "first" in params else date.min
        last = date.fromisoformat(params["last"]) if "last" in params else date.max
        match question:
            case "today":
                return answers.today(self.athlete, str(self.home.inbox("runner")))
            case "runs":
                return self._runs(params, first, last)
            case "run":
                return answers.run_page(self.athlete, params["id"])
            case "diary":
                return answers.diary(self.athlete, first, last)
            case "calendar":
                return answers.calendar(self.athlete, first, last)
            case "insights":
                return answers.insights(self.athlete)
            case "plan":
                return answers.plan(self.athlete)
            case "status":
                return answers.status(self.athlete, str(self.home.root))
        raise LookupError(f"There is no question {question}.")

    def _runs(self, params: dict[str, str], first: date, last: date) -> RunList:
        unknown = params.keys() - {"athlete", "kind", "surface", "asked", "first", "last", "limit"}
        if unknown:
            raise ValueError(f"unknown filters {unknown}")
        rows = [answers.corrected(self.athlete, run) for run in self.athlete.runs]
        rows = [
            run
            for run in rows
            if first <= run.day <= last
            and params.get("kind") in (None, run.primary)
            and params.get("surface") in (None, run.surface)
            and (params.get("asked") != "true" or run.asked)
        ]
        return RunList(runs=rows[: int(params.get("limit", 1_000_000))], total=len(rows))

    def perform(self, command: Any) -> Receipt:
        again = command.command_id in self.seen
        self.seen.add(command.command_id)
        if self.refuse:
            return Receipt(command_id=command.command_id, stored=False, says=self.refuse, refused=self.refuse)
        self.commands.append(command)
        says = self._apply(command)
        return Receipt(command_id=command.command_id, stored=True, again=again, says=says)

    def _apply(self, command: Any) -> str:
        runner = self.athlete
        match command:
            case LogScore():
                runner.entries[command.entry_id] = entry_view(
                    command.entry_id, command.what, command.at_utc, command.score, command.place,
                    side=command.side, when=command.when, note=command.note,
                )  # fmt: skip
                return f"{command.what.capitalize()} {command.score}/10, {command.place}."
            case RemoveEntry():
                runner.entries.pop(command.entry_id, None)
                return "Entry removed."
            case LogSession():
                runner.sessions[command.session_id] = SessionView(
                    session_id=command.session_id, at_utc=command.at_utc, day=command.at_utc.date(),
                    state=command.state, minutes=command.minutes, reason=command.reason,
                    prescription_id=command.prescription_id,
                )  # fmt: skip
                return f"Session {command.state}."
            case RemoveSession():
                runner.sessions.pop(command.session_id, None)
                return "Session removed."
            case RaiseFlag():
                runner.flags[command.flag_id] = FlagView(
                    flag_id=command.flag_id, flag=command.flag, emergency=command.flag == "calf-breath",
                    says="Stop the drills and see a doctor or physio.", day=command.at_utc.date(),
                )  # fmt: skip
                return "The drills rest."
            case ClearFlag():
                runner.flags.pop(command.flag_id, None)
                return "The drills are back."
            case CorrectRun():
                runner.labels[command.run_id] = command.model_dump(mode="json")
                return "Your word stands."
            case UndoCorrection():
                runner.labels.pop(command.run_id, None)
                return "The correction is gone."
            case PlanRun():
                if command.kind is None:
                    runner.planned.pop(command.day, None)
                else:
                    runner.planned[command.day] = PlannedView(
                        day=command.day, kind=str(command.kind), source="runner", title=None,
                        start_local=command.start_local, probability=1.0, says="You said so.",
                    )  # fmt: skip
                return f"{command.kind or 'nothing'} on {command.day}."
            case PauseWork():
                runner.paused = command.reason
                return "Paused."
            case ResumeWork():
                runner.paused = None
                return "Back."
            case Assess():
                runner.assessments.append(command.model_dump(mode="json", include={"day", "left", "right"}))
                return "The self-check is stored."
            case SetPreference():
                runner.preferences[command.key] = command.value
                return "Noted."
            case SetDose():
                runner.days_per_week = command.days_per_week or runner.days_per_week
                return "Dose set."
            case ChooseStep():
                runner.answered.add(command.change_id)
                return "Chosen."
            case AnswerCard():
                runner.answered.add(command.card_id)
                return "Thank you."
            case MergeRuns() | SplitRun():
                runner.answered.add("merge-1")
                return "Done."
        return "Done."


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        name = parts.path.rsplit("/", 1)[-1]
        try:
            if name == "stamp":
                self._send(json.dumps({"stamp": self.server.owner.stamp}))
            elif "/works/" in parts.path:
                self._send(self.server.owner_work())
            else:
                params = dict(parse_qsl(parts.query))
                self.server.owner.asked_for.add(params.pop("athlete", None))
                self._send(self.server.owner.ask(name, params).model_dump_json())
        except LookupError as error:
            self._send(json.dumps({"error": "unknown", "says": str(error.args[0])}), 404)
        except ValueError as error:
            self._send(json.dumps({"error": "wrong", "says": str(error)}), 400)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "/calls/" in self.path:
            self._send(json.dumps({"error": "unknown", "says": "There is no such call."}), 404)
            return
        if "/orders/" in self.path:
            for path in json.loads(body).get("paths", ()):
                if Path(path).is_file():
                    self.server.owner.uploads.append((Path(path).name, Path(path).stat().st_size))
            self._send(self.server.owner_work())
            return
        self._send(self.server.owner.perform(COMMANDS.validate_json(body)).model_dump_json())

    def do_PUT(self) -> None:
        name = dict(parse_qsl(urlsplit(self.path).query)).get("name", "")
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.owner.uploads.append((name, len(data)))
        self._send(self.server.owner_work())

    def _send(self, body: str, status: int = 200) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def address_string(self) -> str:
        return "socket"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        return


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: Path, owner: FakeOwner) -> None:
        self.owner = owner
        super().__init__(str(path), _Handler)

    def owner_work(self) -> str:
        result = {"runs": 1, "found": 1, "read": 1, "problems": []}
        return Task(work_id="w1", what="import", done=1, total=1, ended=True, result=result).model_dump_json()


@contextmanager
def serve(
    root: Path, *, weeks: int = 16, now: datetime | None = None, delay_s: float = 0.0, config: str | None = None
) -> Iterator[FakeOwner]:
    home = DataDir(root)
    home.make("runner")
    home.config.write_text(config if config is not None else CONFIG if weeks else "")
    owner = FakeOwner(home, Athlete(now or datetime.now(UTC).replace(tzinfo=None), weeks=weeks), delay_s=delay_s)
    with listening(owner):
        yield owner


@contextmanager
def listening(owner: FakeOwner) -> Iterator[None]:
    path = owner.home.make_socket_path(os.environ)
    path.unlink(missing_ok=True)
    server = _Server(path, owner)
    owner.socket = path
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def away(owner: FakeOwner) -> Iterator[None]:
    """For the block nobody listens: as if the daemon had been stopped."""
    hidden = owner.socket.with_suffix(".away")
    owner.socket.rename(hidden)
    try:
        yield
    finally:
        hidden.rename(owner.socket)


if __name__ == "__main__":
    with serve(Path(sys.argv[1]), weeks=int(sys.argv[2]) if len(sys.argv) > 2 else 16):
        threading.Event().wait()
