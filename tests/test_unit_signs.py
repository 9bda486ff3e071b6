"""A table that names no unit: made-up runners of many kinds, in both units, are read right or asked about."""

from __future__ import annotations

import csv
import io
import random
import re
from pathlib import Path
from typing import get_args

import pytest

from rules.text import load_language
from sync.formats.tables.sheets import METRES, TableRead, Units
from sync.formats.tables.unit_signs import of_header, of_paces, of_races, of_steps
from sync.formats.tables.which_unit import By
from tests.factories_engine import Shop
from tests.factories_runs import run, samples
from tests.factories_tables import GARMIN_HEADER, read
from tests.factories_xml import gpx

KILOMETRES, MILES = get_args(Units)
RUNNERS = {
    # seconds a kilometre, how far they vary, usual kilometres, steps a minute
    "slow": (500, 0.08, (4, 5, 6, 8), 158),
    "very slow": (560, 0.06, (3, 4, 5), 152),
    "walk breaks": (540, 0.18, (4, 6, 8, 10), 146),
    "usual": (360, 0.07, (6, 8, 10, 15), 168),
    "fast": (265, 0.08, (8, 12, 15, 20), 178),
    "ultra": (450, 0.15, (15, 25, 50, 80), 156),
    "treadmill": (400, 0.03, (5, 8), 166),
}


def log(runner: str, units: Units, *, rows: int = 60, header: str = GARMIN_HEADER) -> str:
    """Their runs as Garmin's table shows them, without stride and steps: the same ones in either unit."""
    dice = random.Random(f"{runner} {rows}")
    pace_s, varies, usual_km, steps = RUNNERS[runner]
    lines = [header]
    for number in range(rows):
        far = dice.choice(usual_km) * dice.uniform(0.9, 1.2) * 1000 / METRES[units]
        pace = pace_s * METRES[units] / 1000 * dice.gauss(1, varies)
        took = far * pace
        lines.append(
            f"Running,2026-{1 + number // 28:02}-{1 + number % 28:02} 07:00:00,false,,{far:.2f},400,{clock(took)},150,"
            f"170,--,{steps + dice.gauss(0, 3):.0f},--,{short(pace)},{short(pace * 0.85)},20,20,--,--,--,--,--"
        )
    return "\n".join(lines)


def clock(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}"


def short(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@pytest.mark.parametrize("home", [KILOMETRES, MILES])
@pytest.mark.parametrize("units", [KILOMETRES, MILES])
@pytest.mark.parametrize("runner", RUNNERS)
def test_nobody_is_read_wrong_in_silence(runner: str, units: Units, home: Units) -> None:
    table = read(log(runner, units), "Activities.csv", runner_counts=home)
    assert table.taken["units"] == units or table.ask_units is not None
    if units == home:
        assert table.taken["units"] == units


@pytest.mark.parametrize("units", [KILOMETRES, MILES])
@pytest.mark.parametrize("runner", RUNNERS)
def test_the_runners_other_files_tell(runner: str, units: Units) -> None:
    other: Units = "mi" if units == "km" else "km"
    usual_mps = 1000 / (RUNNERS[runner][0] * 1.04)
    table = read(log(runner, units), "Activities.csv", runner_counts=other, usual_mps=usual_mps)
    assert table.taken["units"] == units
    assert table.ask_units is None or runner == "walk breaks"


@pytest.mark.parametrize(
    ("header", "sign"),
    [
        ("date,distance,duration,elevation_gain_ft", -1),
        ("Date,Distance,Time,Avg Speed (mph)", -1),
        ("date,distance,duration,elevation_gain_m", 1),
        ("Date,Distance,Time,Temp (°C)", 1),
        ("Dato,Distanse,Tid,Puls", 1),
        (GARMIN_HEADER, 0),
        ("", 0),
    ],
)
def test_words_beside_the_distance(header: str, sign: int) -> None:
    found = of_header([one for one in header.split(",") if one])
    assert (found > 0) - (found < 0) == sign


@pytest.mark.parametrize(
    ("distances", "sign"),
    [
        ([8.0, 10.3, 21.12, 12.4], 1),
        ([42.4], 1),
        ([5.1, 13.14, 8.0], -1),
        ([26.3, 13.2], -1),
        ([20.0, 20.6, 21.15, 21.8, 22.0, 20.4], 0),  # One of many that long.
        ([3.1, 3.11, 3.12, 3.1, 4.4], -1),
        ([5.0, 5.01, 5.02, 7.4], 1),
        ([5.0, 10.0], 0),  # Round in either unit.
        ([], 0),
    ],
)
def test_race_distances(distances: list[float], sign: int) -> None:
    found = of_races(distances)
    assert (found > 0.2) - (found < -0.2) == sign


def test_steps_go_with_a_speed() -> None:
    """8:00 a unit: as kilometres a slow run, as miles a usual one."""
    km_mps, mi_mps = 1000 / 480, METRES["mi"] / 480
    assert of_steps([156, 158, 160], km_mps, mi_mps) > 0.5 > -0.5 > of_steps([176, 178, 174], km_mps, mi_mps)
    assert of_steps([78, 79, 80], km_mps, mi_mps) == of_steps([156, 158, 160], km_mps, mi_mps)
    assert of_steps([158], km_mps, mi_mps) == 0


def test_ones_own_pace_weighs_more_than_anybodys() -> None:
    km_mps, mi_mps = 1000 / 480, METRES["mi"] / 480
    assert of_paces(km_mps, mi_mps, usual_mps=2.1) == -of_paces(mi_mps, km_mps, usual_mps=2.1) == 6.0
    assert abs(of_paces(km_mps, mi_mps)) < 1


def test_recordings_that_are_there_settle_what_would_be_asked(tmp_path: Path) -> None:
    """The shipped way: five GPX of a slow runner first, then their table in kilometres."""
    shop = Shop(tmp_path / "home")
    table = shop.root / "Activities.csv"
    table.write_text(log("slow", "km", rows=12))
    shop.take_in(table)
    [asked] = shop.ask("status")["problems"]
    assert "[import]" in asked["reason"]
    assert re.search(r"how sure springstep is: 8:\d\d, [789]\d %", asked["reason"])
    slow = samples(600, going_mps=2.0)
    for number in range(5):
        path = shop.root / f"{number}.gpx"
        moment = run().start_utc.replace(year=2025, day=1 + number)
        path.write_bytes(gpx(run(start_utc=moment, utc_offset_s=None, samples=slow, title=None, file_id=None)))
        shop.take_in(path)
    shop.engine.rebuild()
    assert shop.ask("status")["problems"] == []
    distances = [one["distance_m"] for one in shop.runs() if one["sources"] == ["garmin-csv"]]
    assert max(distances) < 10_000


@pytest.mark.parametrize("code", ["en", "de"])
def test_each_sign_has_its_words(code: str) -> None:
    words = load_language(code)
    assert [by for by in get_args(By) if f"table.by.{by}" not in words] == []


LOGS = ("h01", "h29", "h30", "h31", "h33", "h34", "h35", "h44", "h45")


@pytest.mark.parametrize("name", LOGS)
def test_real_logs_are_read_right_or_asked_about(name: str, real_data: Path) -> None:
    """Nine athletes' tables, in kilometres as they are and as they would be in miles."""
    path = real_data / "more-logs" / f"{name}.csv"
    if not path.exists():
        pytest.skip("the folder of real recordings holds no more-logs")
    text = path.read_text("utf-8")
    home: Units
    for home in ("km", "mi"):
        for units, table in (("km", text), ("mi", in_miles(text))):
            found: TableRead = read(table, "Activities.csv", runner_counts=home)
            assert found.taken["units"] == units or found.ask_units is not None, (units, home)
            assert units != home or found.taken["units"] == units, (units, home)


def in_miles(text: str) -> str:
    header, *rows = csv.reader(io.StringIO(text))
    for row in rows:
        for place, name in enumerate(header):
            if name == "Distance" and row[place][:1].isdigit():
                row[place] = f"{float(row[place].replace(',', '')) * 1000 / METRES['mi']:.2f}"
            elif name in ("Avg Pace", "Best Pace") and row[place][:1].isdigit():
                minutes, seconds = row[place].split(":")
                row[place] = short((int(minutes) * 60 + int(seconds)) * METRES["mi"] / 1000)
    made = io.StringIO()
    csv.writer(made).writerows([header, *rows])
    return made.getvalue()
