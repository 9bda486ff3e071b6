"""The strength card on the real page before the real daemon: wished for on Plan, done on Today, and on /done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sync.service.client import Client
from sync.wire.commands import AnswerCard, SetPreference
from tests.browser import Served, served, visit
from tests.datasets import now_utc, owned
from tests.shell import until

pytestmark = pytest.mark.timeout(300)
WITHIN_MS = 30_000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Served]]:
    with owned("empty", tmp_path_factory.mktemp("strength")) as home, served(home.root) as page:
        yield Client(home, now=now_utc), page


@pytest.fixture
def phone(place: tuple[Client, Served], window: Browser) -> Iterator[Page]:
    with visit(window, place[1].url) as watched:
        yield watched.page
        assert watched.wrongs == []


def test_it_is_wished_for_done_taken_back_and_skipped_by_tapping(place: tuple[Client, Served], phone: Page) -> None:
    client, page = place
    phone.goto(f"{page.url}/plan")
    phone.get_by_text("Ten minutes of strength").tap()
    expect(phone.get_by_text("Strength this week: 0 of 2.")).to_be_visible(timeout=WITHIN_MS)
    phone.goto(page.url)
    card = phone.locator(".st-key-card-strength")
    expect(card).to_contain_text("Strength for calves, hips and core", timeout=WITHIN_MS)
    card.get_by_role("button", name="Done", exact=True).tap()
    expect(card).to_contain_text("Strength this week: 1 of 2.", timeout=WITHIN_MS)
    card.get_by_role("button", name="Undo").tap()
    expect(card).to_contain_text("Strength this week: 0 of 2.", timeout=WITHIN_MS)

    phone.goto(f"{page.url}/done")
    section = phone.locator("section", has_text="Strength for calves")
    section.get_by_role("button", name="Done", exact=True).tap()
    expect(section).to_contain_text("Done", timeout=WITHIN_MS)
    until(lambda: (found := client.today().strength) is not None and found.told == "done")
    assert re.search("1 of 2", client.plan().strength_says)


def test_the_player_guides_through_it_with_sides_and_rests(place: tuple[Client, Served], phone: Page) -> None:
    client, page = place
    phone.clock.install()
    client.send(SetPreference(typed_utc=now_utc(), key="strength", value=True))
    found = client.today().strength
    assert found is not None
    client.send(AnswerCard(typed_utc=now_utc(), card_id=found.card_id, answer="open"))
    phone.goto(page.url)
    card = phone.locator(".st-key-card-strength")
    card.get_by_role("button", name="Start").tap()
    player = phone.get_by_role("dialog")
    expect(player).to_contain_text("Drill 1 of", timeout=WITHIN_MS)
    told = ""
    for drill in found.drills:
        expect(player).to_contain_text(drill.name, timeout=WITHIN_MS)
        for _ in range(drill.seconds // 5 + 1):
            told += player.inner_text()
            phone.clock.run_for(5_000)
    said = ("left side, 1 of 2", "right side, 2 of 2", "\nrest\n", "set 2 of 2")
    assert [one for one in said if one not in told] == []
    expect(player).to_contain_text("That's everything", timeout=WITHIN_MS)
    expect(player.get_by_role("button", name="Only partly")).to_be_hidden()
    player.get_by_role("button", name="Done", exact=True).tap()
    expect(card).to_contain_text("Strength this week: 1 of 2.", timeout=WITHIN_MS)
    assert "play" not in phone.url
    # Taken back, it is played from its beginning; what hurts is a skip with its reason.
    card.get_by_role("button", name="Undo").tap()
    card.get_by_role("button", name="Start").tap()
    expect(player).to_contain_text("Drill 1 of", timeout=WITHIN_MS)
    player.get_by_role("button", name="It hurts").tap()
    expect(card).to_contain_text("Strength this week: 0 of 2.", timeout=WITHIN_MS)
    until(lambda: (found := client.today().strength) is not None and found.told == "skipped")
