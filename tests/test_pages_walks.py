"""Longer walks on the pages, over real daemons too: each page over weeks and over ten years of runs, and what lasts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bench import pages as bench_pages
from sync.service.client import Client
from sync.wire.commands import (
    ClearFlag,
    CorrectRun,
    LogSession,
    PlanRun,
    RaiseFlag,
)
from tests.browser import QUIET, Served, Watched, axe_findings, chromium, served, visit
from tests.datasets import SETS, now_utc, owned
from tests.fakes.owner import FakeOwner
from tests.stage import PAGES, Stage, sent

# Room for the demo to be played once; a page by itself takes seconds.
pytestmark = [pytest.mark.pages, pytest.mark.timeout(600)]

MARKS = dict(bench_pages.PAGES.values())
"""What the benchmark waits for on a page: it would wait in vain for what is there no longer."""


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Served]]:
    """One daemon and one Streamlit for each set of data, started when first asked for."""
    with ExitStack() as stack:

        @cache
        def named(name: str) -> Served:
            home = stack.enter_context(owned(name, tmp_path_factory.mktemp(name)))
            return stack.enter_context(served(home.root))

        yield named


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("path", PAGES)
def test_page_stands(name: str, path: str, sets: Callable[[str], Served], window: Browser) -> None:
    if name == "empty" and path.startswith("run?"):
        path = "run"
    with visit(window, sets(name).url) as phone:
        phone.open(path)
        if name == "demo" and path in MARKS:
            expect(phone.page.locator(MARKS[path]).first).to_be_visible()
        assert phone.look() == []
        assert axe_findings(phone.page) == []


def test_player_survives_a_frozen_page_a_reload_and_a_restart(owner: FakeOwner, stage: Stage, phone: Watched) -> None:
    """Where it stands is reckoned: 5 s to change, 70 s of curls, 5 s to change, then 300 s of lifts."""
    phone.page.clock.install()
    phone.open()
    phone.page.locator("[class*=st-key-card-work-after]").get_by_role("button", name="Start").tap()
    name = phone.page.locator(".player h3")
    expect(name).to_have_text("Toe curls")

    phone.page.clock.fast_forward(90_000)  # a frozen page fires no timers, then each once
    expect(name).to_have_text("Arch lift")
    assert abs(shown_s(phone) - reckoned_s(phone)) <= 2

    phone.page.reload()
    phone.settled()
    expect(name).to_have_text("Arch lift")
    assert abs(shown_s(phone) - reckoned_s(phone)) <= 2

    phone.expect_breaks = True
    stage[1].stop()
    stage[1].start()
    phone.page.reload()
    phone.settled()
    phone.expect_breaks = False
    expect(name).to_have_text("Arch lift")
    assert abs(shown_s(phone) - reckoned_s(phone)) <= 2

    for _ in range(3):
        phone.page.get_by_role("button", name="Next", exact=True).tap()
    expect(name).to_have_text("That's everything")
    phone.page.locator(".player").get_by_role("button", name="Done").tap()
    (done,) = sent(owner, LogSession, phone.page)
    assert (done.state, done.minutes) == ("done", 6)
    expect(phone.page.get_by_text("Session done.")).to_be_visible()
    phone.page.reload()
    phone.settled()
    phone.page.wait_for_timeout(500)
    assert len(sent(owner, LogSession, phone.page)) == 1


def shown_s(phone: Watched) -> int:
    minutes, _, rest = phone.page.locator(".clock").inner_text().partition(":")
    return 60 * int(minutes) + int(rest)


def reckoned_s(phone: Watched) -> float:
    """What must be left of the second drill, from the instant that the first one began."""
    passed_ms = phone.page.evaluate(
        """() => Date.now() - JSON.parse(localStorage.getItem(
          Object.keys(localStorage).find(key => key.startsWith('springstep:play:')))).drill_began"""
    )
    return 5 + 70 + 5 + 300 - float(passed_ms) / 1000


def test_a_red_flag_stops_the_drills_until_it_is_seen(owner: FakeOwner, phone: Watched) -> None:
    phone.open("diary")
    phone.unfold("Something else is wrong")
    phone.page.get_by_role("button", name="Pain when hopping").tap()
    (flag,) = sent(owner, RaiseFlag, phone.page)
    assert flag.flag == "hop-pain"
    phone.open()
    expect(phone.page.get_by_text("Drills paused")).to_be_visible()
    expect(phone.page.locator("[class*=st-key-card-work-after]")).to_have_count(0)
    assert phone.look() == []
    phone.page.get_by_role("button", name="Has someone checked it, or has it gone?").tap()
    phone.page.get_by_role("button", name="It is completely gone").tap()
    (cleared,) = sent(owner, ClearFlag, phone.page)
    assert (cleared.flag_id, cleared.because) == (flag.flag_id, "gone")


@pytest.mark.parametrize("asked", [False, True])
def test_a_label_is_corrected_in_two_taps(asked: bool, owner: FakeOwner, phone: Watched) -> None:
    """Change, then what it was. Another kind than it says: a second tap on the same takes a choice away."""
    run = next(run for run in owner.athlete.runs if run.asked == asked and run.primary != "tempo")
    phone.open(f"run?id={run.id}")
    expect(phone.page.get_by_role("radio")).to_have_count(0)
    phone.page.get_by_role("button", name="Change", exact=True).tap()
    phone.page.get_by_role("radio", name="Tempo", exact=True).tap()
    (said,) = sent(owner, CorrectRun, phone.page)
    assert (said.run_id, said.kind, said.intensity) == (run.id, "tempo", None)
    expect(phone.page.get_by_role("button", name="Undo")).to_be_visible()


def test_the_question_and_its_answers_stand_in_one_line(owner: FakeOwner, phone: Watched) -> None:
    runs = owner.athlete.runs
    number, run = next((n, run) for n, run in enumerate(runs) if run.primary == "tempo" and not run.corrected)
    runs[number] = run.model_copy(update={"kind_says": "Intervals"})
    phone.open(f"run?id={run.id}")
    expect(phone.page.get_by_role("button", name="Change", exact=True)).to_be_visible()
    boxes = [box for one in phone.page.locator(".st-key-correct-row > *").all() if (box := one.bounding_box())]
    middles = [box["y"] + box["height"] / 2 for box in boxes]
    assert len(middles) == 3
    assert max(middles) - min(middles) <= 2


def test_tomorrow_is_planned_in_three_taps_from_today(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    phone.page.locator(".st-key-nav").get_by_role("button", name="More").tap()
    phone.page.get_by_test_id("stPopoverBody").get_by_role("link", name="Plan").tap()
    phone.page.locator(".st-key-card-add").get_by_role("radio", name="Easy", exact=True).tap()
    (planned,) = sent(owner, PlanRun, phone.page)
    assert (planned.day, planned.kind) == (owner.athlete.today + timedelta(days=1), "easy")


def test_a_planned_tempo_is_added(owner: FakeOwner, phone: Watched) -> None:
    phone.open("plan")
    day = owner.athlete.today + timedelta(days=3)
    phone.page.locator(".st-key-card-add").get_by_role("radio").nth(3).tap()
    phone.page.locator(".st-key-card-add").get_by_role("radio", name="Tempo", exact=True).tap()
    (planned,) = sent(owner, PlanRun, phone.page)
    assert (planned.day, planned.kind) == (day, "tempo")


def test_filters_stand_in_the_address(owner: FakeOwner, phone: Watched) -> None:
    phone.open("runs")
    phone.page.get_by_role("radio", name="Tempo", exact=True).tap()
    expect(phone.page.get_by_text("16 runs").or_(phone.page.get_by_text("17 runs"))).to_be_visible()
    expect(phone.page).to_have_url(re.compile("kind=tempo"))
    phone.page.reload()
    phone.settled()
    expect(phone.page.get_by_role("radio", name="Tempo", exact=True)).to_be_checked()


def test_new_runs_appear_without_a_reload(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    newest = owner.athlete.runs[0]
    owner.athlete.runs.insert(0, newest.model_copy(update={"id": "new", "title": "Just now"}))
    expect(phone.page.get_by_role("heading", name="Just now")).to_be_visible(timeout=60_000)


def test_the_real_daemon_takes_what_is_tapped(sets: Callable[[str], Served], window: Browser) -> None:
    """The same taps as above, through to the store: a score, a day's plan, a corrected run, each once.

    A busy machine may let the page give up waiting; then it says so, and the daemon takes the outbox within a minute.
    """
    page = sets("demo")
    client = Client(page.home, now=now_utc)
    run = client.runs(limit=1).runs[0]
    other = "tempo" if run.primary == "hills" else "hills"
    today = client.today().day
    before = len(client.diary(today, today).entries)
    kept = re.compile("Saved|Waiting")
    with visit(window, page.url) as phone:
        phone.open()
        phone.page.get_by_role("radio", name="7", exact=True).tap()
        expect(phone.page.get_by_text(re.compile(r"Logged \d+:\d+: 7")).first).to_be_visible(timeout=60_000)
        phone.open("plan")
        phone.page.locator(".st-key-card-add").get_by_role("radio").nth(3).tap()
        phone.page.locator(".st-key-card-add").get_by_role("radio", name="Tempo", exact=True).tap()
        expect(phone.page.locator(".ss-receipt").filter(has_text=kept).first).to_be_visible(timeout=60_000)
        phone.open(f"run?id={run.id}")
        phone.page.get_by_role("button", name="Change", exact=True).tap()
        phone.page.get_by_role("radio", name=other.capitalize(), exact=True).first.tap()
        expect(phone.page.locator(".ss-receipt").filter(has_text=kept).first).to_be_visible(timeout=60_000)
        for _ in range(180):
            if not list((page.home / "outbox").glob("*.json")) and client.run(run.id).run.corrected:
                break
            phone.page.wait_for_timeout(500)
        assert phone.wrongs == []
    entries = client.diary(today, today).entries
    assert (len(entries), entries[0].score) == (before + 1, 7)
    planned = [one for one in client.plan().planned if one.day == today + timedelta(days=3)]
    assert [(one.kind, one.source) for one in planned] == [("tempo", "runner")]
    corrected = client.run(run.id).run
    assert (corrected.primary, corrected.corrected) == (other, True)


def test_the_print_view_fits_two_sheets(sets: Callable[[str], Served], window: Browser) -> None:
    with visit(window, sets("demo").url, viewport={"width": 1280, "height": 800}) as desk:
        desk.open("print")
        margin = dict.fromkeys(("top", "bottom", "left", "right"), "12mm")
        sheets = re.findall(rb"/Type\s*/Page[^s]", desk.page.pdf(format="A4", margin=margin))
        assert 1 <= len(sheets) <= 2


def test_it_can_be_installed(stage: Stage, window: Browser, tmp_path: Path) -> None:
    """In a profile of its own: the browser installs nothing from a private window, which other tests use."""
    context = window.browser_type.launch_persistent_context(tmp_path, executable_path=chromium(), args=list(QUIET))
    page = context.new_page()
    page.goto(stage[1].url)
    page.locator(".st-key-nav").wait_for()
    session = context.new_cdp_session(page)
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    manifest = session.send("Page.getAppManifest")
    context.close()
    assert ([error["errorId"] for error in errors], manifest["errors"]) == ([], [])
    assert manifest["url"].endswith("/manifest.webmanifest")
