"""The offline map: what tags mean, how a trace is laid over ways, and the way from an extract to a run's label."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rules.facts.kinds import Surface
from rules.facts.recorded import FileId, Floats, Recording, Samples
from rules.measure.map_match import (
    GROUNDS,
    GUESSED,
    GroundMap,
    Underfoot,
    area_code,
    cut_ways,
    ground_map,
    underfoot,
    way_code,
)
from rules.measure.stream import stream
from rules.measure.surface import SurfaceFacts, on_the_map, rung
from sync.app.cli.command import Context
from sync.app.cli.main import COMMANDS, parser
from sync.app.daemon.app import App
from sync.app.daemon.tasks import TaskProgress
from sync.app.demo.fit_writer import write
from sync.errors import PersonMustAct, TryLater
from sync.runs import activities
from sync.runs.ground_map import map_file
from sync.runs.ground_map.extract import read, tiles_around
from sync.runs.ground_map.label_runs import Atlas
from sync.runs.ground_map.tasks import replace_map
from sync.runs.retention import purge
from sync.settings.paths import DataDir
from sync.storage.database import Store
from sync.wire.tasks import MapRequest, MapResult, Task
from tests.factories_engine import Shop
from tests.factories_map import CENTRE, METRE_DEG, MadeMap, Ring
from tests.shell import Shell

BEGAN = datetime(2026, 3, 2, 6, 0)
IDENTITY = FileId("development", "1", 4711, BEGAN)


def trace(corners: list[tuple[float, float]], *, day: int = 0, noise_m: float = 0.0, mps: float = 3.0) -> Recording:
    """A run along ``corners`` (metres east, north), a place every second."""
    ends = np.array(corners, dtype=float)
    legs = np.hypot(*np.diff(ends, axis=0).T)
    way = np.concatenate(([0.0], np.cumsum(legs)))
    at = np.arange(0, way[-1], mps)
    east, north = np.interp(at, way, ends[:, 0]), np.interp(at, way, ends[:, 1])
    return recorded(np.column_stack((east, north)), at, day=day, noise_m=noise_m)


def recorded(places: Floats, way: Floats, *, day: int, noise_m: float) -> Recording:
    blurred = places + np.random.default_rng(1).normal(0, noise_m, places.shape)
    gone = np.full(len(way), np.nan)
    samples = Samples(
        t_s=np.arange(len(way), dtype=float),
        distance_m=way,
        speed_mps=gone,
        heart_rate_bpm=gone,
        cadence_spm=gone,
        altitude_m=gone,
        latitude_deg=CENTRE[0] + blurred[:, 1] * METRE_DEG,
        longitude_deg=CENTRE[1] + blurred[:, 0] * METRE_DEG / np.cos(np.radians(CENTRE[0])),
        power_w=gone,
        temperature_c=gone,
    )
    start = BEGAN + timedelta(days=day)
    return Recording(sport="running", start_utc=start, elapsed_s=float(len(way)), utc_offset_s=0, samples=samples)


def quiet(_done: int, _total: int | None) -> None:
    return None


def mapped(made: MadeMap, folder: Path) -> GroundMap:
    """The made-up extract as springstep keeps it."""
    tiles = tiles_around(np.array([CENTRE[0]]), np.array([CENTRE[1]]))
    file = made.write(folder / "made.osm.pbf")
    return read(file, tiles, folder / "scratch", progress=quiet, stopping=lambda: False).map


@pytest.mark.parametrize(
    ("tags", "ground", "guessed"),
    [
        ({"highway": "residential", "surface": "asphalt"}, Surface.ROAD, False),
        ({"highway": "residential"}, Surface.ROAD, True),
        ({"highway": "path"}, Surface.TRAIL, True),
        ({"highway": "path", "surface": "asphalt"}, Surface.ROAD, False),
        ({"highway": "track", "tracktype": "grade2"}, Surface.GRAVEL, False),
        ({"highway": "track", "tracktype": "grade1", "surface": "grass"}, Surface.GRASS, False),
        ({"highway": "footway", "surface": "Sand;gravel"}, Surface.SAND, False),
        ({"highway": "path", "surface": "something new"}, Surface.TRAIL, True),
        ({"leisure": "track", "sport": "running", "surface": "asphalt"}, Surface.TRACK, False),
        ({"leisure": "track", "sport": "athletics;soccer"}, Surface.TRACK, False),
    ],
)
def test_tags_of_a_way(tags: dict[str, str], ground: Surface, guessed: bool) -> None:
    assert way_code(tags) == GROUNDS.index(ground) + GUESSED * guessed


@pytest.mark.parametrize(
    "tags",
    [{"highway": "motorway"}, {"highway": "steps"}, {"leisure": "track", "sport": "horse_racing"}, {"surface": "sand"}],
)
def test_no_ground_to_run_on(tags: dict[str, str]) -> None:
    assert way_code(tags) is None


def test_tags_of_open_ground() -> None:
    assert area_code({"natural": "beach"}) == GROUNDS.index(Surface.SAND)
    assert area_code({"leisure": "golf_course"}) == GROUNDS.index(Surface.GRASS)
    assert area_code({"landuse": "residential"}) is None


def test_a_run_over_three_grounds_has_their_shares(tmp_path: Path) -> None:
    made = (
        MadeMap()
        .way((0, 0), (2000, 0), highway="residential", surface="asphalt")
        .way((2000, 0), (2000, 2000), highway="track", tracktype="grade2")
        .way((2000, 2000), (4000, 2000), highway="path")
    )
    ride = stream(trace([(0, 0), (2000, 0), (2000, 2000), (4000, 2000)], noise_m=2.0))
    found = underfoot(ride, mapped(made, tmp_path))
    assert found.shares == pytest.approx({"road": 1 / 3, "gravel": 1 / 3, "trail": 1 / 3}, abs=0.02)
    assert found.guessed == pytest.approx(1 / 3, abs=0.02)


def test_a_way_that_is_crossed_or_out_of_reach_does_not_count(tmp_path: Path) -> None:
    made = MadeMap().way((0, 40), (3000, 40), highway="residential")
    for east in range(100, 3000, 100):
        made.way((east, -200), (east, 200), highway="path", surface="sand")
    assert underfoot(stream(trace([(0, 0), (3000, 0)])), mapped(made, tmp_path)).shares == {"unknown": 1.0}


def test_the_nearer_of_two_parallel_ways_counts(tmp_path: Path) -> None:
    made = (
        MadeMap()
        .way((0, 3), (3000, 3), highway="path", surface="gravel")
        .way((0, -9), (3000, -9), highway="primary", surface="asphalt")
    )
    assert underfoot(stream(trace([(0, 0), (3000, 0)])), mapped(made, tmp_path)).shares == {"gravel": 1.0}


def test_a_beach_without_a_way_is_sand_and_its_road_stays_road(tmp_path: Path) -> None:
    made = (
        MadeMap()
        .way((0, -100), (2000, -100), (2000, 100), (0, 100), (0, -100), natural="beach")
        .way((2000, 0), (3000, 0), highway="cycleway", surface="asphalt")
    )
    found = underfoot(stream(trace([(10, 0), (3000, 0)])), mapped(made, tmp_path))
    assert found.shares == pytest.approx({"sand": 2 / 3, "road": 1 / 3}, abs=0.02)


def test_a_meadow_drawn_in_pieces_is_grass_but_for_the_holes_in_it(tmp_path: Path) -> None:
    def box(west: float, east: float, half: float) -> Ring:
        return [(west, -half), (east, -half), (east, half), (west, half), (west, -half)]

    made = MadeMap().ground(box(0, 3000, 100), box(500, 1000, 50), box(2000, 2500, 50), landuse="meadow")
    found = underfoot(stream(trace([(10, 0), (3000, 0)])), mapped(made, tmp_path))
    assert found.shares == pytest.approx({"grass": 2 / 3, "unknown": 1 / 3}, abs=0.02)


def test_stretches_are_cut_short_and_end_where_they_ended() -> None:
    long = np.array([[100_000_000, -400_000_000, 100_000_000, -399_990_000]], dtype=np.int32)
    parts, codes = cut_ways(long, np.array([3], dtype=np.uint8))
    assert (len(parts), codes.tolist()) == (3, [3, 3, 3])
    assert parts[0, :2].tolist() == long[0, :2].tolist()
    assert parts[-1, 2:].tolist() == long[0, 2:].tolist()
    assert parts[1:, :2].tolist() == parts[:-1, 2:].tolist()


def test_a_map_outlives_its_file_and_is_named_after_its_content(tmp_path: Path) -> None:
    ground = mapped(MadeMap().way((0, 0), (900, 0), highway="path"), tmp_path)
    map_file.keep(tmp_path / "map.npz", ground)
    one, again = map_file.load(tmp_path / "map.npz"), map_file.load(tmp_path / "map.npz")
    assert one is not None
    assert again is not None
    assert (one.name, len(one.name), (tmp_path / "map.npz").stat().st_mode & 0o777) == (again.name, 12, 0o600)
    assert (one.stretches == ground.stretches).all()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no more", b"something else"])
def test_a_damaged_map_is_no_map(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "map.npz").write_bytes(content)
    assert Atlas(tmp_path / "map.npz").ground() is None


def test_only_what_lies_around_the_runs_is_kept(tmp_path: Path) -> None:
    near, far = MadeMap().way((0, 0), (890, 0), highway="path"), (90_000.0, 0.0)
    near.way(far, (91_000, 0), highway="path")
    assert len(mapped(near, tmp_path).stretches) == 18


def test_what_is_no_extract_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "photo.osm.pbf"
    file.write_bytes(b"no map at all, but long enough to look at" * 9)
    with pytest.raises(PersonMustAct, match=r"map\.unreadable file='photo\.osm\.pbf'"):
        read(file, np.array([1]), tmp_path / "scratch", progress=quiet, stopping=lambda: False)
    assert not (tmp_path / "scratch").exists()


def test_reading_stops_when_springstep_stops(tmp_path: Path) -> None:
    file = MadeMap().way((0, 0), (900, 0), highway="path").write(tmp_path / "made.osm.pbf")
    with pytest.raises(TryLater):
        read(file, np.array([1]), tmp_path / "scratch", progress=quiet, stopping=lambda: True)


@pytest.mark.parametrize(
    ("shares", "ground"),
    [
        ({"road": 0.95, "trail": 0.05}, Surface.ROAD),
        ({"road": 0.8, "trail": 0.2}, Surface.MIXED),
        ({"road": 0.55, "gravel": 0.45}, Surface.MIXED),
        ({"road": 0.3, "trail": 0.3, "gravel": 0.4}, Surface.GRAVEL),
        ({"road": 0.3, "gravel": 0.6, "unknown": 0.1}, Surface.GRAVEL),
        ({"track": 0.5, "unknown": 0.5}, Surface.TRACK),
        ({"road": 0.3, "unknown": 0.7}, None),
    ],
)
def test_the_ground_that_shares_mean(shares: dict[str, float], ground: Surface | None) -> None:
    found = on_the_map(Underfoot("m", shares))
    assert found is not None
    assert found[0] is ground
    told, evidence = rung(SurfaceFacts(underfoot=Underfoot("m", shares)))
    assert max(told, key=lambda name: told[name]) == (ground or Surface.UNKNOWN)
    assert evidence[-1].values["shares"] == shares


def test_a_guessed_ground_is_less_sure_than_a_tagged_one() -> None:
    tagged, guessed = (on_the_map(Underfoot("m", {"trail": 1.0}, share)) for share in (0.0, 1.0))
    assert tagged is not None
    assert guessed is not None
    assert (tagged[1], guessed[1]) == (pytest.approx(0.9), pytest.approx(0.65))


# --- from the extract to the label ----------------------------------------------------------------


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    home = DataDir(tmp_path / "home")
    home.make()
    with Store.open(home.database) as store:
        yield Shop(home.root, store)


def ran(shop: Shop, *recordings: Recording, source: str = "file") -> None:
    for number, recording in enumerate(recordings):
        arrival = activities.IncomingContent(
            source=source,
            source_ref=None if source == "file" else str(number),
            sha256=f"{number:064d}",
            format="fit",
            size_bytes=1,
            recordings=[recording],
        )
        with shop.store.transaction():
            activities.keep(shop.store, shop.athlete, arrival, now_utc=shop.now)
    shop.engine.refresh()


def order(shop: Shop, path: Path | None) -> Task:
    owner = App(shop.engine, shop.store, shop.config, shop.home, role="busy", now=lambda: shop.now)
    try:
        work = owner.start_here("map", MapRequest(path=None if path is None else str(path)))
        return owner.tasks.wait(work.work_id, 60)
    finally:
        owner.close()


def grounds(shop: Shop) -> list[tuple[str, dict[str, float] | None]]:
    runs: list[dict[str, Any]] = shop.ask("runs")["runs"]
    return [(run["surface"], run["surface_shares"]) for run in runs]


def gravel(folder: Path) -> Path:
    made = MadeMap().way((0, 0), (5000, 0), highway="track", surface="compacted")
    return made.write(folder / "made.osm.pbf")


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
    springstep = Shell(tmp_path / "home")
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
