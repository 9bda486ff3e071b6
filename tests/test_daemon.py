"""The daemon in a process of its own: stopped, killed, left without a page, it loses nothing and doubles nothing."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path

import pytest

from tests.shell import Shell, stop, until, write_runs

LONG_AGO, FAR_AHEAD = date(2000, 1, 1), date(2100, 1, 1)


@pytest.fixture
def shell(home: Path) -> Shell:
    return Shell(home)


def _scores(shell: Shell) -> list[int]:
    return sorted(entry.score for entry in shell.client().diary(LONG_AGO, FAR_AHEAD).entries)


def test_what_is_logged_with_the_daemon_running_stopped_and_killed_arrives_once(shell: Shell) -> None:
    with shell.daemon() as daemon:
        said = shell("log", "stiffness", "3", "--where", "toes", "--json")
        assert (said.code, said.json["stored"], said.json["waiting"]) == (0, True, False)
        daemon.kill()
        daemon.wait()
    said = shell("log", "stiffness", "5", "--json")
    assert (said.code, said.json["stored"], said.json["waiting"]) == (0, False, True)
    # Before anyone owns the store again, the entry that waits is shown with the stored one.
    assert _scores(shell) == [3, 5]
    for _ in range(2):
        with shell.daemon() as daemon:
            until(lambda: shell.client().status().outbox_waiting == 0)
            assert _scores(shell) == [3, 5]
            assert stop(daemon) == 0
    assert list(shell.home.outbox.glob("*.json")) == []


def _runs(shell: Shell) -> list[str]:
    """What ``runs --json`` prints, by id."""
    return [run.model_dump_json() for run in sorted(shell.client().runs(limit=500).runs, key=lambda run: run.id)]


@pytest.mark.timeout(400)
def test_killed_in_an_import_and_started_again_it_ends_as_if_undisturbed(shell: Shell, tmp_path: Path) -> None:
    files = write_runs(tmp_path / "runs", 10)
    with shell.daemon() as daemon:
        work = shell.client().start_import([tmp_path / "runs"])
        until(lambda: shell.client().task(work.work_id).done >= 4)
        daemon.kill()
        daemon.wait()
    # What was read before the kill is there although nobody owns the store, and whole.
    assert 3 <= len(_runs(shell)) <= len(files)
    with shell.daemon():
        said = shell("import", tmp_path / "runs", "--json")
        assert said.code == 0
        assert said.json["found"] == said.json["read"] + said.json["duplicate"] == len(files)
        disturbed = _runs(shell)
        again = shell("import", tmp_path / "runs", "--json")
        assert (again.json["read"], again.json["runs"]) == (0, 0)
    undisturbed = Shell(tmp_path / "other")
    assert undisturbed("import", *reversed(files)).code == 0
    expected = _runs(undisturbed)
    assert len(expected) == len(files)
    assert disturbed == expected
    assert undisturbed("rebuild").code == 0
    assert _runs(undisturbed) == expected


def test_a_file_dropped_into_the_inbox_becomes_a_run_and_stays_as_it_was(shell: Shell, tmp_path: Path) -> None:
    shell.home.make("runner")
    shell.home.config.write_text("[inbox]\nscan_seconds = 1\nsettle_seconds = 0\n")
    (good,) = write_runs(tmp_path / "made", 1)
    with shell.daemon():
        inbox = shell.home.inbox("runner")
        (inbox / "broken.fit").write_bytes(good.read_bytes()[:40])
        (inbox / "later.fit.part").write_bytes(good.read_bytes())
        shutil.copy(good, inbox / "run.fit")
        until(lambda: shell.client().runs().total == 1)
        until(lambda: [problem.name for problem in shell.client().status().problems] == ["broken.fit"])
        assert shell.client().runs().runs[0].source_files == ["run.fit"]
        (inbox / "broken.fit").unlink()
        until(lambda: not shell.client().status().problems)
    assert sorted(path.name for path in inbox.iterdir()) == ["later.fit.part", "run.fit"]
    assert (inbox / "run.fit").read_bytes() == good.read_bytes()


def test_a_broken_file_in_the_outbox_is_one_problem_and_the_daemon_lives(shell: Shell) -> None:
    shell.home.make()
    (shell.home.outbox / "00000000000000000001-x.json").write_bytes(b"{")
    with shell.daemon():
        assert [problem.name for problem in shell.client().status().problems] == ["00000000000000000001-x.json"]
        assert shell("log", "soreness", "1").code == 0
    assert _scores(shell) == [1]


def test_odd_things_in_the_outbox_are_problems_and_the_daemon_starts(shell: Shell) -> None:
    shell.home.make()
    (shell.home.outbox / "0-folder.json").mkdir()
    os.mkfifo(shell.home.outbox / "0-pipe.json")
    (shell.home.outbox / "0-circle.json").symlink_to("0-circle.json")
    (shell.home.outbox / os.fsdecode(b"0-\xff.json")).write_bytes(b"{")
    assert shell("log", "stiffness", "3", "--json").json["waiting"]
    with shell.daemon():
        assert {problem.name for problem in shell.client().status().problems} == {
            "0-folder.json", "0-pipe.json", "0-circle.json", "0-\ufffd.json"
        }  # fmt: skip
        assert _scores(shell) == [3]
    assert list(shell.home.outbox.glob("*.json")) == []


def test_the_second_one_is_refused_and_told_which_process_holds_the_home(shell: Shell) -> None:
    with shell.daemon() as daemon:
        for command in ("daemon", "run"):
            said = shell(command)
            assert said.code == 2
            assert (
                f"`springstep daemon` (process {daemon.pid}) is using this home folder. Nothing was changed."
                in said.err
            )
            assert "Traceback" not in said.err


def test_systemd_hears_that_it_is_ready_and_that_it_stops(home: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        name = f"springstep-test-{os.getpid()}"
        heard.bind("\0" + name)
        heard.settimeout(90)
        shell = Shell(home, fresh=True, NOTIFY_SOCKET="@" + name, WATCHDOG_USEC="1000000")
        process = shell.start("daemon")
        try:
            assert heard.recv(200).startswith(b"READY=1")
            assert heard.recv(200) == b"WATCHDOG=1"
            process.send_signal(signal.SIGTERM)
            said = b""
            while said != b"STOPPING=1":
                said = heard.recv(200)
        finally:
            assert stop(process) == 0


def test_sigterm_ends_a_running_import_after_the_file_under_way(shell: Shell, tmp_path: Path) -> None:
    files = write_runs(tmp_path / "runs", 25)
    with shell.daemon() as daemon:
        work = shell.client().start_import([tmp_path / "runs"])
        until(lambda: shell.client().task(work.work_id).done >= 2)
        assert stop(daemon) == 0
    kept = shell.client().runs().total
    assert 2 <= kept <= len(files)
    assert shell("import", tmp_path / "runs").code == 0
    assert shell.client().runs().total == len(files)


def test_daemon_and_page_start_and_stop_together_on_the_next_free_port(home: Path) -> None:
    shell = Shell(home, fresh=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = shell.start("run", "--port", str(port))
        try:
            url = _url(process)
            assert url != f"http://127.0.0.1:{port}"
            assert _answers(url)
            assert shell.home.config.exists()
        finally:
            assert stop(process, signal.SIGINT) == 0
    assert not _answers(url)
    assert shell.owner() is None


def test_the_page_of_a_killed_daemon_ends_too(home: Path) -> None:
    shell = Shell(home)
    process = shell.start("run", "--port", "18700")
    try:
        url = _url(process)
    finally:
        process.kill()
        process.communicate()
    until(lambda: not _answers(url))


def _url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Open http://" in line:
            return line.split("Open ")[1].split()[0].rstrip("/")
    raise AssertionError("".join(lines))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
