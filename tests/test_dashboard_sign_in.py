"""A household with passwords: nothing without signing in, then one's own page only; in a real browser on a phone."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from sync.settings import passwords
from sync.settings.config import parse
from sync.settings.credentials import CredentialStore
from sync.settings.form import needs_restart
from sync.settings.paths import DataDir
from sync.wire.commands import LogScore
from tests.browser import Served, served, visit
from tests.fakes.owner import FakeOwner, serve
from tests.page_requests import Caller

pytestmark = pytest.mark.timeout(300)
CONFIG = (
    '[athlete]\nid = "ann"\nname = "Ann"\n\n[[athletes]]\nid = "ben"\nname = "Ben"\nlanguage = "de"\n\n'
    '[[athletes]]\nid = "cleo"\nname = "Cleo"\n\n[[athletes]]\nid = "finn"\nname = "Finn"\n\n'
    "[dashboard]\npasswords = true\n"
)
PASSWORDS = {"ann": "wiggle the toes", "ben": "spread and grip"}
House = tuple[FakeOwner, Served]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    root = tmp_path_factory.mktemp("house")
    vault = CredentialStore(DataDir(root).secrets)
    with serve(root, config=CONFIG) as owner, served(root) as page:
        for athlete, password in PASSWORDS.items():
            passwords.put(vault, athlete, password)
        yield owner, page


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Runner").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").tap()


def test_the_wait_after_wrong_passwords_does_not_tell_who_lives_here(house: House) -> None:
    """Whoever is tried six times waits, runner or not; the one tried next does not."""
    caller = Caller(house[1].port)

    def tried(name: str) -> list[int]:
        return [caller.post("/sign-in", {"athlete": name, "password": "wrong"}).status for _ in range(6)]

    # The second Finn at once: the wait of fifteen seconds must not be over before, on a busy machine either.
    names = ("Finn", "finn ", "Dora", "Emil")
    answers = {name: tried(name) for name in names}
    assert answers == {
        "Finn": [*[403] * 5, 429],
        "Dora": [*[403] * 5, 429],
        "finn ": [429] * 6,
        "Emil": [*[403] * 5, 429],
    }


@pytest.mark.pages
def test_each_runner_signs_in_and_sees_only_their_own_page(house: House, window: Browser) -> None:
    owner, served_page = house
    owner.fresh()
    with visit(window, served_page.url) as phone:
        phone.expect_breaks = True  # a refused password is answered with 403, which the browser writes down
        page = phone.page
        page.goto(f"{phone.url}/diary?score=3&where=ball")
        assert owner.asked_for == set()
        assert "Ben" not in page.content()
        for stranger, password in (("Ann", PASSWORDS["ben"]), ("Zoe", "anything at all")):
            sign_in(page, stranger, password)
            expect(page.get_by_role("alert")).to_contain_text("That name and password don't match.")
        sign_in(page, "Cleo", "")
        expect(page.get_by_label("Password")).to_be_focused()
        sign_in(page, "Cleo", "anything at all")
        expect(page.get_by_role("alert")).to_contain_text("springstep password NAME")
        phone.expect_breaks = False
        assert phone.wrongs == []

        sign_in(page, " ann ", PASSWORDS["ann"])
        expect(page.get_by_text("3/10 · Ball of the foot. Not saved yet.")).to_be_visible()
        page.get_by_role("button", name="Save 3/10").tap()
        expect(page.get_by_text("Saved. Stiffness 3/10, ball.")).to_be_visible()
        phone.open("print")
        assert phone.look() == []
        expect(page.get_by_label("Runner")).to_have_count(0)
        assert {command.athlete for command in owner.commands if isinstance(command, LogScore)} == {"ann"}
        assert owner.asked_for == {"ann"}

        page.get_by_role("button", name="More", exact=True).tap()
        page.get_by_role("button", name="Sign out (Ann)").tap()
        sign_in(page, "Ben", PASSWORDS["ben"])
        expect(page.get_by_text("Diesen Lauf ansehen").first).to_be_visible()
        assert owner.asked_for == {"ann", "ben"}

        passwords.put(CredentialStore(DataDir(served_page.home).secrets), "ben", "a new password")
        page.get_by_role("link", name="Eintragen", exact=True).tap()
        expect(page.get_by_text("You're signed out.")).to_be_visible()


def test_a_page_that_stood_open_hands_in_nothing_more(house: House, window: Browser) -> None:
    """Its websocket is open still; a tap there counts no more than one on a page that is asked for anew."""
    owner, served_page = house
    vault = CredentialStore(DataDir(served_page.home).secrets)
    owner.fresh()
    with visit(window, served_page.url) as phone:
        page = phone.page
        page.goto(f"{phone.url}/diary?score=3&where=ball")
        sign_in(page, "ann", PASSWORDS["ann"])
        save = page.get_by_role("button", name="Save 3/10")
        expect(save).to_be_visible()
        phone.settled()
        passwords.put(vault, "ann", PASSWORDS["ann"])
        save.tap()
        expect(page.get_by_text("You're signed out.")).to_be_visible()
        assert owner.commands == []
        # The way back in leads to where they were.
        page.get_by_role("link", name="Sign in").tap()
        page.get_by_label("Password").wait_for()
        assert phone.wrongs == []


@pytest.mark.parametrize(
    ("path", "status"), [("/_stcore/stream", 401), ("/_stcore/upload_file/x/y", 401), ("/media/x.csv", 401)]
)
def test_without_a_pass_nothing_is_served(path: str, status: int, house: House) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(house[1].url + path, timeout=20)
    assert refused.value.code == status


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/status", "./status"),
        ("/self-check", "./self-check"),
        ("/link-garmin", "./link-garmin"),
        ("/run?id=5f3a&from=calendar", "./run?id=5f3a&from=calendar"),
        ("//elsewhere.example", "./"),
        ("/\\elsewhere.example", "./"),
        ("https://elsewhere.example", "./"),
        ("/a/../b", "./"),
        ("", "./"),
    ],
)
def test_signing_in_leads_to_what_was_asked_for_and_nowhere_else(asked: str, leads_to: str, house: House) -> None:
    given = {"athlete": "ann", "password": PASSWORDS["ann"], "next": asked}
    answer = Caller(house[1].port).post("/sign-in", given)
    assert (answer.status, answer.headers["location"]) == (303, leads_to)


@pytest.mark.parametrize(
    ("accepts", "shown"),
    [
        (None, "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr-FR,fr;q=0.9,de;q=0.5,en;q=0.6", "en"),
        ("fr", "en"),
        ("es-ES,es;q=0.9", "en"),
        ("es,de;q=0.4", "de"),
        ("de;q=0,fr", "en"),
        ("de;q=much", "en"),
        ("de;q=\u00b2", "en"),
        ("de;q=9999", "en"),
        (",;,", "en"),
    ],
)
def test_signing_in_speaks_the_browsers_language(accepts: str | None, shown: str, house: House) -> None:
    headers = {"accept-language": accepts} if accepts else {}
    with urllib.request.urlopen(urllib.request.Request(house[1].url + "/sign-in", headers=headers), timeout=20) as page:
        html = page.read().decode()
    assert (f'<html lang="{shown}">' in html, ("Kennwort" in html) == (shown == "de")) == (True, True)


def test_a_form_of_another_site_is_refused(house: House) -> None:
    body = f"athlete=ann&password={PASSWORDS['ann'].replace(' ', '+')}".encode()
    sent_by = {"sec-fetch-site": "cross-site", "origin": house[1].url}
    request = urllib.request.Request(house[1].url + "/sign-in", body, sent_by)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    assert (refused.value.code, refused.value.headers.get("set-cookie")) == (403, None)


def test_the_script_itself_shows_nothing_to_a_stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where no guard stands before it."""

    def script() -> None:
        from dashboard.app import main

        main("today")

    monkeypatch.setenv("SPRINGSTEP_HOME", str(tmp_path))
    with serve(tmp_path, config=CONFIG) as owner:
        app = AppTest.from_function(script, default_timeout=30).run()
        assert not app.exception
        shown = " ".join(element.proto.body for element in app.get("html"))
        assert ("signed out." in shown, owner.asked_for, len(app.button)) == (True, set(), 0)


def test_an_invalid_edit_opens_no_door_and_closes_none(house: House) -> None:
    """The last valid settings stay in force, the passwords among them."""
    config = DataDir(house[1].home).config
    before = config.read_text()
    config.write_text("[dashboard\n")
    try:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(house[1].url + "/_stcore/stream", timeout=20)
        assert refused.value.code == 401
        with urllib.request.urlopen(house[1].url + "/sign-in", timeout=20) as page:
            assert b"Password" in page.read()
    finally:
        config.write_text(before)


def test_a_certificate_counts_from_the_next_start_on(house: House) -> None:
    """Until then the page speaks plain HTTP, and its cookie is the plain one."""
    config = DataDir(house[1].home).config
    before = config.read_text()
    caller = Caller(house[1].port)
    assert caller.post("/sign-in", {"athlete": "ann", "password": PASSWORDS["ann"]}).status == 303
    config.write_text(before + 'certificate = "/etc/made-up/page.pem"\nkey = "/etc/made-up/page.key"\n')
    try:
        assert caller.get("/log").status == 200
        again = Caller(house[1].port)
        assert again.post("/sign-in", {"athlete": "ann", "password": PASSWORDS["ann"]}).status == 303
        assert (again.get("/log").status, again.join()) == (200, 101)
        assert needs_restart(parse(before), parse(config.read_text())) == ("[dashboard] certificate", "[dashboard] key")
    finally:
        config.write_text(before)


def test_a_config_that_cannot_be_read_from_the_start_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    page = Served(tmp_path)
    (tmp_path / "config.toml").write_text("[dashboard\n")
    environ = os.environ | {"SPRINGSTEP_HOME": str(tmp_path)}
    process = subprocess.run(
        [sys.executable, "-m", "dashboard", "--port", str(page.port)], env=environ,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert process.returncode != 0
