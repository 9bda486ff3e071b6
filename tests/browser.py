"""A real browser before a real Streamlit: what the page tests and the picture maker share."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests import forked

# Each window loads two pages of Chromium's own for the list below an address bar that nobody sees: a fifth of what a
# visit costs. Of several such lists the last one counts alone: what Playwright would switch off comes with it.
NO_ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
SWITCHED_OFF_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
)  # fmt: skip
QUIET = [
    f"--disable-features={','.join(NO_ADDRESS_BAR + SWITCHED_OFF_BY_PLAYWRIGHT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
UP_WITHIN_S = 120
ANY_CERTIFICATE = ssl._create_unverified_context()
# A busy machine is slow, not wrong: what a page should show may take longer than the five seconds that are usual.
expect.set_options(timeout=20_000)

# Elements that stick out of the screen to the right; what scrolls in a frame of its own may.
TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width > 0 && r.right > innerWidth + 1 && !e.closest('.ss-wide, .ss-hidden');
}).map(e => `${e.tagName}.${e.getAttribute('class')} to ${Math.round(e.getBoundingClientRect().right)}`).slice(0, 5)"""

# The same outline for ten frames running: on a slow machine they take longer, as the drawing does.
STILL = """visit => {
  const main = document.querySelector('[data-testid=stMain]');
  const outline = [document.querySelectorAll('*').length, main.scrollHeight, main.scrollTop].join();
  const before = window.springstepStill || {};
  const same = before.visit === visit && before.outline === outline;
  const frames = same ? before.frames + 1 : 0;
  window.springstepStill = {visit, outline, frames};
  return frames >= 10;
}"""

# Text keys that no language file filled.
UNTRANSLATED = r"""() =>
  document.body.innerText.match(/\b(ui|evidence|reason|drill|flag|answer)\.[a-z_]+(\.[a-z_-]+)*/g) || []"""

# What a thumb may have to hit.
TOO_SMALL = """() => [...document.querySelectorAll(
  'button, a[href], summary, input, [role=radio], [role=button]'
)].filter(e => {
  const r = e.getBoundingClientRect();
  if (r.width < 2 || r.height < 2 || e.closest('svg') || e.closest('.ss-hidden')) return false;
  if (e.tagName === 'INPUT' && e.closest('label, [data-baseweb]')) return false;
  return r.height < 43.5 || r.width < 40;
}).map(e => `${e.tagName} "${(e.innerText || e.ariaLabel || '').slice(0, 30)}" ` +
  (b => `${Math.round(b.width)}x${Math.round(b.height)}`)(e.getBoundingClientRect())).slice(0, 8)"""


def chromium() -> str:
    """``$CHROMIUM``, else chromium or google-chrome on the PATH. Raises with what to do when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise AssertionError(
        "The page tests need a browser: install chromium (Debian: apt-get install chromium), "
        "or name one in the environment: CHROMIUM=/path/to/chromium."
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """One Streamlit in a process of its own over one home; `restart` keeps the address."""

    home: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    """What its process is told beside the home."""
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def start(self) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "SPRINGSTEP_"))}
        env |= {"SPRINGSTEP_HOME": str(self.home), **self.environ}
        with (self.home / "page.log").open("ab") as out:
            self.process = forked.start("dashboard", ["--port", str(self.port)], env, stdout=out, stderr=out)
        end = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2, context=ANY_CERTIFICATE):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the page did not come up: {(self.home / 'page.log').read_text()[-2000:]}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None


@contextmanager
def served(home: Path, *, scheme: str = "http", **environ: str) -> Iterator[Served]:
    page = Served(home, environ=environ, scheme=scheme)
    try:
        page.start()
        yield page
    finally:
        page.stop()


class _Driver:
    """Playwright's own process: a second one beside it is refused, so that all browsers share it while one is open."""

    def __init__(self) -> None:
        self._users = 0
        self._running: Playwright | None = None

    @contextmanager
    def __call__(self) -> Iterator[Playwright]:
        if self._running is None:
            self._running = sync_playwright().start()
        self._users += 1
        try:
            yield self._running
        finally:
            self._users -= 1
            if not self._users:
                self._running.stop()
                self._running = None


_driver = _Driver()


@contextmanager
def browser(*more: str, program: str | Path | None = None) -> Iterator[Browser]:
    """``more`` goes to the browser's own command line; ``program`` starts it another way than usual."""
    with _driver() as playwright:
        one = playwright.chromium.launch(executable_path=str(program or chromium()), args=[*QUIET, *more])
        try:
            yield one
        finally:
            one.close()


@dataclass
class Watched:
    """A page that remembers what went wrong in it."""

    page: Page
    url: str
    wrongs: list[str] = field(default_factory=list)
    expect_breaks: bool = False
    """While the server is down on purpose, failed requests are no finding."""
    settlings: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrongs.append(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", self._failed)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not self.expect_breaks:
            self.wrongs.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:")):
            self.wrongs.append(f"left the machine: {request.url}")

    def _failed(self, request: Any) -> None:
        # A request that the browser itself gave up because the page moved on is no finding.
        if not self.expect_breaks and "ERR_ABORTED" not in (request.failure or ""):
            self.wrongs.append(f"failed: {request.url} {request.failure}")

    def open(self, path: str = "") -> None:
        self.page.goto(f"{self.url}/{path}")
        self.settled()

    def settled(self) -> None:
        """The script has run to its end and its drawings stand."""
        self.page.locator(".st-key-nav").wait_for(timeout=60_000)
        self.page.wait_for_function(
            """() => {
              const app = document.querySelector('[data-testid=stApp]');
              const busy = app && app.getAttribute('data-test-script-state') === 'running';
              const stale = document.querySelector('[data-stale=true], [data-testid^=stSkeleton]');
              const said = document.querySelectorAll('[data-testid=stMain] [data-testid=stHtml]').length > 0;
              return !busy && !stale && said;
            }""",
            timeout=60_000,
        )
        if self.page.locator("[data-testid=stVegaLiteChart]").count():
            self.page.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for(timeout=60_000)
        self.settlings += 1
        self.page.wait_for_function(STILL, arg=self.settlings, timeout=60_000)

    def unfold(self, title: str) -> None:
        """What is folded under ``title`` stands open. Where it already does a tap would fold it, and take away what is
        to be tapped next."""
        fold = self.page.locator("details").filter(has=self.page.locator("summary", has_text=title))
        if fold.get_attribute("open") is None:
            fold.locator("summary").tap()
        expect(fold.locator("[data-testid=stExpanderDetails]:not([inert])")).to_be_visible()

    def from_more(self, wanted: Locator) -> None:
        """Two taps. A page that is drawn anew in between, as when a file has been read, folds the list up again."""
        more = self.page.get_by_role("button", name="More", exact=True)
        for _ in range(5):
            more.tap()
            try:
                wanted.tap(timeout=5_000)
            except PlaywrightTimeout:
                continue
            return
        raise AssertionError("the list behind More did not stay open")

    def look(self) -> list[str]:
        """Everything wrong with what stands on the screen now."""
        found = list(self.wrongs)
        found += [f"too wide: {one}" for one in self.page.evaluate(TOO_WIDE)]
        found += [f"untranslated: {one}" for one in self.page.evaluate(UNTRANSLATED)]
        found += [f"too small: {one}" for one in self.page.evaluate(TOO_SMALL)]
        if self.page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count():
            found.append(f"error shown: {self.page.locator('[data-testid=stMain]').inner_text()[-800:]}")
        return found


@contextmanager
def visit(browser: Browser, url: str, **how: Any) -> Iterator[Watched]:
    context = browser.new_context(**(how or PHONE))
    context.set_default_timeout(30_000)
    page = context.new_page()
    try:
        yield Watched(page, url)
    finally:
        context.close()


class Pocket:
    """A phone that has been here before: the page's files are in its cache, and nothing else is remembered."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._context: BrowserContext | None = None

    @contextmanager
    def visit(self, url: str) -> Iterator[Watched]:
        if self._context is None:
            self._context = self._browser.new_context(**PHONE)
            self._context.set_default_timeout(30_000)
        context, self._context = self._context, None
        try:
            yield Watched(context.new_page(), url)
            _forget(context, url)
            self._context = context
        finally:
            # What went wrong in it, or in the test, is not carried into the next one.
            if self._context is None:
                context.close()


def _forget(context: BrowserContext, url: str) -> None:
    """All that a page can keep of ``url``; first it is left, since it may keep something as it goes."""
    context.set_offline(False)
    for page in context.pages[1:]:
        page.close()
    (page,) = context.pages
    page.goto("about:blank")
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
    page.close()
    context.clear_cookies()
    context.clear_permissions()


def axe_findings(page: Page) -> list[str]:
    """What axe calls serious or critical on what stands on the screen now."""
    from axe_playwright_python.sync_playwright import Axe

    result = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{violation['id']} ({violation['impact']}): {' '.join(str(one) for one in node['target'])}"
        for violation in result.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
