"""Lists of workouts as other programs and countries write them: their own words, marks, units and shapes."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sync.formats.read import members
from sync.formats.tables.cells import cell_seconds
from sync.formats.tables.read import read_table
from sync.formats.unwrap import Limits
from tests.factories_tables import BERLIN, GARMIN_HEADER, read

START = datetime(2026, 9, 1, 4, 30)
WHOOP = (
    "Cycle start time,Cycle timezone,Workout start time,Workout end time,Duration (min),Activity name,Max HR (bpm),"
    "Average HR (bpm),Distance (meters),Altitude gain (meters)\n"
    "2026-08-31 22:10:00,UTC+02:00,2026-09-01 06:30:00,2026-09-01 07:16:00,46,Running,160,140,8020.0,30\n"
    "2026-08-31 22:10:00,UTC+02:00,2026-09-01 18:30:00,2026-09-01 19:16:00,46,Cycling,160,140,18020.0,30\n"
)
PELOTON = (
    "Workout Timestamp,Live/On-Demand,Length (minutes),Fitness Discipline,Type,Title,Distance (mi),Avg. Heartrate\n"
    "2026-09-01 06:30 (CEST),On Demand,46,Running,Pace,45 min Run,4.9834,140.0\n"
    "2026-09-02 00:30 (-04),On Demand,30,Cycling,Pace,30 min Ride,9.98,130.0\n"
)
TRAINING_PEAKS = (
    "Title,WorkoutType,PlannedDuration,PlannedDistanceInMeters,WorkoutDay,DistanceInMeters,TimeTotalInHours,"
    "HeartRateAverage,HeartRateMax\n"
    "Easy,Run,,10000,2026-09-01,8020,0.766667,140,160\nPlanned,Run,,10000,2026-12-24,,,,\n"
)
WITHINGS = (
    "from,to,from (manual),to (manual),Timezone,Activity type,Data,GPS,Modified\n"
    "2026-09-01T06:30:00+02:00,2026-09-01T07:16:00+02:00,,,Europe/Berlin,Running,"
    '"{""hr_average"":140,""distance"":8020,""elevation"":30}",,2026-09-01T09:00:00+02:00\n'
)
ENDOMONDO = json.dumps(
    [{"sport": "RUNNING"}, {"start_time": "2026-09-01 04:30:00.0"}, {"duration_s": 2760}, {"distance_km": 8.02},
     {"heart_rate_avg_bpm": 140}, {"points": [[{"altitude": 10.0}]]}]
)  # fmt: skip
GOOGLE_FIT = json.dumps({
    "fitnessActivity": "running", "startTime": "2026-09-01T04:30:00Z", "endTime": "2026-09-01T05:16:00Z",
    "duration": "2760s", "aggregate": [{"metricName": "com.google.distance.delta", "floatValue": 8020.0}],
})  # fmt: skip
HEALTH = json.dumps({"data": {"metrics": [], "workouts": [{
    "name": "Outdoor Run", "start": "2026-09-01 06:30:00 +0200", "end": "2026-09-01 07:16:00 +0200",
    "distance": {"qty": 8.02, "units": "km"}, "avgHeartRate": {"qty": 140, "units": "bpm"},
}]}})  # fmt: skip
BELOW_A_NAME = json.dumps({"runs": [{"date": "2026-09-01T04:30:00Z", "distance_m": 8020, "duration_s": 2760}]})
EPOCH = "time;sport;type;distance;duration;pulse avg\n1788237000;Running;Easy;8.02;2760;140\n"


@pytest.mark.parametrize(
    "text",
    [WHOOP, PELOTON, TRAINING_PEAKS, WITHINGS, ENDOMONDO, GOOGLE_FIT, HEALTH, BELOW_A_NAME, EPOCH],
    ids=["WHOOP", "Peloton", "TrainingPeaks", "Withings", "Endomondo", "Google Fit", "Health Auto Export",
         "below a name", "epoch"],
)  # fmt: skip
def test_a_run_of_another_programs_list(text: str) -> None:
    first, *others = [row.recording for row in read(text).rows]
    assert (first.sport, first.elapsed_s) == ("running", pytest.approx(2760, abs=1))
    assert first.distance_m == pytest.approx(8020, abs=1)
    assert first.start_utc.date() == START.date()
    assert "time_of_day" in first.extra or first.start_utc == START
    assert first.mean_heart_rate_bpm in (140, None)
    assert [one.sport for one in others] in ([], ["cycling"])


def test_a_watch_that_measures_no_way_has_runs_all_the_same() -> None:
    """WHOOP's table as it is without GPS: no distance, and of some accounts no zone."""
    head = "Workout start time,Workout end time,Duration (min),Activity name,Average HR (bpm)\n"
    run = read(head + "2026-09-01 06:30:00,2026-09-01 07:16:00,46,Running,140\n").rows[0].recording
    assert (run.sport, run.start_utc, run.elapsed_s, run.distance_m) == ("running", START, 2760, None)


def test_an_offset_or_a_zones_name_beside_the_clock_counts() -> None:
    old = PELOTON.replace("(CEST)", "(PDT)").replace("Distance (mi)", "Distance (miles)")
    run = read(old).rows[0].recording
    assert (run.start_utc, run.distance_m) == (datetime(2026, 9, 1, 13, 30), pytest.approx(8020, abs=1))
    assert [row.recording.start_utc for row in read(PELOTON).rows] == [START, datetime(2026, 9, 2, 4, 30)]


LOG = "Rodzaj aktywności,Data,Dystans,Czas trwania,Czas ruchu,Średnie tętno,Wzrost wysokości\n"


@pytest.mark.parametrize(
    ("took", "pulse", "climbed", "expected"),
    [("2826.0", "140.0", "30.0", (2826, 2756, 140, 30)), ("2826", "140,0", "1.030", (2826, 2756, 140, 1030)),
     ("2826", "1400", "30", (2826, 2756, None, 30))],
    ids=["points beside commas", "groups", "no pulse"],
)  # fmt: skip
def test_each_column_has_its_own_decimal_mark(
    took: str, pulse: str, climbed: str, expected: tuple[float | None, ...]
) -> None:
    row = f'"1 wrz 2026, 06:30:00","8,02",{took},2756.0,"{pulse}",{climbed}\n'
    run, ride = (one.recording for one in read(LOG + "Bieg," + row + "Jazda na rowerze," + row).rows)
    assert (run.elapsed_s, run.moving_s, run.mean_heart_rate_bpm, run.ascent_m) == expected
    assert (run.sport, ride.sport, run.start_utc, run.distance_m) == ("running", "cycling", START, 8020)


@pytest.mark.parametrize(("far", "track"), [("8.02", "10,000"), ("8,02", "10.000"), ("8.02", "400")])
def test_a_round_of_the_track_in_metres_between_kilometres(far: str, track: str) -> None:
    """In Garmin's table and in anybody's log: nobody runs ten thousand kilometres in fifty minutes."""
    metres = float(track.replace(".", "").replace(",", ""))
    took = timedelta(seconds=metres / 3)
    rows = "".join(
        f'{kind},2026-09-0{day} 06:30:00,false,Made up,"{cell}",561,{lasted},140,160\n'
        for day, kind, cell, lasted in (
            (1, "Running", far, "00:46:06"), (2, "Track Running", track, f"0{took}"), (3, "Running", far, "00:47:06"),
        )
    )  # fmt: skip
    garmin = read(",".join(GARMIN_HEADER.split(",")[:9]) + "\n" + rows)
    assert garmin.kind == "garmin_csv"
    assert [row.recording.distance_m for row in garmin.rows] == [8020, pytest.approx(metres), 8020]
    log = read(
        "id,Sport,Date,x,Title,Distance,kcal,Duration,HR,y\n" + "".join(f"7,{row}\n" for row in rows.split("\n")[:3])
    )
    assert log.kind == "running_log"
    assert [row.recording.distance_m for row in log.rows] == [8020, pytest.approx(metres), 8020]


@pytest.mark.parametrize("inside", [["xl/workbook.xml"], ["mimetype", "content.xml"], ["Index/Document.iwa"]])
def test_a_spreadsheet_is_named_once_with_what_works(tmp_path: Path, inside: list[str]) -> None:
    path = tmp_path / "runs.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("[Content_Types].xml", *inside):
            archive.writestr(name, "<x/>")
    found = members(path, path.name, Limits(), tables=lambda data, name: read_table(data, name, BERLIN))
    assert [(one.name, one.ignored) for one in found] == [("runs.xlsx", "spreadsheet")]


@pytest.mark.parametrize("odd", [5, "x", {"a": 1}, [3, None]], ids=str)
def test_what_should_be_a_list_and_is_none_spoils_nothing(odd: object) -> None:
    session = {"fitnessActivity": "running", "startTime": "2026-09-01T04:30:00Z", "endTime": "2026-09-01T05:16:00Z"}
    for told in ({**session, "aggregate": odd}, {"data": {"workouts": odd}}):
        read_table(json.dumps(told).encode(), "x.json", BERLIN)


def test_a_tracks_readings_below_a_name_are_no_runs() -> None:
    points = [{"time": 1788237000 + at, "distance": at * 3, "duration": at} for at in range(100)]
    assert read_table(json.dumps({"points": points}).encode(), "x.json", BERLIN) is None


ODD = {
    "weekdays": ("Datum,km,Zeit", "Di 01.09.2026,8.02,46:06"),
    "short years behind weekdays": ("Datum,km,Zeit", "Di. 01.09.26,8.02,46:06"),
    "a day that could be a month, in a country of commas": ("Data;Distância;Tempo", "01/09/2026;8,02;46min06s"),
    "the same under words that are not English": ("Date,Distance,Temps", '01/09/2026,"8,02",00:46:06'),
    "an era of Japan": ("日付,距離,時間", "令和8年9月1日,8.02,0:46:06"),
    "a title above": ("My runs 2026,,\nDate,Distance,Time", "2026-09-01,8.02,46:06"),
    "old line ends": ("Date,Distance,Time", "2026-09-01,8.02,46:06\r"),
    "days as a spreadsheet counts": ("Date,Distance,Time", "46266,8.02,0.032013889"),
    "only a pace, with its unit": ("Date,Distance,Pace", "2026-09-01,8.02,5:44.9/km"),
    "minutes with a mark and tenths": ("Date,Distance (km),Duration", "2026-09-01,8.02,46'06.2"),
    "a k": ("Date,Distance,Time", "2026-09-01,8.02k,46:06"),
    "pictures in the header": ("\U0001f4c5 Date,\U0001f4cf Distance (km),\u23f1 Time", "2026-09-01,8.02,46:06"),
}


@pytest.mark.parametrize("how", ODD)
def test_a_log_as_somebody_keeps_it(how: str) -> None:
    text = "\n".join(ODD[how])
    run = read(text.replace("\n", "\r") if "\r" in text else text).rows[0].recording
    assert (run.start_utc.date(), run.elapsed_s, run.distance_m) == (START.date(), pytest.approx(2766, abs=1), 8020)


def test_days_of_rest_are_no_activities_and_no_problems() -> None:
    rows = "2026-09-01,8.02,46:06\n2026-09-02,,\n2026-09-03,0,0:00\n2026-09-04,-,-\n2026-02-30,8,40:00\n"
    table = read("Date,Distance,Time\n" + rows)
    assert [row.recording.distance_m for row in table.rows] == [8020]
    assert [problem.name for problem in table.problems] == ["table:6"]


def test_a_measure_with_its_unit_in_json_and_no_negative_distance() -> None:
    far = {"value": 8.02, "unit": "km"}
    run = read(json.dumps([{"date": "2026-09-01", "distance": far, "duration": "PT46M6S"}])).rows[0].recording
    assert (run.distance_m, run.elapsed_s) == (8020, 2766)
    assert read("Date,Distance,Time\n2026-09-01,-8.02,46:06\n2026-09-02,8,46:06\n").rows[0].recording.distance_m is None


@pytest.mark.parametrize("name", ["runs.tsv", "runs.txt"])
def test_a_log_by_another_ending(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Date\tDistance\tTime\n2026-09-01\t8.02\t46:06\n")
    (found,) = members(tmp_path / name, name, Limits(), tables=lambda data, name: read_table(data, name, BERLIN))
    assert found.table is not None


@pytest.mark.parametrize("filling", [" ", "0", "min ", "/ "])
def test_a_cell_that_goes_on_and_on_is_read_at_once(filling: str) -> None:
    """A search for a unit's end that begins at each place and looks over all the rest would not come back."""
    assert cell_seconds("0:" + filling * 20_000 + "x") is None
