"""What the run's page and the command line show of the ground and of the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sync.settings.config import parse
from sync.settings.paths import DataDir
from sync.storage.database import Store
from tests.factories_engine import Shop
from tests.factories_map_runs import gravel, order, ran, trace
from tests.fakes.owner import FakeOwner, serve

SHARES = {"gravel": 0.6, "road": 0.3, "unknown": 0.1}
RING = [(0.0, 0.0), (400.0, 0.0), (400.0, 300.0), (0.0, 0.0)]


def script() -> None:
    from dashboard.app import main

    main("run")


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOwner]:
    monkeypatch.setenv("SPRINGSTEP_HOME", str(tmp_path / "home"))
    with serve(tmp_path / "home") as one:
        yield one


def opened() -> AppTest:
    app = AppTest.from_function(script, default_timeout=90)
    app.query_params["id"] = "last"
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def charts(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(element.proto.spec) for element in app.get("vega_lite_chart")]


def test_the_shares_are_told_in_words_numbers_and_bars(owner: FakeOwner) -> None:
    first = owner.athlete.runs[0]
    owner.athlete.runs[0] = first.model_copy(update={"surface_shares": SHARES, "distance_m": 10_000.0})
    page = shown(opened())
    for line in ("gravel", "6.0 km · 60 %", "3.0 km · 30 %", "unknown", "1.0 km · 10 %", 'style="width:60.0%"', "ODbL"):
        assert line in page


def test_without_a_map_the_page_says_nothing_of_it(owner: FakeOwner) -> None:
    app = opened()
    assert "The ground you ran on" not in shown(app)
    assert not [chart for chart in charts(app) if "east" in json.dumps(chart)]


def test_the_way_is_drawn_at_one_scale_with_its_ends(owner: FakeOwner) -> None:
    owner.athlete.course = RING
    app = opened()
    (drawn,) = (chart for chart in charts(app) if "east" in json.dumps(chart))
    spans = [
        layer["scale"]["domain"][1] - layer["scale"]["domain"][0]
        for layer in (drawn["layer"][0]["encoding"][axis] for axis in ("x", "y"))
    ]
    assert spans[0] == pytest.approx(spans[1])
    assert "url" not in json.dumps(drawn)
    assert "Where it went (km east and north of the start)" in shown(app)


# --- what the owner answers -----------------------------------------------------------------------


@pytest.mark.parametrize(("maps", "drawn"), [("true", True), ("false", False)])
def test_the_way_leaves_the_owner_only_when_asked_for(maps: str, drawn: bool, tmp_path: Path) -> None:
    config = parse(f'[athlete]\nid="ada"\nname="Ada"\n[dashboard]\nmaps = {maps}\n')
    home = DataDir(tmp_path / "home")
    home.make()
    with Store.open(home.database) as store:
        shop = Shop(home.root, store, config)
        ran(shop, trace([(0, 0), (3000, 0), (3000, 4000)]))
        order(shop, gravel(tmp_path))
        page = shop.ask("run", id="last")
    assert page["run"]["surface_shares"] == pytest.approx({"gravel": 0.43, "unknown": 0.57}, abs=0.01)
    assert "mostly gravel (43 % is known)" in str(page["run"]["evidence"])
    if not drawn:
        assert page["course"] is None
        return
    assert len(page["course"]) <= 1000
    assert page["course"][0] == [0.0, 0.0]
    assert page["course"][-1] == pytest.approx([3000.0, 4000.0], abs=12)
