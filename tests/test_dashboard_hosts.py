"""By which names the page answers, and whose websockets and changes it takes: raw requests to the running process."""

from __future__ import annotations

import base64
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard import hosts
from tests.browser import PHONE, Served, browser, served, visit

pytestmark = pytest.mark.timeout(300)
NAME = "feet.example.org"
CONFIG = f'[dashboard]\nallowed_hosts = ["{NAME}", "*.lan.example.org"]\n'
# Runs inside the page's own process before anything else, and sees each call however deep the library that makes it.
RECORDER = """
import json, os, sys
out = open(os.environ["TEST_CALLS"], "a", buffering=1)
out.write(json.dumps(["watching", os.getpid(), ""]) + "\\n")
def note(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        out.write(json.dumps([event, 0, repr(args[-1] if event == "socket.sendto" else args[0])]) + "\\n")
    elif event == "socket.connect" and not isinstance(args[1], (str, bytes)):
        out.write(json.dumps([event, 0, repr(args[1][0])]) + "\\n")
sys.addaudithook(note)
"""


@dataclass(frozen=True)
class Page:
    served: Served
    calls: Path

    def outside(self) -> list[str]:
        """What the process asked of the network beyond this machine; the first line proves that it was watched."""
        told = [json.loads(line) for line in self.calls.read_text().splitlines()]
        assert self.served.process is not None
        assert ["watching", self.served.process.pid, ""] in told
        home = ("'127.0.0.1'", "'::1'", "'localhost'", "None")
        return [f"{event} {where}" for event, _pid, where in told if event != "watching" and where not in home]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    home = tmp_path_factory.mktemp("hosts")
    (home / "config.toml").write_text(CONFIG)
    watch = tmp_path_factory.mktemp("watch")
    (watch / "sitecustomize.py").write_text(RECORDER)
    calls = watch / "calls"
    path = os.pathsep.join([str(watch), *filter(None, [os.environ.get("PYTHONPATH")])])
    with served(home, PYTHONPATH=path, TEST_CALLS=str(calls)) as running:
        yield Page(running, calls)


def ask(port: int, method: str, path: str, *lines: str, body: str = "") -> tuple[int, str]:
    """Status and body of one request, with exactly these header lines."""
    text = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", body])
    return _answer(port, text)


def join(port: int, host: str, origin: str | None, *lines: str) -> int:
    """The status with which a websocket is answered; 101 lets it in."""
    key = base64.b64encode(b"sixteen bytes ok").decode()
    given = [f"Host: {host}", *([f"Origin: {origin}"] if origin else []), *lines]
    upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
    return _answer(port, "\r\n".join(["GET /_stcore/stream HTTP/1.1", *given, *upgrade, "", ""]))[0]


def _answer(port: int, text: str) -> tuple[int, str]:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        wire.sendall(text.encode("latin-1"))
        got = b""
        while b"\r\n\r\n" not in got or (not got.startswith(b"HTTP/1.1 101") and len(got) < 100_000):
            piece = wire.recv(65_536)
            if not piece:
                break
            got += piece
            if got.startswith(b"HTTP/1.1 101"):
                break
    head, _, body = got.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode("utf-8", "replace")


# Host and Origin as a browser sends them; {p} is the page's port. Who may open the page's websocket, and who may not.
SOCKETS = [
    ("127.0.0.1:{p}", "http://127.0.0.1:{p}", 101),
    ("localhost:{p}", "http://localhost:{p}", 101),
    ("LOCALHOST:{p}", "http://localhost:{p}", 101),
    ("[::1]:{p}", "http://[::1]:{p}", 101),
    ("localhost:9000", "http://localhost:9000", 101),  # through ssh -L 9000:127.0.0.1:8501
    (NAME, f"https://{NAME}", 101),  # as deploy/Caddyfile passes it on
    (NAME, f"https://{NAME}:8443", 101),  # a proxy that strips the port
    (f"{NAME}:8443", f"https://{NAME}:8443", 101),
    ("pi.lan.example.org", "http://pi.lan.example.org", 101),
    ("127.0.0.1:{p}", "http://elsewhere.example.org", 403),
    ("127.0.0.1:{p}", "http://127.0.0.1:1", 403),
    ("127.0.0.1:{p}", "http://127.0.0.1", 403),
    ("127.0.0.1:{p}", "https://127.0.0.1:{p}", 403),
    ("127.0.0.1:{p}", "http://localhost:{p}", 403),
    ("127.0.0.1:{p}", f"https://{NAME}", 403),
    ("127.0.0.1:{p}", "null", 403),
    ("127.0.0.1:{p}", None, 403),
    ("127.0.0.1:{p}", "http://127.0.0.1:{p}.elsewhere.example.org", 403),
    ("127.0.0.1:{p}", "http://me@127.0.0.1:{p}", 403),
    (NAME, "https://elsewhere.example.org", 403),
    (NAME, f"https://elsewhere.{NAME}", 403),
    (NAME, None, 403),
    ("elsewhere.example.org:{p}", "http://elsewhere.example.org:{p}", 403),  # a name pointed at this machine
]


@pytest.mark.parametrize(("host", "origin", "status"), SOCKETS)
def test_a_websocket_is_for_the_page_itself(host: str, origin: str | None, status: int, page: Page) -> None:
    port = page.served.port
    assert join(port, host.format(p=port), origin.format(p=port) if origin else None) == status
    assert page.outside() == []


def test_two_origins_are_none(page: Page) -> None:
    port = page.served.port
    assert join(port, f"127.0.0.1:{port}", f"http://127.0.0.1:{port}", "Origin: http://elsewhere.example.org") != 101


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/_stcore/upload_file/a/b", "/sign-in", "/sign-out", "/"])
@pytest.mark.parametrize("origin", ["http://elsewhere.example.org", "http://127.0.0.1:1", "null", None])
def test_a_change_is_for_the_page_itself(method: str, path: str, origin: str | None, page: Page) -> None:
    port = page.served.port
    lines = [f"Host: 127.0.0.1:{port}", "Content-Length: 0", *([f"Origin: {origin}"] if origin else [])]
    status, said = ask(port, method, path, *lines)
    assert (status, said) == (403, "This didn't come from springstep's own page, so nothing was changed.")
    own = ask(port, method, path, *lines[:2], f"Origin: http://127.0.0.1:{port}")
    assert "springstep's own page" not in own[1]
    assert page.outside() == []


@pytest.mark.parametrize("path", ["/", "/log", "/_stcore/health", "/static/x.js", "/sign-in", "/manifest.webmanifest"])
def test_a_name_that_is_not_allowed_is_told_the_line(path: str, page: Page) -> None:
    status, said = ask(page.served.port, "GET", path, "Host: pi.example.org:8501", "Accept: text/html")
    assert status == 421
    assert "[dashboard]\nallowed_hosts = [&#34;pi.example.org&#34;]" in said
    assert "You asked for pi.example.org." in said
    assert "script" not in said
    assert ask(page.served.port, "GET", path, f"Host: {NAME}", "Accept: text/html")[0] != 421


def test_what_was_asked_for_is_escaped(page: Page) -> None:
    status, said = ask(page.served.port, "GET", "/", 'Host: a"</pre><script>alert(1)</script>')
    assert status == 421
    assert "<script" not in said
    assert "allowed_hosts = [&#34;a\\&#34;&lt;/pre&gt;&lt;script&gt;" in said


def test_a_browser_is_told_and_comes_in_once_the_line_stands(tmp_path: Path) -> None:
    """In German, without starting anything again: the page, its websocket and its uploads then work under that name."""
    config = tmp_path / "config.toml"
    config.write_text('[athlete]\nlanguage = "de"\n')
    name = "pi.example.org"
    with (
        served(tmp_path) as running,
        browser(f"--host-resolver-rules=MAP {name} 127.0.0.1") as window,
        visit(window, f"http://{name}:{running.port}", **PHONE, locale="de-DE") as phone,
    ):
        phone.expect_breaks = True  # the browser notes a refused page as an error
        phone.page.goto(phone.url)
        expect(phone.page.get_by_role("heading", name="springstep kennt diesen Namen nicht")).to_be_visible()
        line = phone.page.locator("pre").inner_text()
        assert line == f'[dashboard]\nallowed_hosts = ["{name}"]'
        phone.expect_breaks = False

        config.write_text(f"{config.read_text()}\n{line}\n")
        phone.open("status")
        phone.unfold("Dateien hier ablegen")
        phone.page.locator("input[type=file]").set_input_files(
            [{"name": "monday.fit", "mimeType": "application/octet-stream", "buffer": b"x" * 2000}]
        )
        expect(phone.page.get_by_text("monday.fit liegt im Eingang")).to_be_visible()
        assert phone.wrongs == []


@pytest.mark.parametrize(
    ("allowed", "name", "counts"),
    [
        ((), "example.org", False),
        (("Example.ORG.",), "example.org", True),
        (("*.example.org",), "a.b.example.org", True),
        (("*.example.org",), "example.org", False),
        (("*",), "anything.test", True),
        (("*",), "localhost", False),  # this machine's own name keeps its port
        (("localhost",), "localhost", True),
        (("[fd00::1]",), "fd00::1", True),
        (("fd00::1",), "fd00::1", True),
        (("example.org:8443",), "example.org", True),
        (("https://Example.org:8443/feet/",), "example.org", True),
        (("[fd00::1]:8501",), "fd00::1", True),
        (("*.example.org:8443",), "a.example.org", True),
        (("example.org:8443",), "example.org.evil.test", False),
        (("https://",), "", False),
    ],
)
def test_a_name_is_listed(allowed: tuple[str, ...], name: str, counts: bool) -> None:
    assert hosts.listed(name, allowed) is counts


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("localhost", hosts.Address("localhost")),
        ("LocalHost.:8501", hosts.Address("localhost", 8501)),
        ("[::1]:8501", hosts.Address("::1", 8501)),
        ("127.0.0.1:", None),
        ("", None),
        ("a b", None),
        ("me@localhost", None),
        ("localhost/x", None),
        ("localhost:8501.elsewhere.org", None),
    ],
)
def test_a_host_is_read(sent: str, meant: hosts.Address | None) -> None:
    assert hosts.address(sent) == meant
