"""A calendar is fetched from the internet only, in 5 MB and 20 seconds, whatever its server answers."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Collection, Iterator
from http.client import HTTPException
from pathlib import Path

import pytest

from sync.app.daemon.move_addresses import move_addresses
from sync.app.demo.fake_service import Answer, FakeService, Seen
from sync.errors import PersonMustAct
from sync.settings.config import load_config
from sync.settings.config_edit import without_addresses, without_private_addresses
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.sources.adapters.calendar_fetch import MOST_BYTES, fetch, is_public
from sync.sources.calendars import drop_calendar, keep_calendars, linked_calendars
from tests.linked_home import MORNING

PUBLIC, SECRET = "203.0.114.7", "https://cal.example/private-token.ics"
NAMES = {"cal.example": [PUBLIC], "moved.example": [PUBLIC], "rebind.example": [PUBLIC, "192.168.1.1"],
         "router.home": ["192.168.1.1"], "localhost": ["127.0.0.1"], "6.example": ["::ffff:10.0.0.1"]}  # fmt: skip


def resolve(host: str, _port: int) -> Collection[str]:
    return NAMES.get(host, [host.strip("[]")])


class Server(FakeService):
    answers: dict[str, Answer]

    def respond(self, seen: Seen) -> Answer:
        return self.answers[seen.path]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        made.answers = {"/a.ics": Answer(200, b"BEGIN:VCALENDAR", "text/calendar")}
        yield made


def status(server: Server, url: str, **how: object) -> int:
    return fetch(url, headers={}, test_server=server.url, resolve=resolve, **how).status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "10.1.2.3", "172.16.0.1", "192.168.178.1", "169.254.169.254", "fe80::1%eth0", "fd00::1",
     "100.64.0.1", "0.0.0.0", "::", "::ffff:127.0.0.1", "64:ff9b::c0a8:101", "2002:c0a8:0101::1", "224.0.0.1",
     "255.255.255.255", "::ffff:169.254.169.254", "::127.0.0.1", "::10.1.2.3", "fec0::1", "64:ff9b:1::a01:203",
     "5f00::1", "64:ff9b::a9fe:a9fe", "192.0.0.1", "198.18.0.1", "240.0.0.1"],
)  # fmt: skip
def test_these_are_no_public_addresses(address: str) -> None:
    assert not is_public(address)


def test_these_are() -> None:
    assert [is_public(one) for one in ("1.1.1.1", "2606:4700::1111", "64:ff9b::101:101")] == [True] * 3


@pytest.mark.parametrize(
    "url",
    ["https://localhost/a.ics", "https://router.home/a.ics", "https://rebind.example/a.ics", "https://6.example/a.ics",
     "https://127.0.0.1/a.ics", "https://[::1]/a.ics", "https://169.254.169.254/latest/meta-data", "https://2130706433/",
     "http://cal.example/a.ics", "file:///etc/passwd", "https://user@cal.example/a.ics", "https:///a.ics",
     "https://[cal.example/a.ics", "https://cal.example:99999/a.ics", "https://cal.example:x/a.ics"],
)  # fmt: skip
def test_what_lies_inside_is_not_asked(server: Server, url: str) -> None:
    where = {"https://2130706433/": ["127.0.0.1"]}
    with pytest.raises(PersonMustAct, match=r"calendar\.(inside|not_https|with_a_name)"):
        fetch(url, headers={}, test_server=server.url, resolve=lambda host, port: where.get(url) or resolve(host, port))
    assert server.log == []


@pytest.mark.parametrize(
    "target", ["https://router.home/", "https://127.0.0.1/", "http://cal.example/", "//localhost/x"]
)
def test_each_redirect_is_judged_anew(server: Server, target: str) -> None:
    server.answers["/away"] = Answer(302, b"", "text/plain", {"Location": target})
    with pytest.raises(PersonMustAct, match=r"calendar\.(inside|not_https)"):
        status(server, "https://cal.example/away")
    assert [seen.path for seen in server.log] == ["/away"]


def test_a_redirect_on_the_internet_is_followed_and_a_circle_ends(server: Server) -> None:
    server.answers["/away"] = Answer(302, b"", "text/plain", {"Location": "https://moved.example/a.ics"})
    server.answers["/round"] = Answer(302, b"", "text/plain", {"Location": "/round"})
    assert status(server, "https://cal.example/away") == 200
    with pytest.raises(PersonMustAct, match=r"calendar\.refused"):
        status(server, "https://cal.example/round")


def test_a_host_inside_that_the_config_names_is_asked(server: Server) -> None:
    assert status(server, "https://router.home/a.ics", inside=("Router.Home.",)) == 200


@pytest.mark.parametrize("packed", [False, True])
def test_five_megabytes_are_the_most(server: Server, *, packed: bool) -> None:
    content = b"x" * (MOST_BYTES + 1)
    more = {"Content-Encoding": "gzip"} if packed else {}
    server.answers["/big"] = Answer(200, gzip.compress(content) if packed else content, "text/calendar", more)
    assert fetch("https://cal.example/big", headers={}, test_server=server.url, resolve=resolve).content is None


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_drips_is_left_when_its_time_is_over(head: bytes) -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(head or b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not over.wait(0.05):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        try:
            with pytest.raises((OSError, HTTPException)):
                fetch(
                    "https://cal.example/", headers={}, resolve=resolve, within_s=0.6,
                    test_server=f"http://127.0.0.1:{listening.getsockname()[1]}",
                )  # fmt: skip
            assert time.monotonic() - began < 5
        finally:
            over.set()
            thread.join()


def test_a_name_that_is_looked_up_for_ever_is_left_too() -> None:
    """Of the first address and of a redirect's; what a slow look-up finds in the end is asked nothing."""
    over = threading.Event()

    def slow(host: str, port: int) -> Collection[str]:
        over.wait(10)
        return resolve(host, port)

    began = time.monotonic()
    try:
        with pytest.raises(TimeoutError):
            fetch("https://cal.example/a.ics", headers={}, resolve=slow, within_s=0.3, test_server="http://127.0.0.1:1")
        assert time.monotonic() - began < 5
    finally:
        over.set()


def test_addresses_move_from_the_config_to_the_keys(tmp_path: Path) -> None:
    home, path = DataDir(tmp_path), tmp_path / "config.toml"
    vault = CredentialStore(home.secrets)
    text = f'# {SECRET}\n[calendar]\n# mine\naddresses = ["{SECRET}", "/plans.ics"]\nevery_minutes = 60\n'
    path.write_text(text)
    (tmp_path / "config.toml.2").write_text(text)
    assert move_addresses(path, home, load_config(path), lambda: MORNING)
    assert path.read_text() == text.replace(f'"{SECRET}", ', "").replace(SECRET, "")
    assert [one.address for one in linked_calendars(vault, "runner")] == [SECRET]
    held = [one for one in tmp_path.rglob("*") if one.is_file() and SECRET in one.read_text()]
    assert [one.name for one in held] == ["runner.calendar.json"]
    assert not move_addresses(path, home, load_config(path), lambda: MORNING)


def test_addresses_in_a_file_that_may_not_be_written_stay_and_count(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[calendar]\naddresses = ["{SECRET}"]\n')
    path.chmod(0o444)
    assert not move_addresses(path, DataDir(tmp_path), load_config(path), lambda: MORNING)
    assert load_config(path).calendar.addresses == (SECRET,)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f'[calendar]\naddresses = ["{SECRET}"]\n# x\n', "[calendar]\n# x\n"),
        (f'[calendar]\naddresses = ["/a.ics", "{SECRET}"]\n', '[calendar]\naddresses = ["/a.ics"]\n'),
        ('[strava]\napi = "https://s.example"\n', '[strava]\napi = "https://s.example"\n'),
        (f'[calendar\naddresses = ["{SECRET}"]\n', '[calendar\naddresses = [""]\n'),
    ],
)
def test_a_backups_config_holds_no_private_address(text: str, left: str) -> None:
    assert without_private_addresses(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f'# addresses = ["{SECRET}"]\n[calendar]\n', '# addresses = [""]\n[calendar]\n'),
        (
            f"[calendar]\nevery_minutes = 60 # {SECRET.replace('https', 'WebCal')}\n",
            "[calendar]\nevery_minutes = 60 # \n",
        ),
        (f"# mine: {SECRET.removeprefix('https://')}\n", "# mine: \n" if ".ics" in SECRET else ""),
        (f'[calendar]\nadresses = ["{SECRET}"]\n', '[calendar]\nadresses = [""]\n'),
        ('# https://strava.com\n[strava]\napi = "https://s.example/v3"\n',) * 2,
    ],
)
def test_a_backups_config_holds_none_in_a_comment_either(text: str, left: str) -> None:
    assert without_addresses(text) == left


def test_calendars_are_kept_once_and_taken_out_one_by_one(tmp_path: Path) -> None:
    vault = CredentialStore(tmp_path / "secrets")
    keep_calendars(vault, "ann", [SECRET, "https://b.example/x", SECRET], MORNING)
    keep_calendars(vault, "ann", [SECRET], MORNING)
    first, second = linked_calendars(vault, "ann")
    assert (first.host, second.host, linked_calendars(vault, "ben")) == ("cal.example", "b.example", ())
    assert drop_calendar(vault, "ann", first.calendar_id)
    assert not drop_calendar(vault, "ann", first.calendar_id)
    assert linked_calendars(vault, "ann") == (second,)
    assert drop_calendar(vault, "ann", second.calendar_id)
    assert vault.get("ann", "calendar") is None
