"""The sheet for the mirror: every drill once, with its picture, on one A4 page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from dashboard.pages.drill_sheet import MOST, drills_of
from sync.service.client import Client
from sync.wire.footwork import DrillView, PrescriptionView
from tests.browser import served, visit
from tests.datasets import now_utc, owned

A4_HEIGHT_PX = 1123
"""At 96 dots an inch."""


def drill(name: str, dose: str = "2 × 8") -> DrillView:
    return DrillView(
        drill=name, name=name, dose=dose, seconds=60, sets=2, reps=8, hold_s=None, per_side=False,
        how="", cue="", breath="", feel="", stop="", equipment=[], facts=[],
    )  # fmt: skip


def test_each_drill_once_as_it_was_given_last() -> None:
    works = [
        PrescriptionView.model_construct(drills=[drill("toe-curl", "3 × 8"), drill("arch-lift")]),
        PrescriptionView.model_construct(drills=[drill("toe-curl", "2 × 8")]),
        PrescriptionView.model_construct(drills=[drill(f"drill-{n}") for n in range(20)]),
    ]
    found = drills_of(works)
    assert [(one.drill, one.dose) for one in found[:2]] == [("toe-curl", "3 × 8"), ("arch-lift", "2 × 8")]
    assert len(found) == MOST


@pytest.mark.timeout(300)
def test_the_sheet_shows_pictures_and_fits_one_page(tmp_path_factory: pytest.TempPathFactory, window: Browser) -> None:
    with owned("empty", tmp_path_factory.mktemp("sheet")) as home, served(home.root) as page:
        expected = {one.drill for work in Client(home, now=now_utc).today().work for one in work.drills}
        with visit(window, page.url) as phone:
            phone.open("sheet")
            expect(phone.page.locator(".ss-sheet-cell")).to_have_count(len(expected))
            masks = phone.page.evaluate(
                """() => [...document.querySelectorAll('.ss-sheet-cell .ss-still')]
                  .map((e) => getComputedStyle(e).maskImage)"""
            )
            assert len(masks) == len(expected)
            for name, mask in zip(sorted(expected), sorted(masks), strict=True):
                assert f"/drawings/{name}.svg" in mask
                told = phone.page.request.get(f"{page.url}/drawings/{name}.svg")
                assert (told.status, told.headers["content-type"]) == (200, "image/svg+xml")
            assert phone.page.request.get(f"{page.url}/drawings/..%2fstyle.svg").status in (400, 404)
            assert phone.look() == []
            phone.page.emulate_media(media="print")
            phone.page.set_viewport_size({"width": 794, "height": A4_HEIGHT_PX})
            assert phone.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= A4_HEIGHT_PX
