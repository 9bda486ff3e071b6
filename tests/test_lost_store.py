"""A store that lost something, or is lost, says so; the runner chooses. In the real daemon, killed and damaged."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sync.storage.blocks import unfit
from sync.storage.connect import is_damage
from sync.storage.database import Store
from sync.storage.open import StoreFound, is_lost
from tests.shell import Shell, stop, until, write_runs

LONG_AGO, FAR_AHEAD = date(2000, 1, 1), date(2100, 1, 1)
HEADER_BYTES, BLOCK_BYTES = 12_288, 262_144


@pytest.fixture
def shell(home: Path) -> Shell:
    return Shell(home)


class _Socket(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("springstep", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(os.fsencode(self._path))


def _get(shell: Shell, target: str) -> tuple[int, Any]:
    connection = _Socket(shell.home.socket(shell.environ))
    try:
        connection.request("GET", target)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    return response.status, json.loads(body)


def _answers(shell: Shell) -> bool:
    try:
        return _get(shell, "/v1/stamp")[0] == 200
    except OSError:
        return False


def _scores(shell: Shell) -> list[int]:
    return sorted(entry.score for entry in shell.client().diary(LONG_AGO, FAR_AHEAD).entries)


def _type_and_kill(shell: Shell, *scores: int) -> None:
    with shell.daemon() as daemon:
        for score in scores:
            assert shell("log", "stiffness", str(score), "--at", f"yesterday {score:02}:00", "--json").json["stored"]
        daemon.kill()
        daemon.wait()


def _flip(path: Path, at: int) -> None:
    with path.open("rb+") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 0xFF]))


def _damage(journal: Path) -> None:
    # In the second half, so that what came before it is whole.
    _flip(journal, journal.stat().st_size * 3 // 4)


def _cut(journal: Path) -> None:
    os.truncate(journal, journal.stat().st_size // 2)


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(_damage, id="damaged", marks=pytest.mark.slow),
        pytest.param(_cut, id="cut", marks=pytest.mark.slow),
        pytest.param(Path.unlink, id="deleted"),
    ],
)
def test_entries_that_went_with_the_journal_are_told(shell: Shell, harm: Callable[[Path], None]) -> None:
    with shell.daemon():
        pass
    _type_and_kill(shell, 1, 2, 3, 4)
    assert shell.home.journal.stat().st_size > 0
    harm(shell.home.journal)
    process = shell.start("daemon")
    try:
        until(lambda: _answers(shell))
        lost = 4 - len(_scores(shell))
        assert lost > 0
        told = {problem.name: problem.reason for problem in shell.client().status().problems}
        assert f"Missing: {lost}." in told["springstep.duckdb"]
        if harm is _damage:
            assert "journal was damaged" in told["springstep.duckdb.wal.damaged-1"]
        status, health = _get(shell, "/healthz")
        assert (status, health["status"]) == (503, "fail")
        assert any("journal" in said for said in health["checks"])
        said = shell("status")
        assert (said.code, "newest entries are missing" in said.out) == (0, True)
    finally:
        process.send_signal(15)
        talk = process.communicate(timeout=45)[0]
    assert "store.lost" in talk
    # A restart has nothing new to tell, and what was told stays.
    process = shell.start("daemon")
    try:
        until(lambda: _answers(shell))
        assert {problem.name for problem in shell.client().status().problems} == set(told)
    finally:
        process.send_signal(15)
        assert "store.lost" not in process.communicate(timeout=45)[0]


def test_a_kill_that_loses_nothing_is_no_alarm(shell: Shell) -> None:
    _type_and_kill(shell, 1, 2)
    with shell.daemon():
        assert _scores(shell) == [1, 2]
        assert shell.client().status().problems == []


def test_a_missing_store_is_never_taken_for_a_new_one(shell: Shell, tmp_path: Path) -> None:
    write_runs(tmp_path / "runs", 2)
    with shell.daemon() as daemon:
        assert shell("import", tmp_path / "runs").code == 0
        assert shell("log", "stiffness", "4").code == 0
        assert stop(daemon) == 0
    with Store.open(shell.home.database) as store:
        store.copy(shell.home.backups / "springstep-2026-03-20.duckdb")
    shell.home.database.unlink()
    # Nobody owns it: a question is no answer of an empty store either.
    said = shell("status")
    assert (said.code, "springstep restore 2026-03-20" in said.out) == (2, True)
    process = shell.start("daemon")
    try:
        until(lambda: _answers(shell))
        status, health = _get(shell, "/healthz")
        assert (status, health["sources"]) == (503, [])
        said = shell("status")
        assert said.code == 2
        assert "springstep restore 2026-03-20" in said.out
        assert "springstep start-empty" in said.out
        known = json.loads(shell("status", "--json").out)
        # The first start has made a copy of its own, on its day.
        assert (known["store"], known["copies"][-1], known["originals"]) == ("missing", "2026-03-20", True)
        for words in (("today",), ("sync",), ("import", tmp_path / "runs")):
            said = shell(*words)
            assert (said.code, said.err.count("\n")) == (2, 1), words
        typed = shell("log", "soreness", "2", "--json").json
        assert (typed["stored"], typed["waiting"]) == (False, True)
        assert not shell.home.database.exists()
        assert shell("restore", "2026-03-19").code == 2
        assert shell("restore", "2026-03-20").code == 0
        until(lambda: shell.client().healthy())
        assert _scores(shell) == [2, 4]
        assert shell.client().runs().total == 2
        assert process.poll() is None
    finally:
        assert stop(process) == 0


def test_an_empty_start_is_chosen_and_asked_once(shell: Shell, tmp_path: Path) -> None:
    write_runs(tmp_path / "runs", 1)
    assert shell("import", tmp_path / "runs").code == 0
    assert shell("start-empty").code == 2, "a sound store is nothing to choose"
    shell.home.database.write_bytes(b"not a database at all" * 1000)
    process = shell.start("daemon")
    try:
        until(lambda: _answers(shell))
        assert json.loads(shell("status", "--json").out)["store"] == "unreadable"
        assert Shell(shell.home.root, fresh=True)("start-empty").code == 0
        until(lambda: shell.client().healthy())
        assert shell.client().runs().total == 0
    finally:
        assert stop(process) == 0
    assert (shell.home.backups / "replaced-1.duckdb").read_bytes().startswith(b"not a database")
    with shell.daemon():
        assert shell("import", shell.home.originals).code == 0
        assert shell.client().runs().total == 1


@pytest.mark.slow
def test_without_a_daemon_the_choice_is_made_by_the_command(shell: Shell, tmp_path: Path) -> None:
    write_runs(tmp_path / "runs", 1)
    assert shell("import", tmp_path / "runs").code == 0
    shell.home.database.unlink()
    assert shell("import", tmp_path / "runs").code == 2
    assert shell("start-empty").code == 0
    assert shell("import", tmp_path / "runs").code == 0
    assert shell.client().runs().total == 1


@pytest.mark.slow
def test_a_store_that_comes_back_by_itself_is_taken(shell: Shell, tmp_path: Path) -> None:
    write_runs(tmp_path / "runs", 1)
    assert shell("import", tmp_path / "runs").code == 0
    shell.home.database.rename(tmp_path / "kept.duckdb")
    process = shell.start("daemon")
    try:
        until(lambda: _answers(shell))
        assert not shell.client().healthy()
        shutil.move(tmp_path / "kept.duckdb", shell.home.database)
        until(lambda: shell.client().healthy())
        assert shell.client().runs().total == 1
    finally:
        assert stop(process) == 0


FULL = StoreFound(database=True, journal=False, originals=True, backups=True, demo=False)


@pytest.mark.parametrize(
    ("found", "lost"),
    [
        (FULL, False),
        (StoreFound(database=False, journal=False, originals=False, backups=False, demo=False), False),
        (StoreFound(database=False, journal=False, originals=True, backups=False, demo=False), True),
        (StoreFound(database=False, journal=False, originals=False, backups=True, demo=False), True),
        (StoreFound(database=False, journal=True, originals=False, backups=False, demo=False), True),
        (StoreFound(database=False, journal=False, originals=True, backups=True, demo=True), False),
    ],
)
def test_a_new_home_and_the_demos_are_not_asked(found: StoreFound, lost: bool) -> None:
    assert is_lost(found) is lost


PAGES = ("today", "runs", "insights", "plan", "status", f"diary?first={LONG_AGO}&last={FAR_AHEAD}", "run?id=last")


@pytest.mark.timeout(400)
def test_a_flipped_byte_is_found_at_the_start_or_hurts_no_page(shell: Shell, tmp_path: Path) -> None:
    write_runs(tmp_path / "runs", 3)
    with shell.daemon() as daemon:
        assert shell("import", tmp_path / "runs").code == 0
        assert shell("log", "stiffness", "4").code == 0
        assert stop(daemon) == 0
    whole = shell.home.database.read_bytes()
    blocks = (len(whole) - HEADER_BYTES) // BLOCK_BYTES
    found = mended = 0
    for at in (HEADER_BYTES + (blocks * n // 5) * BLOCK_BYTES + 1000 for n in range(5)):
        shell.home.database.write_bytes(whole)
        _flip(shell.home.database, at)
        process = shell.start("daemon")
        try:
            until(lambda: _answers(shell))
            asked = {page: _get(shell, f"/v1/{page}")[0] for page in PAGES}
            healthy = _get(shell, "/healthz")[0]
            if healthy == 200:
                assert set(asked.values()) == {200}, at
            else:
                found += 1
                assert 500 not in asked.values(), at
                assert json.loads(shell("status", "--json").out)["store"] == "unreadable"
        finally:
            stop(process)
        if healthy == 200:
            # An index, which DuckDB never checks: it was made anew.
            mended += 1
            assert unfit(shell.home.database) == [], at
    assert found >= 2
    assert found + mended == 5


def test_a_store_that_goes_bad_while_it_is_open_says_so(shell: Shell, tmp_path: Path) -> None:
    write_runs(tmp_path / "runs", 1)
    assert shell("import", tmp_path / "runs").code == 0
    with Store.open(shell.home.database) as store:
        sample = "SELECT min(block_id) FROM pragma_storage_info('sample') WHERE block_id >= 0"
        with store.exclusive() as cursor:
            block = cursor.execute(sample).fetchall()[0][0]
    _flip(shell.home.database, HEADER_BYTES + block * BLOCK_BYTES + 1000)
    with Store.open(shell.home.database) as store:
        assert store.fault is None
        with pytest.raises(Exception, match="Corrupt") as raised:
            store.fetch_arrays("samples", number=1)
        assert is_damage(raised.value)
        assert "Corrupt" in str(store.fault)


@pytest.mark.pages
@pytest.mark.timeout(300)
def test_the_page_shows_the_choice_and_comes_back_after_it(shell: Shell, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    from tests.browser import browser

    write_runs(tmp_path / "runs", 1)
    assert shell("import", tmp_path / "runs").code == 0
    with Store.open(shell.home.database) as store:
        store.copy(shell.home.backups / "springstep-2026-03-20.duckdb")
    shell.home.database.unlink()
    process = shell.start("run", "--port", "18760")
    try:
        assert process.stdout is not None
        url = next(line.split("Open ")[1].split()[0].rstrip("/") for line in process.stdout if "Open http://" in line)
        with browser() as window:
            page = window.new_page()
            page.goto(f"{url}/status")
            expect(page.get_by_text("Your data is missing")).to_be_visible(timeout=60_000)
            expect(page.get_by_text("springstep restore 2026-03-20")).to_be_visible()
            expect(page.get_by_text("springstep start-empty")).to_be_visible()
            assert page.get_by_role("link", name="Runs").count() == 0
            assert shell("restore", "2026-03-20").code == 0
            expect(page.get_by_role("link", name="Runs")).to_be_visible(timeout=60_000)
            expect(page.get_by_text("Your data is missing")).not_to_be_visible()
    finally:
        assert stop(process) == 0
