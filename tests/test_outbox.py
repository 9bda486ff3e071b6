"""What waiting to be saved arrives once, in order; what is broken is told once and never comes again."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from rules.facts.problems import Problem
from sync.errors import TryLater
from sync.service import outbox
from sync.wire.commands import LogScore, Receipt, TypedCommand

AT = datetime(2026, 11, 22, 7, 0)


def _score(score: int) -> LogScore:
    return LogScore(typed_utc=AT, at_utc=AT, what="stiffness", score=score, note="ä")


class Ledger:
    """Keeps what was performed, as the store does: the same command twice is once."""

    def __init__(self) -> None:
        self.kept: dict[str, TypedCommand] = {}
        self.problems: list[Problem] = []
        self.whose: list[str | None] = []
        self.refuses: str | None = None
        self.fails: Exception | None = None

    def perform(self, command: TypedCommand) -> Receipt:
        if self.fails:
            raise self.fails
        again = command.command_id in self.kept
        if self.refuses is None:
            self.kept[command.command_id] = command
        return Receipt(command_id=command.command_id, stored=True, again=again, says="", refused=self.refuses)

    def told(self, problem: Problem, athlete: str | None) -> None:
        self.problems.append(problem)
        self.whose.append(athlete)

    def ingest(self, folder: Path) -> outbox.Ingested:
        return outbox.ingest(folder, perform=self.perform, tell=self.told)


def test_commands_arrive_whole_and_in_order(tmp_path: Path) -> None:
    sent = [_score(score) for score in (3, 7, 1)]
    for command in sent:
        path = outbox.put(tmp_path, command)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert outbox.waiting(tmp_path) == sent
    ledger = Ledger()
    assert ledger.ingest(tmp_path) == outbox.Ingested(taken=3)
    assert list(ledger.kept.values()) == sent
    assert list(tmp_path.iterdir()) == []
    assert ledger.ingest(tmp_path) == outbox.Ingested()


def test_a_kill_between_storing_and_removing_stores_once(tmp_path: Path) -> None:
    path = outbox.put(tmp_path, _score(4))
    before = path.read_bytes()
    ledger = Ledger()
    ledger.ingest(tmp_path)
    path.write_bytes(before)
    assert ledger.ingest(tmp_path) == outbox.Ingested(taken=1)
    assert len(ledger.kept) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"name": "log"}', b'{"name": "format-disk"}', b"{}" * 100_000],
)
def test_a_broken_file_is_told_once_and_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "00000000000000000001-x.json").write_bytes(content)
    outbox.put(tmp_path, _score(2))
    ledger = Ledger()
    assert ledger.ingest(tmp_path) == outbox.Ingested(taken=1, set_aside=1)
    assert [problem.name for problem in ledger.problems] == ["00000000000000000001-x.json"]
    assert ledger.ingest(tmp_path) == outbox.Ingested()
    assert (tmp_path / "broken" / "00000000000000000001-x.json").read_bytes() == content
    assert outbox.waiting(tmp_path) == []


def test_what_the_store_refuses_or_stumbles_over_is_set_aside_with_the_reason(tmp_path: Path) -> None:
    ledger = Ledger()
    ledger.refuses = "there is no such run"
    outbox.put(tmp_path, _score(2))
    ledger.ingest(tmp_path)
    ledger.refuses, ledger.fails = None, RuntimeError("bug")
    outbox.put(tmp_path, _score(3).model_copy(update={"athlete": "bo"}))
    ledger.ingest(tmp_path)
    assert ledger.whose == [None, "bo"]
    assert [problem.reason for problem in ledger.problems] == [
        "outbox_refused",
        "outbox_failed",
    ]
    # As a runner would call it, not by the file.
    assert [problem.name for problem in ledger.problems] == [
        f"log-stiffness, typed {_score(2).typed_utc:%Y-%m-%d %H:%M:%S} UTC"
    ] * 2
    kept = sorted((tmp_path / "broken").iterdir())
    assert [json.loads(path.read_bytes())["score"] for path in kept] == [2, 3]


@pytest.mark.parametrize("error", [TryLater("daemon.busy"), OSError(28, "No space left on device")])
def test_when_the_world_says_later_everything_stays(tmp_path: Path, error: Exception) -> None:
    outbox.put(tmp_path, _score(2))
    ledger = Ledger()
    ledger.fails = error
    with pytest.raises(type(error)):
        ledger.ingest(tmp_path)
    ledger.fails = None
    assert ledger.ingest(tmp_path) == outbox.Ingested(taken=1)


def test_a_file_still_being_written_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".00000000000000000001-x.json.abc.part").write_bytes(b"{")
    (tmp_path / ".hidden.json").write_bytes(b"{")
    assert Ledger().ingest(tmp_path) == outbox.Ingested()
    assert len(list(tmp_path.iterdir())) == 2


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "inside").write_bytes(b"x")


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


ODD = {
    "folder": _folder,
    "pipe": os.mkfifo,
    "circle": _circle,
    "leads nowhere": lambda path: path.symlink_to("/nowhere/at/all"),
    "too large": lambda path: path.write_bytes(b" " * (outbox.LARGEST_BYTES + 1)),
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("name", [b"00000000000000000001-x.json", b"00000000000000000001-\xff\xfe.json"])
def test_an_odd_thing_is_told_and_set_aside_and_holds_up_no_entry(
    tmp_path: Path, make: Callable[[Path], object], name: bytes
) -> None:
    make(tmp_path / os.fsdecode(name))
    outbox.put(tmp_path, _score(2))
    assert len(outbox.waiting(tmp_path)) == 1
    ledger = Ledger()
    assert ledger.ingest(tmp_path) == outbox.Ingested(taken=1, set_aside=1)
    shown = name.decode("utf-8", "replace")
    assert ledger.problems == [Problem(name=shown, reason="outbox_odd")]
    assert os.listdir(os.fsencode(tmp_path / "broken")) == [name]
    assert ledger.ingest(tmp_path) == outbox.Ingested()


def test_a_name_that_no_store_can_hold_is_told_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"0-\xff.json")).write_bytes(b"{")
    ledger = Ledger()
    ledger.ingest(tmp_path)
    assert ledger.problems == [Problem(name="0-\ufffd.json", reason="outbox_unclear")]


def test_what_was_set_aside_before_is_not_written_over(tmp_path: Path) -> None:
    for content in (b"{", b"["):
        (tmp_path / "0-x.json").write_bytes(content)
        Ledger().ingest(tmp_path)
    kept = sorted((tmp_path / "broken").iterdir())
    assert [(path.name, path.read_bytes()) for path in kept] == [("0-x.json", b"{"), ("0-x.json.2", b"[")]
    # Even where something else has the folder's name.
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "broken").write_bytes(b"a file")
    (tmp_path / "other" / "0-x.json").write_bytes(b"{")
    assert Ledger().ingest(tmp_path / "other") == outbox.Ingested(set_aside=1)
