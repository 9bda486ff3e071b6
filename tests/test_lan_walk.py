"""From the printed line to foot work, a linked watch and a second runner, on a phone: no terminal.

Plain HTTP. The server and the phone have a namespace each, joined by one cable, as two machines at home.
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
from playwright.sync_api import expect

from sync.app.demo import fit_writer
from sync.app.demo.fake_garmin import KEY
from tests.browser import PHONE, Watched, browser, chromium, visit
from tests.factories_runs import run
from tests.shell import Shell, stop, until

SERVER, CLIENT = "192.168.177.1", "192.168.177.2"
PORT, GARMIN_PORT = 8501, 8899
PASSWORD = "wiggle the toes"
GARMIN = f"""
import time
from datetime import datetime
from sync.app.demo.fake_garmin import FakeGarmin
made = FakeGarmin(clock=datetime.now, key={KEY!r})
made.start({GARMIN_PORT})
time.sleep(600)
"""
"""The made-up Garmin, on the server's own loopback."""


def may_make_networks() -> bool:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    made = subprocess.run(["ip", "netns", "add", "ss-try"], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", "ss-try"], capture_output=True, check=False)
    return made.returncode == 0


pytestmark = [
    pytest.mark.pages,
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


def test_from_the_printed_line_to_a_household(cable: tuple[str, str], tmp_path: Path) -> None:
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
    shell.home.make()
    shell.home.config.write_text(f'[testing]\nredirect_garmin = "http://127.0.0.1:{GARMIN_PORT}"\n')
    with out.open("wb") as to, subprocess.Popen([*here, "-c", GARMIN], stdout=to, stderr=to) as garmin:
        process = subprocess.Popen(
            [*here, "-m", "sync", "run", "--lan"], env=shell.environ, stdout=to, stderr=to, text=True
        )
        try:
            until(lambda: "24 hours" in out.read_text())
            said = out.read_text()
            address, code = re.search(r"Open (\S+/set-up)", said), re.search(r"set-up code:  (\S+)", said)
            assert address is not None
            assert code is not None
            with browser(program=wrapped) as window, visit(window, f"http://{SERVER}:{PORT}", **PHONE) as phone:
                file = todays_run(tmp_path / "morning.fit")
                assert set_up_and_drop(phone, f"{address[1]}#{code[1]}", file) <= 8
                assert link_garmin(phone) <= 6
                change_units(phone)
                invite(phone)
                assert phone.wrongs == []
        finally:
            garmin.terminate()
            stop(process)


def set_up_and_drop(phone: Watched, link: str, file: Path) -> int:
    """The number of presses and entries until the foot work for the file stands on the screen."""
    page, taps = phone.page, 0
    page.goto(link)
    assert page.evaluate("isSecureContext") is False
    expect(page.get_by_label("Set-up code")).to_have_value(link.partition("#")[2])
    assert "#" not in page.url
    expect(page.locator("img.ss-qr")).to_be_visible()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").tap()
    taps += 2
    phone.settled()
    page.locator("input[type=file]").first.set_input_files(str(file))
    taps += 1
    expect(page.locator("[class*=st-key-card-work-]").first).to_be_visible(timeout=60_000)
    return taps


def link_garmin(phone: Watched) -> int:
    page = phone.page
    phone.settled()
    phone.from_more(page.get_by_role("link", name="Sources", exact=True).last)
    expect(page).to_have_url(f"{phone.url}/sources")
    phone.settled()
    page.get_by_role("link", name="Link Garmin").tap()
    page.get_by_label("key", exact=False).first.fill(KEY)
    page.get_by_role("button", name="Link it").first.tap()
    expect(page.get_by_role("heading", name="Garmin is linked")).to_be_visible(timeout=60_000)
    return 5


def change_units(phone: Watched) -> None:
    phone.open("settings")
    phone.page.get_by_role("radio", name="Miles").or_(phone.page.get_by_role("button", name="Miles")).first.tap()
    expect(phone.page.locator(".ss-stored").first).to_be_visible()


def invite(phone: Watched) -> None:
    """From the link that an administrator is shown to the second runner's own page, and back to the first one's."""
    page = phone.page
    phone.open()
    phone.from_more(page.get_by_role("link", name="Devices and password"))
    page.get_by_role("link", name="Household").tap()
    page.get_by_label("Name").fill("Ben")
    page.get_by_role("button", name="Add and invite").tap()
    link = page.locator(".ss-link").inner_text()
    page.goto(phone.url)
    phone.settled()
    phone.from_more(page.get_by_role("button", name="Sign out (Runner)"))
    page.get_by_label("Password").wait_for()
    page.goto(link)
    page.get_by_label("New password").fill("spread and grip")
    page.get_by_role("button", name="Set password").tap()
    phone.settled()
    phone.from_more(page.get_by_role("button", name="Sign out (Ben)"))
    page.get_by_label("Runner").fill("Runner")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    phone.settled()
