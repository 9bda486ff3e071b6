"""How fast the pages are on a phone's screen over ten years of runs, the server warm.

    python -m bench.pages [--rounds N] [--set demo|ten-years]

Prints the bytes of a cold first load; for each page the time to visible content with what the browser keeps, and to its
last chart; then navigation between pages by tap, and tap to saved: the median and the 95th percentile in milliseconds,
beside the figure that is aimed for. The page itself looks at its clock, once a frame, from the navigation or the touch
on: the tool that drives the browser looks only every half second. Nothing is asserted: how busy the machine was stands
above and below, and a busy one says little.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser import PHONE, browser, served
from tests.datasets import SETS, owned

PAGES = {
    "today": ("", ".st-key-card-run article"),
    "log": ("diary", ".st-key-card-log [role=radio]"),
    "runs": ("runs", "[class*=st-key-card-row] .ss-quiet"),
    "run": ("run?id=last", ".st-key-card-kind .ss-verdict"),
    "calendar": ("calendar", ".ss-month button"),
    "insights": ("insights", ".ss-lead.ss-answer"),
    "plan": ("plan", ".st-key-card-week .ss-week"),
    "status": ("status", "[data-testid=stMain] .ss-section"),
}
"""Where each page is, and what stands there when the runner can read what they came for."""
CHARTS = {"run": 1, "insights": 5}
"""How many charts a page draws."""
CLOCK = """
(() => {
  const seen = (selector, text) => [...document.querySelectorAll(selector)].some(
    one => one.getClientRects().length && (!text || one.innerText.includes(text)));
  const drawn = () => document.querySelectorAll('[data-testid=stVegaLiteChart] :is(canvas, svg.marks)').length;
  window.since = 0;
  addEventListener('pointerdown', touch => { window.since = touch.timeStamp }, true);
  window.after = (selector, text, charts) => new Promise((done, failed) => {
    const look = () => {
      const passed = performance.now() - window.since;
      if (seen(selector, text) && drawn() >= charts) done(passed);
      else if (passed > 60000) failed(new Error(`${selector} ${text} did not show within a minute`));
      else requestAnimationFrame(look);
    };
    look();
  });
})()
"""
"""``since``: when this page was asked for, then its last touch. ``after``: ms from there to the frame that shows it."""
CONTENT_MS, TAP_MS, SAVED_MS, MOST_MB = 700, 600, 250, 3.0
"""What is aimed for: content visible, another page after a tap, a score stored after a tap; the first visit's bytes."""
SAVED = "tap to saved"
WAYS = (("Runs", "runs"), ("Calendar", "calendar"), ("Log", "log"), ("Today", "today"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--set", choices=list(SETS), default="ten-years")
    given = parser.parse_args()
    with ExitStack() as stack:
        window = stack.enter_context(browser())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="pages-")))
        stack.enter_context(owned(given.set, folder / "home"))
        page = stack.enter_context(served(folder / "home"))
        _busy()
        print(f"first load, cold cache: {_cold_bytes(window, page.url) / 1e6:.2f} MB of {MOST_MB:g}")
        print(f"{'':24}{'median ms':>12}{'p95 ms':>12}{'aim p95':>12}")
        for name, (path, mark) in PAGES.items():
            url = f"{page.url}/{path}"
            _row(f"content {name}", [_content_ms(window, url, mark) for _ in range(given.rounds)], CONTENT_MS)
            if name in CHARTS:
                _row(f"charts {name}", [_content_ms(window, url, mark, CHARTS[name]) for _ in range(given.rounds)])
        for what, times in _by_tap(window, page.url, given.rounds).items():
            _row(what, times, SAVED_MS if what == SAVED else TAP_MS)
        _busy()
    return 0


def _busy() -> None:
    print(f"processors: {os.cpu_count()}, waiting for them over the last minute: {os.getloadavg()[0]:.1f}")


def _row(what: str, times_ms: list[float], aim_ms: int | None = None) -> None:
    # Between what was measured, never beyond it: ten rounds know nothing of a worse one.
    p95 = statistics.quantiles(times_ms, n=20, method="inclusive")[-1] if len(times_ms) > 1 else times_ms[0]
    print(f"{what:24}{statistics.median(times_ms):12.0f}{p95:12.0f}{aim_ms or '':>12}", flush=True)


def _cold_bytes(window: Browser, url: str) -> int:
    """Bytes over the wire of a first visit, the script's answers included."""
    context = window.new_context(**PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    counted = [0]

    def loaded(event: dict[str, Any]) -> None:
        counted[0] += int(event["encodedDataLength"])

    def framed(event: dict[str, Any]) -> None:
        counted[0] += len(event["response"].get("payloadData", ""))

    session.on("Network.loadingFinished", loaded)
    session.on("Network.webSocketFrameReceived", framed)
    page.goto(url)
    page.locator(PAGES["today"][1]).wait_for()
    page.wait_for_timeout(1_500)
    context.close()
    return counted[0]


def _content_ms(window: Browser, url: str, mark: str, charts: int = 0) -> float:
    """A visit with a warm browser cache, as the second look of the day is."""
    context = window.new_context(**PHONE)
    page = context.new_page()
    page.add_init_script(CLOCK)
    page.goto(url)
    _after(page, mark, charts=charts)
    page.reload(wait_until="commit")
    took = _after(page, mark, charts=charts)
    context.close()
    return took


def _after(page: Page, mark: str, text: str = "", charts: int = 0) -> float:
    return float(page.evaluate("([mark, text, charts]) => window.after(mark, text, charts)", [mark, text, charts]))


def _by_tap(window: Browser, url: str, rounds: int) -> dict[str, list[float]]:
    context = window.new_context(**PHONE)
    page = context.new_page()
    page.add_init_script(CLOCK)
    page.goto(url)
    page.locator(PAGES["today"][1]).wait_for()
    found: dict[str, list[float]] = {}
    for number in range(rounds):
        for label, name in WAYS:
            page.locator(".st-key-nav").get_by_role("link", name=label, exact=True).tap()
            found.setdefault(f"tap to {name}", []).append(_after(page, PAGES[name][1]))
            page.wait_for_timeout(400)
        score = str(number % 5)
        page.get_by_role("radio", name=score, exact=True).first.tap()
        found.setdefault(SAVED, []).append(_after(page, ".ss-stored", score))
        page.get_by_role("button", name="Undo").tap()
        page.locator(".ss-stored").wait_for(state="detached")
    context.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
