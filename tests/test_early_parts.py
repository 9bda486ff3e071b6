"""What pages draw first is loaded with the page and met where nobody sees it, once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from dashboard.front import early_parts
from tests.browser import Watched
from tests.fakes.owner import serve

STATIC = Path(streamlit.__file__).parent / "static"


def script(page: str) -> None:
    from dashboard.app import main

    main(page)


@pytest.mark.parametrize(
    ("asked", "names"),
    [("/", ()), ("/diary", early_parts.KINDS["diary"]), ("/below/diary", early_parts.KINDS["diary"])],
)
def test_the_page_asks_for_parts_that_this_streamlit_has(asked: str, names: tuple[str, ...]) -> None:
    found = re.findall(r'import\("\./(static/js/(\w+)\.[^"]+)"\)', early_parts.script(asked))
    assert [name for _, name in found] == list(names)
    assert all((STATIC / path).is_file() for path, _ in found)


@pytest.mark.parametrize(("page", "early"), [("log", 1), ("today", 0)])
def test_each_kind_is_met_once(page: str, early: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPRINGSTEP_HOME", str(tmp_path / "home"))

    def met(app: AppTest) -> int:
        return [one.label for one in app.button].count("early")

    with serve(tmp_path / "home"):
        app = AppTest.from_function(script, args=(page,), default_timeout=30).run()
        assert (met(app), met(app.run())) == (early, 0)


def test_nobody_sees_them_come_or_go(phone: Watched) -> None:
    def top() -> float:
        box = phone.page.locator(".ss-page").bounding_box()
        assert box is not None
        return box["y"]

    phone.open("diary")
    expect(phone.page.locator(".st-key-early")).to_be_hidden()
    expect(phone.page.get_by_role("radio", name="early")).to_have_count(0)
    assert phone.look() == []
    before = top()
    phone.page.get_by_role("radio", name="Soreness").tap()
    expect(phone.page.get_by_text("How sore?")).to_be_visible()
    expect(phone.page.locator(".st-key-early")).to_have_count(0)
    assert top() == before
