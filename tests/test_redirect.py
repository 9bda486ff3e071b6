"""The one setting that sends a source to a test server, and the road that every request takes."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from sync.app.demo.fake_garmin import FakeGarmin
from sync.app.demo.fake_service import Answer, FakeService, Seen, as_json
from sync.errors import PersonMustAct
from sync.sources.http import session
from sync.sources.names import Name
from sync.sources.redirect import guard, on_this_machine
from tests.fakes.intervals import FakeIntervals
from tests.fakes.strava import FakeStrava
from tests.linked_home import MORNING, linked_home, short_run


class Echo(FakeService):
    def respond(self, seen: Seen) -> Answer:
        if seen.path == "/away":
            return Answer(302, b"", headers={"Location": "https://elsewhere.invalid/"})
        return as_json({"path": seen.path, "query": dict(seen.query), "host": seen.host})


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8899", "http://127.0.0.1:8899/", "http://[::1]:8899", "unix:/run/made-up.sock"]
)
def test_this_machine_is_allowed(address: str) -> None:
    assert on_this_machine(address, "redirect_garmin") == address.rstrip("/")


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
        on_this_machine(address, "redirect_garmin")


def test_real_credentials_never_go_to_a_test_server_nor_the_reverse() -> None:
    guard(source="garmin", redirect=None, test_server=False)
    guard(source="garmin", redirect="http://127.0.0.1:1", test_server=True)
    with pytest.raises(PersonMustAct, match=r"source\.redirect_real"):
        guard(source="garmin", redirect="http://127.0.0.1:1", test_server=False)
    with pytest.raises(PersonMustAct, match=r"source\.redirect_gone"):
        guard(source="garmin", redirect=None, test_server=True)


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


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_every_source_can_be_sent_to_a_unix_socket(tmp_path: Path, name: Name) -> None:
    kinds: dict[Name, Any] = {"garmin": FakeGarmin, "strava": FakeStrava, "intervals": FakeIntervals}
    fake = kinds[name](clock=lambda: MORNING)
    assert fake.start(at=tmp_path / "s") == f"unix:{tmp_path / 's'}"
    fake.add(short_run(MORNING - timedelta(days=1)), "By socket")
    with linked_home(tmp_path / "home", name, light=True, fakes={name: fake}) as home:
        assert home.sync(name).result == "ok"
        assert list(home.titles().values()) == ["By socket"]
        hosts = {"garmin": "garmin.com", "strava": "www.strava.com", "intervals": "intervals.icu"}
        assert all(seen.host.endswith(hosts[name]) for seen in fake.log)
