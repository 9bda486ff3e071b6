"""The systemd units and the container are sound, and name commands that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bench.try_image import steps
from sync.app.cli import main
from sync.settings.listening import PRIVATE_NETWORKS

DEPLOY = Path(__file__).parent.parent / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
LAN = DEPLOY / "springstep-dashboard.service.d" / "lan.conf"
DOCKERFILE = list(steps((DEPLOY / "Dockerfile").read_text()))
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
    drop_in = tmp_path / LAN.parent.name / LAN.name
    drop_in.parent.mkdir()
    drop_in.write_text(LAN.read_text().replace("/opt/springstep/bin/springstep", sys.executable))
    assert ANALYZE is not None
    said = subprocess.run([ANALYZE, "verify", *copies], capture_output=True, text=True, check=False, timeout=60)
    assert (said.returncode, said.stderr) == (0, "")


def test_the_drop_in_opens_the_page_to_private_networks_only() -> None:
    lines = LAN.read_text().splitlines()
    assert lines.index("ExecStart=") < len(lines)
    (start,) = [line for line in lines if line.startswith("ExecStart=/")]
    given = main.parser().parse_args(start.split()[1:])
    assert (given.command, given.lan) == ("dashboard", True)
    (allowed,) = [line.removeprefix("IPAddressAllow=").split() for line in lines if line.startswith("IPAddressAllow=")]
    assert {*allowed, "127.0.0.0/8", "::1/128"} == {str(one) for one in PRIVATE_NETWORKS}


def words_of(instruction: str) -> str:
    (found,) = [rest for word, rest in DOCKERFILE if word == instruction]
    return found


def test_the_image_runs_on_the_home_network_as_a_user_of_its_own() -> None:
    program, *words = json.loads(words_of("CMD"))
    assert (program, main.parser().parse_args(words).lan) == ("springstep", True)
    assert (words_of("FROM"), words_of("USER")) == ("debian:bookworm-slim", "1000:1000")
    environ = " ".join(rest for word, rest in DOCKERFILE if word == "ENV")
    assert f"SPRINGSTEP_HOME={words_of('VOLUME')}" in environ


def test_a_compose_file_needs_nothing_filled_in_and_the_one_with_caddy_stays_on_loopback() -> None:
    lan, caddy = (yaml.safe_load((DEPLOY / name).read_text()) for name in ("compose.lan.yaml", "compose.yaml"))
    assert re.findall(r"\$\{?\w", (DEPLOY / "compose.lan.yaml").read_text()) == []
    (service,) = lan["services"].values()
    assert (service["read_only"], service["cap_drop"], service["ports"]) == (True, ["ALL"], ["8501:8501"])
    program, *words = caddy["services"]["springstep"]["command"]
    assert (program, main.parser().parse_args(words).lan) == ("springstep", False)
    assert caddy["services"]["proxy"]["network_mode"] == "service:springstep"
