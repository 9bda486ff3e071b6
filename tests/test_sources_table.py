"""The README's table of apps: each row names a known grade and has a test of its own."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.factories_tables import only, read

ROOT = Path(__file__).parents[1]
TESTED_BY = {
    "Garmin": "test_garmins_own_list",
    "Strava": "test_stravas_columns_by_place_in_another_language",
    "intervals.icu": "test_the_list_of_intervals_icu",
    "running_page": "test_the_list_of_running_page",
    "Runkeeper": "test_a_row_joins_the_recording_that_it_names",
    "Apple Health": "test_running_workouts_under_any_name",
    "Polar Flow": "test_polars_json",
    "Fitbit": "test_fitbit",
    "Nike Run Club": "test_nike",
    "Zepp, Amazfit, Mi Fit": "test_zepp",
    "Samsung Health": "test_samsungs_table_of_exercises",
    "adidas Running (Runtastic)": "test_a_session_of_adidas_running",
    "Huawei Health": "test_huaweis_workouts",
    "WHOOP, Peloton, TrainingPeaks, Withings": "test_a_run_of_another_programs_list",
    "Endomondo, Google Fit (Takeout), Health Auto Export": "test_a_run_of_another_programs_list",
    "GarminDB": "test_the_database_of_garmindb",
    "Endurain, FitTrackee": "test_the_lists_of_endurain_and_fittrackee",
    "your own log": "test_a_log_in_each_language",
}
GRADES = {"seen", "reader", "made up"}


def rows() -> list[list[str]]:
    _, _, below = (ROOT / "README.md").read_text(encoding="utf-8").partition("| app | which export")
    lines = below.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_each_row_says_how_it_is_known_and_has_a_test() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").glob("test_*.py")))
    tests = set(re.findall(r"^def (test_\w+)\(", written, re.MULTILINE))
    assert [app for app, *_ in rows()] == list(TESTED_BY)
    assert [cells for cells in rows() if len(cells) != 4 or cells[3] not in GRADES or not cells[1]] == []
    assert [name for name in TESTED_BY.values() if name not in tests] == []


@pytest.mark.parametrize("kind", ["Run", "running"])
def test_the_list_of_running_page(kind: str) -> None:
    item = {
        "run_id": 4711, "name": "Canal", "distance": 10050.5, "moving_time": "0:52:10", "elapsed_time": "0:53:20",
        "type": kind, "subtype": kind, "start_date": "2026-03-14 05:30:00", "start_date_local": "2026-03-14 06:30:00",
        "location_country": "", "summary_polyline": None, "average_heartrate": 151.0, "average_speed": 3.2,
        "elevation_gain": 48.0, "streak": 3,
    }  # fmt: skip
    run = only(read(json.dumps([item])))
    assert (run.sport, run.start_utc, run.distance_m) == ("running", datetime(2026, 3, 14, 5, 30), 10050.5)
    assert (run.moving_s, run.mean_heart_rate_bpm) == (3130, 151)


def test_the_list_of_intervals_icu() -> None:
    header = "id,start_date_local,type,name,moving_time,elapsed_time,distance,total_elevation_gain,average_heartrate"
    run = only(read(f"{header}\ni4711,2026-03-14T06:30:00,Run,Canal,3130,3200,10050.5,48.0,151\n"))
    assert (run.sport, run.start_utc, run.distance_m) == ("running", datetime(2026, 3, 14, 5, 30), 10050.5)
    assert (run.moving_s, run.elapsed_s, run.mean_heart_rate_bpm, run.ascent_m) == (3130, 3200, 151, 48)
