"""What systemd hears, on a socket of the test's own."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest

from sync.app.daemon.notify_systemd import notify, watchdog_s


@pytest.mark.parametrize("abstract", [False, True])
def test_ready_reaches_the_socket(*, abstract: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        name = f"springstep-test-{uuid4().hex}" if abstract else str(Path(folder, "notify"))
        heard.bind("\0" + name if abstract else name)
        heard.settimeout(5)
        assert notify("READY=1\nSTATUS=running", {"NOTIFY_SOCKET": ("@" if abstract else "") + name})
        assert heard.recv(100) == b"READY=1\nSTATUS=running"


def test_nobody_listening_is_no_error(tmp_path: Path) -> None:
    assert not notify("READY=1", {})
    assert not notify("READY=1", {"NOTIFY_SOCKET": "vsock:2:1234"})
    assert not notify("READY=1", {"NOTIFY_SOCKET": os.fspath(tmp_path / "gone")})


def test_a_sign_of_life_comes_twice_as_often_as_it_must() -> None:
    assert watchdog_s({"WATCHDOG_USEC": "120000000"}) == 60.0
    assert watchdog_s({}) is None
    assert watchdog_s({"WATCHDOG_USEC": "0"}) is None
