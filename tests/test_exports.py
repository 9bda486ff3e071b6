"""Exports of other ecosystems: what each module reads, whole values, from documents made up here."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from rules.text import load_language
from sync.formats.read import Format, Member, members
from sync.formats.tables.read import read_table
from sync.formats.unwrap import Limits
from tests.factories_runs import run as made_run
from tests.factories_tables import BERLIN, only, read
from tests.factories_xml import gpx
from tests.shell import InProcess, Shell

START = datetime(2026, 3, 14, 5, 30)


def leaf(tmp_path: Path, name: str, data: str) -> Member:
    path = tmp_path / name
    path.write_text(data, encoding="utf-8")
    (found,) = members(path, name, Limits(), tables=lambda content, called: read_table(content, called, BERLIN))
    return found


GARMIN = {
    "activityId": 4711, "activityName": "Canal", "activityType": {"typeId": 6, "typeKey": "trail_running"},
    "startTimeGMT": "2026-03-14 05:30:00", "startTimeLocal": "2026-03-14 06:30:00", "duration": 3130.2,
    "elapsedDuration": 3200.0, "movingDuration": 3100.0, "distance": 10050.5, "averageHR": 151, "elevationGain": 48,
}  # fmt: skip


@pytest.mark.parametrize("wrapped", [[GARMIN], {"activityList": [GARMIN]}, GARMIN], ids=["list", "below a name", "one"])
def test_garmins_own_list(wrapped: object) -> None:
    table = read(json.dumps(wrapped))
    run = only(table)
    assert (table.kind, table.rows[0].external_id) == ("garmin_list", "4711")
    assert (run.sport, run.sub_sport, run.start_utc, run.utc_offset_s) == ("running", "trail", START, 3600)
    assert (run.distance_m, run.timer_s, run.elapsed_s, run.moving_s) == (10050.5, 3130.2, 3200, 3100)
    assert (run.mean_heart_rate_bpm, run.ascent_m) == (151, 48)


def test_garmins_answer_about_one_activity() -> None:
    kind = {"typeKey": "running"}
    totals = {"startTimeGMT": "2026-03-14T05:30:00.0", "duration": 3130, "distance": 10050, "averageHR": 151}
    run = only(read(json.dumps({"activityId": 1, "activityTypeDTO": kind, "summaryDTO": totals})))
    assert (run.sport, run.start_utc, run.distance_m, run.mean_heart_rate_bpm) == ("running", START, 10050, 151)


def test_one_instant_written_twice_names_no_zone() -> None:
    twice = {**GARMIN, "startTimeLocal": GARMIN["startTimeGMT"]}
    assert only(read(json.dumps([twice]))).utc_offset_s is None


def fitbit(**changes: object) -> str:
    item = {
        "logId": 60, "activityName": "Laufen", "activityTypeId": 90009, "averageHeartRate": 151, "duration": 3200000,
        "activeDuration": 3130000, "distance": 10.05, "distanceUnit": "Kilometer", "steps": 8700,
        "startTime": "03/14/26 05:30:00", "elevationGain": 48,
    }  # fmt: skip
    return json.dumps([{**item, **changes}])


def test_fitbit() -> None:
    run = only(read(fitbit()))
    assert (run.sport, run.start_utc, run.elapsed_s, run.timer_s) == ("running", START, 3200, 3130)
    assert run.distance_m == pytest.approx(10_050)
    assert (run.ascent_m, run.mean_heart_rate_bpm) == (48, 151)
    miles = only(read(fitbit(distance=6.2, distanceUnit="Mile", activityTypeId=20049)))
    assert miles.distance_m == pytest.approx(9977.9, abs=0.1)
    assert miles.sub_sport == "treadmill"
    assert only(read(fitbit(activityTypeId=90013, activityName="Gehen"))).sport == "walking"
    assert [one.reason for one in read(fitbit(startTime="soon")).problems] == ["row-without-start"]


def test_nike(tmp_path: Path) -> None:
    began = 1773466200000
    rates = [{"start_epoch_ms": began + 1000 * s, "value": 150 + s % 3} for s in range(0, 600, 5)]
    ways = [{"start_epoch_ms": began + 1000 * s, "value": 0.015} for s in range(0, 600, 5)]
    run_file = {
        "id": "made-up", "type": "run", "start_epoch_ms": began, "end_epoch_ms": began + 600_000,
        "active_duration_ms": 595_000, "tags": {"com.nike.name": "Canal"},
        "summaries": [{"metric": "distance", "summary": "total", "value": 1.8},
                      {"metric": "heart_rate", "summary": "mean", "value": 151}],
        "metrics": [{"type": "heart_rate", "values": rates}, {"type": "distance", "values": ways}],
    }  # fmt: skip
    found = leaf(tmp_path, "made-up.json", json.dumps(run_file))
    (run,) = found.recordings
    assert (found.format, run.sport, run.title) == (Format.NIKE_JSON, "running", "Canal")
    assert (run.start_utc, run.elapsed_s, run.timer_s, run.distance_m) == (START, 600, 595, 1800)
    assert run.samples is not None
    assert (len(run.samples), run.samples.heart_rate_bpm[0]) == (120, 150)
    assert run.moving_s == pytest.approx(595, abs=1)


def polar(**changes: object) -> str:
    readings = [
        {"dateTime": f"2026-03-14T06:{30 + s // 60:02}:{s % 60:02}.000", "value": 140} for s in range(0, 600, 5)
    ]
    exercise = {
        "startTime": "2026-03-14T06:30:00.000", "timezoneOffset": 60, "duration": "PT10M0.5S", "distance": 1800.0,
        "sport": "TRAIL_RUNNING", "ascent": 12.0, "heartRate": {"min": 100, "avg": 140, "max": 165},
        "samples": {"heartRate": readings}, **changes,
    }  # fmt: skip
    return json.dumps({"startTime": "2026-03-14T06:30:00.000", "duration": "PT600S", "exercises": [exercise]})


def test_polars_json(tmp_path: Path) -> None:
    (run,) = leaf(tmp_path, "training-session-1.json", polar()).recordings
    assert (run.sport, run.sub_sport, run.start_utc, run.utc_offset_s) == ("running", "trail", START, 3600)
    assert (run.elapsed_s, run.distance_m, run.ascent_m) == (600.5, 1800, 12)
    assert (run.mean_heart_rate_bpm, run.max_heart_rate_bpm) == (140, 165)
    assert run.samples is not None


POLAR = (
    "Name,Sport,Date,Start time,Duration,Total distance (km),Average heart rate (bpm),Ascent (m),Notes,\n"
    'Made Up,RUNNING,14-03-2026,06:30:00,00:10:00,1.8,140,12,"windy",\n'
    "Sample rate,Time,HR (bpm),Speed (km/h),Distances (m),\n"
    + "".join(f"1,00:{s // 60:02}:{s % 60:02},{140 + s % 2},10.8,{3.0 * s},\n" for s in range(600))
)


def test_polars_csv(tmp_path: Path) -> None:
    (run,) = leaf(tmp_path, "Made_Up_2026-03-14.CSV", POLAR).recordings
    assert (run.sport, run.start_utc, run.elapsed_s, run.distance_m) == ("running", START, 600, 1800)
    assert run.samples is not None
    assert (len(run.samples), run.samples.speed_mps[10]) == (600, pytest.approx(3.0))
    assert (run.mean_heart_rate_bpm, run.description) == (140, "windy")


def test_zepp() -> None:
    header = "type,startTime,sportTime(s),maxPace(/meter),minPace(/meter),distance(m),avgPace(/meter),calories(kcal)"
    row = "{},2026-03-14 05:30:00+0000,3130,0.25,0.6,10050.0,0.311,700"
    table = read("\n".join([header, row.format(1), row.format(8), row.format(9), row.format(6), row.format(77)]))
    assert [one.recording.sport for one in table.rows] == ["running", "running", "cycling", "walking", "zepp_77"]
    run = table.rows[0].recording
    assert (run.start_utc, run.elapsed_s, run.distance_m) == (START, 3130, 10_050)


def test_a_row_joins_the_recording_that_it_names(home: Path, tmp_path: Path) -> None:
    """On an island an hour to the west: the table has the wall clock there, the recording UTC."""
    document = gpx(made_run(title=None, utc_offset_s=None, start_utc=datetime(2026, 3, 14, 6, 30), laps=()))
    (tmp_path / "2026-03-14-0630.gpx").write_bytes(document)
    table = (
        "Date,Type,Distance (km),Duration,GPX File\n2026-03-14 06:30:00,Running,1.80,10:00,2026-03-14-0630.gpx\n"
        "2026-03-17 06:30:00,Running,5.00,28:00,\n"
    )
    (tmp_path / "cardioActivities.csv").write_text(table)
    answer = Shell(home)("import", "--json", tmp_path / "cardioActivities.csv", tmp_path / "2026-03-14-0630.gpx").json
    assert (answer["recordings"], answer["runs"], answer["joined"]) == (3, 2, 1)


@pytest.mark.parametrize(("kind", "runs"), [("Hiking", 0), ("Running", 1)])
def test_a_row_says_the_sport_of_the_recording_that_it_names(
    springstep: InProcess, tmp_path: Path, kind: str, runs: int
) -> None:
    """The way alone moves like a run; whoever keeps the account changed its type there."""
    document = gpx(made_run(sport=None, title=None, utc_offset_s=None, start_utc=START, laps=()))
    (tmp_path / "a.gpx").write_bytes(document)
    table = f"Date,Type,Distance (km),Duration,GPX File\n2026-03-14 06:30:00,{kind},1.80,10:00,a.gpx\n"
    (tmp_path / "cardioActivities.csv").write_text(table)
    springstep("import", "--json", tmp_path / "a.gpx")
    assert len(springstep("runs", "--json").json) == 1
    springstep("import", "--json", tmp_path / "cardioActivities.csv")
    assert len(springstep("runs", "--json").json) == runs


def test_what_came_from_an_export_is_made_again(springstep: InProcess, tmp_path: Path) -> None:
    for name, text in {"polar.csv": POLAR, "polar.json": polar(), "fitbit.json": fitbit()}.items():
        (tmp_path / name).write_text(text)
    springstep("import", "--json", tmp_path)
    first = springstep("runs", "--json").json
    assert "as it was" not in springstep("rebuild").out
    assert len(first) == 3
    assert springstep("runs", "--json").json == first


SAMSUNG = (
    "com.samsung.shealth.exercise,6320001,17\n"
    "title,com.samsung.health.exercise.start_time,com.samsung.health.exercise.end_time,"
    "com.samsung.health.exercise.time_offset,com.samsung.health.exercise.exercise_type,"
    "com.samsung.health.exercise.duration,com.samsung.health.exercise.distance,"
    "com.samsung.health.exercise.mean_heart_rate,com.samsung.health.exercise.altitude_gain,"
    "com.samsung.health.exercise.datauuid\n"
)


@pytest.mark.parametrize(
    ("kind", "named"),
    [("1002", ("running", None)), ("15005", ("running", "treadmill")), ("99", ("samsung_99", None))],
)
def test_samsungs_table_of_exercises(tmp_path: Path, kind: str, named: tuple[str, str | None]) -> None:
    row = f"Canal,2026-03-14 05:30:00.000,2026-03-14 06:23:20.000,UTC+0100,{kind},3130000,10050.5,151.0,48.0,a-1,\n"
    found = leaf(tmp_path, "com.samsung.shealth.exercise.20260315.csv", SAMSUNG + row)
    assert (found.format, found.table is not None and found.table.rows[0].external_id) == (Format.SAMSUNG_CSV, "a-1")
    assert found.table is not None
    run = only(found.table)
    assert (run.sport, run.sub_sport, run.start_utc, run.utc_offset_s) == (*named, START, 3600)
    assert (run.elapsed_s, run.timer_s, run.distance_m) == (3200, 3130, 10050.5)
    assert (run.mean_heart_rate_bpm, run.ascent_m, run.title) == (151, 48, "Canal")


def test_a_session_of_adidas_running() -> None:
    began = 1_773_466_200_000
    item = {
        "id": "s-1", "start_time": began, "end_time": began + 3_200_000, "start_time_timezone_offset": 3_600_000,
        "duration": 3_130_000, "distance": 10050, "elevation_gain": 48, "pulse_avg": 151, "pulse_max": 170,
        "notes": "Canal", "sport_type_id": "1", "indoor": False,
    }  # fmt: skip
    table = read(json.dumps(item))
    run = only(table)
    assert (table.kind, table.rows[0].external_id) == ("runtastic_json", "s-1")
    assert (run.sport, run.sub_sport, run.start_utc, run.utc_offset_s) == ("running", None, START, 3600)
    assert (run.elapsed_s, run.timer_s, run.distance_m, run.ascent_m) == (3200, 3130, 10050, 48)
    assert (run.mean_heart_rate_bpm, run.max_heart_rate_bpm, run.description) == (151, 170, "Canal")
    assert only(read(json.dumps({**item, "indoor": True}))).sub_sport == "treadmill"


@pytest.mark.parametrize("wrapped", ["list", "data"])
def test_huaweis_workouts(wrapped: str) -> None:
    item = {
        "recordId": "h-1", "sportType": 4, "startTime": 1_773_466_200_000, "endTime": 1_773_469_400_000,
        "totalTime": 3_130_000, "totalDistance": 10050, "totalSteps": 9000, "timeZone": "+0100", "attribute": "x",
    }  # fmt: skip
    table = read(json.dumps([item] if wrapped == "list" else {"data": [item]}))
    run = only(table)
    assert (table.kind, table.rows[0].external_id) == ("huawei_json", "h-1")
    assert (run.sport, run.start_utc, run.utc_offset_s, run.extra) == ("running", START, 3600, {"steps": 9000})
    assert (run.elapsed_s, run.timer_s, run.distance_m) == (3200, 3130, 10050)


def garmindb(path: Path, *rows: tuple[object, ...], table: str = "TABLE activities") -> Path:
    with closing(sqlite3.connect(path)) as database, database:
        columns = "activity_id, name, start_time, elapsed_time, moving_time, sport, sub_sport, distance, avg_hr, ascent"
        database.execute(f"CREATE {table} ({columns})")
        database.executemany("INSERT INTO activities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return path


GARMINDB_ROW = (
    "4711", "Canal", "2026-03-14 06:30:00.000000", "00:53:20.000000", "00:52:10.500000", "running", "trail", 10.0505,
    151, 48.0,
)  # fmt: skip


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_the_database_of_garmindb(tmp_path: Path, journal: str) -> None:
    path = garmindb(tmp_path / "garmin_activities.db", GARMINDB_ROW)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA journal_mode = {journal}")
    table = read_table(path.read_bytes(), path.name, BERLIN)
    assert table is not None
    run = only(table)
    assert (table.kind, table.rows[0].external_id, run.title) == ("garmindb", "4711", "Canal")
    assert (run.sport, run.sub_sport, run.start_utc, run.distance_m) == ("running", "trail", START, 10050.5)
    assert (run.elapsed_s, run.moving_s, run.mean_heart_rate_bpm, run.ascent_m) == (3200, 3130.5, 151, 48)
    miles = read_table(path.read_bytes(), path.name, BERLIN, "mi")
    assert miles is not None
    assert only(miles).distance_m == pytest.approx(16_174.7, abs=0.1)


def test_a_database_of_something_else_is_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as database, database:
        database.execute("CREATE TABLE activities (id, what)")
    (found,) = members(tmp_path / "x.db", "x.db", Limits(), tables=lambda data, name: read_table(data, name, BERLIN))
    assert found.ignored == "activity-database"
    assert read_table(b"SQLite format 3\0" + bytes(4000), "x.db", BERLIN) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[Params]\r\nVersion=106\r\n", "polar-hrm"),
        (b'<?xml version="1.0"?>\n<pwx xmlns="x" version="1.0">', "timex-pwx"),
        (b'{"DeviceLog": {"Header": {}}}', "suunto-json"),
        (b"com.samsung.shealth.exercise,6312001,3\n", "samsung-health"),
        (b'{"id": "x", "start_time": 1773466200000, "sport_type_id": "1"}', "runtastic"),
        (b'[{"motionPathData": [{"attribute": "HW_EXT_TRACK_DETAIL@is", "partTimeMap": {}}]}]', "huawei-health"),
        (b"SQLite format 3\0" + bytes(80) + b"CREATE TABLE activities (id)", "activity-database"),
        (b"SQLite format 3\0" + bytes(80), "no-activity"),
        (b"7z\xbc\xaf\x27\x1c", "packed-otherwise"),
        (bytes(257) + b"ustar\x0000", "packed-otherwise"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"),
        (b'<?xml version="1.0"?>\n<kml xmlns="x">', "kml"),
        (b"Dear diary", "no-activity"),
    ],
)
def test_files_that_are_known_and_not_read_are_named(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(data)
    (found,) = members(path, path.name, Limits(), tables=lambda content, called: read_table(content, called, BERLIN))
    assert found.ignored == reason
    for language in ("en", "de"):
        assert f"ignored.{reason}" in load_language(language)
