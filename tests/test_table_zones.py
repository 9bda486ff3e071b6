"""A table's local times: the files beside some of its rows tell in which zone all of them are."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from sync.runs.table_zones import moved_by
from tests.factories_engine import Shop
from tests.factories_runs import run
from tests.factories_xml import gpx

HOUR = 3600.0
HEADER = "Activity Id,Date,Type,Route Name,Distance (km),Duration,Notes,GPX File"
FIRST = datetime(2026, 3, 3, 11, 0)
"""06:00 in New York; the runner's own zone is Berlin, where the row's 06:00 is 05:00 UTC."""


@pytest.mark.parametrize(
    ("differences_s", "moved_s"),
    [
        ([], 0),
        ([6 * HOUR], 21600),
        ([6 * HOUR + 40, 6 * HOUR - 55, 0.0], 21600),
        ([6 * HOUR, 0.0], 0),
        ([30.0, -20.0], 0),
        ([5.5 * HOUR], 19800),
        ([6 * HOUR + 450], 0),
        ([40 * HOUR], 0),
    ],
    ids=["no pair", "six hours", "most of them", "they disagree", "the same", "half hours", "no zone", "another day"],
)
def test_what_pairs_say_of_a_zone(differences_s: list[float], moved_s: int) -> None:
    assert moved_by(differences_s) == moved_s


@pytest.mark.parametrize("order", list(permutations(("cardioActivities.csv", "a.gpx", "b.gpx")))[::2], ids="-".join)
def test_rows_without_a_file_move_with_those_that_have_one(tmp_path: Path, order: tuple[str, ...]) -> None:
    shop = Shop(tmp_path / "home")
    rows = [
        "1,2026-03-03 06:00:00,Running,,1.8,10:00,,a.gpx",
        "2,2026-03-05 06:00:00,Running,,1.8,10:00,,b.gpx",
        "3,2026-03-07 20:00:00,Running,,9.0,50:00,,",
    ]
    (tmp_path / "cardioActivities.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    for name, start in (("a.gpx", FIRST), ("b.gpx", FIRST + timedelta(days=2))):
        (tmp_path / name).write_bytes(gpx(run(start_utc=start, file_id=None, utc_offset_s=None)))
    for name in order:
        shop.take_in(tmp_path / name)
    starts = ["2026-03-03T11:00:00", "2026-03-05T11:00:00", "2026-03-08T01:00:00"]
    assert [one["start_utc"] for one in shop.runs()] == starts
    shop.engine.rebuild()
    assert [one["start_utc"] for one in shop.runs()] == starts
