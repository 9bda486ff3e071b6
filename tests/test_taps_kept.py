"""What was tapped on the small pages outlives the server, a reload, the network, the sign-in and another runner.

Over plain HTTP, on loopback and under a name of the home network, where the browser allows less.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from sync.wire.commands import LogScore, LogSession
from tests.browser import Watched
from tests.two_runners import (
    AWAY,
    NAME,
    House,
    hand_in,
    sent,
    sign_in,
    sign_out_everywhere,
)

pytestmark = pytest.mark.timeout(300)
SMALL: dict[str, tuple[str, type[Any]]] = {"log": ("7", LogScore), "done": ("Done", LogSession)}
"""What is tapped on each small page, and the command it becomes."""


@pytest.fixture
def phone(anns_phone: Watched) -> Watched:
    return anns_phone


def tap(page: Page, path: str) -> None:
    page.get_by_role("button", name=SMALL[path][0], exact=True).first.tap()


def waits(page: Page) -> int:
    return int(page.evaluate("JSON.parse(localStorage.getItem('springstep:waits') ?? '[]').length"))


def nothing_waits(page: Page) -> None:
    """What was stored is taken off, also when the browser goes on to the next page meanwhile."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with suppress(PlaywrightError):
            if waits(page) == 0:
                return
        page.wait_for_timeout(50)
    raise AssertionError("something still waits")


@pytest.mark.parametrize("path", SMALL)
def test_ten_minutes_without_a_network_keep_a_tap_and_its_moment(path: str, house: House, phone: Watched) -> None:
    owner, page = house[0], phone.page
    tapped = datetime.now(UTC) - AWAY
    page.clock.install(time=tapped)
    page.goto(f"{phone.url}/{path}")
    assert page.evaluate("isSecureContext") == (NAME not in phone.url)
    page.context.set_offline(True)
    tap(page, path)
    page.clock.fast_forward(AWAY.total_seconds() * 1000)
    expect(page.locator("#notice")).to_contain_text("Not saved yet")
    assert (owner.commands, waits(page)) == ([], 1)
    page.context.set_offline(False)
    page.clock.run_for(20_000)
    (command,) = sent(owner, SMALL[path][1], page)
    assert (command.athlete, abs(command.at_utc - tapped.replace(tzinfo=None)) < timedelta(minutes=1)) == ("ann", True)
    nothing_waits(page)


@pytest.mark.parametrize("path", SMALL)
def test_a_tap_after_the_session_ran_out_waits_for_the_next_sign_in(path: str, house: House, phone: Watched) -> None:
    (owner, served_page), page = house, phone.page
    page.goto(f"{phone.url}/{path}")
    sign_out_everywhere(served_page, "ann")
    tap(page, path)
    expect(page.locator("#notice")).to_contain_text("You're signed out")
    assert (owner.commands, waits(page)) == ([], 1)
    page.locator("#notice").get_by_role("link").tap()
    hand_in(page, "ann")
    (command,) = sent(owner, SMALL[path][1], page)
    assert command.athlete == "ann"
    expect(page).to_have_url(re.compile(f"/{path}$"))
    nothing_waits(page)


@pytest.mark.parametrize("path", SMALL)
def test_a_tap_waits_while_another_runner_is_signed_in(path: str, house: House, phone: Watched) -> None:
    (owner, served_page), page = house, phone.page
    page.goto(f"{phone.url}/{path}")
    sign_in(phone, served_page, "ben")
    tap(page, path)
    expect(page.locator("#notice")).to_contain_text("stays in this browser until Ann signs in again")
    tab = page.context.new_page()
    tab.goto(f"{phone.url}/log")
    expect(tab.locator("#others")).to_have_text(
        "An entry from Ann is waiting in this browser. It is sent when Ann signs in here."
    )
    assert (owner.commands, waits(page)) == ([], 1)
    sign_in(phone, served_page, "ann")
    tab.reload()
    (command,) = sent(owner, SMALL[path][1], page)
    assert command.athlete == "ann"
    nothing_waits(tab)


@pytest.mark.slow
@pytest.mark.parametrize("path", SMALL)
def test_a_tap_outlives_the_servers_end_and_a_reload(path: str, house: House, phone: Watched) -> None:
    (owner, served_page), page = house, phone.page
    page.goto(f"{phone.url}/{path}")
    served_page.stop()
    try:
        tap(page, path)
        expect(page.locator("#notice")).to_contain_text("Not saved yet")
        with pytest.raises(PlaywrightError, match="ERR_CONNECTION_REFUSED"):
            page.reload()
    finally:
        served_page.start()
    page.goto(f"{phone.url}/{path}")
    (command,) = sent(owner, SMALL[path][1], page)
    assert command.athlete == "ann"
    nothing_waits(page)


def test_a_tap_on_work_of_an_earlier_day_still_counts(house: House, phone: Watched) -> None:
    owner, page = house[0], phone.page
    page.goto(f"{phone.url}/done")
    page.context.set_offline(True)
    page.evaluate("document.querySelectorAll('[name=work]').forEach((one) => { one.value = 'of-yesterday' })")
    tap(page, "done")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    command = sent(owner, LogSession, page)[-1]
    assert (command.prescription_id, command.state, command.minutes) == ("of-yesterday", "done", None)
    nothing_waits(page)
