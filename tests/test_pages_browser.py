"""The pages in a real browser on a phone: each page once, the main jobs, and what must never happen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sync.service.outbox import ingest
from sync.wire.commands import (
    LogScore,
    LogSession,
    MergeRuns,
    RemoveEntry,
    RemoveSession,
)
from tests.browser import Watched, axe_findings
from tests.fakes.owner import FakeOwner, away
from tests.stage import PAGES, sent

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("path", PAGES)
def test_page_stands(path: str, phone: Watched) -> None:
    phone.open(path)
    assert phone.look() == []
    assert axe_findings(phone.page) == []


def test_stiffness_in_two_taps_is_one_entry(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    phone.page.get_by_role("radio", name="3", exact=True).tap()
    expect(phone.page.get_by_text(re.compile(r"Logged \d+:\d+: 3, big-toe joint"))).to_be_visible()
    (first,) = sent(owner, LogScore, phone.page)
    assert (first.what, first.score, first.place) == ("stiffness", 3, "big-toe-joint")

    phone.page.get_by_role("radio", name="Heel").tap()
    _, second = sent(owner, LogScore, phone.page, lambda found: len(found) == 2)
    assert (second.entry_id, second.score, second.place) == (first.entry_id, 3, "heel")
    assert len([entry for entry in owner.athlete.entries.values() if entry.score == 3 and entry.place == "heel"]) == 1

    phone.page.get_by_role("button", name="Undo").tap()
    (gone,) = sent(owner, RemoveEntry, phone.page)
    assert gone.entry_id == first.entry_id
    assert phone.look() == []


def test_done_in_one_tap_and_taken_back(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    card = phone.page.locator("[class*=st-key-card-work-after]")
    card.get_by_role("button", name="Done").tap()
    expect(card.get_by_text("Session done.")).to_be_visible()
    (done,) = sent(owner, LogSession, phone.page)
    assert (done.state, done.minutes, done.reason) == ("done", 6, None)
    card.get_by_role("button", name="Undo").tap()
    (taken,) = sent(owner, RemoveSession, phone.page)
    assert taken.session_id == done.session_id


def test_skip_names_its_reason(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    phone.page.locator("[class*=st-key-card-work-after]").get_by_role("button", name="Skip").tap()
    phone.page.get_by_role("button", name="Travelling").tap()
    (skipped,) = sent(owner, LogSession, phone.page)
    assert (skipped.state, skipped.reason) == ("skipped", "travel")


def test_a_link_fills_in_and_stores_nothing(owner: FakeOwner, phone: Watched) -> None:
    phone.open("diary?score=3&where=ball&side=left&when=evening")
    expect(phone.page.get_by_text("3/10 · Ball of the foot. Not saved yet.")).to_be_visible()
    assert owner.commands == []
    phone.page.get_by_role("button", name="Save 3/10").tap()
    (entry,) = sent(owner, LogScore, phone.page)
    assert (entry.score, entry.place, entry.side, entry.when) == (3, "ball", "left", "evening")


def test_the_foot_map_names_side_and_place(owner: FakeOwner, phone: Watched) -> None:
    phone.open("diary")
    phone.page.get_by_role("radio", name="4", exact=True).tap()
    sent(owner, LogScore, phone.page)
    phone.page.get_by_role("button", name="Right: Heel").tap()
    entry = sent(owner, LogScore, phone.page, lambda found: len(found) == 2)[-1]
    assert (entry.side, entry.place) == ("right", "heel")
    expect(phone.page.get_by_role("button", name="Right: Heel")).to_have_attribute("aria-pressed", "true")


def test_a_merge_question_is_answered(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    phone.page.get_by_role("button", name="One run").tap()
    (merge,) = sent(owner, MergeRuns, phone.page)
    assert (merge.run_a, merge.run_b) == ("run-a", "run-b")


def test_a_day_of_the_month_opens(owner: FakeOwner, phone: Watched) -> None:
    phone.open("calendar")
    phone.page.locator("[data-pick]").filter(has=phone.page.locator(".ss-mark")).first.tap()
    expect(phone.page.locator(".st-key-card-day")).to_be_visible()
    assert phone.look() == []


def test_what_is_typed_while_nobody_is_there_waits(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    with away(owner):
        phone.page.get_by_role("radio", name="5", exact=True).tap()
        expect(phone.page.get_by_text("Waiting to be saved.")).to_be_visible()
        (waiting,) = owner.home.outbox.iterdir()
        waiting.unlink()
    assert owner.commands == []


@pytest.mark.pages
def test_what_waited_is_called_saved_once_it_is(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    with away(owner):
        phone.page.get_by_role("radio", name="5", exact=True).tap()
        expect(phone.page.get_by_text("Waiting to be saved.")).to_be_visible()
    assert ingest(owner.home.outbox, perform=owner.perform, tell=lambda *_: None).taken == 1
    expect(phone.page.get_by_text("Waiting to be saved.")).to_have_count(0)
    expect(phone.page.get_by_text(re.compile(r"Logged \d+:\d+: 5"))).to_be_visible()
    assert len({command.command_id for command in owner.commands}) == 1


def test_a_file_is_dropped_on_the_page(owner: FakeOwner, phone: Watched) -> None:
    phone.open("status")
    phone.unfold("Drop files here")
    phone.page.locator("input[type=file]").set_input_files(
        [{"name": "monday.fit", "mimeType": "application/octet-stream", "buffer": b"x" * 2000}]
    )
    expect(phone.page.get_by_text("monday.fit: read, one new run")).to_be_visible(timeout=60_000)
    assert owner.uploads == [("monday.fit", 2000)]
    assert phone.look() == []
