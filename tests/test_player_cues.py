"""The player by itself in Chromium, its clock turned by hand: what is heard, felt and spoken, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.drawings import files as drawings
from dashboard.parts import player

PARTS = Path(player.__file__).parent
PLAYER = (PARTS / "player_cues.js").read_text() + (PARTS / "player.js").read_text()
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORDS = tuple(player.WORDS)
CURL = {"name": "Curls", "dose": "2 × 4", "seconds": 34, "sets": 2, "reps": 4, "per_side": False, "rest_s": 5}
STRETCH = {
    "name": "Stretch",
    "dose": "20 s a foot",
    "seconds": 40,
    "sets": 1,
    "reps": None,
    "per_side": True,
    "rest_s": 0,
}
RECORD = """
  window.told = [];
  const note = (what) => told.push([Math.round((Date.now() - window.began) / 1000), what]);
  window.AudioContext = class {
    state = "running"; currentTime = 0; destination = {};
    resume() { return Promise.resolve(); }
    createGain() { return { gain: { setValueAtTime() {}, linearRampToValueAtTime() {} }, connect: (x) => x }; }
    createOscillator() {
      const f = {};
      return { frequency: f, connect: (x) => x, start() { note(`tone ${f.value}`); }, stop() {} };
    }
  };
  navigator.vibrate = (how) => { note(`buzz ${[how].flat().join(" ")}`); return true; };
  window.voices = [{ lang: "en-US", localService: false, name: "far" },
    { lang: "en-GB", localService: true, name: "near" }];
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => window.voices, speak: (said) => note(`${said.voice.name}: ${said.text}`), cancel() {},
    addEventListener() {}, removeEventListener() {},
  } });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture
def page(window: Browser) -> Iterator[Page]:
    context = window.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.clock.install(time=NOON)
    page.route(
        "http://player.test/",
        lambda route: route.fulfill(body="<!doctype html><div id=player-root></div>", content_type="text/html"),
    )
    page.route("http://player.test/player.js", lambda route: route.fulfill(body=PLAYER, content_type="text/javascript"))
    page.add_init_script(RECORD)
    page.goto("http://player.test/")
    page.clock.pause_at(NOON + timedelta(minutes=1))
    yield page
    context.close()


def drill(told: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "how": "",
        "cue": f"Cue of {told['name']}",
        "breath": "",
        "stop": "",
        "drawing": drawings.moving(name),
        **told,
    }


def play(page: Page, **more: Any) -> None:
    words = {word: word for word in WORDS} | {"rep": "{n} of {of}", "set": "set {n} of {of}"}
    data = {
        "prescription_id": "p", "heard": [], "title": "Finisher", "minutes": 1.5, "language": "en", "words": words,
        "drills": [drill(CURL, "toe-curl"), drill(STRETCH, "calf-stretch")], **more,
    }  # fmt: skip
    page.evaluate(
        """async (data) => {
          const { default: show } = await import("/player.js");
          window.began = Date.now();
          window.reports = [];
          const setTriggerValue = (name, value) => window.reports.push([name, value]);
          show({ parentElement: document.body, data, setTriggerValue });
        }""",
        data,
    )


def told(page: Page, what: str) -> list[tuple[int, str]]:
    return [(second, text) for second, text in page.evaluate("window.told") if text.startswith(what)]


def test_parts_of_a_drill(page: Page) -> None:
    found = page.evaluate(
        """async (drills) => {
          const { parts_of } = await import("/player.js");
          return drills.map((one) => parts_of(one).map((p) => [p.at_s, p.long_s, p.set, p.side, p.rep_s, p.rest]));
        }""",
        [CURL, STRETCH, {**CURL, "sets": 1, "seconds": 16, "rest_s": None}],
    )
    assert found == [
        [[0, 12, 1, None, 3, False], [12, 5, 1, None, 0, True], [17, 12, 2, None, 3, False], [29, 5, 2, None, 0, True]],
        [[0, 20, 1, "left", 0, False], [20, 20, 1, "right", 0, False]],
        [[0, 16, 1, None, 4, False]],
    ]


def test_a_whole_session_is_heard_and_felt_at_its_moments_and_says_nothing_unasked(page: Page) -> None:
    play(page)
    page.clock.run_for(85_000)
    high = [second for second, _ in told(page, "tone 660")]
    assert [second for second, _ in told(page, "tone 880")] == [5, 39, 44, 84]  # begins, ends, begins, ends
    assert high[:3] == [2, 3, 4]
    assert [second for second, _ in told(page, "buzz 120 80 120")] == [64]  # the other foot
    assert told(page, "near") == []
    page.get_by_text("done", exact=True).click()
    assert page.evaluate("window.reports.map(([name, value]) => [name, value.state, value.minutes])") == [
        ["finished", "done", 1.5]
    ]


def test_a_session_to_its_end_through_a_freeze_and_a_reload(page: Page) -> None:
    """Eight seconds, twenty frozen ones, seven more, a reload, and on to the end: heard, felt and spoken."""
    play(page)
    page.get_by_role("button", name="voice").click()
    page.clock.run_for(8_000)
    page.clock.fast_forward(20_000)
    page.clock.run_for(7_000)
    first = page.evaluate("window.told")
    page.reload()
    play(page)
    page.clock.run_for(50_000)
    whole = [*first, *([35 + second, what] for second, what in page.evaluate("window.told"))]
    assert [(second, what) for second, what in whole if what.startswith("near")] == [
        (5, "near: Cue of Curls"), (34, "near: rest"), (39, "near: Stretch. 20 s a foot"),
        (44, "near: left_foot Cue of Stretch"), (64, "near: right_foot"), (84, "near: over"),
    ]  # fmt: skip
    assert [(second, what) for second, what in whole if what.startswith("buzz") and what != "buzz 30"] == [
        (5, "buzz 120"), (34, "buzz 60"), (39, "buzz 300"), (44, "buzz 120"), (64, "buzz 120 80 120"), (84, "buzz 300"),
    ]  # fmt: skip
    assert sorted({second for second, what in whole if what.startswith("tone")}) == [
        2, 3, 4, 5, 34, 39, 41, 42, 43, 44, 64, 84,
    ]  # fmt: skip
    page.get_by_text("done", exact=True).click()
    assert page.evaluate("window.reports.map(([name, value]) => [name, value.state])") == [["finished", "done"]]


def test_what_a_browser_cannot_do_is_said(page: Page) -> None:
    """Over plain HTTP no page may keep a screen awake, and an iPhone's switch silences every page."""
    play(page)
    assert page.evaluate("isSecureContext") is False
    expect(page.locator(".senses-note")).to_have_text("stay_on")
    page.evaluate("Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (iPhone)' })")
    page.get_by_role("button", name="voice").click()
    expect(page.locator(".senses-note")).to_have_text("silent_switch stay_on")


def test_a_voice_of_the_phone_speaks_once_it_is_switched_on(page: Page) -> None:
    play(page)
    page.get_by_role("button", name="voice").click()
    page.clock.run_for(75_000)
    assert told(page, "near") == [
        (5, "near: Cue of Curls"), (17, "near: rest"), (34, "near: rest"), (39, "near: Stretch. 20 s a foot"),
        (44, "near: left_foot Cue of Stretch"), (64, "near: right_foot"),
    ]  # fmt: skip
    assert told(page, "far") == []


def test_a_remote_voice_is_never_used(page: Page) -> None:
    page.evaluate("window.voices.pop()")
    play(page)
    expect(page.locator(".senses-note")).to_contain_text("no_voice")
    expect(page.get_by_role("button", name="voice")).to_have_count(0)
    page.evaluate("localStorage.setItem('springstep:cues', JSON.stringify({ voice: true }))")
    page.reload()
    page.evaluate("window.voices.pop()")
    play(page)
    page.clock.run_for(40_000)
    assert [text for _, text in page.evaluate("window.told") if ":" in text] == []


def test_what_was_slept_through_is_not_caught_up_and_the_clock_is_right(page: Page) -> None:
    play(page)
    page.clock.run_for(8_000)
    before = len(page.evaluate("window.told"))
    page.clock.fast_forward(20_000)  # frozen: no timer ran
    page.clock.run_for(600)
    assert len(page.evaluate("window.told")) == before
    assert page.locator(".clock").inner_text() == "0:11"
    assert page.locator(".phase").inner_text() == "set 2 of 2 · 3 of 4"
    page.reload()
    play(page)
    assert page.locator(".clock").inner_text() in ("0:10", "0:11")


def test_the_foot_is_named_and_the_picture_turned(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    play(page, drills=[drill(STRETCH, "calf-stretch")])
    page.clock.run_for(6_000)
    picture = page.locator(".picture")
    assert (page.locator(".phase").inner_text(), "mirrored" in (picture.get_attribute("class") or "")) == (
        "left_of",
        False,
    )
    page.clock.run_for(20_000)
    assert page.locator(".phase").inner_text() == "change_sides"
    page.clock.run_for(3_000)
    assert (page.locator(".phase").inner_text(), "mirrored" in (picture.get_attribute("class") or "")) == (
        "right_of",
        True,
    )
    moving = page.evaluate("document.querySelector('.picture svg').getAnimations({ subtree: true }).length")
    assert moving >= 2
    assert asked == ["http://player.test/player.js"]


def test_a_switch_is_remembered(page: Page) -> None:
    play(page)
    page.get_by_role("button", name="sound").click()
    page.reload()
    play(page)
    expect(page.get_by_role("button", name="sound")).to_have_attribute("aria-pressed", "false")
    page.clock.run_for(6_000)
    assert told(page, "tone") == []
    assert told(page, "buzz 120") == [(5, "buzz 120")]
