"""The small pages /log and /done before the real daemon: without a script, with one, and while nothing answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from dashboard.asgi import dressed
from sync.service.client import Client
from tests.browser import PHONE, Served, served
from tests.datasets import now_utc, owned

pytestmark = pytest.mark.timeout(300)
JSON = {"accept": "application/json"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Served]]:
    with owned("empty", tmp_path_factory.mktemp("small")) as home, served(home.root) as page:
        yield Client(home, now=now_utc), page


@pytest.fixture
def phone(place: tuple[Client, Served], window: Browser) -> Iterator[Page]:
    context = window.new_context(**PHONE)
    yield context.new_page()
    context.close()


def fields(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html))


def scores(client: Client) -> list[tuple[str, int, str | None]]:
    day = client.today().day
    return [(one.what, one.score, one.place) for one in client.diary(day, day).entries]


def post(page: Served, path: str, data: dict[str, str], **headers: str) -> requests.Response:
    sent = {"origin": page.url, "accept": "text/html", **headers}
    return requests.post(f"{page.url}/{path}", data=data, headers=sent, allow_redirects=False, timeout=10)


def get(page: Served, path: str) -> requests.Response:
    return requests.get(f"{page.url}/{path}", headers={"accept": "text/html"}, timeout=10)


def test_two_taps_without_a_script_and_nothing_before_the_first(place: tuple[Client, Served]) -> None:
    client, page = place
    before = scores(client)
    first = get(page, "log?score=4&where=ball")
    assert (first.status_code, "4/10" in first.text, first.headers["cache-control"]) == (200, True, "no-store")
    assert scores(client) == before
    shown = get(page, "log")
    assert "primer" not in shown.text
    told = fields(shown.text)
    answer = post(page, "log", {**told, "score": "2"})
    assert answer.status_code == 303
    after = get(page, answer.headers["location"].removeprefix("./"))
    assert "2" in after.text
    again = fields(after.text)
    assert again["entry"] == told["entry"]
    assert post(page, "log", {**again, "where": "ball"}).status_code == 303
    assert scores(client) == [("stiffness", 2, "ball"), *before]


def test_the_same_form_twice_is_one_entry_and_with_other_values_it_is_refused(place: tuple[Client, Served]) -> None:
    client, page = place
    told = fields(get(page, "log?what=soreness").text)
    before = scores(client)
    for _ in range(2):
        assert post(page, "log", {**told, "score": "1"}, **JSON).json()["stored"] is True
    assert scores(client) == [("soreness", 1, told.get("where")), *before]
    refused = post(page, "log", {**told, "score": "9"}, **JSON)
    assert (refused.status_code, bool(refused.json()["says"])) == (409, True)
    assert scores(client) == [("soreness", 1, told.get("where")), *before]


@pytest.mark.parametrize(
    ("change", "status"),
    [({"score": "11"}, 422), ({"score": "x"}, 422), ({"entry": "1"}, 422), ({"runner": "somebody"}, 409)],
    ids=str,
)
def test_what_is_not_an_entry_of_this_runner_is_refused(
    place: tuple[Client, Served], change: dict[str, str], status: int
) -> None:
    client, page = place
    before = scores(client)
    answer = post(page, "log", {**fields(get(page, "log").text), "score": "3", **change}, **JSON)
    assert (answer.status_code, scores(client)) == (status, before)


def test_a_foreign_page_posts_nothing(place: tuple[Client, Served]) -> None:
    client, page = place
    told = {**fields(get(page, "log").text), "score": "3"}
    before = scores(client)
    assert post(page, "log", told, origin="http://evil.example").status_code == 403
    assert requests.post(f"{page.url}/log", data=told, timeout=10).status_code == 403
    assert scores(client) == before


def test_old_links_lead_to_the_diary(place: tuple[Client, Served]) -> None:
    answer = requests.get(f"{place[1].url}/log?entry={uuid4()}", allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["location"].startswith("./diary?entry=")) == (307, True)


def test_a_first_visit_is_small_and_asks_nobody_else(place: tuple[Client, Served], phone: Page) -> None:
    sizes: list[int] = []
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.on("response", lambda response: sizes.append(len(response.body())))
    phone.goto(f"{place[1].url}/log")
    phone.wait_for_load_state("networkidle")
    assert all(url.startswith(place[1].url) for url in asked)
    icons = sum(1 for url in asked if "icon" in url)
    assert sum(sizes) < 15_000, (sizes, asked)
    assert icons <= 1
    wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    low = phone.evaluate(
        "[...document.querySelectorAll('a,button')].filter((e) => e.getBoundingClientRect().height < 43.5).length"
    )
    assert (wide, low) == (0, 0)


def test_over_plain_http_it_says_once_what_needs_https(place: tuple[Client, Served], phone: Page) -> None:
    says = phone.get_by_text("reach it over HTTPS")
    phone.goto(f"{place[1].url}/log")
    expect(says).to_be_visible()
    phone.goto(f"{place[1].url}/done")
    expect(says).to_be_hidden()
    assert phone.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_what_is_tapped_offline_waits_and_is_stored_with_its_moment(place: tuple[Client, Served], phone: Page) -> None:
    client, page = place
    before = scores(client)
    phone.goto(f"{page.url}/log")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="7", exact=True).tap()
    expect(phone.locator("#notice")).to_contain_text("Not saved yet")
    assert scores(client) == before
    phone.context.set_offline(False)
    phone.wait_for_url(re.compile("logged="))
    assert scores(client)[0][:2] == ("stiffness", 7)
    assert phone.evaluate("localStorage.getItem('springstep:waits')") == "[]"


def test_day_and_kind_are_chosen_while_the_server_is_away(place: tuple[Client, Served], phone: Page) -> None:
    """The chips are links: followed, they would leave the page for the browser's own error."""
    client, page = place
    phone.goto(f"{page.url}/log")
    phone.context.set_offline(True)
    phone.get_by_role("link", name="Yesterday").tap()
    phone.get_by_role("link", name="Soreness").tap()
    expect(phone.get_by_role("heading")).to_have_text("How sore?")
    expect(phone.get_by_text("10 worst possible")).to_be_visible()
    phone.get_by_role("button", name="6", exact=True).tap()
    expect(phone.locator("#notice")).to_contain_text("Soreness 6")
    phone.context.set_offline(False)
    phone.wait_for_url(re.compile("logged="))
    day = client.today().day - timedelta(days=1)
    assert [(one.what, one.score) for one in client.diary(day, day).entries] == [("soreness", 6)]


def test_the_large_page_comes_packed_and_says_its_language(place: tuple[Client, Served]) -> None:
    plain = requests.get(place[1].url, headers={"accept": "text/html", "accept-encoding": "identity"}, timeout=10)
    packed = get(place[1], "")
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", plain.content)
    assert int(packed.headers["content-length"]) < len(plain.content) / 3
    assert b'<html lang="en">' in plain.content
    assert b'<html lang="de">' in dressed(b'<html lang="en">', "/", "de")


def test_entries_of_another_runner_are_kept_and_named(place: tuple[Client, Served], phone: Page) -> None:
    client, page = place
    phone.goto(f"{page.url}/log")
    waits = {
        "key": "k",
        "to": "./log",
        "runner": "ann",
        "name": "Ann",
        "fields": {"runner": "ann", "score": "3"},
        "shown": "3",
    }
    phone.evaluate("(one) => localStorage.setItem('springstep:waits', JSON.stringify([one]))", waits)
    before = scores(client)
    phone.reload()
    expect(phone.locator("#others")).to_contain_text("Ann")
    phone.get_by_role("button", name="5", exact=True).tap()
    phone.wait_for_url(re.compile("logged="))
    assert [one[:2] for one in scores(client)] == [("stiffness", 5), *(one[:2] for one in before)]
    assert len(phone.evaluate("JSON.parse(localStorage.getItem('springstep:waits'))")) == 1


def test_foot_work_is_answered_in_one_tap_and_only_once(place: tuple[Client, Served]) -> None:
    client, page = place
    shown = get(page, "done")
    work = fields(shown.text)
    if "work" not in work:
        pytest.skip("nothing is due on this weekday")
    assert post(page, "done", {**work, "state": "done"}).status_code == 303
    assert "Done" in get(page, "done").text
    other = post(
        page, "done", {**work, "entry": str(uuid4()), "command": str(uuid4()), "state": "skipped:pain"}, **JSON
    )
    assert other.status_code == 409
    sessions = [one for one in client.today().work if one.session is not None]
    assert [one.session.state for one in sessions if one.session is not None] == ["done"] * len(sessions)
