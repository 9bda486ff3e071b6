"""The page beside the daemon: on a free port, answered for, started again after a fall."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.app.daemon.dashboard_process import DashboardProcess, environment, free_port
from sync.errors import PersonMustAct
from sync.settings.config import Config
from sync.settings.paths import DataDir
from tests.shell import until


def test_the_next_free_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = free_port("127.0.0.1", port)
        assert port < found <= port + 100
    with pytest.raises(PersonMustAct, match=r"daemon\.no_port"):
        free_port("192.0.2.1", 8501)


def test_settings_of_another_streamlit_do_not_reach_the_page(home: Path) -> None:
    given = {"PATH": "/bin", "STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}
    assert environment(DataDir(home), home / "my.toml", given) == {
        "PATH": "/bin",
        "SPRINGSTEP_HOME": str(home),
        "SPRINGSTEP_CONFIG": str(home / "my.toml"),
    }


@pytest.fixture
def page(home: Path) -> Iterator[DashboardProcess]:
    at = DataDir(home)
    at.make()
    made = DashboardProcess(at, Config(), at.config, os.environ, port=18900)
    yield made
    made.stop()


def test_a_page_that_falls_over_comes_again(page: DashboardProcess) -> None:
    assert page.start()
    assert page.answers()
    assert page.pid is not None
    os.kill(page.pid, signal.SIGKILL)
    until(lambda: not page.answers())

    def back() -> bool:
        page.look_after()
        return page.answers()

    until(back)
    page.stop()
    assert not page.answers()
    page.look_after()
    assert not page.answers()
