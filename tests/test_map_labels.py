"""The offline map from an extract to a run's label: by the task, by the command, over a rebuild and a purge."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rules.facts.recorded import FileId
from rules.measure.map_match import (
    ground_map,
    underfoot,
)
from rules.measure.stream import stream
from sync.app.cli.command import Context
from sync.app.cli.main import COMMANDS, parser
from sync.app.daemon.tasks import TaskProgress
from sync.app.demo.fit_writer import write
from sync.errors import PersonMustAct
from sync.runs.ground_map.tasks import replace_map
from sync.runs.retention import purge
from sync.settings.paths import DataDir
from sync.storage.database import Store
from sync.wire.tasks import MapResult
from tests.factories_engine import Shop
from tests.factories_map import MadeMap
from tests.factories_map_runs import BEGAN, gravel, order, ran, trace
from tests.shell import Shell

IDENTITY = FileId("development", "1", 4711, BEGAN)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    home = DataDir(tmp_path / "home")
    home.make()
    with Store.open(home.database) as store:
        yield Shop(home.root, store)


def grounds(shop: Shop) -> list[tuple[str, dict[str, float] | None]]:
    runs: list[dict[str, Any]] = shop.ask("runs")["runs"]
    return [(run["surface"], run["surface_shares"]) for run in runs]


def test_runs_before_and_after_the_map_are_judged_by_it(shop: Shop, tmp_path: Path) -> None:
    ran(shop, trace([(0, 0), (5000, 0)]))
    assert grounds(shop) == [("unknown", None)]
    work = order(shop, gravel(tmp_path))
    assert MapResult.model_validate(work.result).runs == 1
    assert grounds(shop) == [("gravel", {"gravel": 1.0})]
    ran(shop, trace([(0, 0), (5000, 0)]), trace([(5000, 0), (0, 0)], day=1))
    assert grounds(shop) == [("gravel", {"gravel": 1.0})] * 2
    shop.again()
    shop.engine.refresh()
    assert grounds(shop) == [("gravel", {"gravel": 1.0})] * 2


def test_without_the_map_its_word_goes(shop: Shop, tmp_path: Path) -> None:
    ran(shop, trace([(0, 0), (5000, 0)]))
    before = shop.runs_json()
    order(shop, gravel(tmp_path))
    assert order(shop, None).result == {"ways": 0, "size_bytes": 0, "runs": 1, "removed": True}
    assert (shop.runs_json(), shop.home.map.exists()) == (before, False)
    assert order(shop, None).result == {"ways": 0, "size_bytes": 0, "runs": 0, "removed": False}


def test_another_map_is_laid_anew_and_the_same_one_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    ran(shop, trace([(0, 0), (5000, 0)]))
    for expected in (1, 0):
        assert MapResult.model_validate(order(shop, gravel(tmp_path)).result).runs == expected
    sand = MadeMap().way((0, 0), (5000, 0), highway="path", surface="sand").write(tmp_path / "other.osm.pbf")
    order(shop, sand)
    assert grounds(shop) == [("sand", {"sand": 1.0})]


def test_what_cannot_be_kept_leaves_the_old_map(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(PersonMustAct, match=r"map\.no_trace"):
        replace_map(shop.store, shop.home, gravel(tmp_path), _progress())
    ran(shop, trace([(0, 0), (5000, 0)]))
    order(shop, gravel(tmp_path))
    far = MadeMap().way((90_000, 0), (95_000, 0), highway="path").write(tmp_path / "far.osm.pbf")
    failed = order(shop, far)
    assert (failed.must_act, failed.result) == (True, None)
    assert "shows no path near" in str(failed.failed)
    assert grounds(shop) == [("gravel", {"gravel": 1.0})]


def _progress() -> TaskProgress:
    return TaskProgress(threading.Event(), lambda: None, lambda: 0.0)


def test_a_rebuild_lays_the_runs_over_the_map_again(shop: Shop, tmp_path: Path) -> None:
    """From real FIT bytes: the recording's own file is what a rebuild reads."""
    run = replace(trace([(0, 0), (3000, 0)]), file_id=IDENTITY, distance_m=3000.0, timer_s=1000.0)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.fit").write_bytes(write(run))
    shop.take_in(tmp_path / "in")
    order(shop, gravel(tmp_path))
    before = shop.runs_json()
    assert '"surface": "gravel"' in before
    shop.engine.rebuild()
    assert shop.runs_json() == before


def test_what_the_map_said_of_a_purged_run_goes_with_it(shop: Shop, tmp_path: Path) -> None:
    ran(shop, trace([(0, 0), (5000, 0)]), source="strava")
    order(shop, gravel(tmp_path))
    purge(shop.store, shop.home, shop.athlete, "strava")
    shop.engine.refresh()
    assert grounds(shop) == [(None, None)]
    assert shop.store.fetch_value("stale_grounds", athlete=shop.athlete.id, map="another") is None


def test_a_run_without_a_trace_is_left_alone(shop: Shop, tmp_path: Path) -> None:
    indoors = replace(trace([(0, 0), (5000, 0)], day=2), samples=None, distance_m=5000.0)
    ran(shop, trace([(0, 0), (5000, 0)]), indoors)
    assert MapResult.model_validate(order(shop, gravel(tmp_path)).result).runs == 1


def test_without_the_extra_the_command_says_how_to_get_it(tmp_path: Path) -> None:
    """An interpreter in which pyosmium cannot be imported."""
    code = (
        "import sys\nsys.modules['osmium'] = None\nfrom sync.app.cli.main import main\n"
        f"sys.exit(main(['--home', {str(tmp_path / 'home')!r}, 'map', 'x.osm.pbf']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "needs the extra `map`" in done.stderr


def test_a_map_of_nothing_has_no_ground() -> None:
    nothing = ground_map(
        "", np.empty((0, 4), np.int32), np.empty(0, np.uint8), np.empty((0, 2), np.int32), np.array([0]),
        np.empty(0, np.uint8),
    )  # fmt: skip
    assert underfoot(stream(trace([(0, 0), (500, 0)])), nothing).shares == {"unknown": 1.0}
    assert underfoot(None, nothing).shares == {"unknown": 1.0}


def test_the_command_keeps_the_map_and_says_what_it_changed(tmp_path: Path) -> None:
    """The real program in processes of its own."""
    springstep = Shell(tmp_path / "home", fresh=True)
    (tmp_path / "a.fit").write_bytes(write(replace(trace([(0, 0), (3000, 0)]), file_id=IDENTITY)))
    springstep("import", tmp_path / "a.fit")
    kept = springstep("map", gravel(tmp_path))
    assert kept.code == 0, kept.err
    assert "it covers 1 of your runs (paths and roads: 1, " in kept.out
    assert "© OpenStreetMap contributors" in kept.out
    page = springstep("why", "--json").json
    assert (page["run"]["surface"], page["run"]["surface_shares"]) == ("gravel", {"gravel": 1.0})
    assert "100 % is unpaved, mostly gravel" in str(page["facets"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "cli.map_which"),
        (["--remove", "made.osm.pbf"], "cli.map_which"),
        (["nothing.osm.pbf"], "cli.no_file"),
    ],
)
def test_a_wrong_word_is_told_before_anything_is_opened(words: list[str], code: str, tmp_path: Path) -> None:
    (command,) = (one for one in COMMANDS if one.name == "map")
    context = Context(DataDir(tmp_path / "home"), tmp_path / "config.toml", None)
    with pytest.raises(PersonMustAct, match=code):
        command.run(context, parser().parse_args(["map", *words]))
    assert not (tmp_path / "home").exists()
