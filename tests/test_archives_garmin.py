"""Garmin's export and its table: what is kept of them, in which units, and which run a row is of."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.kinds import Kind
from sync.app.demo.fit_writer import write
from sync.settings import redact
from sync.settings.config import parse
from sync.storage.database import Store
from sync.wire.commands import CorrectRun
from tests.factories_archives import BROKEN_FIT, drop, garmin_activity, garmin_csv, garmin_export, outing, packed
from tests.factories_engine import CONFIG, Shop, counts

CONFIG_TEXT = '[athlete]\nid="ada"\nname="Ada"\ntime_zone="Europe/Berlin"\n'
ADDRESS = "ada.made-up@example.org"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


def test_a_garmin_export_and_its_address_stays_out_of_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shop = Shop(home, store=Store.open(home / "store.duckdb"))
    folder = "DI_CONNECT/DI-Connect-Fitness"
    archive = packed({
        f"{folder}/{ADDRESS}_0_summarizedActivities.json": garmin_export(
            garmin_activity(17000000001, outing()), garmin_activity(17000000002, outing(1)),
            {"activityId": 17000000003},
        ),
        f"{folder}/{ADDRESS}_personalRecord.json": b"[]",
        "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": packed({
            f"{ADDRESS}_99.fit": write(outing(1)), f"{ADDRESS}_100.fit": BROKEN_FIT,
        }),
    })  # fmt: skip
    found = shop.take_in(drop(tmp_path / "in", {f"{ADDRESS}.zip": archive}))
    assert counts(found) == {
        "found": 4, "read": 2, "duplicate": 0, "ignored": 1, "problem": 1,
        "recordings": 3, "runs": 2, "joined": 1, "other": 0,
    }  # fmt: skip
    assert [problem.name.rsplit("/", 1)[-1] for problem in found.problems] == [
        "[removed]_0_summarizedActivities.json",
        "[removed]_100.fit",
    ]
    assert {"sources": ["file", "garmin-export"], "title": "Run 17000000002"}.items() <= shop.runs()[1].items()
    assert ADDRESS not in found.model_dump_json() + shop.runs_json() + json.dumps(shop.ask("status"))
    again = shop.take_in(tmp_path / "in")
    assert (again.read, again.duplicate, again.problem) == (0, 2, 1)
    shop.store.checkpoint()
    shop.store.close()
    holding = [path for path in home.rglob("*") if path.is_file() and ADDRESS.encode() in path.read_bytes()]
    assert holding == []


def test_garmin_s_csv_is_local_time_and_told_its_units(shop: Shop, tmp_path: Path) -> None:
    """In summer Berlin is two hours ahead; five kilometres by stride and steps."""
    start = datetime(2025, 7, 1, 18, 30, 5)
    table = garmin_csv(*(start + timedelta(days=day) for day in range(3)))
    found = shop.take_in(drop(tmp_path / "in", {"Activities.csv": table}))
    [told] = found.tables
    assert (told.units, told.units_by, told.says) == (
        "km",
        "stride",
        "Activities.csv: 3 rows, distances in kilometres (going by steps and stride).",
    )
    first = shop.runs()[0]
    assert (first["start_utc"], first["start_local"]) == ("2025-07-01T16:30:05", "2025-07-01T18:30:05")
    assert (first["offset_assumed"], first["distance_m"]) == (True, 5000)


def test_the_config_settles_units(tmp_path: Path) -> None:
    config = parse(f'{CONFIG_TEXT}[import]\nunits="mi"\n')
    assert CONFIG.imports.units == "auto"
    shop = Shop(tmp_path / "home", config=config)
    found = shop.take_in(drop(tmp_path / "in", {"Activities.csv": garmin_csv(datetime(2025, 7, 1, 18, 30, 5))}))
    assert [(table.units, table.units_by) for table in found.tables] == [("mi", "override")]
    assert shop.runs()[0]["distance_m"] == pytest.approx(5 * 1609.344, abs=0.1)


def test_a_corrected_unit_changes_the_way_and_not_the_run(tmp_path: Path) -> None:
    """Whoever said something of a run and settles the unit afterwards finds it where it was."""
    shop = Shop(tmp_path / "home")
    shop.take_in(drop(tmp_path / "in", {"log.csv": b"date,distance,time\n2026-03-01,6.2,58:10\n"}))
    (run_before,) = shop.runs()
    assert run_before["distance_m"] == 6200.0
    shop.perform(CorrectRun(typed_utc=shop.now, run_id=run_before["id"], kind=Kind.TEMPO))
    settled = Shop(shop.root, shop.store, parse(f'{CONFIG_TEXT}[import]\nunits="mi"\n'))
    settled.engine.rebuild()
    (run_after,) = settled.runs()
    assert (run_after["id"], round(run_after["distance_m"]), run_after["primary"]) == (run_before["id"], 9978, "tempo")


FAR = outing(utc_offset_s=9 * 3600, distance_m=5000.0)


@pytest.mark.parametrize("table_first", [False, True])
def test_a_run_abroad_is_matched_by_its_wall_clock_and_distance(table_first: bool, shop: Shop, tmp_path: Path) -> None:
    local = FAR.start_utc + timedelta(hours=9)
    parts = [{"Activities.csv": garmin_csv(local)}, {"far.fit": write(FAR)}]
    for number, files in enumerate(parts if table_first else reversed(parts)):
        shop.take_in(drop(tmp_path / str(number), files))
    [only] = shop.runs()
    assert (only["sources"], only["title"], only["offset_assumed"]) == (["file", "garmin-csv"], "Feierabend", False)


def test_the_same_wall_clock_with_another_distance_is_another_run(shop: Shop, tmp_path: Path) -> None:
    local = FAR.start_utc + timedelta(hours=9)
    shop.take_in(drop(tmp_path / "in", {"Activities.csv": garmin_csv(local, kilometres="9,00"), "far.fit": write(FAR)}))
    assert len(shop.runs()) == 2


@given(st.from_regex(r"[a-z0-9.+-]{1,12}@[a-z0-9]{1,9}(\.[a-z0-9]{1,5})?\.(com|de|org)", fullmatch=True))
def test_no_address_is_left_in_a_name(address: str) -> None:
    assert redact.file_name(f"folder/{address}_0_summary.json") == "folder/[removed]_0_summary.json"


@pytest.mark.timeout(20)
def test_a_name_without_an_end_is_looked_over_once() -> None:
    name = "a" * 60_000
    assert (redact.file_name(name), redact.redact_text(name)) == (name, name)
