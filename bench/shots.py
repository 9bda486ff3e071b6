"""Contact sheets: every page side by side, one sheet a width, theme and language, over each set of data; and every
frame of every drawn drill, light and dark.

    python -m bench.shots OUT [--set demo|empty|ten-years] [--only NAME] [--docs]

English at 320, 390 and 1280 pixels, light and dark; German at 320 and 390; an empty home and ten years of runs once
each, unless ``--only`` asks for more. Prints what is wrong with a page (console
errors, requests that leave the machine, what is wider than the screen) and ends with 1 then. ``--only`` takes sheets
whose name holds a word, such as ``320-light-de``. ``--docs`` writes the few pictures that the README shows, from the
demo only.
"""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomlkit
from markupsafe import Markup, escape
from PIL import Image
from playwright.sync_api import Browser

from dashboard.drawings.read import names, read
from dashboard.drawings.svg import Drawing, animated
from dashboard.streamlit_flags import DARK, LIGHT
from sync.settings.paths import DataDir
from tests.browser import DESKTOP, PHONE, Watched, browser, served, visit
from tests.datasets import SETS, owned
from tests.two_runners import house_of_two, sign_in

PAGES = (
    "", "diary", "self-check", "runs", "run?id=last", "calendar", "insights", "plan", "status", "sources", "settings",
    "print", "sheet",
)  # fmt: skip
PLAIN = ("log", "done")
"""Small pages that need no Streamlit."""
DOORS = ("sign-in", "join", "devices", "household", "link-garmin", "link-intervals", "link-strava", "link-calendar")
BEFORE_STREAMLIT = (*PLAIN, *DOORS)
PLAYER = "player"
NOTHING_TO_PLAY = "no foot work is due"
NARROW: dict[str, Any] = {**PHONE, "viewport": {"width": 320, "height": 640}}
PHONE_SIZE: dict[str, int] = {"width": 390, "height": 844}
SIZES: dict[str, dict[str, Any]] = {"320": NARROW, "390": PHONE, "1280": DESKTOP}
DOCS = (("", "today"), ("run?id=last", "run"), ("insights", "insights"))
TALLEST_PX = 8000
FIGURE = Markup('<figure><figcaption>{}</figcaption><img src="data:image/png;base64,{}"></figure>')
SHEET = Markup(
    "<!doctype html><style>body{{margin:16px;font:14px sans-serif;display:flex;gap:16px;align-items:flex-start;"
    "width:max-content;background:#999}}figure{{margin:0}}figcaption{{padding:4px 0;font-weight:700}}"
    "img{{display:block;width:{}px}}</style>{}"
)
FRAMES = Markup(
    "<!doctype html><style>body{{margin:0;padding:16px;font:13px sans-serif;display:grid;gap:6px 24px;"
    "grid-template-columns:1fr 1fr;width:1560px;color-scheme:light dark;"
    "background:light-dark({0},{2});color:light-dark({1},{3})}}"
    "section{{display:flex;gap:4px;align-items:flex-end}}section b{{width:130px;overflow-wrap:anywhere}}"
    "svg{{width:100px;height:80px}}</style>{4}"
)
FRAMES_ROW = Markup("<section><b>{} {}</b>{}</section>")
SHOWN_PX = {"320": 320, "390": 390, "1280": 640}
"""A desktop's page at half its size: eleven of them stand on one sheet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    width: str
    scheme: str
    language: str

    @property
    def name(self) -> str:
        return f"{self.width}-{self.scheme}-{self.language}"

    @property
    def how(self) -> dict[str, Any]:
        return {**SIZES[self.width], "color_scheme": self.scheme, "device_scale_factor": 1}


def sheets(language: str) -> Iterator[Sheet]:
    for width in SIZES:
        if language == "en" or width != "1280":
            yield from (Sheet(width, scheme, language) for scheme in ("light", "dark"))


def shoot(watched: Watched, path: str, target: Path, size: dict[str, int], *, whole: bool) -> list[str]:
    """What is wrong with the page at ``path``, whose picture then lies at ``target``."""
    page = watched.page
    watched.wrongs.clear()
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    if path in BEFORE_STREAMLIT:
        page.goto(f"{watched.url}/{path}")
        page.screenshot(path=str(target), type="png", full_page=True)
        return list(watched.wrongs)
    watched.open("" if path == PLAYER else path)
    if path == PLAYER:
        start = page.locator("[class*=st-key-start-] button").first
        if not start.count():
            return [NOTHING_TO_PLAY]
        start.click()
        page.locator(".player").wait_for()
    elif whole:
        height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
        tall = min(TALLEST_PX, max(size["height"], height + 10))
        page.set_viewport_size({"width": size["width"], "height": tall})
        page.wait_for_timeout(400)
    page.screenshot(path=str(target), type="png")
    return watched.look()


def contact_sheet(window: Browser, pictures: Sequence[tuple[str, Path]], target: Path, shown_px: int) -> None:
    """The pictures in a row, each under its page's name."""
    figures = Markup("").join(
        FIGURE.format(escape(name), base64.b64encode(path.read_bytes()).decode()) for name, path in pictures
    )
    page = window.new_page(device_scale_factor=1)
    try:
        page.set_content(SHEET.format(shown_px, figures))
        page.locator("body").screenshot(path=str(target), type="png")
    finally:
        page.close()


def speak(home: Path, language: str) -> None:
    """The runner of ``home`` speaks ``language`` from now on."""
    config = DataDir(home).config
    text = tomlkit.parse(config.read_text(encoding="utf-8") if config.exists() else "")
    athlete = text.setdefault("athlete", tomlkit.table())
    athlete["language"] = language
    config.write_text(tomlkit.dumps(text), encoding="utf-8")


def shoot_sheets(window: Browser, url: str, name: str, language: str, only: str, out: Path) -> int:
    """How many things are wrong on all of them."""
    wrong = 0
    for sheet in sheets(language):
        # A home of another size shows the same pages: one width and one theme tell what is different.
        if only not in sheet.name or (name != "demo" and not only and sheet.name != "390-light-en"):
            continue
        with visit(window, url, **sheet.how) as watched:
            wrong += shoot_sheet(window, watched, (*PAGES, PLAYER, *PLAIN), f"{name}-{sheet.name}", sheet, out)
    return wrong


def shoot_sheet(window: Browser, watched: Watched, paths: Sequence[str], name: str, sheet: Sheet, out: Path) -> int:
    """The single pictures stay beside their sheet."""
    wrong, pictures = 0, []
    (out / name).mkdir(exist_ok=True)
    for path in paths:
        what = path.partition("?")[0] or "today"
        target = out / name / f"{what}.png"
        found = shoot(watched, path, target, sheet.how["viewport"], whole=True)
        print(f"{name} {what}", *(f"\n  {one}" for one in found), flush=True)
        if found == [NOTHING_TO_PLAY]:
            continue
        wrong += len(found)
        pictures.append((what, target))
    contact_sheet(window, pictures, out / f"{name}.png", SHOWN_PX[sheet.width])
    return wrong


def shoot_doors(window: Browser, only: str, out: Path) -> int:
    """The pages to sign in and to look after a household, of two made-up runners."""
    wrong = 0
    with TemporaryDirectory(prefix="house-") as folder, house_of_two(Path(folder)) as (_, served_page):
        for sheet in sheets("en"):
            if only in f"doors-{sheet.name}":
                with visit(window, served_page.url, **sheet.how) as watched:
                    sign_in(watched, served_page, "ann")
                    wrong += shoot_sheet(window, watched, DOORS, f"doors-{sheet.name}", sheet, out)
    return wrong


def shoot_docs(window: Browser, url: str, out: Path) -> None:
    """As WebP, since a clone carries them for ever: a third of the PNG's size."""
    how = {**PHONE, "color_scheme": "light", "device_scale_factor": 1}
    with TemporaryDirectory(prefix="pictures-") as folder, visit(window, url, **how) as watched:
        for path, what in DOCS:
            taken = Path(folder) / f"{what}.png"
            shoot(watched, path, taken, PHONE_SIZE, whole=False)
            Image.open(taken).save(out / f"{what}.webp", quality=82, method=6)


def frames_sheet(window: Browser, scheme: str, target: Path) -> None:
    """Every frame of every drawing, each row under its number and its drill."""
    rows = Markup("").join(
        FRAMES_ROW.format(number, name, Markup("").join(frames_of(read(name))))
        for number, name in enumerate(names(), 1)
    )
    page = window.new_page(device_scale_factor=1, color_scheme=scheme)
    try:
        page.set_content(FRAMES.format(LIGHT["backgroundColor"], LIGHT["textColor"], DARK["backgroundColor"],
                                       DARK["textColor"], rows))  # fmt: skip
        page.locator("body").screenshot(path=str(target), type="png")
    finally:
        page.close()


def frames_of(drawing: Drawing) -> Iterator[Markup]:
    """The frames of one drawing in their order, each as the player shows it for its moment."""
    whole = animated(drawing)
    for frame in range(len(drawing.motion.feet)):
        hidden = "".join(
            f".frame-{frame} .ss-{n}{{visibility:hidden}}" for n in range(len(drawing.motion.feet)) if n != frame
        )
        shown = f"<style>.frame-{frame} g{{animation:none!important}}{hidden}</style>"
        yield Markup('<div class="frame-{}">{}{}</div>').format(frame, Markup(shown), Markup(whole))  # noqa: S704 - ours


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.shots", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", choices=list(SETS), action="append")
    parser.add_argument("--only", default="")
    parser.add_argument("--docs", action="store_true")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with ExitStack() as stack:
        window = stack.enter_context(browser())
        if not given.docs:
            for scheme in ("light", "dark"):
                if given.only in f"drawings-{scheme}":
                    frames_sheet(window, scheme, given.out / f"drawings-{scheme}.png")
            if not given.set and any(given.only in f"doors-{sheet.name}" for sheet in sheets("en")):
                wrong += shoot_doors(window, given.only, given.out)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="shots-")))
        for name in ["demo"] if given.docs else given.set or list(SETS):
            home = folder / name
            stack.enter_context(owned(name, home))
            page = stack.enter_context(served(home))
            if given.docs:
                shoot_docs(window, page.url, given.out)
                continue
            for language in ("en", "de"):
                if any(given.only in sheet.name for sheet in sheets(language)):
                    speak(home, language)
                    wrong += shoot_sheets(window, page.url, name, language, given.only, given.out)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
