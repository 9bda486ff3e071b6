"""Today and the diary on a phone: few taps, what is due in sight, and nothing typed that is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import requests
from playwright.sync_api import Browser, expect

from dashboard import addresses, app
from sync.wire.commands import Assess, LogScore, PlanRun
from tests.browser import PHONE, Watched, visit
from tests.fakes.owner import FakeOwner
from tests.stage import Stage, sent

pytestmark = pytest.mark.timeout(300)
NAV = ".st-key-nav"


def score(phone: Watched, points: int) -> None:
    phone.page.get_by_role("radio", name=str(points), exact=True).tap()


def bottom(phone: Watched, button: str) -> tuple[float, float]:
    """Where the button ends, and where the bar under the thumb begins."""
    found = phone.page.get_by_role("button", name=re.compile(button)).first.bounding_box()
    bar = phone.page.locator(NAV).bounding_box()
    assert found
    assert bar
    return found["y"] + found["height"], bar["y"]


def test_today_remembers_and_its_start_is_in_sight(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    assert bottom(phone, "^Start")[0] <= bottom(phone, "^Start")[1]
    score(phone, 2)
    (first,) = sent(owner, LogScore, phone.page)
    logged = phone.page.get_by_text(re.compile(r"Logged \d+:\d+: 2, big-toe joint"))
    expect(logged).to_be_visible()
    phone.page.reload()
    phone.settled()
    expect(logged).to_be_visible()
    assert phone.look() == []

    phone.page.get_by_role("button", name="Change", exact=True).tap()
    score(phone, 4)
    second = sent(owner, LogScore, phone.page, lambda found: len(found) == 2)[-1]
    assert (second.entry_id, second.score, second.at_utc) == (first.entry_id, 4, first.at_utc)

    phone.page.get_by_role("button", name="Add another").tap()
    score(phone, 1)
    third = sent(owner, LogScore, phone.page, lambda found: len(found) == 3)[-1]
    assert third.entry_id != first.entry_id


SHIFTS = """(() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
  }).observe({ type: 'layout-shift', buffered: true });
})()"""


def test_a_cold_today_hardly_moves_while_it_loads(stage: Stage, owner: FakeOwner, window: Browser) -> None:
    with visit(window, stage[1].url) as phone:
        phone.page.add_init_script(SHIFTS)
        phone.open()
        assert phone.page.evaluate("window.shifted") <= 0.1


def test_soreness_takes_two_taps_on_today(owner: FakeOwner, phone: Watched) -> None:
    phone.open()
    phone.page.get_by_role("button", name="Sore rather than stiff?").tap()
    expect(phone.page.get_by_text("How sore?")).to_be_visible()
    score(phone, 2)
    (entry,) = sent(owner, LogScore, phone.page)
    assert (entry.what, entry.score) == ("soreness", 2)
    # Said once: by the receipt, which may hold what to do now.
    expect(phone.page.locator(".st-key-card-strip .ss-receipt")).to_have_count(1)


def test_a_plan_is_taken_back_only_where_there_is_one(owner: FakeOwner, phone: Watched) -> None:
    phone.open("plan")
    phone.page.get_by_role("radiogroup", name="Which day?").get_by_role("radio").nth(5).tap()
    phone.settled()
    remove = phone.page.locator(".st-key-plan-clear button")
    expect(remove).to_have_count(0)
    phone.page.get_by_role("radio", name="Long", exact=True).tap()
    expect(remove).to_have_text("Remove")
    remove.tap()
    asked = sent(owner, PlanRun, phone.page, lambda found: len(found) == 2)
    assert [one.kind for one in asked] == ["long", None]
    expect(remove).to_have_count(0)


def test_work_for_another_day_cannot_be_done_today(phone: Watched) -> None:
    phone.open()
    card = phone.page.locator("[class*=st-key-card-work-before]")
    expect(card.get_by_text("You can start it then.")).to_be_visible()
    expect(card.get_by_role("button", name=re.compile("Start|Done|Partly"))).to_have_count(0)


def test_yesterday_is_logged_in_two_taps_and_an_entry_changed_in_two(owner: FakeOwner, phone: Watched) -> None:
    phone.open("diary")
    phone.page.get_by_role("radio", name="Yesterday").tap()
    score(phone, 5)
    (entry,) = sent(owner, LogScore, phone.page)
    ago = owner.athlete.now - entry.at_utc
    assert timedelta(hours=22) < ago < timedelta(hours=26)

    phone.page.locator(f"[class*='st-key-entry-{entry.entry_id}']").get_by_role("link", name="Change").tap()
    phone.settled()
    score(phone, 6)
    changed = sent(owner, LogScore, phone.page, lambda found: len(found) == 2)[-1]
    assert (changed.entry_id, changed.score) == (entry.entry_id, 6)
    expect(phone.page.get_by_text("Stiffness 6/10")).to_be_visible()

    phone.page.get_by_role("radio", name="Another day").or_(phone.page.get_by_role("radio").nth(2)).first.tap()
    expect(phone.page.locator(".ss-pick")).to_be_visible()
    phone.page.get_by_role("radio", name="Today").tap()
    moved = sent(owner, LogScore, phone.page, lambda found: len(found) == 3)[-1]
    assert (moved.entry_id, (moved.at_utc - entry.at_utc).days) == (entry.entry_id, 1)


PLACE_OF_SCORES = """() => {
  const of = (one) => document.querySelector(one)?.getBoundingClientRect().top;
  const top = () => Math.round(of("[class*=st-key-log-][class*=-score]") - of("[data-testid=stMainBlockContainer]"));
  window.tops = [];
  const look = () => { window.tops.push(top()); requestAnimationFrame(look); };
  look();
}"""


def test_slow_answers_move_nothing_under_the_thumb_and_store_once(owner: FakeOwner, phone: Watched) -> None:
    phone.open("diary")
    owner.delay_s = 0.6
    phone.page.evaluate(PLACE_OF_SCORES)
    phone.page.get_by_role("radio", name="Yesterday").tap()
    score(phone, 5)
    sent(owner, LogScore, phone.page)
    expect(phone.page.get_by_text("Stiffness 5/10")).to_be_visible()
    phone.page.get_by_role("radio", name="Heel", exact=True).tap()
    sent(owner, LogScore, phone.page, lambda found: len(found) == 2)
    expect(phone.page.get_by_text("Stiffness 5/10, heel")).to_be_visible()
    assert [(one.score, one.place) for one in sent(owner, LogScore, phone.page)] == [(5, "big-toe-joint"), (5, "heel")]
    assert len(set(phone.page.evaluate("window.tops"))) == 1


def test_a_quick_second_tap_plans_the_day_that_was_tapped_first(owner: FakeOwner, phone: Watched) -> None:
    """The daemon is slow: the page is still drawn anew for the day when the kind is tapped."""
    phone.open("plan")
    owner.delay_s = 1.0
    add = phone.page.locator(".st-key-card-add")
    add.get_by_role("radio").nth(3).tap()
    add.get_by_role("radio", name="Tempo", exact=True).tap()
    (planned,) = sent(owner, PlanRun, phone.page)
    assert (planned.day, planned.kind) == (owner.athlete.today + timedelta(days=3), "tempo")


def test_the_run_before_stays_on_the_page_when_something_is_tapped(owner: FakeOwner, phone: Watched) -> None:
    newest = max(owner.athlete.runs, key=lambda run: run.day)
    phone.open(f"run?id={newest.id}")
    title = phone.page.locator("h1").first
    of_newest = title.inner_text()
    phone.page.get_by_role("link", name="Earlier").tap()
    expect(title).not_to_have_text(of_newest)
    of_before = title.inner_text()
    expect(phone.page).not_to_have_url(re.compile(newest.id))
    phone.page.get_by_role("button", name="Change", exact=True).tap()
    expect(phone.page.get_by_role("radio", name="Tempo", exact=True).first).to_be_visible()
    expect(title).to_have_text(of_before)


def test_another_day_is_chosen_from_the_runners_own_week(owner: FakeOwner, phone: Watched) -> None:
    phone.open("diary")
    phone.page.get_by_role("radio", name="Another day").tap()
    assert phone.page.locator(".ss-pick th").first.inner_text() == "Mon"
    phone.page.locator(".ss-split button").first.tap()
    last_month = owner.athlete.today.replace(day=1) - timedelta(days=1)
    phone.page.locator(f".ss-pick [data-pick='{last_month.replace(day=10)}']").tap()
    expect(phone.page.locator(".ss-pick")).to_have_count(0)
    score(phone, 3)
    (entry,) = sent(owner, LogScore, phone.page)
    assert entry.at_utc.date() == last_month.replace(day=10)
    assert phone.look() == []


TAPPABLE = """() => [...document.querySelectorAll('.ss-feet .part')].map((one) => {
  one.scrollIntoView({ block: 'center' });
  const hit = one.querySelector('.hit').getBoundingClientRect();
  const there = document.elementFromPoint(hit.x + hit.width / 2, hit.y + hit.height / 2);
  return [one.dataset.pick, Math.min(hit.width, hit.height) >= 43.5, one.contains(there)];
})"""
PLACES = {
    "Sole": ["toes", "big-toe-joint", "ball", "plantar-fascia", "heel"],
    "Top": ["toes", "big-toe-joint", "ball", "other"],
    "Inner side": ["toes", "big-toe-joint", "plantar-fascia", "heel", "other"],
}


def test_every_place_of_the_foot_map_is_as_large_as_a_thumb(owner: FakeOwner, stage: Stage, window: Browser) -> None:
    with visit(window, stage[1].url, **{**PHONE, "viewport": {"width": 320, "height": 640}}) as phone:
        phone.open("diary?score=3")
        for view, places in PLACES.items():
            phone.page.get_by_role("radio", name=view, exact=True).tap()
            last = phone.page.locator(f"[data-pick='right:{places[-1]}']")
            expect(phone.page.locator(".ss-feet .part")).to_have_count(2 * len(places))
            found = phone.page.evaluate(TAPPABLE)
            assert found == [[f"{side}:{place}", True, True] for side in ("left", "right") for place in places]
            last.tap()
            expect(last).to_have_attribute("aria-pressed", "true")
        assert phone.look() == []
        phone.page.get_by_role("button", name="Save 3/10").tap()
        (entry,) = sent(owner, LogScore, phone.page)
        assert (entry.place, entry.side) == ("other", "right")


@pytest.mark.slow
def test_a_note_outlives_a_reload_and_a_restart(owner: FakeOwner, stage: Stage, phone: Watched) -> None:
    phone.open("diary")
    note = phone.page.get_by_label("Note (optional)")
    note.fill("stairs")
    phone.page.reload()
    phone.settled()
    expect(note).to_have_value("stairs")
    phone.expect_breaks = True
    stage[1].stop()
    expect(phone.page.get_by_text("No connection to springstep.")).to_be_visible()
    expect(phone.page.get_by_text("is not responding")).to_have_count(0)
    note.fill("stairs, barefoot")
    phone.page.wait_for_timeout(3500)
    expect(phone.page.locator("[data-testid=stDialog]")).to_have_count(0)
    stage[1].start()
    expect(phone.page.get_by_text("No connection to springstep.")).to_be_hidden()
    phone.settled()
    phone.expect_breaks = False
    expect(note).to_have_value("stairs, barefoot")
    score(phone, 3)
    entries = sent(owner, LogScore, phone.page, lambda found: any(one.note for one in found))
    assert {(one.entry_id, one.score, one.note) for one in entries[-1:]} == {
        (entries[0].entry_id, 3, "stairs, barefoot")
    }
    phone.page.wait_for_function("!Object.keys(localStorage).some(key => key.startsWith('springstep:note:'))")


def test_the_self_check_asks_one_question_a_screen_and_outlives_a_reload(owner: FakeOwner, phone: Watched) -> None:
    phone.open("self-check")
    page = phone.page
    expect(page.get_by_text(re.compile(r"11 questions, about [6-9] minutes"))).to_be_visible()
    for _ in range(3):
        page.get_by_role("button", name="Skip").tap()
    expect(page.locator(".ss-check-picture svg")).to_be_visible()
    page.get_by_role("group", name="Left").get_by_role("button", name="6", exact=True).tap()
    page.get_by_role("group", name="Right").get_by_role("button", name="8", exact=True).tap()
    assert phone.look() == []
    page.reload()
    phone.settled()
    expect(page.get_by_text("Question 4 of 11")).to_be_visible()
    page.get_by_role("button", name="Next").tap()
    for _ in range(6):
        page.get_by_role("button", name="Skip").tap()
    page.get_by_role("button", name="Save the self-check").tap()
    (check,) = sent(owner, Assess, phone.page)
    assert (check.left, check.right, check.screen) == ({"range_0_10": 6}, {"range_0_10": 8}, {})
    page.wait_for_function("!Object.keys(localStorage).some(key => key.startsWith('springstep:check:'))")


def test_an_old_link_to_the_self_check_leads_there(phone: Watched) -> None:
    phone.open("log?check=1")
    expect(phone.page.get_by_text("Question 1 of 11")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_diary_and_the_self_check_fit(width: int, stage: Stage, window: Browser) -> None:
    how = {**PHONE, "viewport": {"width": width, "height": 844}}
    with visit(window, stage[1].url, **how) as phone:
        for path in ("diary", "self-check"):
            phone.open(path)
            assert phone.look() == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("nonsense", (303, "./")),
        ("nonsense/deeper", (303, "../")),
        ("Runs2", (303, "./")),
        ("nothing.js", (404, None)),
        ("static/js/nothing.js", (404, None)),
        ("api/nothing", (404, None)),
        ("_stcore/nothing", (404, None)),
        ("media/nothing", (404, None)),
        ("diary", (200, None)),
        ("favicon.png", (200, None)),
    ],
)
def test_what_is_no_page_leads_to_today_and_a_file_is_missing(
    path: str, expected: tuple[int, str | None], stage: Stage
) -> None:
    for accept in ("text/html", "*/*"):
        answer = requests.get(f"{stage[1].url}/{path}", headers={"accept": accept}, allow_redirects=False, timeout=10)
        assert (answer.status_code, answer.headers.get("location")) == expected


def test_every_page_has_its_address() -> None:
    assert tuple(app.PAGES) == addresses.NAMES
