"""Every page, by axe: nothing serious or critical, by day and by night, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dashboard import addresses
from dashboard.auth import DEVICES, HOUSEHOLD, JOIN, SET_UP, SIGN_IN
from dashboard.front.secret_forms import LINK, STEPS
from tests.browser import DESKTOP, PHONE, Served, axe_findings, browser, served, visit
from tests.fakes.owner import serve
from tests.two_runners import House, house_of_two, sign_in

pytestmark = pytest.mark.timeout(300)

PLAYER = "player"
PAGES = (*sorted(addresses.PAGES - {"run"}), "run?id=last", PLAYER)
SMALL = ("log", "done")
BEFORE = (SIGN_IN, JOIN)
SIGNED_IN = (DEVICES, HOUSEHOLD, *(f"{LINK}{source}" for source in STEPS))

# One look each in `make test-pages`: a phone by day is what the tests of the single pages hold. The others cost as
# much again.
DAY, NIGHT = {"color_scheme": "light"}, {"color_scheme": "dark"}
LOOKS = {"390-day": PHONE | DAY, "390-night": PHONE | NIGHT, "1280-day": DESKTOP | DAY, "1280-night": DESKTOP | NIGHT}


def looks(usual: str) -> pytest.MarkDecorator:
    pages, slow = pytest.mark.pages, pytest.mark.slow
    return pytest.mark.parametrize(
        "look", [pytest.param(how, id=name, marks=pages if name == usual else slow) for name, how in LOOKS.items()]
    )


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


@looks("1280-night")
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


@looks("390-day")
def test_the_pages_to_sign_in_and_to_set_up(
    look: dict[str, Any], house: House, window: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page, found = house[1], {}
    with visit(window, page.url, **look) as screen:
        for path in (*BEFORE, *SIGNED_IN):
            if path in SIGNED_IN:
                sign_in(screen, page, "ann")
            screen.page.goto(f"{page.url}{path}")
            assert screen.page.url.endswith(path)
            found[path] = axe_findings(screen.page)
    with (
        served(tmp_path_factory.mktemp("new"), SPRINGSTEP_ADDRESS="lan") as first_day,
        visit(window, first_day.url, **look) as screen,
    ):
        screen.page.goto(f"{first_day.url}{SET_UP}")
        expect(screen.page.get_by_label("Set-up code")).to_be_visible()
        found[SET_UP] = axe_findings(screen.page)
    assert {path: faults for path, faults in found.items() if faults} == {}
