"""The offline map: what tags mean, how a trace is laid over ways, and the way from an extract to a run's label."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rules.facts.kinds import Surface
from rules.measure.map_match import (
    GROUNDS,
    GUESSED,
    GroundMap,
    Underfoot,
    area_code,
    cut_ways,
    underfoot,
    way_code,
)
from rules.measure.stream import stream
from rules.measure.surface import SurfaceFacts, on_the_map, rung
from sync.errors import PersonMustAct, TryLater
from sync.runs.ground_map import map_file
from sync.runs.ground_map.extract import read, tiles_around
from sync.runs.ground_map.label_runs import Atlas
from tests.factories_map import CENTRE, MadeMap, Ring
from tests.factories_map_runs import quiet, trace


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
