"""One file cannot hold the house: the real program refuses it at once, and the real daemon goes on with the others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shell import Shell, until, write_runs

MB = 1_000_000
LOG = "date,distance,time\n2026-09-01,10,52:10\n"


def wide() -> str:
    return "date,distance,time," + ",".join(f"column{n}" for n in range(200_000)) + f"\n{LOG.splitlines()[1]}\n"


def cells() -> str:
    return ",".join(f"c{n}" for n in range(900)) + "\n" + (",".join("1" * 900) + "\n") * 5_000


HOSTILE: dict[str, tuple[Callable[[], str], str | None]] = {
    "wide.csv": (wide, "200,003 columns"),
    "wide.json": (lambda: json.dumps([{f"k{n}": 1 for n in range(2_000)}]), "2,000 columns"),
    "line.csv": (lambda: "date,distance,time," * (50 * MB // 19), "columns"),
    "row.csv": (lambda: LOG + "a," * (25 * MB), "letters"),
    "quoted.csv": (lambda: LOG + '"a\n",' * MB, "letters"),
    "cells.csv": (
        lambda: ",".join(f"c{n}" for n in range(900)) + "\n" + (",".join("1" * 900) + "\n") * 5_000,
        "larger",
    ),
    "empty.csv": (
        lambda: "date,distance,time" + "," * 900 + f"\n{LOG.splitlines()[1]}\n" + ("," * 1_000 + "\n") * 1_000,
        None,
    ),
    "deep.json": (lambda: "[" * 900 + "]" * 900, None),
    "deeper.json": (lambda: "[" * 200_000 + "]" * 200_000, None),
    "deep-value.json": (
        lambda: '[{"date": "2026-09-01", "distance": 10, "time": ' + "[" * 900 + "]" * 900 + "}]",
        None,
    ),
    "brackets.csv": (lambda: LOG.replace("time", "time," + "<" * 120_000), None),
}
"""Name -> what is in it, and words of its problem; None where it only must not hold anyone up."""


def test_the_program_is_done_with_each_in_seconds_and_says_why(home: Path, tmp_path: Path) -> None:
    files = []
    for name, (make, _) in HOSTILE.items():
        files.append(tmp_path / name)
        files[-1].write_text(make())
    said = Shell(home)("import", "--json", *files)
    problems = {line["name"]: line["reason"] for line in said.json["problems"]}
    expected = {name: words for name, (_, words) in HOSTILE.items() if words is not None}
    assert (said.code, problems.keys()) == (1, expected.keys())
    assert [name for name, words in expected.items() if words not in problems[name]] == []


@pytest.mark.timeout(400)
def test_the_daemon_goes_on_with_the_others_and_a_restart_does_not_read_it_again(home: Path, tmp_path: Path) -> None:
    shell = Shell(home)
    shell.home.make("runner")
    shell.home.config.write_text("[inbox]\nscan_seconds = 1\nsettle_seconds = 0\n")
    inbox = shell.home.inbox("runner")
    (inbox / "a-wide.csv").write_text(wide())
    first, second = write_runs(tmp_path / "made", 2)
    shutil.copy(first, inbox)
    with shell.daemon():
        until(lambda: shell.client().runs().total == 1)
        (problem,) = shell.client().status().problems
        assert (problem.name, "1,000" in problem.reason) == ("a-wide.csv", True)
        seen_utc = problem.last_seen_utc
    with shell.daemon():
        shutil.copy(second, inbox)
        until(lambda: shell.client().runs().total == 2)
        (problem,) = shell.client().status().problems
        assert problem.last_seen_utc == seen_utc


@pytest.mark.timeout(600)
def test_a_file_in_which_the_daemon_dies_again_and_again_is_left_out(home: Path, tmp_path: Path) -> None:
    """A table that is just not too large, and a process that is killed three times while it reads it."""
    shell = Shell(home)
    shell.home.make("runner")
    shell.home.config.write_text("[inbox]\nscan_seconds = 1\nsettle_seconds = 0\n")
    inbox = shell.home.inbox("runner")
    rows = "".join(f"2026-{month:02}-{day:02},10,52:10\n" for month in range(1, 13) for day in range(1, 29))
    (inbox / "a-slow.csv").write_text("date,distance,time\n" + rows * 1_000)
    (run,) = write_runs(tmp_path / "made", 1)
    shutil.copy(run, inbox)
    for tries in (1, 2, 3):
        with shell.daemon() as daemon:
            until(lambda tries=tries: begun(shell) == tries)  # type: ignore[misc]
            daemon.kill()
            daemon.wait()
        assert begun(shell) == tries
    with shell.daemon():
        until(lambda: shell.client().runs().total == 1)
        (problem,) = shell.client().status().problems
        assert (problem.name, "three times" in problem.reason) == ("a-slow.csv", True)
    assert not shell.home.attempts.exists()


def begun(shell: Shell) -> int:
    """How often what is noted as begun was begun."""
    try:
        (one,) = json.loads(shell.home.attempts.read_bytes()).values()
    except FileNotFoundError:
        return 0
    return int(one["tries"])
