"""The owner's API and its client: one real socket, a real store, and an engine that keeps what it was told."""

from __future__ import annotations

import http.client
import json
import os
import socket
import stat
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from rules.facts.problems import Problem
from sync.app.daemon import api
from sync.app.daemon.app import App
from sync.errors import Bug, PersonMustAct, TryLater, Unknown
from sync.service import outbox
from sync.service.client import Client, NobodyThere
from sync.service.queries import QueryContext
from sync.settings.config import Config, parse
from sync.settings.paths import DataDir
from sync.storage.open import open_store
from sync.wire.commands import LogScore, Receipt, TypedCommand
from sync.wire.pages import RunList
from sync.wire.tasks import ImportCounts, Task

NOW = datetime(2026, 11, 22, 7, 0)
CONFIG = parse('[athlete]\nid="ada"\nname="Ada"\n[[athletes]]\nid="bo"\nname="Bo"')


class Keeper:
    """Stands where the engine stands: keeps commands, counts files."""

    def __init__(self) -> None:
        self.kept: dict[str, TypedCommand] = {}
        self.fails: Exception | None = None
        self.slow = threading.Event()
        self.slow.set()

    def perform(self, command: TypedCommand) -> Receipt:
        self.slow.wait(20)
        if self.fails is not None:
            raise self.fails
        again = command.command_id in self.kept
        self.kept[command.command_id] = command
        return Receipt(command_id=command.command_id, stored=True, again=again, says="Saved.")

    def import_paths(self, paths: list[Path], **_more: Any) -> ImportCounts:
        found = [path for given in paths for path in ([given] if given.is_file() else given.iterdir())]
        return ImportCounts(found=len(found), read=len(found))

    def rebuild(self, **_more: Any) -> None:
        raise TryLater("daemon.store_not_written")

    def tell_problem(self, source: str, problem: Problem, athlete: str) -> None:
        raise AssertionError((source, problem))


def _runs(asking: QueryContext, params: Mapping[str, str]) -> BaseModel:
    if params.get("kind") == "bug":
        raise RuntimeError("inside")
    if params.get("kind") == "swim":
        raise PersonMustAct("service.not_a_number", name="kind", given="swim")
    total = len(asking.athlete.id) * 1_000_000 + int(params.get("total", 0))
    return RunList(runs=[], total=total)


def _run(_asking: QueryContext, params: Mapping[str, str]) -> BaseModel:
    raise Unknown("service.no_run", run=params["id"])


QUESTIONS = {"runs": _runs, "run": _run}


class Running:
    def __init__(self, owner: App, keeper: Keeper, home: DataDir) -> None:
        self.owner = owner
        self.keeper = keeper
        self.home = home
        self.client = Client(home, now=lambda: NOW, config=CONFIG)


@pytest.fixture
def running(home: Path) -> Iterator[Running]:
    at = DataDir(home)
    at.make("ada", "bo")
    keeper = Keeper()
    with open_store(at, CONFIG, read_only=False) as store:
        owner = App(keeper, store, CONFIG, at, role="daemon", now=lambda: NOW, questions=QUESTIONS)  # type: ignore[arg-type]
        with api.serve(owner, at.make_socket_path(os.environ)):
            yield Running(owner, keeper, at)
        keeper.slow.set()
        owner.close()


def _score(score: int = 3) -> LogScore:
    return LogScore(typed_utc=NOW, at_utc=NOW, what="stiffness", score=score)


def test_the_socket_is_private(running: Running) -> None:
    assert stat.S_IMODE(running.home.socket({}).stat().st_mode) == 0o600


def test_questions_carry_their_parameters_and_the_athlete(running: Running) -> None:
    assert running.client.runs(total=7).total == 3_000_007
    assert Client(running.home.root, athlete="Bo", now=lambda: NOW, config=CONFIG).runs().total == 2_000_000


def test_what_is_wrong_or_unknown_is_a_sentence_for_the_person(running: Running) -> None:
    with pytest.raises(PersonMustAct, match=r"^service\.not_a_number name='kind' given='swim'$"):
        running.client.runs(kind="swim")
    with pytest.raises(PersonMustAct, match=r"^service\.no_run run='x'$"):
        running.client.run("x")
    with pytest.raises(PersonMustAct, match=r"settings\.no_runner.* name='cleo'"):
        Client(running.home, athlete="cleo", now=lambda: NOW, config=CONFIG).runs()
    with pytest.raises(Bug, match="RuntimeError"):
        running.client.runs(kind="bug")


def test_a_command_is_stored_once_however_often_it_is_sent(running: Running) -> None:
    command = _score()
    first, second = running.client.send(command), running.client.send(command)
    assert (first.stored, first.again, second.again) == (True, False, True)
    assert list(running.keeper.kept.values()) == [command]


def test_the_clients_athlete_travels_with_the_command(running: Running) -> None:
    Client(running.home, athlete="bo", now=lambda: NOW, config=CONFIG).send(_score())
    assert [command.athlete for command in running.keeper.kept.values()] == ["bo"]


def test_an_owner_that_is_too_slow_costs_nothing(running: Running) -> None:
    running.keeper.slow.clear()
    command = _score()
    receipt = running.client.send(command)
    assert (receipt.stored, receipt.waiting) == (False, True)
    assert outbox.waiting(running.home.outbox) == [command]
    running.keeper.slow.set()
    running.owner.ingest_outbox()
    assert list(running.keeper.kept.values()) == [command]
    assert outbox.waiting(running.home.outbox) == []


def test_an_owner_that_fails_inside_costs_nothing(running: Running) -> None:
    running.keeper.fails = RuntimeError("inside")
    assert running.client.send(_score()).waiting
    assert len(outbox.waiting(running.home.outbox)) == 1


def test_orders_are_works_with_an_end(running: Running, tmp_path: Path) -> None:
    for name in ("a.fit", "b.fit"):
        (tmp_path / name).write_bytes(b"x")
    work = running.client.start_import([tmp_path / "a.fit", tmp_path / "b.fit"])
    running.owner.tasks.wait(work.work_id, 5)
    ended = running.client.task(work.work_id)
    assert (ended.ended, ended.failed) == (True, None)
    assert ImportCounts.model_validate(ended.result) == ImportCounts(found=2, read=2)
    work = running.client.start_rebuild()
    running.owner.tasks.wait(work.work_id, 5)
    assert (
        running.client.task(work.work_id).failed
        == "The data can't be written right now. Nothing was saved. Look in the log for the reason."
    )
    with pytest.raises(PersonMustAct, match=r"daemon\.no_order name='sync'"):
        running.client.start_sync()
    with pytest.raises(PersonMustAct, match=r"daemon\.no_task"):
        running.client.task("stranger")


def test_an_upload_lies_whole_in_the_athletes_inbox_and_is_taken_in(running: Running) -> None:
    data = os.urandom(3_000_000)
    bo = Client(running.home, athlete="bo", now=lambda: NOW, config=CONFIG)
    work = bo.upload("../Abend lauf.fit", data)
    assert ImportCounts.model_validate(running.owner.tasks.wait(work.work_id, 5).result).found == 1
    assert {path.name: path.read_bytes() for path in running.home.inbox("bo").iterdir()} == {"Abend lauf.fit": data}


def test_the_stamp_changes_with_every_change_and_only_then(running: Running) -> None:
    first = running.client.etag()
    assert running.client.etag() == first
    running.client.send(_score())
    assert running.client.etag() != first


def test_health_is_red_while_a_page_fails(running: Running) -> None:
    assert running.client.healthy()
    with pytest.raises(Bug, match="RuntimeError"):
        running.client.runs(kind="bug")
    assert not running.client.healthy()
    assert running.owner.health_checks["pages"]() == "runs fails (RuntimeError)"
    running.owner.now = lambda: NOW + timedelta(hours=1, seconds=1)
    assert running.client.healthy()
    running.owner.store.fault = "Corrupt database file"
    assert not running.client.healthy()


def test_health_and_metrics(running: Running) -> None:
    assert running.client.healthy()
    running.client.send(_score())
    status, body = _raw(running.home, "GET", "/metrics")
    assert status == 200
    assert 'springstep_done_total{what="command",result="stored"} 1' in body.decode().splitlines()
    status, body = _raw(running.home, "GET", "/healthz")
    said = json.loads(body)
    assert (status, said["status"], said["checks"], said["ok"], said["ailments"]) == (200, "ok", [], True, [])
    running.owner.health_checks["scheduler"] = lambda: "stands still"
    status, body = _raw(running.home, "GET", "/healthz")
    said = json.loads(body)
    failing = ["scheduler: stands still"]
    assert (status, said["status"], said["says"], said["checks"]) == (503, "fail", failing[0], failing)
    assert (said["ok"], said["ailments"], said["error"]) == (False, failing, "ill")  # the former names
    assert {(one["athlete"], one["source"], one["state"]) for one in said["sources"]} == {
        (athlete, source, "off") for athlete in ("ada", "bo") for source in ("garmin", "strava", "intervals")
    }
    assert not running.client.healthy()


@pytest.mark.parametrize(
    ("method", "target", "body", "status"),
    [
        ("GET", "/", None, 404),
        ("GET", "/v1/nothing", None, 404),
        ("GET", "/v1/runs/../../etc", None, 404),
        ("POST", "/v1/commands", b"", 422),
        ("POST", "/v1/commands", b'{"name": "log", "score": 99}', 422),
        ("POST", "/v1/commands", b'{"name": "sql", "query": "select 1"}', 422),
        ("POST", "/v1/orders/import", b"[]", 422),
        ("POST", "/v1/orders/format", b"{}", 404),
        ("PUT", "/v1/elsewhere", b"x", 404),
        ("DELETE", "/v1/runs", None, 501),
    ],
)
def test_anything_else_is_refused(running: Running, method: str, target: str, body: bytes | None, status: int) -> None:
    assert _raw(running.home, method, target, body)[0] == status
    assert running.keeper.kept == {}


def test_an_upload_that_breaks_off_or_is_too_large_leaves_nothing(running: Running) -> None:
    with socket.socket(socket.AF_UNIX) as half:
        half.connect(str(running.home.socket({})))
        half.sendall(b"PUT /v1/upload?name=a.fit HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
        half.shutdown(socket.SHUT_WR)
        assert half.recv(100) == b""
    with socket.socket(socket.AF_UNIX) as huge:
        huge.connect(str(running.home.socket({})))
        huge.sendall(b"PUT /v1/upload?name=a.fit HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n")
        assert b"413" in huge.recv(100)
    assert list(running.home.inbox("ada").iterdir()) == []


def test_many_threads_with_one_client(running: Running) -> None:
    commands = [_score(n % 11) for n in range(60)]
    with ThreadPoolExecutor(12) as pool:
        receipts = list(pool.map(running.client.send, commands))
        totals = list(pool.map(lambda n: running.client.runs(total=n).total, range(60)))
    assert all(receipt.stored for receipt in receipts)
    assert sorted(running.keeper.kept) == sorted(command.command_id for command in commands)
    assert totals == [3_000_000 + n for n in range(60)]


def test_a_newer_daemon_is_told_apart_from_a_broken_answer(running: Running) -> None:
    with pytest.raises(PersonMustAct, match=r"service\.other_version"):
        running.client._ask(Task, "runs")


def test_without_an_owner_orders_say_so_and_uploads_wait(home: Path) -> None:
    client = Client(DataDir(home), now=lambda: NOW, config=Config())
    with pytest.raises(NobodyThere, match=r"service\.not_running"):
        client.start_rebuild()
    work = client.upload("run.fit", b"data")
    assert (work.ended, work.result and work.result["waiting"]) == (True, True)
    assert (home / "inbox" / "runner" / "run.fit").read_bytes() == b"data"


def test_without_an_owner_what_is_typed_waits_and_the_stamp_tells(home: Path) -> None:
    client = Client(DataDir(home), now=lambda: NOW, config=parse('[athlete]\nlanguage="de"'))
    before = client.etag()
    command = _score()
    receipt = client.send(command)
    assert (receipt.stored, receipt.waiting) == (False, True)
    assert receipt.says.startswith("Liegt auf diesem Rechner bereit")
    assert outbox.waiting(home / "outbox") == [command]
    assert client.etag() != before


def test_a_socket_left_by_a_killed_owner_is_nobody(home: Path) -> None:
    path = DataDir(home).make_socket_path(os.environ)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    assert Client(DataDir(home), now=lambda: NOW, config=Config()).send(_score()).waiting
    path.unlink()


def _raw(home: DataDir, method: str, target: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("springstep", timeout=5)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(home.socket({})))
    connection.request(method, target, body=body)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    return response.status, answer
