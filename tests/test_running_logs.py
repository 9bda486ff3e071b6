"""Running logs of people and small tools: whatever their columns are called, the same runs come out."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from sync.formats.tables.running_log import day_comes_first
from tests.factories_tables import only, read

TWO_RUNS = [("2026-09-01", 10_200, 3130), ("2026-09-03", 8_000, 2460)]
LOGS = {
    "days": "date,distance,time\n2026-09-01,10.2,52:10\n2026-09-03,8,41:00\n",
    "German, decimal commas": "Datum;Distanz;Zeit\n01.09.2026;10,2;52:10\n03.09.2026;8,0;41:00\n",
    "French": "Date;Distance (km);Durée\n01/09/2026;10,2;00:52:10\n03/09/2026;8,0;00:41:00\n",
    "two figures for the year": "date,distance,time\n1.9.26,10.2,52:10\n3.9.26,8,41:00\n",
    "a byte order mark": "\ufeffDate,Distance (km),Duration\n2026-09-01,10.2,0:52:10\n2026-09-03,8,0:41:00\n",
    "tabs": "date\tdistance km\ttime\n2026-09-01\t10.2\t52:10\n2026-09-03\t8\t41:00\n",
    "a title above": "My runs\n\ndate,distance,time\n2026-09-01,10.2,52:10\n2026-09-03,8,41:00\n",
    "a spreadsheet's first line": "sep=;\ndate;distance;time\n2026-09-01;10,2;52:10\n2026-09-03;8,0;41:00\n",
    "upright strokes": "date|distance|time\n2026-09-01|10.2|52:10\n2026-09-03|8|41:00\n",
    "month first": "Date,Distance (km),Time\n9/1/2026,10.2,52:10\n9/3/2026,8,41:00\n",
    "months by name": "date,km,time\n1 Sep 2026,10.2,52:10\n3 Sep 2026,8,41:00\n",
    "seconds": "date,km,seconds\n2026-09-01,10.2,3130\n2026-09-03,8,2460\n",
    "metres and seconds, bare": "date,distance,time\n2026-09-01,10200,3130\n2026-09-03,8000,2460\n",
    "times in words": "date,km,time\n2026-09-01,10.2,52m10s\n2026-09-03,8,41m\n",
    "quotes and Windows lines": '"date","km","time"\r\n"2026-09-01","10.2","52:10"\r\n"2026-09-03","8","41:00"\r\n',
}


@pytest.mark.parametrize("name", LOGS)
def test_one_log_in_many_forms(name: str) -> None:
    for text in (LOGS[name], LOGS[name].encode("utf-16")):
        table = read(text)
        read_as = [
            (row.recording.start_utc.date().isoformat(), row.recording.distance_m, row.recording.elapsed_s)
            for row in table.rows
        ]
        assert (read_as, table.problems) == (TWO_RUNS, ())


@pytest.mark.parametrize(
    ("text", "elapsed_s"),
    [
        pytest.param("date,distance,time\n2026-09-01,10,0:52\n2026-09-02,21,1:50\n", [3120, 6600], id="h:mm"),
        pytest.param("date,distance,time\n2026-09-01,10,52\n2026-09-02,21,110\n", [3120, 6600], id="minutes"),
        pytest.param("date,distance,time\n2026-09-01,10,0.9\n2026-09-02,21,1.8\n", [3240, 6480], id="hours"),
        pytest.param("date,km,duration_min\n2026-09-01,10,52\n2026-09-02,21,110\n", [3120, 6600], id="named"),
        pytest.param("date,km,Time (h)\n2026-09-01,10,0.9\n2026-09-02,21,1.8\n", [3240, 6480], id="named hours"),
    ],
)
def test_a_bare_time_is_told_by_the_speed(text: str, elapsed_s: list[float]) -> None:
    assert [row.recording.elapsed_s for row in read(text).rows] == elapsed_s


def test_miles_by_name_by_pace_and_by_the_runner() -> None:
    named = read("Date,Miles,Time\n09/01/2026,6.2,52:10\n09/23/2026,13.1,1:50:33\n")
    assert [round(row.recording.distance_m or 0) for row in named.rows] == [9978, 21082]
    # 9:23 for one unit is a slow runner's kilometre or a usual mile: how the runner counts decides, and it is asked.
    slow = read("date,distance,time\n2026-09-01,6.2,58:10\n")
    assert (slow.taken["metres_a_unit"], slow.taken["units_by"], slow.ask_units) == (1000, "runner", 3490 / 6.2)
    mine = read("date,distance,time\n2026-09-01,6.2,58:10\n", runner_counts="mi")
    assert (mine.taken["metres_a_unit"], mine.taken["units_by"], mine.ask_units) == (1609.344, "speed", None)
    assert read("date,distance,time\n2026-09-01,10,1:02:30\n").taken["metres_a_unit"] == 1000
    assert read("date,distance,time\n2026-09-01,6.2,58:10\n", units="km").taken["metres_a_unit"] == 1000
    # 6:15 could be either: whoever counts in miles meant miles, and metres stay metres.
    mine = read("date,distance,time\n2026-09-01,10,1:02:30\n", runner_counts="mi")
    assert (mine.taken["metres_a_unit"], mine.taken["units_by"]) == (1609.344, "runner")
    assert read("date,distance,time\n2026-09-01,10000,3750\n", runner_counts="mi").taken["metres_a_unit"] == 1
    # Nobody runs ten miles in half an hour.
    assert read("date,distance,time\n2026-09-01,10,31:00\n", runner_counts="mi").taken["metres_a_unit"] == 1000


def test_a_column_of_clocks_beside_the_duration_is_the_start() -> None:
    table = read("date,time,distance,duration\n2026-09-01,07:10,10.2,52:10\n2026-09-01,6:05 pm,5,26:00\n")
    assert [(row.recording.start_utc, row.recording.elapsed_s) for row in table.rows] == [
        (datetime(2026, 9, 1, 5, 10), 3130),
        (datetime(2026, 9, 1, 16, 5), 1560),
    ]
    assert "time_of_day" not in table.rows[0].recording.extra


def test_an_older_table_of_garmins_names_the_wall_clock() -> None:
    header = "Activity Name,Activity Type,Start,Time,Distance,Elevation Gain,Avg HR"
    run = only(read(f'{header}\nUntitled,Running,"Sat, Mar 14, 2015 6:30",52:10,10.02,40,151\n'))
    assert (run.start_utc, run.distance_m, run.elapsed_s, run.mean_heart_rate_bpm) == (
        datetime(2015, 3, 14, 5, 30),
        10_020,
        3130,
        151,
    )


@pytest.mark.parametrize(
    ("cells", "day_first"),
    [
        (["13/04/2026", "02/04/2026"], True),
        (["04/13/2026", "04/02/2026"], False),
        (["03.04.2026"], True),
        (["01/09/2026", "03/09/2026", "05/09/2026"], True),
        (["09/01/2026", "09/03/2026", "09/05/2026"], False),
        (["2026-09-01"], False),
        ([], False),
    ],
)
def test_whether_the_day_comes_first(cells: list[str], day_first: bool) -> None:
    assert day_comes_first(cells) is day_first


def test_lines_that_are_no_runs_are_counted() -> None:
    text = "date,distance,time\n2026-09-01,10,52:10\nfoo,bar,baz\n2026-09-05,8,41:00\n,,\nTotal,18,1:33:10\n"
    table = read(text, "log.csv")
    assert (len(table.rows), [problem.name for problem in table.problems]) == (2, ["log.csv:3", "log.csv:5"])


def test_a_log_of_days() -> None:
    table = read("date,distance_km,time_mmss\n12/5/2021,3,19:59\n13/5/2021,3.5,18:50\n13/5/2021,4,22:00\n")
    assert [(row.recording.start_utc, row.recording.distance_m, row.recording.elapsed_s) for row in table.rows] == [
        (datetime(2021, 5, 12, 10), 3000, 1199),
        (datetime(2021, 5, 13, 10), 3500, 1130),
        (datetime(2021, 5, 13, 11), 4000, 1320),
    ]
    assert table.rows[0].recording.extra == {"time_of_day": "unknown"}


def test_a_bare_distance_is_told_by_the_speed() -> None:
    metres = read("start_date_local,distance,moving_time,type\n2026-08-16T08:54:24Z,6035.0,1992,Run\n")
    assert only(metres).distance_m == 6035
    assert only(metres).start_utc == datetime(2026, 8, 16, 6, 54, 24)
    kilometres = read("date,distance,moving_time\n2026-08-16,6.035,1992\n")
    assert only(kilometres).distance_m == 6035
    assert only(read("date,distance,time\n2026-08-16,6.0,1992\n", units="mi")).distance_m == pytest.approx(9656.064)


def test_a_flat_json_log() -> None:
    rows = [
        {
            "run_id": 7,
            "name": "x",
            "distance": 5000.0,
            "moving_time": "0:25:00",
            "type": "Run",
            "start_date": "2026-08-16 00:54:24",
            "start_date_local": "2026-08-16 08:54:24",
            "summary_polyline": "abc",
        }
    ]
    table = read(json.dumps(rows))
    run = only(table)
    assert (table.rows[0].external_id, run.start_utc, run.utc_offset_s, run.moving_s) == (
        "7",
        datetime(2026, 8, 16, 0, 54, 24),
        28800,
        1500,
    )
    assert "summary_polyline" not in run.extra
