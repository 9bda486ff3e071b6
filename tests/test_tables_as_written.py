"""Cells as people and programs write them: units beside numbers, spelt times, clocks and days of many kinds."""

from __future__ import annotations

from datetime import datetime

import pytest

from sync.formats.tables.cells import cell_number, cell_seconds, cell_unit
from tests.factories_tables import only, read


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("46'07\"", 2767), ("46′07″", 2767), ("46m07", 2767), ("46m 7s", 2767), ("0h46", 2760), ("1h 05", 3900),
     ("PT46M7S", 2767), ("pt1h46m7.5s", 6367), ("0 days 00:46:07", 2767), ("1 day, 1:00:00", 90_000),
     ("1970-01-01 00:46:07.000000", 2767), ("1899-12-30 00:46:07", 2767), ("12:46:07 AM", 2767),
     ("0 Std. 46 Min.", 2760), ("1 ч 5 мин", 3900), ("1 godz. 5 min", 3900), ("1時間5分6秒", 3906),
     ("46分7秒", 2767), ("1 t 5 min", 3900), ("1 u 5 m", 3900),
     ("46:07", 2767), ("Morning", None), ("8.02 km", None), ("-", None), ("", None)],
)  # fmt: skip
def test_times(written: str, seconds: float | None) -> None:
    assert cell_seconds(written) == seconds


@pytest.mark.parametrize(
    ("written", "mark", "number", "unit"),
    [("8.02 km", ".", 8.02, "km"), ("8,02km", ",", 8.02, "km"), ("1 609 m", ".", 1609, "m"),
     ("4.98 mi", ".", 4.98, "mi"), ("140 bpm", ".", 140, "bpm"), ("98 ft", ".", 98, "ft"), ("8.02", ".", 8.02, None),
     ("5:45 /km", ".", None, None), ("activities/1.fit", ".", None, None), ("10 apples", ".", None, None)],
)  # fmt: skip
def test_numbers_with_their_unit(written: str, mark: str, number: float | None, unit: str | None) -> None:
    assert (cell_number(written, mark), cell_unit(written)) == (number, unit)


@pytest.mark.parametrize(
    ("far", "climb", "distance_m"),
    [("10.0 km", "100 m", 10_000), ("10,0 km", "100 m", 10_000), ("10000 m", "100 m", 10_000),
     ("6.214 mi", "328.084 ft", 10_000)],
)  # fmt: skip
def test_a_log_with_units_in_its_cells(far: str, climb: str, distance_m: float) -> None:
    run = only(read(f"Date;Distance;Duration;Heart rate;Elevation gain\n2026-03-14;{far};0:52:10;151 bpm;{climb}\n"))
    assert run.distance_m == pytest.approx(distance_m, abs=1)
    assert (run.elapsed_s, run.mean_heart_rate_bpm) == (3130, 151)
    assert run.ascent_m == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize(
    "written",
    ["14.03.2026 06.30", "14.03.2026 kl. 06.30", "14.3.2026 klo 6.30", "14/03/2026 06h30", "14-Mar-26 06:30",
     "14 March 2026 6:30 AM", "2026. 3. 14. 오전 6:30", "2026-03-14 06.30.00"],
)  # fmt: skip
def test_days_with_their_clock(written: str) -> None:
    assert only(read(f"Date;Distance (km);Time\n{written};10,0;0:52:10\n")).start_utc == datetime(2026, 3, 14, 5, 30)


@pytest.mark.parametrize("clock", ["06:30", "6.30 Uhr", "06h30", "klo 6.30", "6:30 AM", "06:30:00"])
def test_a_clock_in_its_own_column(clock: str) -> None:
    table = read(f"Date;Start time;Distance (km);Duration\n2026-03-14;{clock};10,0;0:52:10\n")
    assert only(table).start_utc == datetime(2026, 3, 14, 5, 30)


def test_a_log_that_only_tells_the_pace() -> None:
    run = only(read("Date,Distance (km),Best pace,Pace\n2026-03-14,10.0,4:30,5:13\n"))
    assert (run.distance_m, run.elapsed_s) == (10_000, 3130)


def test_an_instant_and_a_kind_as_scripts_write_them() -> None:
    header = (
        "activityId,activityName,startTimeLocal,startTimeGMT,activityType,distance,duration,elevationGain,averageHR"
    )
    kind = "\"{'typeId': 6, 'typeKey': 'trail_running', 'parentTypeId': 17}\""
    run = only(read(f"{header}\n1,Canal,2026-03-14 06:30:00,2026-03-14 05:30:00,{kind},10050.5,3130.2,48.0,151\n"))
    assert (run.start_utc, run.sport, run.sub_sport) == (datetime(2026, 3, 14, 5, 30), "running", "trail")
    assert (run.distance_m, run.ascent_m, run.mean_heart_rate_bpm) == (10_050.5, 48, 151)


def test_a_log_of_running_page_that_keeps_times_as_instants() -> None:
    item = (
        '[{"run_id": 1, "name": "Run", "distance": 10050.0, "moving_time": "1970-01-01 00:52:10.000000", "type": "Run",'
        ' "start_date": "2026-03-14 05:30:00+00:00", "start_date_local": "2026-03-14 06:30:00"}]'
    )
    run = only(read(item))
    assert (run.start_utc, run.moving_s, run.distance_m) == (datetime(2026, 3, 14, 5, 30), 3130, 10_050)
