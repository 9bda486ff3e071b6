"""Every page, by axe: nothing serious or critical, by day and by night, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dashboard import addresses
from dashboard.auth import DEVICES, HOUSEHOLD, JOIN, SET_UP, SIGN_IN
from dashboard.front.secret_forms import LINK, STEPS
from sync.settings.paths import DataDir
from tests.browser import DESKTOP, PHONE, Served, axe_findings, browser, served, visit
from tests.fakes.owner import serve
from tests.two_runners import House, house_of_two, sign_in

pytestmark = pytest.mark.timeout(300)

PLAYER = "player"
PAGES = (*sorted(addresses.PAGES - {"run"}), "run?id=last", PLAYER)
SMALL = ("log", "done")
BEFORE = (SIGN_IN, JOIN, SET_UP)
SIGNED_IN = (DEVICES, HOUSEHOLD, *(f"{LINK}{source}" for source in STEPS))

# Two looks hold all four; the other two cost as much again.
LOOKS = [
    pytest.param({**PHONE, "color_scheme": "light"}, id="390-light"),
    pytest.param({**DESKTOP, "color_scheme": "dark"}, id="1280-dark"),
    pytest.param({**PHONE, "color_scheme": "dark"}, id="390-dark", marks=pytest.mark.slow),
    pytest.param({**DESKTOP, "color_scheme": "light"}, id="1280-light", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("axe")
    with serve(home), served(home) as page:
        yield page


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_of_two(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_a_runner(look: dict[str, Any], stage: Served, window: Browser) -> None:
    found = {}
    with visit(window, stage.url, **look) as screen:
        for path in PAGES:
            screen.open("" if path == PLAYER else path)
            if path == PLAYER:
                screen.page.get_by_role("button", name="Start").first.click()
                expect(screen.page.locator(".player")).to_be_visible()
            found[path] = axe_findings(screen.page)
        for path in SMALL:
            screen.page.goto(f"{stage.url}/{path}")
            found[path] = axe_findings(screen.page)
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_to_sign_in_and_to_set_up(look: dict[str, Any], house: House, window: Browser) -> None:
    page, found = house[1], {}
    with visit(window, page.url, **look) as screen:
        for path in (*BEFORE, *SIGNED_IN):
            if path in SIGNED_IN:
                sign_in(screen, page, "ann")
            kept = passwordless(page) if path == SET_UP else {}
            screen.page.goto(f"{page.url}{path}")
            shown = screen.page.url
            found[path] = axe_findings(screen.page)
            for secret, text in kept.items():
                (DataDir(page.home).secrets / secret).write_bytes(text)
            assert shown.endswith(path)
    assert {path: faults for path, faults in found.items() if faults} == {}


def passwordless(page: Served) -> dict[str, bytes]:
    """The house as on its first day; what was taken out."""
    taken = {}
    for secret in DataDir(page.home).secrets.glob("*.json"):
        taken[secret.name] = secret.read_bytes()
        secret.unlink()
    return taken
