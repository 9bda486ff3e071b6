"""One POST, one file: straight onto the disk, small in memory, and nothing left of what was broken off."""

from __future__ import annotations

import http.client
import json
import os
import socket
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from sync.service.upload import arriving, space_for
from sync.settings.paths import DataDir
from tests.browser import Served, browser, served, visit

pytestmark = pytest.mark.timeout(180)
MB = 1 << 20
MOST_MORE_MB = 50
CONFIG = '[athlete]\nid = "ann"\nname = "Ann"\n[[athletes]]\nid = "ben"\nname = "Ben"\n[import]\nmax_file_mb = 2\n'


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("uploads")
    (home / "config.toml").write_text(CONFIG)
    with served(home) as running:
        yield running


def send(page: Served, target: str, body: bytes | Iterable[bytes], length: int, **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=60)
    connection.request("POST", target, body, {"Content-Length": str(length), "Origin": page.url, **headers})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, json.loads(text) if text.startswith("{") else text


def inbox(page: Served, athlete: str = "ann") -> list[str]:
    folder = DataDir(page.home).inbox(athlete)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def peak_mb(page: Served) -> int:
    assert page.process is not None
    status = Path(f"/proc/{page.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


def test_a_large_file_is_streamed_into_the_runners_own_inbox(page: Served) -> None:
    assert send(page, "/upload?name=small.fit", b"x" * 1000, 1000)[0] == 200
    before = peak_mb(page)
    size = 400 * MB
    status, said = send(page, "/upload?runner=ben&name=..%2Fall.zip", (b"x" * MB for _ in range(400)), size)
    assert (status, said["name"], said["task"]["result"]["waiting"]) == (200, "all.zip", True)
    assert (DataDir(page.home).inbox("ben") / "all.zip").stat().st_size == size
    assert peak_mb(page) - before <= MOST_MORE_MB
    (DataDir(page.home).inbox("ben") / "all.zip").unlink()


@pytest.mark.parametrize("sent", [0, 300_000, 1_500_000])
def test_what_is_broken_off_leaves_nothing(page: Served, sent: int) -> None:
    before = inbox(page)
    head = f"POST /upload?name=half.fit HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\nOrigin: {page.url}\r\n"
    with socket.create_connection(("127.0.0.1", page.port)) as half:
        half.sendall(f"{head}Content-Length: 2000000\r\n\r\n".encode() + b"x" * sent)
        time.sleep(0.3)
    end = time.monotonic() + 20
    while inbox(page) != before and time.monotonic() < end:
        time.sleep(0.1)
    assert inbox(page) == before


@pytest.mark.parametrize(
    ("target", "length", "headers", "status"),
    [
        ("/upload?name=big.fit", 3 * MB, {}, 413),
        ("/upload?name=big.zip", 30_000 * MB, {}, 413),
        ("/upload?name=a.fit", 3, {"Origin": "http://127.0.0.1:1"}, 403),
        ("/upload?name=a.fit", 3, {"Origin": "null"}, 403),
    ],
)
def test_what_may_not_come_is_refused(
    page: Served, target: str, length: int, headers: dict[str, str], status: int
) -> None:
    before = inbox(page)
    assert send(page, target, b"abc", length, **headers)[0] == status
    assert inbox(page) == before


def test_a_file_in_chunks_is_refused_whatever_length_stands_beside_it(page: Served) -> None:
    before = inbox(page)
    head = {"Transfer-Encoding": "chunked"}
    assert send(page, "/upload?name=a.fit", b"5\r\nabcde\r\n0\r\n\r\n", 3, **head)[0] == 411
    assert inbox(page) == before


def test_room_is_asked_for_first(page: Served, tmp_path: Path) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=60)
    for asked, status in (("name=a.fit&bytes=1000", 200), ("name=a.fit&bytes=9999999", 413), ("bytes=%C2%B2", 200)):
        connection.request("GET", f"/upload-room?{asked}")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
    assert space_for(tmp_path / "not" / "there", 1000)
    assert not space_for(tmp_path, 10**18)


def test_what_a_dead_process_left_goes_after_a_day(tmp_path: Path) -> None:
    old, new, other = (tmp_path / f".{name}.part" for name in ("a" * 32, "b" * 32, "mine"))
    for path in (old, new, other):
        path.write_bytes(b"x")
    for path in (old, other):
        os.utime(path, (0, 0))
    with arriving(tmp_path):
        pass
    assert sorted(tmp_path.iterdir()) == sorted([new, other])


@pytest.mark.pages
def test_a_file_shows_its_progress_and_can_be_cancelled(page: Served) -> None:
    with browser() as window, visit(window, page.url) as phone:
        phone.open("status")
        phone.unfold("Drop files here")
        slow = phone.page.context.new_cdp_session(phone.page)
        slow.send("Network.enable")
        limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000}
        slow.send("Network.emulateNetworkConditions", limits)
        before = inbox(page)
        phone.page.locator("input[type=file]").set_input_files(
            [{"name": "monday.fit", "mimeType": "application/octet-stream", "buffer": b"x" * (2 * MB)}]
        )
        expect(phone.page.get_by_text("monday.fit: 0.0 MB / 2.0 MB")).to_be_visible()
        expect(phone.page.get_by_text("/ 2.0 MB")).not_to_contain_text("0.0 MB / 2.0 MB", timeout=30_000)
        assert phone.look() == []
        phone.page.get_by_role("button", name="Cancel").tap()
        expect(phone.page.get_by_role("button", name="Cancel")).to_be_hidden()
        # Only then is the line fast again: the rest of the file would else be there before the news that it ended.
        end = time.monotonic() + 20
        while inbox(page) != before and time.monotonic() < end:
            time.sleep(0.1)
        assert inbox(page) == before
        slow.send("Network.emulateNetworkConditions", {**limits, "uploadThroughput": -1})
        phone.page.locator("input[type=file]").set_input_files(
            [{"name": "tuesday.fit", "mimeType": "application/octet-stream", "buffer": b"x" * 2000}]
        )
        expect(phone.page.get_by_text("tuesday.fit is in the inbox")).to_be_visible()
        assert inbox(page) == sorted([*before, "tuesday.fit"])
