"""The player and what hurts, in a real browser before the real daemon: what the page says is stored, is stored."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from sync.service.client import Client
from sync.wire.commands import LogSession, RemoveEntry, RemoveSession
from sync.wire.footwork import SessionView
from tests.browser import Pocket, Served, Watched, served
from tests.datasets import now_utc, owned

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Served]]:
    """Nobody's home yet, its daemon and its page: a foot day stands for today."""
    with owned("empty", tmp_path_factory.mktemp("player")) as home, served(home.root) as page:
        yield Client(home, now=now_utc), page


@pytest.fixture
def house(place: tuple[Client, Served]) -> tuple[Client, Served]:
    """The same with nothing said about today yet."""
    client, _ = place
    day = client.today().day
    for entry in client.diary(day, day).entries:
        client.send(RemoveEntry(typed_utc=now_utc(), entry_id=entry.entry_id))
    for session in client.calendar(day, day).days[0].sessions:
        client.send(RemoveSession(typed_utc=now_utc(), session_id=session.session_id))
    return place


@pytest.fixture
def phone(house: tuple[Client, Served], pocket: Pocket) -> Iterator[Watched]:
    with pocket.visit(house[1].url) as watched:
        yield watched


def card(phone: Watched) -> Locator:
    return phone.page.locator("[class*=st-key-card-work-base]")


def start(phone: Watched) -> None:
    card(phone).get_by_role("button", name="Start").tap()
    expect(phone.page.locator(".player")).to_be_visible()


def end_here(phone: Watched) -> None:
    phone.page.get_by_role("button", name="End here").tap()
    phone.page.get_by_role("button", name="Yes, partly done").tap()
    expect(phone.page.locator(".player")).to_have_count(0)


def take_back(phone: Watched) -> None:
    card(phone).get_by_role("button", name="Undo").tap()
    expect(card(phone).get_by_text("Removed.")).to_be_visible()


def session(client: Client) -> SessionView | None:
    return client.today().work[0].session


def forgotten(phone: Watched) -> None:
    """Waits until the browser remembers no session."""
    phone.page.wait_for_function("!Object.keys(localStorage).some(key => key.startsWith('springstep:play:'))")


def at_the_first_drill(phone: Watched) -> None:
    expect(phone.page.locator(".player .count")).to_have_text(re.compile("^Drill 1 of"))


def posted(client: Client) -> dict[str, int]:
    """How many commands the daemon was handed since it started, by what became of them."""
    with socket.socket(socket.AF_UNIX) as way:
        way.connect(str(client.home.socket({})))
        way.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        text = b"".join(iter(lambda: way.recv(65536), b"")).decode()
    found = re.findall(r'what="command",result="(\w+)"\} (\d+)', text)
    return {name: int(count) for name, count in found}


@pytest.mark.pages
def test_what_was_taken_back_is_played_again_and_really_stored(house: tuple[Client, Served], phone: Watched) -> None:
    client, _ = house
    phone.open()
    seen: list[str] = []
    for _ in range(2):
        start(phone)
        end_here(phone)
        expect(card(phone).get_by_text(re.compile("Saved: partly done"))).to_be_visible()
        stored = session(client)
        assert stored is not None
        assert stored.state == "partial"
        seen.append(stored.session_id)
        forgotten(phone)
        take_back(phone)
        assert session(client) is None
    assert len(set(seen)) == 2
    phone.page.reload()
    phone.settled()
    start(phone)
    end_here(phone)
    last = session(client)
    assert last is not None
    assert last.session_id not in seen
    assert phone.look() == []


@pytest.mark.pages
def test_what_was_taken_back_elsewhere_is_played_again_too(house: tuple[Client, Served], phone: Watched) -> None:
    """Another browser took it back: this one still remembers, reports once more, hears the truth and begins anew."""
    client, _ = house
    phone.open()
    start(phone)
    kept = phone.page.evaluate("Object.entries(localStorage).find(([key]) => key.startsWith('springstep:play:'))")
    end_here(phone)
    stored = session(client)
    assert stored is not None
    client.send(RemoveSession(typed_utc=now_utc(), session_id=stored.session_id))
    # As if this browser had been closed before its answer came.
    phone.page.evaluate(
        """([key, text, at]) => {
          const state = JSON.parse(text);
          state.finished = {state: 'partial', minutes: 1, at};
          localStorage.setItem(key, JSON.stringify(state));
        }""",
        [*kept, 1000.0 * 1_700_000_000],
    )
    phone.open()
    start(phone)
    at_the_first_drill(phone)
    assert session(client) is None
    end_here(phone)
    again = session(client)
    assert again is not None
    assert again.session_id != stored.session_id


def test_end_here_asks_once_and_posts_once(house: tuple[Client, Served], phone: Watched) -> None:
    client, _ = house
    before = posted(client)
    phone.open()
    start(phone)
    phone.page.get_by_role("button", name="End here").tap()
    expect(phone.page.get_by_role("heading", name="End here?")).to_be_visible()
    assert phone.look() == []
    phone.page.get_by_role("button", name="No, go on").tap()
    at_the_first_drill(phone)
    phone.page.get_by_role("button", name="End here").tap()
    phone.page.get_by_role("button", name="Yes, partly done").dblclick()
    expect(card(phone).get_by_text("Saved: partly done")).to_be_visible()
    phone.page.reload()
    phone.settled()
    expect(card(phone).get_by_role("button", name="Undo")).to_be_visible()
    forgotten(phone)
    assert phone.look() == []
    assert {name: count - before.get(name, 0) for name, count in posted(client).items()} == {
        **dict.fromkeys(before, 0),
        "stored": 1,
    }


@pytest.mark.pages
def test_a_report_without_an_answer_comes_again(house: tuple[Client, Served], phone: Watched) -> None:
    client, page = house
    phone.open()
    start(phone)
    phone.expect_breaks = True
    page.stop()
    phone.page.get_by_role("button", name="End here").tap()
    phone.page.get_by_role("button", name="Yes, partly done").tap()
    expect(phone.page.locator(".player h3")).to_have_text("Saving …")
    page.start()
    phone.page.reload()
    phone.settled()
    phone.expect_breaks = False
    expect(card(phone).get_by_role("button", name="Undo")).to_be_visible()
    stored = session(client)
    assert stored is not None
    assert stored.state == "partial"
    forgotten(phone)


def test_skipping_on_the_page_because_it_hurts_asks_too(house: tuple[Client, Served], phone: Watched) -> None:
    client, _ = house
    phone.open()
    card(phone).get_by_role("button", name="Skip").tap()
    phone.page.get_by_role("button", name="It hurts").tap()
    asks = phone.page.locator("[class*=st-key-card-ask-pain]")
    expect(asks).to_be_visible()
    asks.get_by_role("radio", name="2", exact=True).tap()
    asks.get_by_role("radio", name="Heel").tap()
    expect(asks).to_have_count(0)
    assert [(one.score, one.place) for one in client.diary(*2 * (client.today().day,)).entries] == [(2, "heel")]


def test_a_session_done_elsewhere_is_what_the_page_shows(house: tuple[Client, Served], phone: Watched) -> None:
    """A player left open elsewhere is no second session."""
    client, _ = house
    phone.open()
    start(phone)
    work = client.today().work[0]
    now = now_utc()
    client.send(LogSession(typed_utc=now, at_utc=now, prescription_id=work.prescription_id, minutes=4))
    phone.page.reload()
    phone.settled()
    expect(phone.page.locator(".player")).to_have_count(0)
    expect(card(phone).get_by_role("button", name="Undo")).to_be_visible()


@pytest.mark.pages
def test_it_hurts_in_the_player_asks_on_today_and_two_taps_answer(house: tuple[Client, Served], phone: Watched) -> None:
    client, _ = house
    phone.open()
    start(phone)
    phone.page.locator(".player").get_by_role("button", name="It hurts").tap()
    expect(phone.page.locator(".player")).to_have_count(0)
    stored = session(client)
    assert stored is not None
    assert (stored.state, stored.reason) == ("skipped", "pain")
    assert stored.drills == {"warm-feet": "hurt"}
    asks = phone.page.locator("[class*=st-key-card-ask-pain]")
    expect(asks).to_be_visible()
    assert phone.look() == []
    asks.get_by_role("radio", name="Ball of the foot").tap()
    asks.get_by_role("radio", name="6", exact=True).tap()
    expect(phone.page.get_by_text(re.compile(r"Saved for .*: soreness 6 \(ball of the foot\)"))).to_be_visible()
    expect(asks).to_have_count(0)
    expect(phone.page.get_by_text("Drills paused")).to_be_visible()
    today = client.today()
    (entry,) = client.diary(today.day, today.day).entries
    assert (entry.what, entry.score, entry.place) == ("soreness", 6, "ball")
    assert [one.flag for one in today.stopped] == ["soreness"]


@pytest.mark.pages
def test_the_timer_says_which_foot_and_when_to_change(phone: Watched) -> None:
    """A foot day begins with warming the feet, one after the other."""
    phone.open()
    start(phone)
    phase, live = phone.page.locator(".player .phase"), phone.page.locator(".player [aria-live]")
    expect(phone.page.locator(".player .dose")).to_have_text("15 s, one foot after the other")
    expect(phase).to_have_text("left foot, 1 of 2", timeout=15_000)
    expect(live).to_have_text("Warm the feet: left foot")
    # Fifteen seconds later, without waiting for them.
    phone.page.evaluate(
        """() => {
          const [key, text] = Object.entries(localStorage).find(([key]) => key.startsWith('springstep:play:'));
          const state = JSON.parse(text);
          localStorage.setItem(key, JSON.stringify({...state, drill_began: state.drill_began - 15_000}));
        }"""
    )
    phone.open()
    start(phone)
    expect(phase).to_have_text(re.compile("right foot"), timeout=10_000)
    expect(live).to_have_text("Warm the feet: right foot")
    assert phone.look() == []


def test_today_is_made_short_and_each_drill_is_rated(house: tuple[Client, Served], phone: Watched) -> None:
    client, _ = house
    phone.open()
    card(phone).get_by_role("button", name="Change today").tap()
    phone.page.get_by_role("button", name="Short: 2 minutes").tap()
    expect(phone.page.get_by_text(re.compile("Two minutes on"))).to_be_visible()
    (work,) = client.today().work
    assert work.minutes <= 2
    phone.open()
    card(phone).get_by_role("button", name="Done").tap()
    expect(card(phone).get_by_role("button", name="Undo")).to_be_visible()
    card(phone).get_by_text("How did each drill go?").tap()
    card(phone).get_by_role("radio", name="too hard").first.tap()
    expect(card(phone).get_by_text(re.compile("Noted"))).to_be_visible()
    stored = session(client)
    assert stored is not None
    assert stored.drills == {work.drills[0].drill: "too-hard"}
    assert phone.look() == []
