"""From the printed line to the first foot work, on a phone in another network namespace: plain HTTP, no terminal.

The server and the phone have a namespace each, joined by one cable, as two machines at home.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from sync.app.demo import fit_writer
from tests.browser import PHONE, QUIET, chromium, visit
from tests.factories_runs import run
from tests.shell import Shell, stop, until

SERVER, CLIENT = "192.168.177.1", "192.168.177.2"
PORT = 8501


def may_make_networks() -> bool:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    made = subprocess.run(["ip", "netns", "add", "ss-try"], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", "ss-try"], capture_output=True, check=False)
    return made.returncode == 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not may_make_networks(), reason="network namespaces need root and `ip`"),
]


@pytest.fixture
def cable() -> Iterator[tuple[str, str]]:
    """The namespaces of the server and of the phone."""
    server, phone = (f"ss{os.getpid()}{end}" for end in "ab")
    for words in (
        f"netns add {server}", f"netns add {phone}",
        f"link add eth0 netns {server} type veth peer name eth0 netns {phone}",
        f"-n {server} addr add {SERVER}/24 dev eth0", f"-n {phone} addr add {CLIENT}/24 dev eth0",
        f"-n {server} link set eth0 up", f"-n {phone} link set eth0 up",
        f"-n {server} link set lo up", f"-n {phone} link set lo up",
    ):  # fmt: skip
        subprocess.run(["ip", *words.split()], check=True)
    try:
        yield server, phone
    finally:
        for one in (server, phone):
            subprocess.run(["ip", "netns", "del", one], check=False)


def todays_run(to: Path) -> Path:
    start = (datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=3)).replace(microsecond=0)
    base = run()
    assert base.file_id is not None
    made = replace(base, start_utc=start, laps=(), steps=(), file_id=replace(base.file_id, time_created_utc=start))
    to.write_bytes(fit_writer.write(made))
    return to


def test_from_the_printed_line_to_the_first_foot_work(cable: tuple[str, str], tmp_path: Path) -> None:
    server, phone_net = cable
    here = ["ip", "netns", "exec", server, sys.executable]
    own = "from sync.settings.interfaces import own_lan_addresses as own; print(*own())"
    assert subprocess.run([*here, "-c", own], capture_output=True, text=True, check=True).stdout.split() == [SERVER]
    # Where the tests run in a container themselves no address of it would be printed.
    shell = Shell(tmp_path / "home", SPRINGSTEP_URL=f"http://{SERVER}:{PORT}")
    out = tmp_path / "said"
    wrapped = tmp_path / "chromium"
    wrapped.write_text(f'#!/bin/sh\nexec ip netns exec {phone_net} {chromium()} "$@"\n')
    wrapped.chmod(0o755)
    with out.open("wb") as to:
        process = subprocess.Popen(
            [*here, "-m", "sync", "run", "--lan"], env=shell.environ, stdout=to, stderr=to, text=True
        )
        try:
            until(lambda: "24 hours" in out.read_text())
            said = out.read_text()
            address, code = re.search(r"Open (\S+/set-up)", said), re.search(r"set-up code:  (\S+)", said)
            assert address is not None
            assert code is not None
            with sync_playwright() as playwright:
                window = playwright.chromium.launch(executable_path=str(wrapped), args=QUIET)
                with visit(window, f"http://{SERVER}:{PORT}", **PHONE) as phone:
                    taps = walk(phone, f"{address[1]}#{code[1]}", todays_run(tmp_path / "morning.fit"))
                    assert taps <= 8
                    assert phone.wrongs == []
                window.close()
        finally:
            stop(process)


def walk(phone: object, link: str, file: Path) -> int:
    """The number of presses and entries until the foot work for the file stands on the screen."""
    from tests.browser import Watched

    assert isinstance(phone, Watched)
    page, taps = phone.page, 0
    page.goto(link)
    assert page.evaluate("isSecureContext") is False
    assert page.get_by_label("Set-up code").input_value() == link.partition("#")[2]
    assert "#" not in page.url
    expect(page.locator("img.ss-qr")).to_be_visible()
    page.get_by_label("New password").fill("wiggle the toes")
    page.get_by_role("button", name="Set up").tap()
    taps += 2
    phone.settled()
    page.locator("input[type=file]").first.set_input_files(str(file))
    taps += 1
    expect(page.locator("[class*=st-key-card-work-]").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="More", exact=True).tap()
    page.get_by_role("button", name="Sign out (Runner)").tap()
    page.get_by_label("Password").fill("wiggle the toes")
    page.get_by_role("button", name="Sign in").tap()
    phone.settled()
    return taps
