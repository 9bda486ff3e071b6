"""The one setting that sends a source to a test server, and the road that every request takes."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
import requests

from rules.language import load
from sync.demo.fake_service import Answer, FakeService, Seen, as_json
from sync.errors import PersonMustAct
from sync.sources.redirect import checked, guard, session

SAY = load("en").say


class Echo(FakeService):
    def respond(self, seen: Seen) -> Answer:
        if seen.path == "/away":
            return Answer(302, b"", headers={"Location": "https://elsewhere.invalid/"})
        return as_json({"path": seen.path, "query": dict(seen.query), "host": seen.host})


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8899", "http://127.0.0.1:8899/", "http://[::1]:8899", "unix:/tmp/made-up.sock"]
)
def test_this_machine_is_allowed(address: str) -> None:
    assert checked(SAY, address, "redirect_garmin") == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8899", "http://192.168.1.5:8899", "http://127.0.0.1.example.org:80", "https://127.0.0.1:8899",
        "http://user@127.0.0.1:80", "http://127.0.0.1:8899/path", "http://127.0.0.1@example.org", "unix:relative.sock",
        "unix://host/path", "http://0.0.0.0:80", "", "127.0.0.1:8899", "http://[::]:80", "http://127.0.0.1:99999",
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_the_keys_name(address: str) -> None:
    with pytest.raises(PersonMustAct, match="redirect_garmin"):
        checked(SAY, address, "redirect_garmin")


def test_real_credentials_never_go_to_a_test_server_nor_the_reverse() -> None:
    guard(SAY, source="garmin", redirect=None, test_server=False)
    guard(SAY, source="garmin", redirect="http://127.0.0.1:1", test_server=True)
    with pytest.raises(PersonMustAct, match="nothing was sent"):
        guard(SAY, source="garmin", redirect="http://127.0.0.1:1", test_server=False)
    with pytest.raises(PersonMustAct, match="test server"):
        guard(SAY, source="garmin", redirect=None, test_server=True)


def test_what_is_meant_for_the_service_arrives_here_with_its_name() -> None:
    with Echo() as echo:
        answer = session(redirect=echo.url).get("https://connectapi.garmin.com/a/b?c=1&d=%20e", timeout=5)
        assert answer.json() == {"path": "/a/b", "query": {"c": "1", "d": " e"}, "host": "connectapi.garmin.com"}


def test_proxies_and_netrc_of_the_environment_stay_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine connectapi.garmin.com login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with Echo() as echo:
        session(redirect=echo.url).get("https://connectapi.garmin.com/", timeout=5)
        assert "authorization" not in echo.log[0].headers


def test_no_answer_leads_to_another_host() -> None:
    with Echo() as echo:
        with pytest.raises(requests.TooManyRedirects):
            session(redirect=echo.url).get("https://connectapi.garmin.com/away", timeout=5)
        assert len(echo.log) == 1


def test_plain_http_goes_nowhere() -> None:
    with pytest.raises(requests.exceptions.InvalidSchema):
        session().get("http://127.0.0.1:9/", timeout=5)


def test_a_stalled_answer_ends_by_itself() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    try:
        with pytest.raises((requests.Timeout, requests.ConnectionError)):
            session(timeout_s=0.2, redirect=f"http://127.0.0.1:{listener.getsockname()[1]}").get("https://a.invalid/")
    finally:
        listener.close()


def test_a_unix_socket_will_do(tmp_path: Path) -> None:
    path = tmp_path / "s"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        connection, _ = listener.accept()
        asked = connection.recv(4096).decode()
        body = asked.split()[1].encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))
        connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        assert session(redirect=f"unix:{path}").get("https://a.invalid/x?y=1", timeout=5).text == "/x?y=1"
    finally:
        listener.close()
        thread.join(5)
