"""What was typed on the large pages outlives the server, a reload, the network, the sign-in and another runner.

Over plain HTTP, on loopback and under a name of the home network, where the browser allows less.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from sync.wire.commands import Assess, LogScore, PlanRun
from tests.browser import Watched
from tests.shell import until
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


class Note:
    path = "diary"

    @staticmethod
    def begin(page: Page) -> None:
        """What is tapped before something is typed."""

    @staticmethod
    def type(page: Page) -> None:
        page.get_by_label("Note (optional)").fill("stairs")

    @staticmethod
    def shown(page: Page, *, there: bool = True) -> None:
        expect(page.get_by_label("Note (optional)")).to_have_value("stairs" if there else "")

    @staticmethod
    def finish(page: Page, house: House) -> Any:
        page.get_by_role("radio", name="3", exact=True).tap()
        entries = sent(house[0], LogScore, page, lambda found: any(one.note for one in found))
        return entries[-1].athlete, entries[-1].note

    finished = ("ann", "stairs")


class Planned:
    path = "plan"

    @staticmethod
    def begin(page: Page) -> None:
        day = page.locator(".st-key-card-add").get_by_role("radio").nth(3)
        day.tap()
        expect(day).to_be_checked()
        # Until the day that was tapped has been drawn, a time is still kept for the day before it.
        number = re.findall(r"\d+", day.inner_text())[-1]
        time = page.locator(".st-key-card-add .ss-typed")
        until(lambda: str(time.evaluate("one => one.__day")).endswith(f"-{number:>02}"), 20)
        expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")

    @staticmethod
    def type(page: Page) -> None:
        page.get_by_label("At what time?").fill("06:40")

    @staticmethod
    def shown(page: Page, *, there: bool = True) -> None:
        expect(page.get_by_label("At what time?")).to_have_value("06:40" if there else "")
        expect(page.locator(".st-key-card-add").get_by_role("radio").nth(3 if there else 1)).to_be_checked()

    @staticmethod
    def finish(page: Page, house: House) -> Any:
        page.locator(".st-key-card-add").get_by_role("radio", name="Easy").tap()
        (plan,) = sent(house[0], PlanRun, page)
        return plan.athlete, plan.start_local, (plan.day - house[0].athlete.today).days

    finished = ("ann", "06:40", 3)


class SelfCheck:
    path = "self-check"

    @staticmethod
    def begin(page: Page) -> None:
        for _ in range(3):
            page.get_by_role("button", name="Skip").tap()

    @staticmethod
    def type(page: Page) -> None:
        page.get_by_role("group", name="Left").get_by_role("button", name="6", exact=True).tap()

    @staticmethod
    def shown(page: Page, *, there: bool = True) -> None:
        expect(page.get_by_text(f"Question {4 if there else 1} of 11")).to_be_visible()
        if there:
            six = page.get_by_role("group", name="Left").get_by_role("button", name="6", exact=True)
            expect(six).to_have_attribute("aria-pressed", "true")

    @staticmethod
    def finish(page: Page, house: House) -> Any:
        page.get_by_role("button", name="Next").tap()
        for _ in range(6):
            page.get_by_role("button", name="Skip").tap()
        page.get_by_role("button", name="Save the self-check").tap()
        (check,) = sent(house[0], Assess, page)
        return check.athlete, check.left

    finished = ("ann", {"range_0_10": 6})


class DayChosen:
    """While the server is away Streamlit lets nobody tap a chip, and the banner says why: it is tapped before."""

    path = "diary"

    @staticmethod
    def begin(page: Page) -> None:
        page.get_by_role("radio", name="Yesterday").tap()
        expect(page.get_by_role("radio", name="Yesterday")).to_be_checked()
        expect(page.get_by_text(re.compile("^For "))).to_have_count(0)

    @staticmethod
    def type(page: Page) -> None:
        """Nothing more."""

    @staticmethod
    def shown(page: Page, *, there: bool = True) -> None:
        expect(page.get_by_role("radio", name="Yesterday" if there else "Today", exact=True).first).to_be_checked()

    @staticmethod
    def finish(page: Page, house: House) -> Any:
        page.get_by_role("radio", name="3", exact=True).tap()
        (entry,) = sent(house[0], LogScore, page)
        return entry.athlete, (house[0].athlete.today - entry.at_utc.date()).days

    finished = ("ann", 1)


@pytest.fixture
def phone(anns_phone: Watched) -> Watched:
    return anns_phone


WHAT = pytest.mark.parametrize("what", [Note, Planned, SelfCheck, DayChosen], ids=lambda one: one.__name__)


@WHAT
def test_it_outlives_a_reload_and_another_runner(what: type[Any], house: House, phone: Watched) -> None:
    page = phone.page
    phone.open(what.path)
    what.begin(page)
    what.type(page)
    page.reload()
    what.shown(page)
    sign_in(phone, house[1], "ben")
    page.reload()
    what.shown(page, there=False)
    sign_in(phone, house[1], "ann")
    page.reload()
    what.shown(page)
    assert what.finish(page, house) == what.finished


@pytest.mark.slow
@WHAT
def test_it_outlives_ten_minutes_without_a_network(what: type[Any], house: House, phone: Watched) -> None:
    page = phone.page
    page.clock.install()
    phone.open(what.path)
    what.begin(page)
    page.context.set_offline(True)
    what.type(page)
    page.clock.fast_forward(AWAY.total_seconds() * 1000)
    what.shown(page)
    page.context.set_offline(False)
    page.reload()
    what.shown(page)
    assert what.finish(page, house) == what.finished


@pytest.mark.slow
@WHAT
def test_it_outlives_the_sessions_end(what: type[Any], house: House, phone: Watched) -> None:
    page = phone.page
    phone.open(what.path)
    what.begin(page)
    sign_out_everywhere(house[1], "ann")
    what.type(page)
    expect(page.get_by_text("You're signed out.")).to_be_visible(timeout=40_000)
    page.get_by_role("link", name="Sign in").tap()
    hand_in(page, "ann")
    expect(page).to_have_url(re.compile(rf"/{what.path}$"))
    what.shown(page)
    assert what.finish(page, house) == what.finished


@pytest.mark.slow
@WHAT
def test_it_outlives_the_servers_end(what: type[Any], house: House, phone: Watched) -> None:
    page = phone.page
    phone.open(what.path)
    what.begin(page)
    house[1].stop()
    try:
        what.type(page)
        with pytest.raises(PlaywrightError, match="ERR_CONNECTION_REFUSED"):
            page.reload()
    finally:
        house[1].start()
    phone.open(what.path)
    what.shown(page)
    assert what.finish(page, house) == what.finished


@pytest.mark.parametrize("anns_phone", [NAME], indirect=True)
def test_a_note_for_a_new_entry_goes_to_no_older_one(house: House, phone: Watched) -> None:
    page = phone.page
    phone.open("diary")
    Note.type(page)
    page.wait_for_timeout(1_500)  # as long as a hand takes from the keyboard to another entry
    entry = page.locator("[class*='st-key-entry-']").first
    entry.get_by_role("link", name="Change").tap()
    phone.settled()
    expect(page.get_by_label("Note (optional)")).to_have_count(1)  # the page before is gone
    expect(page.get_by_label("Note (optional)")).not_to_have_value("stairs")
    page.wait_for_timeout(1_500)
    assert [one for one in house[0].commands if isinstance(one, LogScore)] == []
