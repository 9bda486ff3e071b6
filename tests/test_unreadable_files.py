"""A file that may not be read is a problem until it may: its dates do not change with its rights."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests.shell import Shell, until, write_runs


def reads_everything() -> bool:
    with tempfile.NamedTemporaryFile() as file:
        os.chmod(file.name, 0)
        return os.access(file.name, os.R_OK)


pytestmark = pytest.mark.skipif(reads_everything(), reason="this user may read every file")


def test_a_file_is_read_as_soon_as_its_rights_allow_it(home: Path, tmp_path: Path) -> None:
    shell = Shell(home)
    (run,) = write_runs(tmp_path / "made", 1)
    run.chmod(0)
    said = shell("import", "--json", run)
    assert (said.code, [one["reason"] for one in said.json["problems"]]) == (1, ["The file couldn't be opened."])
    run.chmod(0o600)
    said = shell("import", "--json", run)
    assert (said.code, said.json["read"], said.json["problems"]) == (0, 1, [])


def test_in_the_inbox_too(home: Path, tmp_path: Path) -> None:
    shell = Shell(home)
    shell.home.make("runner")
    shell.home.config.write_text("[inbox]\nscan_seconds = 1\nsettle_seconds = 0\n")
    (run,) = write_runs(tmp_path / "made", 1)
    run.chmod(0)
    run.rename(shell.home.inbox("runner") / run.name)
    with shell.daemon():
        until(lambda: len(shell.client().status().problems) == 1)
        (shell.home.inbox("runner") / run.name).chmod(0o600)
        until(lambda: shell.client().runs().total == 1)
        assert shell.client().status().problems == []


def test_a_home_that_may_not_be_written_says_which_file(home: Path, tmp_path: Path) -> None:
    """As after a start as another user, or on a disk that is mounted read-only."""
    shell = Shell(home)
    first, second = write_runs(tmp_path / "made", 2)
    assert shell("import", first).code == 0
    folders = [home, *(path for path in home.rglob("*"))]
    for path in folders:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        for words in (("import", second), ("log", "stiffness", "3"), ("daemon",)):
            said = shell(*words)
            assert (said.code, str(home) in said.err, "inside" in said.err) == (2, True, False), words
        assert shell("runs").code == 0
    finally:
        for path in folders:
            path.chmod(path.stat().st_mode | 0o200)
    shell.home.originals.chmod(0)
    try:
        said = shell("import", second)
        assert (said.code, "originals" in said.err) == (2, True)
    finally:
        shell.home.originals.chmod(0o700)
    assert shell("import", second).code == 0
