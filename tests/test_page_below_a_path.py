"""The page below a path of a proxy, and over HTTPS: sign-in, cookies, sockets, uploads, a renewed certificate."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sync.errors import PersonMustAct
from sync.settings import passwords
from sync.settings.certificate import check
from sync.settings.config import Dashboard, parse
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from tests.browser import PHONE, Served, browser, served, visit
from tests.certificates import OPENSSL, certificate
from tests.page_requests import Caller
from tests.shell import until

pytestmark = [pytest.mark.pages, pytest.mark.timeout(300)]
PASSWORD = "wiggle the toes"
NAME = "feet.home.arpa"
CONFIG = f'[dashboard]\npasswords = true\nallowed_hosts = ["{NAME}"]\n'


class BelowAPath:
    """A proxy on loopback that shows the page below ``/springstep`` and nothing else."""

    def __init__(self, to: int, *, takes_off: bool) -> None:
        self.to, self.takes_off = to, takes_off
        self.elsewhere: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        with wire:
            head = b""
            while b"\r\n\r\n" not in head and (more := wire.recv(65_536)):
                head += more
            lines, _, body = head.partition(b"\r\n\r\n")
            if not lines:
                return
            method, path, rest = lines.split(b" ", 2)
            if not path.startswith(b"/springstep"):
                self.elsewhere.append(path.decode())
                wire.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            if self.takes_off:
                path = path.removeprefix(b"/springstep") or b"/"
            if b"upgrade: websocket" not in rest.lower():
                rest = rest.replace(b"keep-alive", b"close")
            with socket.create_connection(("127.0.0.1", self.to)) as page:
                page.sendall(b" ".join([method, path, rest]) + b"\r\n\r\n" + body)
                back = threading.Thread(target=pour, args=(wire, page), daemon=True)
                back.start()
                pour(page, wire)


def pour(source: socket.socket, to: socket.socket) -> None:
    try:
        while more := source.recv(65_536):
            to.sendall(more)
        to.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("below")
    (root / "config.toml").write_text(CONFIG)
    passwords.put(CredentialStore(DataDir(root).secrets), "runner", PASSWORD)
    with served(root) as running:
        yield running


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser(f"--host-resolver-rules=MAP {NAME} 127.0.0.1", "--ignore-certificate-errors") as one:
        yield one


@pytest.mark.parametrize(
    ("takes_off", "config"),
    [
        (True, CONFIG),
        pytest.param(True, f'{CONFIG}path = "/springstep"\n'),
        (False, f'{CONFIG}path = "/springstep/"\n'),
    ],
    ids=["taken off, not set", "taken off and set", "passed on"],
)
def test_everything_stays_below_the_path(takes_off: bool, config: str, page: Served, window: Browser) -> None:
    (page.home / "config.toml").write_text(config)
    proxy = BelowAPath(page.port, takes_off=takes_off)
    with visit(window, f"http://{NAME}:{proxy.port}/springstep", **PHONE) as phone:
        phone.page.goto(f"{phone.url}/status")
        expect(phone.page).to_have_url(f"{phone.url}/sign-in?next=%2Fstatus")
        phone.page.get_by_label("Password").fill(PASSWORD)
        phone.page.get_by_role("button", name="Sign in").tap()
        phone.settled()
        assert phone.page.url == f"{phone.url}/status"
        (cookie,) = [one for one in phone.page.context.cookies() if one["name"] == "springstep"]
        assert cookie["path"] == "/springstep"
        manifest = phone.page.evaluate(
            "async () => (await fetch(document.querySelector('link[rel=manifest]').href)).status"
        )
        assert manifest == 200
        phone.unfold("Drop files here")
        phone.page.locator("input[type=file]").set_input_files(
            [{"name": f"run-{proxy.port}.fit", "mimeType": "application/octet-stream", "buffer": b"x" * 2000}]
        )
        expect(phone.page.get_by_text(f"run-{proxy.port}")).not_to_have_count(0)
        phone.settled()
        phone.page.get_by_role("link", name="Log", exact=True).tap()
        expect(phone.page).to_have_url(f"{phone.url}/diary")
        phone.page.reload()
        phone.settled()
        phone.from_more(phone.page.get_by_role("button", name="Sign out (Runner)"))
        expect(phone.page).to_have_url(f"{phone.url}/sign-in")
        assert phone.wrongs == []
    assert proxy.elsewhere == []


def test_the_path_itself_is_judged_like_everything_below_it(page: Served) -> None:
    (page.home / "config.toml").write_text(f'{CONFIG}path = "/springstep"\n')
    caller = Caller(page.port)
    assert caller.get("/springstep", Host="evil.example").status == 421
    assert caller.post("/springstep", {}, Origin="http://evil.example").status == 403
    led = caller.get("/springstep")
    assert (led.status, led.headers["location"]) == (307, "springstep/")
    assert caller.get("/springstep/").headers["location"] == "./sign-in?next=%2F"


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
def test_https_has_host_cookies_and_takes_a_renewed_certificate(tmp_path: Path, window: Browser) -> None:
    certificate(tmp_path, "first")
    home = tmp_path / "home"
    home.mkdir()
    keys = f'certificate = "{tmp_path}/page.pem"\nkey = "{tmp_path}/page.key"\n'
    (home / "config.toml").write_text(f"[dashboard]\npasswords = true\n{keys}")
    passwords.put(CredentialStore(DataDir(home).secrets), "runner", PASSWORD)
    with served(home, scheme="https") as page:
        with visit(window, page.url, **PHONE) as phone:
            phone.page.goto(page.url)
            phone.page.get_by_label("Password").fill(PASSWORD)
            phone.page.get_by_role("button", name="Sign in").tap()
            phone.settled()
            (cookie,) = [one for one in phone.page.context.cookies() if one["name"].endswith("springstep")]
            assert (cookie["name"], cookie["secure"], cookie["path"]) == ("__Host-springstep", True, "/")
            assert phone.wrongs == []
            # A plain cookie that another name or port might have set counts for nothing here.
            assert asked(page.port, f"springstep={cookie['value']}") == 401
            assert asked(page.port, f"__Host-springstep={cookie['value']}") == 200
        first = ssl.get_server_certificate(("127.0.0.1", page.port))
        certificate(tmp_path, "second")
        until(lambda: ssl.get_server_certificate(("127.0.0.1", page.port)) != first)
        (tmp_path / "page.pem").write_text("no certificate")
        second = ssl.get_server_certificate(("127.0.0.1", page.port))
        assert asked(page.port, "") == 401
        assert ssl.get_server_certificate(("127.0.0.1", page.port)) == second


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
def test_what_cannot_be_used_as_a_certificate_is_told_by_its_file(tmp_path: Path) -> None:
    certificate(tmp_path, "first")
    page = parse(f'[dashboard]\ncertificate = "{tmp_path}/page.pem"\nkey = "{tmp_path}/page.key"\n').dashboard
    check(page)
    key = (tmp_path / "page.key").read_bytes()
    certificate(tmp_path, "second")
    other = (tmp_path / "page.key").read_bytes()
    assert OPENSSL is not None
    locked = subprocess.run(
        [OPENSSL, "pkcs8", "-topk8", "-passout", "pass:word", "-in", str(tmp_path / "page.key")],
        check=True, capture_output=True, timeout=60,
    ).stdout  # fmt: skip
    for content, code in ((key, "mismatch"), (locked, "unusable"), (b"no key", "unusable"), (other, None)):
        (tmp_path / "page.key").write_bytes(content)
        assert told(page) == code
    (tmp_path / "page.pem").unlink()
    assert told(page) == "unreadable"


def told(page: Dashboard) -> str | None:
    try:
        check(page)
    except PersonMustAct as error:
        return error.code.removeprefix("settings.certificate_")
    return None


def asked(port: int, cookie: str) -> int:
    wire = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=ssl._create_unverified_context())
    try:
        wire.request("GET", "/manifest.webmanifest", headers={"Cookie": cookie})
        return wire.getresponse().status
    finally:
        wire.close()
