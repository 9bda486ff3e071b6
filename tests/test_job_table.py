"""How many taps the daily jobs take, from where a runner stands when they want to do them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from sync.wire.commands import CorrectRun, LogScore, PlanRun
from tests.browser import Watched, visit
from tests.stage import Stage, sent

pytestmark = pytest.mark.timeout(300)


class Thumb:
    """Counts what it touches."""

    def __init__(self, phone: Watched) -> None:
        self.phone, self.taps = phone, 0

    def link(self, name: str) -> None:
        self.on(self.phone.page.get_by_role("link", name=name, exact=True).first)

    def button(self, name: str) -> None:
        self.on(self.phone.page.get_by_role("button", name=name, exact=True).first)

    def chip(self, name: str) -> None:
        self.on(self.phone.page.get_by_role("radio", name=name, exact=True).first)

    def on(self, what: Locator) -> None:
        expect(what).to_be_visible()
        what.tap()
        self.taps += 1


def log(thumb: Thumb) -> None:
    thumb.chip("2")


def log_yesterday(thumb: Thumb) -> None:
    thumb.link("Log")
    thumb.chip("Yesterday")
    expect(thumb.phone.page.get_by_role("radio", name="Yesterday")).to_be_checked()
    thumb.phone.settled()
    thumb.chip("5")


def change(thumb: Thumb) -> None:
    thumb.button("Change")
    expect(thumb.phone.page.get_by_text("How stiff")).not_to_have_count(0)
    thumb.chip("6")


def correct(thumb: Thumb) -> None:
    thumb.button("Change")
    # Another kind than it says: which one that is hangs on today's weekday.
    thumb.on(thumb.phone.page.locator(".st-key-card-kind").get_by_role("radio", checked=False).first)


def plan_tomorrow(thumb: Thumb) -> None:
    thumb.button("More")
    thumb.link("Plan")
    thumb.on(thumb.phone.page.locator(".st-key-card-add").get_by_role("radio", name="Easy"))


JOBS: list[tuple[Callable[[Thumb], None], str, type[Any], int]] = [
    (log, "", LogScore, 2),
    (log_yesterday, "", LogScore, 3),
    (change, "", LogScore, 2),
    (correct, "run?id=last", CorrectRun, 2),
    (plan_tomorrow, "", PlanRun, 3),
]


@pytest.mark.parametrize(("job", "start", "kind", "most"), JOBS, ids=lambda one: getattr(one, "__name__", None))
def test_a_job_takes_few_taps(
    job: Callable[[Thumb], None], start: str, kind: type[Any], most: int, stage: Stage, window: Browser
) -> None:
    owner, served_page = stage
    owner.fresh()
    with visit(window, served_page.url) as phone:
        phone.open(start)
        before = 0
        if job is change:
            log(Thumb(phone))
            before = len(sent(owner, LogScore, phone.page, again=True))
        thumb = Thumb(phone)
        job(thumb)
        made = sent(owner, kind, phone.page, lambda found: len(found) > before, again=True)[-1]
        assert thumb.taps <= most
        today = owner.athlete.today
        if job is log_yesterday:
            assert made.at_utc.date() == today - timedelta(days=1)
        if job is change:
            assert (made.score, len({one.entry_id for one in owner.commands})) == (6, 1)
        if job is plan_tomorrow:
            assert made.day == today + timedelta(days=1)
