"""Linking from the page in a real browser, with the real daemon; and what was typed lies in the vault alone."""

from __future__ import annotations

import base64
import html
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pydantic import SecretStr

from sync.app.daemon.link_calls import tokens_text
from sync.app.demo.fake_garmin import FakeGarmin
from sync.errors import PersonMustAct
from sync.settings import passwords
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.settings.sessions import SessionBook
from tests.browser import Served, Watched, served, visit
from tests.fakes.strava import CLIENT_ID, CLIENT_SECRET, FakeStrava
from tests.linked_home import short_run
from tests.shell import Shell, until

pytestmark = pytest.mark.timeout(300)
CANARY = "canary-key-that-nobody-may-see-0123456789"
ADDRESS = "https://127.0.0.1:9/private-canary-calendar-token.ics"
PASSWORD = "wiggle the toes"
CONFIG = (
    '[athlete]\nid = "ann"\nname = "Ann"\n[dashboard]\npasswords = {passwords}\n[testing]\nredirect_garmin = "{url}"\n'
)
CONFIG += '[calendar]\naddresses = ["{address}", "/plans.ics"]\n[logs]\nlevel = "debug"\n'


@pytest.fixture
def garmin() -> Iterator[FakeGarmin]:
    made = FakeGarmin(clock=lambda: datetime.now(UTC).replace(tzinfo=None), key=CANARY)
    made.start()
    made.add(short_run(datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=1)), "Run")
    yield made
    made.stop()


def lay_out(home: Path, garmin: FakeGarmin, *, sign_in: bool = True) -> Path:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = home / "config.toml"
    config.write_text(CONFIG.format(url=garmin.url, passwords=str(sign_in).lower(), address=ADDRESS))
    (home / "config.toml.1").write_text(f'[calendar]\naddresses = ["{ADDRESS}"]\n')
    passwords.put(CredentialStore(DataDir(home).secrets), "ann", PASSWORD)
    return config


def sign_in(phone: Watched, path: str) -> None:
    phone.page.goto(f"{phone.url}/{path}")
    phone.page.get_by_label("Password").fill(PASSWORD)
    phone.page.get_by_role("button", name="Sign in").tap()
    phone.settled()


def signed_in(home: Path) -> str:
    book = SessionBook.of(CredentialStore(DataDir(home).secrets))
    return f"springstep={book.begin('ann', datetime.now(UTC).replace(tzinfo=None), 'a test')}"


def holding(folder: Path, *words: str) -> list[str]:
    """Files that hold one of the words, plain or as base64 would pack it."""
    wanted = [form for word in words for form in (word.encode(), base64.b64encode(word.encode())[4:-4])]
    found = [path for path in folder.rglob("*") if path.is_file() and any(one in path.read_bytes() for one in wanted)]
    return sorted(str(path.relative_to(folder)) for path in found)


@pytest.mark.pages
def test_garmin_is_linked_in_a_few_taps_and_its_key_lies_in_the_vault_alone(
    home: Path, garmin: FakeGarmin, window: Browser
) -> None:
    config, shell = lay_out(home, garmin), Shell(home)
    with shell.daemon(), served(home) as served_page, visit(window, served_page.url) as phone:
        page = phone.page
        sign_in(phone, "")
        page.get_by_role("button", name="More", exact=True).tap()
        page.get_by_role("link", name="Sources", exact=True).last.tap()
        phone.settled()
        assert phone.look() == []
        page.get_by_role("link", name="Link Garmin").tap()
        phone.expect_breaks = True  # a refused key is answered with 409, which the browser writes down
        page.get_by_label("Garmin Personal API key").fill("wrong-key-0123456789")
        page.get_by_role("button", name="Link it").tap()
        expect(page.get_by_role("alert")).to_contain_text("key")
        assert CredentialStore(DataDir(home).secrets).get("ann", "garmin") is None
        phone.expect_breaks = False
        page.get_by_label("Garmin Personal API key").fill(CANARY)
        page.get_by_role("button", name="Link it").tap()
        expect(page.get_by_role("status")).to_contain_text("Garmin is linked.")
        assert CANARY not in page.url + page.content()
        page.get_by_role("link", name="To the sources").tap()
        phone.settled()
        page.get_by_role("button", name="Test it").first.tap()
        expect(page.get_by_role("status").filter(has_text="Garmin answers and lists")).to_be_visible()
        until(lambda: len(shell.client().runs(limit=5).runs) == 1, 60)

        # The secret address was moved out of the config, and the file is named there still.
        expect(page.get_by_text("127.0.0.1", exact=True)).to_be_visible()
        assert 'addresses = ["/plans.ics"]' in config.read_text()
        assert Shell(home, fresh=True)("backup", home.parent / "all.zip").code == 0
        assert holding(home.parent, CANARY, "private-canary-calendar-token") == [
            "home/secrets/ann.calendar.json", "home/secrets/ann.garmin.json",
        ]  # fmt: skip
        page.get_by_role("button", name="Unlink").first.tap()
        page.get_by_role("button", name="Yes, unlink").tap()
        expect(page.get_by_text("Garmin is unlinked.")).to_be_visible()
        assert CredentialStore(DataDir(home).secrets).get("ann", "garmin") is None
        assert len(shell.client().runs(limit=5).runs) == 1


class Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def post(page: Served, path: str, body: str, cookie: str, **headers: str) -> tuple[int, str]:
    sent = {"cookie": cookie, "content-type": "application/x-www-form-urlencoded", **headers}
    request = urllib.request.Request(page.url + path, body.encode(), sent)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_a_key_is_refused_while_the_daemon_is_away_and_from_everywhere_else(home: Path, garmin: FakeGarmin) -> None:
    lay_out(home, garmin)
    cookie = signed_in(home)
    body = f"key={CANARY}"
    with served(home) as page:
        own: dict[str, Any] = {"origin": page.url}
        status, said = post(page, "/link-garmin", body, cookie, **own)
        assert (status, "running in the background" in said) == (409, True)
        assert post(page, "/link-garmin", body, cookie, origin="http://127.0.0.1:1")[0] == 403
        assert post(page, "/link-garmin", body, cookie)[0] == 403
        assert post(page, "/link-garmin", body, "", **own)[0] == 401
        assert post(page, "/strava-finish", "answer=x", "", **own)[0] == 401
        assert post(page, "/link-garmin", "key=" + "x" * 200_000, cookie, **own)[0] == 413
    assert holding(home, CANARY) == []
    assert garmin.log == []


def test_a_service_that_is_away_is_told_with_what_helps(home: Path, garmin: FakeGarmin) -> None:
    config = lay_out(home, garmin)
    config.write_text(config.read_text().replace(garmin.url, "http://127.0.0.1:9"))
    cookie = signed_in(home)
    with Shell(home).daemon(), served(home) as page:
        status, said = post(page, "/link-garmin", f"key={CANARY}", cookie, origin=page.url)
        away = "be reached right now, so nothing was linked. Try again in a few minutes."
        assert (status, away in said, "Nothing is lost" in said) == (409, True, False)
        status, said = post(page, "/strava-finish", "answer=x", cookie, origin=page.url)
        assert (status, "another attempt" in said) == (409, True)
    assert holding(home, CANARY) == []


def test_without_sign_in_no_source_can_be_linked(home: Path, garmin: FakeGarmin) -> None:
    lay_out(home, garmin, sign_in=False)
    with served(home) as page:
        status, said = post(page, "/link-garmin", f"key={CANARY}", "", origin=page.url)
        assert (status, "Set a password" in said) == (403, True)
    assert (holding(home, CANARY), garmin.log) == ([], [])


def test_token_files_are_read_from_what_was_sent_and_never_from_a_path(home: Path) -> None:

    first, second = {"oauth_token": "a", "oauth_token_secret": "b"}, {"access_token": "c", "expires_at": 0}
    files = [SecretStr(json.dumps(one)) for one in (second, first)]
    assert json.loads(base64.b64decode(tokens_text(files))) == [first, second]
    for wrong in (["/etc"], [str(home)], [json.dumps(first)], ["[]", "3"]):
        with pytest.raises(PersonMustAct, match=r"garmin\.not_tokens"):
            tokens_text([SecretStr(one) for one in wrong])


@pytest.mark.slow
def test_strava_is_allowed_by_a_browser_that_comes_back_and_by_a_pasted_address(home: Path) -> None:
    strava = FakeStrava(clock=lambda: datetime.now(UTC).replace(tzinfo=None))
    strava.start()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "config.toml").write_text(
        f'[athlete]\nid = "ann"\n[dashboard]\npasswords = true\n[testing]\nredirect_strava = "{strava.url}"\n'
    )
    vault = CredentialStore(DataDir(home).secrets)
    passwords.put(vault, "ann", PASSWORD)
    cookie = signed_in(home)
    app = f"client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}"
    try:
        with Shell(home).daemon(), served(home) as page:

            def begin() -> str:
                status, said = post(
                    page, "/link-strava", app, cookie, origin=page.url, referer=f"{page.url}/link-strava"
                )
                assert status == 200
                go_to = html.unescape(re.findall(r'href="(http[^"]*authorize[^"]*)"', said)[0])
                opener = urllib.request.build_opener(Unfollowed)
                with pytest.raises(urllib.error.HTTPError) as sent_back:
                    opener.open(go_to, timeout=20)
                return str(sent_back.value.headers["location"])

            back = begin()
            assert back.startswith(f"{page.url}/strava-back?")
            with urllib.request.urlopen(
                urllib.request.Request(back, headers={"cookie": cookie, "accept": "text/html"}), timeout=20
            ) as shown:
                answer = html.unescape(re.findall(r'name="answer" value="([^"]*)"', shown.read().decode())[0])
            # Opening the address changed nothing: only the button does, and only with the word that was sent along.
            assert vault.get("ann", "strava") is None
            forged = re.sub(r"state=[^&]*", "state=forged", answer)
            sent = urllib.parse.urlencode({"answer": forged})
            assert post(page, "/strava-finish", sent, cookie, origin=page.url)[0] == 409
            sent = urllib.parse.urlencode({"answer": answer})
            assert post(page, "/strava-finish", sent, cookie, origin=page.url)[0] == 200
            assert (vault.get("ann", "strava") or {})["client_id"] == str(CLIENT_ID)
            # The consent is used up.
            assert post(page, "/strava-finish", sent, cookie, origin=page.url)[0] == 409

            sent = urllib.parse.urlencode({"answer": begin()})
            assert post(page, "/strava-finish", sent, cookie, origin=page.url)[0] == 200
        assert holding(home, CLIENT_SECRET) == ["secrets/ann.strava.json"]
    finally:
        strava.stop()


@pytest.mark.slow
def test_a_page_without_sign_in_sets_its_first_password_and_everyone_signs_in(
    home: Path, garmin: FakeGarmin, window: Browser
) -> None:
    config = lay_out(home, garmin, sign_in=False)
    vault = CredentialStore(DataDir(home).secrets)
    vault.remove("ann", "password")
    with Shell(home).daemon(), served(home) as served_page, visit(window, served_page.url) as phone:
        phone.open("sources")
        expect(phone.page.get_by_role("link", name="Set a password")).to_be_visible()
        expect(phone.page.get_by_role("link", name="Link Garmin")).to_have_count(0)
        phone.page.get_by_role("link", name="Set a password").tap()
        phone.page.get_by_label("Password of at least").fill(PASSWORD)
        phone.page.get_by_role("button", name="Set it and go on").tap()
        phone.settled()
        expect(phone.page.get_by_role("link", name="Link Garmin")).to_be_visible()
        assert "passwords = true" in config.read_text()
        assert phone.look() == []
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{served_page.url}/_stcore/stream", timeout=20)
        assert refused.value.code == 401
