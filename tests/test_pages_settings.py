"""The Settings page in a real browser on a phone, with the real daemon behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sync.settings import passwords
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from tests.browser import PHONE, Served, Watched, served, visit
from tests.shell import Shell, until

pytestmark = pytest.mark.timeout(300)
CONFIG = '# ours\n[athlete]\nid = "ann"\nname = "Ann" # me\n\n[[athletes]]\nid = "ben"\nname = "Ben"\n'
PASSWORD = "wiggle the toes"


@pytest.fixture
def page_of(home: Path) -> Iterator[Served]:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "config.toml").write_text(CONFIG)
    with Shell(home).daemon(), served(home) as page:
        yield page


def sign_in(phone: Watched, name: str, path: str) -> None:
    phone.page.goto(f"{phone.url}/{path}")
    phone.page.get_by_label("Runner").fill(name)
    phone.page.get_by_label("Password").fill(PASSWORD)
    phone.page.get_by_role("button", name="Sign in").tap()
    phone.settled()


@pytest.mark.pages
def test_units_are_changed_and_seen_by_daemon_and_page(page_of: Served, window: Browser) -> None:
    config, shell = page_of.home / "config.toml", Shell(page_of.home)
    with visit(window, page_of.url, **PHONE, timezone_id="Asia/Tokyo") as phone:
        page = phone.page
        phone.open("settings")
        page.get_by_role("radio", name="Miles").tap()
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.get_by_text("Set by you.").first).to_be_visible()
        assert config.read_text() == CONFIG.replace("# me\n", '# me\nunits = "mi"\n')
        assert shell.client().settings().value("units") == "mi"

        page.get_by_role("button", name="Use Asia/Tokyo").tap()
        until(lambda: 'time_zone = "Asia/Tokyo"' in config.read_text(), 20)
        expect(page.get_by_role("button", name="Use Asia/Tokyo")).to_have_count(0)

        # Household settings can only be read while nobody signs in.
        expect(page.get_by_role("link", name="Set a password")).to_be_visible()
        expect(page.get_by_role("spinbutton").first).to_be_disabled()
        phone.settled()
        assert phone.look() == []

        began = time.monotonic()
        config.write_text(config.read_text().replace('units = "mi"', 'units = "km"\nlanguage = "de"'))
        expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible(timeout=15_000)
        assert time.monotonic() - began < 15
        phone.open()
        config.write_text("[athlete\n")
        expect(page.get_by_text("Die Seite „Einstellungen“ nennt ihn.")).to_be_visible(timeout=15_000)
        phone.open("settings")
        expect(page.get_by_text("cannot be read as TOML")).to_be_visible()
        assert phone.look() == []


def test_a_household_setting_is_the_administrators(page_of: Served, window: Browser) -> None:
    config = page_of.home / "config.toml"
    for athlete in ("ann", "ben"):
        passwords.put(CredentialStore(DataDir(page_of.home).secrets), athlete, PASSWORD)
    config.write_text(CONFIG + "\n[dashboard]\npasswords = true\n")
    shell = Shell(page_of.home)
    with visit(window, page_of.url, **PHONE) as phone:
        sign_in(phone, "Ben", "settings")
        expect(phone.page.get_by_text("Only an administrator can change these.")).to_be_visible()
        phone.page.get_by_role("radio", name="12 hours").tap()
        expect(phone.page.get_by_text("Saved.")).to_be_visible()
        assert config.read_text().index('clock = "12h"') > config.read_text().index('id = "ben"')
    with visit(window, page_of.url, **PHONE) as phone:
        sign_in(phone, "Ann", "settings")
        phone.page.get_by_text("Draw each run's route on its page").tap()
        expect(phone.page.get_by_text("Saved.")).to_be_visible()
        assert "maps = true" in config.read_text()
        assert shell.client().settings().value("maps") is True
        assert phone.look() == []
