"""The systemd units are sound, and name commands that exist."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sync.app.cli import main

DEPLOY = Path(__file__).parent.parent / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_the_command_it_starts_exists(unit: Path) -> None:
    (start,) = [line for line in unit.read_text().splitlines() if line.startswith("ExecStart=")]
    program, *words = start.removeprefix("ExecStart=").split()
    assert Path(program).name == "springstep"
    given = main.parser().parse_args(words)
    assert given.command == words[0]


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_to_say(tmp_path: Path) -> None:
    copies = []
    for unit in UNITS:
        copy = tmp_path / unit.name
        # The program lies elsewhere here; everything else is checked as it stands.
        copy.write_text(unit.read_text().replace("/opt/springstep/bin/springstep", sys.executable))
        copies.append(str(copy))
    assert ANALYZE is not None
    said = subprocess.run([ANALYZE, "verify", *copies], capture_output=True, text=True, check=False, timeout=60)
    assert (said.returncode, said.stderr) == (0, "")
