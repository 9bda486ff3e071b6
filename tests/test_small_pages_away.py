"""The small pages opened while the server is away: over HTTPS from the browser's cache, which knows no person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from sync.settings import passwords
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.wire.commands import LogScore, LogSession
from tests.browser import PHONE, Served, Watched, browser, served, visit
from tests.certificates import certificate
from tests.fakes.owner import FakeOwner, serve
from tests.two_runners import hand_in, sent

pytestmark = [
    pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning"),
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]
CONFIG = (
    '[athlete]\nid = "ann"\nname = "Ann Runner"\n\n[[athletes]]\nid = "ben"\nname = "Ben"\n\n'
    "[dashboard]\npasswords = true\n"
)
ACTIVE = """async () => {
  for (const one of ['log', 'done']) {
    while (!(await navigator.serviceWorker.getRegistration(`./${one}`))?.active) {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}"""
WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
OWN = "Object.keys(localStorage).filter((one) => one.startsWith('springstep:'))"
KEPT = "caches.keys().then((all) => all.map((one) => one.replace(/-[0-9a-f]+$/, '')).sort())"
TEXTS = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push(request.url, await (await cache.match(request)).text());
  }
  return texts.join();
}"""
House = tuple[FakeOwner, Served]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    root = tmp_path_factory.mktemp("house")
    certificate(root, "springstep")
    keys = f'certificate = "{root}/page.pem"\nkey = "{root}/page.key"\n'
    with serve(root, config=CONFIG + keys) as owner, served(root, scheme="https") as page:
        for athlete in ("ann", "ben"):
            passwords.put(CredentialStore(DataDir(root).secrets), athlete, "wiggle the toes")
        yield owner, page


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser("--ignore-certificate-errors") as one:
        yield one


@pytest.fixture
def phone(house: House, window: Browser) -> Iterator[Watched]:
    house[0].fresh()
    with visit(window, house[1].url, **PHONE, ignore_https_errors=True) as watched:
        watched.expect_breaks = True
        watched.page.goto(f"{watched.url}/sign-in?next=/log")
        hand_in(watched.page, "ann")
        watched.page.locator("main[data-runner]").wait_for()
        yield watched


def both_kept(page: Page) -> None:
    page.evaluate(ACTIVE)
    assert page.evaluate(KEPT) == ["springstep-small-done", "springstep-small-log"]


def test_they_open_while_the_server_is_away_and_what_is_tapped_is_sent_later(house: House, phone: Watched) -> None:
    (owner, served_page), page = house, phone.page
    both_kept(page)
    page.goto(f"{phone.url}/done")
    expect(page.get_by_role("button", name="Done", exact=True).first).to_be_visible()
    texts = page.evaluate(TEXTS)
    work = page.locator("#work h2").first.inner_text()
    assert [one for one in ('"ann"', "Ann Runner", work) if one in texts] == []
    served_page.stop()
    try:
        for path, way in (("log?what=soreness&day=yesterday", "4"), ("done", "Done")):
            page.goto(f"{phone.url}/{path}")
            expect(page.locator("#away")).to_contain_text("springstep can't be reached")
            assert page.evaluate("document.querySelector('main').dataset.runner") == "ann"
            page.get_by_role("button", name=way, exact=True).first.tap()
            expect(page.locator("#notice")).to_contain_text("to be saved" if path == "done" else "Not saved yet")
    finally:
        served_page.start()
    page.goto(f"{phone.url}/log")
    expect(page.locator("#away")).to_have_count(0)
    (score,) = sent(owner, LogScore, page)
    (session,) = sent(owner, LogSession, page)
    assert (score.athlete, score.what, score.score) == ("ann", "soreness", 4)
    assert (session.athlete, session.state) == ("ann", "done")
    assert 23 < (owner.athlete.now - score.at_utc).total_seconds() / 3600 < 25


def test_signing_out_clears_what_was_kept_but_not_what_waits(house: House, phone: Watched) -> None:
    page = phone.page
    both_kept(page)
    page.evaluate("localStorage.setItem('springstep:waits', '[]')")
    phone.open()
    phone.from_more(page.get_by_role("button", name="Sign out (Ann Runner)"))
    page.get_by_label("Password").wait_for()
    end: Any = None
    for _ in range(100):
        end = (
            page.evaluate(KEPT),
            page.evaluate(WORKERS),
        )
        if end == ([], 0):
            break
        page.wait_for_timeout(50)
    assert end == ([], 0)
    assert page.evaluate(OWN) == ["springstep:waits"]


def test_a_first_visit_over_https_stays_small(house: House, phone: Watched) -> None:
    """All that a browser asks for once: the page, and what its two workers keep."""
    cookies = {one["name"]: one["value"] for one in phone.page.context.cookies()}
    paths = ("log", "small.js", "icon.svg", "small-worker.js", "small-away.js", "log?shell=1", "done?shell=1")
    sizes = {}
    for path in paths:
        answer = requests.get(f"{phone.url}/{path}", cookies=cookies, verify=False, stream=True, timeout=10)
        sizes[path] = len(answer.raw.read(decode_content=False)) + len(str(answer.headers))
        mark = answer.headers.get("etag")
        if path.endswith(".js"):
            again = requests.get(answer.url, cookies=cookies, verify=False, headers={"if-none-match": mark}, timeout=10)
            assert again.status_code == 304
    assert sum(sizes.values()) < 15_000, sizes
