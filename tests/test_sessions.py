"""Signed in on several devices: ended one by one, everywhere, by a new password, by an administrator; who may what."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.format import Words
from dashboard.login import says_wait
from dashboard.session_cookie import device_name
from sync.settings import passwords
from sync.settings.config import parse
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.settings.sessions import MOST_OF_A_RUNNER, SESSION_LASTS, SessionBook
from tests.browser import Served, served
from tests.page_requests import Caller

pytestmark = pytest.mark.timeout(300)
NOW = datetime(2026, 3, 1, 12, 0)
EVERYONE = {"ann", "ben"}
CONFIG = (
    '[athlete]\nid = "ann"\nname = "Ann"\n\n[[athletes]]\nid = "ben"\nname = "Ben"\n\n'
    '[[athletes]]\nid = "cleo"\nname = "Cleo"\n\n[[athletes]]\nid = "dora"\nname = "Dora"\nadmin = true\n\n'
    '[dashboard]\naddress = "lan"\n'
)
PASSWORDS = {"ann": "wiggle the toes", "ben": "spread and grip", "dora": "curl and let go"}
PIXEL = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The passwords, hashed once: that takes its time on purpose."""
    folder = tmp_path_factory.mktemp("made") / "secrets"
    for athlete, password in PASSWORDS.items():
        passwords.put(CredentialStore(folder), athlete, password)
    return folder


@pytest.fixture
def book(made: Path, tmp_path: Path) -> SessionBook:
    shutil.copytree(made, tmp_path / "secrets")
    return SessionBook.of(CredentialStore(tmp_path / "secrets"))


def test_a_session_is_its_runners_until_it_is_over_or_ended(book: SessionBook) -> None:
    first, second = (book.begin("ann", NOW, device) for device in ("Chrome, Android", "Firefox, Linux"))
    other = book.begin("ben", NOW, "")
    assert [book.holder(one, NOW, EVERYONE) for one in (first, second, other)] == ["ann", "ann", "ben"]
    assert book.holder(first, NOW, {"ben"}) is None
    assert book.holder(first, NOW + SESSION_LASTS - timedelta(seconds=1), EVERYONE) == "ann"
    assert book.holder(first, NOW + SESSION_LASTS, EVERYONE) is None
    assert sorted(one.device for one in book.devices("ann", NOW)) == ["Chrome, Android", "Firefox, Linux"]
    book.end(first, NOW)
    assert [book.holder(one, NOW, EVERYONE) for one in (first, second, other)] == [None, "ann", "ben"]
    book.end_one("ben", book.devices("ann", NOW)[0].id)  # another's device is not theirs to end
    assert book.holder(second, NOW, EVERYONE) == "ann"
    book.end_all("ann")
    assert [book.holder(one, NOW, EVERYONE) for one in (first, second, other)] == [None, None, "ben"]
    assert passwords.fits(book.vault, "ann", PASSWORDS["ann"])


def test_a_new_password_ends_them_all_and_so_does_none(book: SessionBook) -> None:
    token, kept = book.begin("ann", NOW, ""), book.begin("ben", NOW, "")
    passwords.put(book.vault, "ann", PASSWORDS["ann"])
    assert (book.holder(token, NOW, EVERYONE), book.devices("ann", NOW)) == (None, ())
    passwords.remove(book.vault, "ben")
    assert book.holder(kept, NOW, EVERYONE) is None


def test_a_pass_of_before_counts_until_it_is_ended_here_or_everywhere(book: SessionBook) -> None:
    one, two = (passwords.issue(book.vault, "ann", NOW + timedelta(seconds=n)) for n in range(2))
    assert [book.holder(each, NOW, EVERYONE) for each in (one, two)] == ["ann", "ann"]
    book.end(one, NOW)
    assert [book.holder(each, NOW, EVERYONE) for each in (one, two)] == [None, "ann"]
    book.end_all("ann")
    assert book.holder(two, NOW, EVERYONE) is None


def test_what_is_kept_is_private_and_opens_nothing(book: SessionBook) -> None:
    token = book.begin("ann", NOW, "x" * 500)
    content = book.file.path.read_text()
    assert stat.S_IMODE(book.file.path.stat().st_mode) == 0o600
    assert token not in content
    (known,) = book.devices("ann", NOW)
    assert book.holder(known.id, NOW, EVERYONE) is None
    book.file.path.write_text("{")
    assert book.holder(token, NOW, EVERYONE) is None
    for _ in range(MOST_OF_A_RUNNER + 5):
        book.begin("ann", NOW, "")
    assert len(book.devices("ann", NOW)) == MOST_OF_A_RUNNER


def test_a_device_was_seen(book: SessionBook) -> None:
    token = book.begin("ann", NOW, "")
    for minutes, seen in ((5, 0), (20, 20), (30, 20)):
        book.note_seen(token, NOW + timedelta(minutes=minutes))
        assert book.devices("ann", NOW)[0].seen_utc == NOW + timedelta(minutes=seen)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PIXEL, "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("curl/8", ""),
    ],
)
def test_a_device_has_a_name(agent: str, name: str) -> None:
    assert device_name(agent) == name


@pytest.mark.parametrize(("more", "admins"), [("", ["ann"]), ("admin = true\n", ["ann", "ben"])])
def test_there_is_always_an_administrator(more: str, admins: list[str]) -> None:
    config = parse(f'[athlete]\nid = "ann"\nadmin = false\n[[athletes]]\nid = "ben"\nname = "Ben"\n{more}')
    assert [one.id for one in config.admins] == admins


# --- the pages


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("sessions")
    (root / "config.toml").write_text(CONFIG)
    with served(root) as running:
        yield running


@pytest.fixture
def house(page: Served, made: Path) -> Served:
    secrets = DataDir(page.home).secrets
    shutil.rmtree(secrets, ignore_errors=True)
    shutil.copytree(made, secrets)
    return page


def enter(page: Served, name: str, password: str | None = None) -> Caller:
    caller = Caller(page.port)
    fields = {"athlete": name, "password": password or PASSWORDS[name.casefold()]}
    caller.post("/sign-in", fields, User_Agent=PIXEL)
    return caller


def is_in(caller: Caller) -> bool:
    return caller.get("/log").status == 200


def test_devices_are_listed_and_signed_out(house: Served) -> None:
    phone, tablet, laptop = (enter(house, "Ann") for _ in range(3))
    ben = enter(house, "Ben")
    listed = phone.get("/devices").body
    assert (listed.count("Chrome, Android"), listed.count("This device."), "Ben" in listed) == (3, 1, False)
    others = re.findall(r'name="end" value="([0-9a-f]{64})"', listed)
    assert ben.post("/devices", {"end": others[0]}).status == 303
    assert [is_in(one) for one in (tablet, laptop)] == [True, True]
    assert phone.post("/devices", {"end": others[0]}).status == 303
    assert sorted(map(is_in, (tablet, laptop))) == [False, True]
    copy = dict(phone.jar)
    assert phone.post("/sign-out", {"everywhere": "1"}).status == 303
    assert [is_in(one) for one in (phone, tablet, laptop, Caller(house.port, jar=copy))] == [False] * 4
    assert is_in(ben)


def test_a_password_is_changed_with_the_old_one_and_this_device_stays(house: Served) -> None:
    phone, tablet = enter(house, "Ben"), enter(house, "Ben")
    assert phone.post("/devices", {"password": "wrong one", "new": "another one"}).status == 403
    assert phone.post("/devices", {"password": PASSWORDS["ben"], "new": "short"}).status == 403
    assert is_in(tablet)
    assert phone.post("/devices", {"password": PASSWORDS["ben"], "new": "another one"}).status == 303
    assert (is_in(phone), is_in(tablet), is_in(enter(house, "Ben", "another one"))) == (True, False, True)


def test_whoever_was_signed_out_elsewhere_hears_so_once_they_come_back(house: Served) -> None:
    """A page of their own language; who never was in, and who signed out here, hears nothing."""
    phone = enter(house, "Ann")
    ended = Caller(house.port, jar=dict(phone.jar))
    says = "You&#39;re signed out. Your sign-in here ran out"
    german = {"Accept-Language": "de-DE,de;q=0.9"}
    assert says not in Caller(house.port).get("/sign-in").body
    assert phone.post("/sign-out", {"everywhere": "1"}).status == 303
    assert says not in phone.get("/sign-in").body
    assert says in ended.get("/sign-in?next=%2Fdiary").body
    assert "Deine Anmeldung hier ist abgelaufen" in ended.ask("GET", "/sign-in", headers=german).body


def test_the_wait_is_said_in_seconds_then_in_minutes() -> None:
    english, german = Words.of("en"), Words.of("de")
    waits = [timedelta(seconds=one) for one in (0.2, 13.4, 119, 119.5, 240)]
    assert [re.findall(r"Wait (.*?),", says_wait(english, one))[0] for one in waits] == [
        "1 second",
        "14 seconds",
        "119 seconds",
        "2 minutes",
        "4 minutes",
    ]
    assert "Warte 4 Minuten" in says_wait(german, waits[-1])


def test_a_household_counts_devices_as_people_do(house: Served) -> None:
    passwords.put(CredentialStore(DataDir(house.home).secrets), "ben", "nobody is in yet")
    shown = enter(house, "Dora").get("/household").body
    assert ("Not signed in anywhere." in shown, "on 0 devices" in shown) == (True, False)
    assert "Signed in today, last used today." in enter(house, "Ann").get("/devices").body


def link_in(body: str) -> tuple[str, str]:
    found = re.search(r'class="ss-link">([^<#]+)#([0-9A-Z]{16})<', body)
    assert found is not None, body
    return found[1], found[2]


def test_an_administrator_invites_and_resets(house: Served) -> None:
    dora, ben = enter(house, "Dora"), enter(house, "Ben")
    shown = dora.get("/household").body
    assert ("No password yet." in shown, shown.count("administrator")) == (True, 2)
    address, code = link_in(
        dora.post("/household", {"invite": "cleo"}, Referer=f"http://127.0.0.1:{house.port}/household").body
    )
    assert address == f"http://127.0.0.1:{house.port}/join"
    assert "Invited" in dora.get("/household").body
    cleo = Caller(house.port)
    assert cleo.get("/join").status == 200
    assert cleo.post("/join", {"code": code, "password": "slow toe circles"}).status == 303
    assert (is_in(cleo), Caller(house.port).post("/join", {"code": code, "password": "once more please"}).status) == (
        True,
        403,
    )
    used = Caller(house.port).post("/join", {"code": code, "password": "once more please"}).body
    assert ("has been used" in used, 'href="./sign-in"' in used, code in used) == (True, True, False)
    assert f'value="{code}"' in Caller(house.port).post("/join", {"code": code, "password": "short"}).body
    _, code = link_in(dora.post("/household", {"reset": "ben"}).body)
    assert (is_in(ben), is_in(enter(house, "Ben"))) == (False, False)
    told = ben.post("/join", {"code": code, "password": "a third password"})
    assert (told.status, "An administrator had reset" in told.body, is_in(ben)) == (200, True, True)


def test_nobody_else_invites_and_nobody_resets_themselves(house: Served) -> None:
    ben, dora = enter(house, "Ben"), enter(house, "Dora")
    assert ben.get("/household").status == 403
    assert ben.post("/household", {"reset": "ann"}).status == 403
    assert is_in(enter(house, "Ann"))
    for form in ({"reset": "dora"}, {"invite": "ann"}, {"invite": "nobody"}, {}):
        assert dora.post("/household", form).status == 303
    assert (is_in(dora), is_in(enter(house, "Ann"))) == (True, True)
