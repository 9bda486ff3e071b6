"""Pictures of every page, on phone and desktop, light and dark, over each set of data.

    python -m bench.shots OUT [--set demo|empty|ten-years] [--docs]

Prints what is wrong with a page (console errors, requests that leave the machine, what is wider than the screen) and
ends with 1 then. ``--docs`` writes the few pictures that the README shows, from the demo only.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser

from tests.browser import DESKTOP, PHONE, browser, served, visit
from tests.datasets import SETS, owned

PAGES = ("", "diary", "runs", "run?id=last", "calendar", "insights", "plan", "status", "print")
SIZES: dict[str, dict[str, Any]] = {"390": PHONE, "1280": DESKTOP}
DOCS = (("", "today"), ("diary", "log"), ("run?id=last", "run"), ("calendar", "calendar"), ("insights", "insights"))


def shoot(window: Browser, url: str, path: str, target: Path, *, whole: bool, **how: Any) -> list[str]:
    with visit(window, url, **how) as watched:
        watched.open(path)
        if whole:
            size = how["viewport"]
            height = watched.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
            watched.page.set_viewport_size(
                {"width": size["width"], "height": min(8000, max(size["height"], height + 10))}
            )
            watched.page.wait_for_timeout(400)
        watched.page.screenshot(path=str(target), type="png")
        return watched.look()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.shots", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", choices=list(SETS), action="append")
    parser.add_argument("--docs", action="store_true")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with ExitStack() as stack:
        window = stack.enter_context(browser())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="shots-")))
        for name in ["demo"] if given.docs else given.set or list(SETS):
            home = folder / name
            stack.enter_context(owned(name, home))
            page = stack.enter_context(served(home))
            if given.docs:
                for path, what in DOCS:
                    how = {**PHONE, "color_scheme": "light", "device_scale_factor": 1}
                    shoot(window, page.url, path, given.out / f"{what}.png", whole=False, **how)
                how = {**PHONE, "color_scheme": "dark", "device_scale_factor": 1}
                shoot(window, page.url, "", given.out / "today-dark.png", whole=False, **how)
                continue
            for path in PAGES:
                for size, how in SIZES.items():
                    for scheme in ("light", "dark"):
                        what = path.partition("?")[0] or "today"
                        target = given.out / f"{name}-{what}-{size}-{scheme}.png"
                        full = {**how, "color_scheme": scheme, "device_scale_factor": 1}
                        found = shoot(window, page.url, path, target, whole=True, **full)
                        wrong += len(found)
                        print(target.name, *(f"\n  {one}" for one in found))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
