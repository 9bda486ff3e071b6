"""The first browser on the home network: a code that counts once, a day and ten tries; what stands before and after."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.text import load_language
from sync.service.set_up_code import SetUpNotice, new_code_text
from sync.settings import passwords
from sync.settings.config import parse
from sync.settings.credentials import CredentialStore
from sync.settings.one_time_codes import CodeBook
from sync.settings.paths import DataDir
from tests.browser import Served, free_port, served
from tests.page_requests import Caller
from tests.shell import Shell, until

pytestmark = pytest.mark.timeout(300)
PASSWORD = "wiggle the toes"


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("first"), SPRINGSTEP_ADDRESS="lan") as page:
        yield page


@pytest.fixture(scope="module")
def on_loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("loopback")) as page:
        yield page


@pytest.fixture
def fresh(running: Served) -> Served:
    empty(running)
    return running


def empty(page: Served) -> None:
    """Without a password, code or session, as on the first day."""
    for left in DataDir(page.home).secrets.glob("*.json"):
        left.unlink()
    (page.home / "config.toml").write_text("")


def code_of(page: Served, at: datetime | None = None) -> str:
    return CodeBook.of(DataDir(page.home)).make("set-up", "runner", at or now())


def set_up(caller: Caller, code: str, password: str = PASSWORD) -> int:
    return caller.post("/set-up", {"code": code, "password": password}).status


def test_the_first_browser_comes_in_with_the_code_and_nobody_after_it(fresh: Served) -> None:
    phone, other = Caller(fresh.port), Caller(fresh.port)
    assert phone.get("/log").headers["location"] == "./set-up"
    shown = phone.get("/set-up")
    assert (shown.status, "Choose a password for Runner" in shown.body) == (200, True)
    code = code_of(fresh)
    # Opening the link, as a preview or a scanner does, uses nothing up.
    for _ in range(3):
        assert other.get("/set-up").status == 200
    answer = phone.post("/set-up", {"code": code.lower().replace("-", " "), "password": PASSWORD})
    assert (answer.status, answer.headers["location"]) == (303, "./")
    assert ("HttpOnly" in answer.cookies[0], "Secure" in answer.cookies[0]) == (True, False)
    assert (phone.get("/").status, phone.join()) == (200, 101)
    # A replay, and any set-up from now on, leads to signing in and changes nothing.
    again = other.post("/set-up", {"code": code, "password": "another password"})
    assert (again.status, again.headers["location"], again.cookies) == (303, "./sign-in", ())
    assert other.get("/").headers["location"] == "./sign-in?next=%2F"
    assert passwords.fits(CredentialStore(DataDir(fresh.home).secrets), "runner", PASSWORD)


def test_only_its_hash_is_kept_and_privately(fresh: Served) -> None:
    code = code_of(fresh)
    kept = DataDir(fresh.home).secrets / "codes.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert code not in kept.read_text()
    assert code.replace("-", "") not in kept.read_text()
    assert len(code.replace("-", "")) * 5 >= 40


def test_ten_wrong_tries_end_a_code(fresh: Served) -> None:
    code, caller = code_of(fresh), Caller(fresh.port)
    said = [caller.post("/set-up", {"code": "0000000000", "password": PASSWORD}) for _ in range(10)]
    assert {one.status for one in said} == {403}
    assert ["the code. Nothing was changed" in one.body for one in said] == [True] * 9 + [False]
    assert set_up(caller, code) == 403
    assert caller.jar == {}


def test_a_code_is_over_after_a_day(fresh: Served) -> None:
    code = code_of(fresh, now() - timedelta(hours=24, seconds=1))
    assert set_up(Caller(fresh.port), code) == 403
    assert set_up(Caller(fresh.port), code_of(fresh, now() - timedelta(hours=23))) == 303


def test_a_new_code_makes_the_one_before_void(fresh: Served) -> None:
    first, second = code_of(fresh), code_of(fresh)
    assert set_up(Caller(fresh.port), first) == 403
    assert set_up(Caller(fresh.port), second) == 303


def test_a_short_password_uses_no_code_up(fresh: Served) -> None:
    code = code_of(fresh)
    assert set_up(Caller(fresh.port), code, "1234567") == 403
    assert set_up(Caller(fresh.port), code) == 303


@pytest.mark.parametrize(
    "path", ["/", "/log", "/run?id=1", "/manifest.webmanifest", "/static/js/index.js", "/media/x.csv", "/component/x"]
)
def test_nothing_else_is_served_before(path: str, fresh: Served) -> None:
    caller = Caller(fresh.port)
    assert caller.get(path).status == 303
    assert caller.get(path, Accept="*/*").status == 401
    assert (caller.join(), caller.ask("PUT", "/_stcore/upload_file/a/b").status) == (403, 401)


def test_a_password_that_cannot_be_read_opens_no_set_up(fresh: Served) -> None:
    secrets = DataDir(fresh.home).secrets
    passwords.put(CredentialStore(secrets), "runner", PASSWORD)
    (secrets / "runner.password.json").write_text("{")
    assert Caller(fresh.port).get("/set-up").headers["location"] == "./sign-in"


def test_the_qr_code_is_of_the_address_that_was_used_and_of_no_other(fresh: Served) -> None:
    caller = Caller(fresh.port)
    own = f"http%3A%2F%2F127.0.0.1%3A{fresh.port}%2Fset-up"
    picture = caller.get(f"/qr.svg?of={own}")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/svg+xml")
    for other in (
        "http%3A%2F%2Felsewhere.example%2F",
        f"{own}%3Fcode%3D1",
        f"{own}%23CODE",
        "javascript%3Aalert(1)",
        "http%3A%2F%2F%5B",
        "http%3A%2F%2F%5Bx%5D%3A80%2F",
        "",
    ):
        assert caller.get(f"/qr.svg?of={other}").status == 400


HOUSEHOLD = '[athlete]\nid = "ann"\nname = "Ann"\n[[athletes]]\nid = "ben"\nname = "Ben"\n'


@pytest.mark.parametrize(
    ("where", "config", "with_password", "leads_to"),
    [
        ("on_loopback", "", (), None),  # without passwords: as it was
        ("on_loopback", "[dashboard]\npasswords = true\n", (), "./sign-in?next=%2F"),
        ("on_loopback", "[dashboard]\npasswords = true\n", ("runner",), "./sign-in?next=%2F"),
        ("on_loopback", '[dashboard]\nallowed_hosts = ["feet.example.org"]\n', (), None),  # Caddy before it
        ("running", "", (), "./set-up"),
        ("running", "", ("runner",), "./sign-in?next=%2F"),
        ("running", HOUSEHOLD, ("ben",), "./set-up"),  # a runner's password is no administrator's
        ("running", HOUSEHOLD + "admin = true\n", ("ben",), "./sign-in?next=%2F"),
        ("running", HOUSEHOLD, ("ann",), "./sign-in?next=%2F"),
    ],
)
def test_homes_made_before(
    where: str, config: str, with_password: tuple[str, ...], leads_to: str | None, request: pytest.FixtureRequest
) -> None:
    page: Served = request.getfixturevalue(where)
    empty(page)
    (page.home / "config.toml").write_text(config)
    vault = CredentialStore(DataDir(page.home).secrets)
    for athlete in with_password:
        passwords.put(vault, athlete, PASSWORD)
    host = "feet.example.org" if "feet." in config else f"127.0.0.1:{page.port}"
    answer = Caller(page.port).get("/", Host=host)
    assert (answer.status, answer.headers.get("location")) == (303 if leads_to else 200, leads_to)
    # Who was signed in before, with what an earlier springstep gave out, still is.
    for athlete in with_password:
        cookie = passwords.issue(vault, athlete, now())
        assert Caller(page.port, jar={"springstep": cookie}).get("/").status == 200


def test_the_code_is_printed_by_what_serves_the_page_and_made_again_when_it_was_guessed_at(tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "said"
    shell = Shell(tmp_path / "home", fresh=True, SPRINGSTEP_URL="http://pi.test:8501")
    command = [sys.executable, "-m", "sync", "dashboard", "--lan", "--port", str(port)]
    with out.open("wb") as to, subprocess.Popen(command, env=shell.environ, stdout=to, stderr=to) as process:
        try:
            until(lambda: "24 hours" in out.read_text())
            assert "http://pi.test:8501/set-up" in out.read_text()
            assert "▄" in out.read_text()
            until(lambda: serves(port))
            caller = Caller(port)
            assert "springstep set-up" in shell("status").out
            assert {set_up(caller, "0000000000") for _ in range(10)} == {403}
            until(lambda: len(codes(out)) == 2)
            first, second = codes(out)
            assert set_up(caller, first) == 403
            assert set_up(caller, second) == 303
            assert "already has a password" in shell("set-up").err
            assert "springstep set-up" not in shell("status").out
        finally:
            process.terminate()
    kept = (one for one in (tmp_path / "home").rglob("*") if one.is_file())
    assert [one for one in kept if second.encode() in one.read_bytes()] == []


def test_no_new_code_is_said_while_the_first_password_is_being_stored(tmp_path: Path) -> None:
    clock, said = [datetime(2026, 3, 21, 7)], list[str]()
    config, home = parse('[dashboard]\naddress = "lan"\n'), DataDir(tmp_path)

    def text(now_utc: datetime) -> str | None:
        return new_code_text(config, home, now_utc, load_language("en"), ("http://pi.test:8501/",))

    notice = SetUpNotice(lambda: config, home, lambda: clock[0], text, said.append)
    notice.begin()
    code = said[0].partition("code:")[2].split()[0]
    assert CodeBook.of(home).use("set-up", "runner", code, clock[0]) == "fits"
    for _ in range(3):
        notice.look_after()
        clock[0] += timedelta(seconds=1)
    assert len(said) == 1
    notice.look_after()
    assert len(said) == 2
    CodeBook.of(home).use("set-up", "runner", said[1].partition("code:")[2].split()[0], clock[0])
    passwords.put(CredentialStore(home.secrets), "runner", PASSWORD)
    for _ in range(5):
        clock[0] += timedelta(seconds=1)
        notice.look_after()
    assert len(said) == 2


def codes(said: Path) -> list[str]:
    return re.findall(r"set-up code:  (\S+)", said.read_text())


def serves(port: int) -> bool:
    try:
        return Caller(port).get("/_stcore/health").status == 200
    except OSError:
        return False
