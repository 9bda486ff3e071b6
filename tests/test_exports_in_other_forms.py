"""The same exports as other versions, tools and countries write them: encodings, wrappings, units, marks, instants."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from sync.formats.tables.read import read_table
from tests.factories_tables import BERLIN, only, read
from tests.test_exports import GARMIN, POLAR, START, fitbit, leaf, polar


@pytest.mark.parametrize("page", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_encodings_of_json(page: str) -> None:
    assert only(read(json.dumps([GARMIN]).encode(page))).start_utc == START


@pytest.mark.parametrize("name", ["data", "activities", "ActivitiesForDay", "anything"])
def test_lists_below_any_name(name: str) -> None:
    assert only(read(json.dumps({name: [GARMIN]}))).start_utc == START
    assert only(read(json.dumps({name: json.loads(fitbit())}))).start_utc == START


def test_one_object_a_line(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({**GARMIN, "activityId": number}) for number in (1, 2))
    found = leaf(tmp_path, "activities.jsonl", lines)
    assert found.table is not None
    assert [row.external_id for row in found.table.rows] == ["1", "2"]


def test_garmins_list_with_the_wall_clock_alone() -> None:
    local = {name: value for name, value in GARMIN.items() if name != "startTimeGMT"}
    assert only(read(json.dumps([local]))).start_utc == START


@pytest.mark.parametrize(
    "written",
    ["2026-03-14T05:30:00.000", "2026-03-14 05:30:00", "2026-03-14T06:30:00.000+01:00", "03/14/2026 05:30:00"],
)
def test_instants_of_fitbit(written: str) -> None:
    assert only(read(fitbit(startTime=written))).start_utc == START


@pytest.mark.parametrize(
    ("changes", "distance_m", "ascent_m"),
    [
        ({"distanceUnit": "KILOMETERS"}, 10_050, 48),
        ({"distanceUnit": None}, 10_050, 48),
        ({"distanceUnit": None, "distance": 6.2448, "speed": 11.3}, 10_050, 48 * 0.3048),
        ({"distanceUnit": "Mile", "distance": 6.2448}, 10_050, 48 * 0.3048),
        ({"distance": "10.05", "activityTypeId": "90009"}, 10_050, 48),
        ({"activityTypeId": None, "activityName": "Lauf"}, 10_050, 48),
    ],
)
def test_units_and_types_of_fitbit(changes: dict[str, object], distance_m: float, ascent_m: float) -> None:
    run = only(read(fitbit(**changes)))
    assert run.sport == "running"
    assert (run.distance_m, run.ascent_m) == (pytest.approx(distance_m, abs=5), pytest.approx(ascent_m, abs=0.1))


@pytest.mark.parametrize(
    ("changes", "offset_s"),
    [
        ({"startTime": "2026-03-14T06:30:00.000+01:00"}, 3600),
        ({"startTime": "2026-03-14T05:30:00.000Z"}, 3600),
        ({"startTime": "2026-03-14 06:30:00", "timezoneOffset": None}, None),
        ({"duration": None, "durationMillis": 600_500}, 3600),
        ({"sport": {"id": "27"}}, 3600),
    ],
)
def test_polars_sessions_of_other_versions(tmp_path: Path, changes: dict[str, object], offset_s: int | None) -> None:
    (run,) = leaf(tmp_path, "training-session-1.json", polar(**changes)).recordings
    assert (run.sport, run.sub_sport, run.start_utc, run.utc_offset_s) == ("running", "trail", START, offset_s)
    assert (run.elapsed_s, run.distance_m) == (pytest.approx(600, abs=1), 1800)


COMMAS = "\n".join(line.replace(",", ";").replace(".", ",") for line in POLAR.splitlines())
MILES = POLAR.replace("distance (km)", "distance (mi)").replace(",1.8,", ",1.11847,").replace("(km/h)", "(mph)")
MILES = MILES.replace("Ascent (m)", "Ascent (ft)").replace(",140,12,", ",140,39.37,").replace(",10.8,", ",6.711,")


@pytest.mark.parametrize(
    "text",
    [COMMAS, MILES, POLAR.replace("14-03-2026", "2026-03-14"), POLAR.replace("14-03-2026", "14.03.2026"),
     POLAR.replace("06:30:00", "6:30:00 AM"), POLAR.replace("06:30:00", "06.30.00")],
    ids=["decimal commas", "miles", "ISO days", "dots", "12 hours", "clock with dots"],
)  # fmt: skip
def test_polars_csv_of_other_countries(tmp_path: Path, text: str) -> None:
    (run,) = leaf(tmp_path, "Made_Up_2026-03-14.CSV", text).recordings
    assert (run.sport, run.start_utc, run.elapsed_s) == ("running", START, 600)
    assert (run.distance_m, run.ascent_m) == (pytest.approx(1800, abs=1), pytest.approx(12, abs=0.1))
    assert run.samples is not None
    assert run.samples.speed_mps[10] == pytest.approx(3.0, abs=0.01)


def test_polars_csv_without_samples(tmp_path: Path) -> None:
    text = "\n".join(POLAR.splitlines()[:2]).replace("14-03-2026", "04-03-2026")
    (run,) = leaf(tmp_path, "Made_Up_2026-03-04.CSV", text).recordings
    assert (run.start_utc, run.distance_m) == (datetime(2026, 3, 4, 5, 30), 1800)


@pytest.mark.parametrize(
    ("start", "far"),
    [("2026-03-14 05:30:00+0000", '"10050,0"'), ("1773466200", "10050.0"), ("1773466200000", "10050"),
     ("2026-03-14 06:30:00+0100", "10050.0")],
)  # fmt: skip
def test_zepps_table_in_other_forms(start: str, far: str) -> None:
    for header, kind in (("sportTime(s),distance(m)", "1"), ("sportTime,distance", "Outdoor running")):
        run = only(read(f"type,startTime,{header}\n{kind},{start},3130,{far}\n"))
        assert (run.start_utc, run.elapsed_s, run.distance_m) == (START, 3130, 10_050)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{**GARMIN, "distance": 1_005_050.0}]),
        "type,startTime,sportTime(s),distance(m)\n1,2026-03-14 05:30:00+0000,3130,1005000\n",
        json.dumps([{"date": "2026-03-14", "distance_km": 10, "duration_s": 3130200, "type": "run"}]),
    ],
    ids=["a hundred times too far", "in a table", "milliseconds for seconds"],
)
def test_a_reading_that_nobody_ran_is_refused_and_said(text: str) -> None:
    found = read_table(text.encode(), "made-up", BERLIN)
    assert found is not None
    assert (found.rows, [one.reason for one in found.problems]) == ((), ["table-impossible"])


def test_the_lists_of_endurain_and_fittrackee() -> None:
    endurain = {
        "id": 7, "user_id": 1, "name": "Canal", "distance": 10050, "activity_type": 2, "visibility": 0,
        "start_time": "2026-03-14 05:30:00", "end_time": "2026-03-14 06:23:20", "timezone": "Europe/Berlin",
        "total_elapsed_time": "3200.0000000000", "total_timer_time": "3130.0000000000", "elevation_gain": 48,
        "average_hr": 151, "max_hr": 170,
    }  # fmt: skip
    run = only(read(json.dumps([endurain])))
    assert (run.sport, run.sub_sport, run.start_utc, run.utc_offset_s) == ("running", "trail", START, 3600)
    assert (run.elapsed_s, run.timer_s, run.distance_m, run.ascent_m) == (3200, 3130, 10_050, 48)
    fittrackee = {
        "id": "made-up", "sport_id": 5, "sport_label": "Trail", "workout_date": "2026-03-14 05:30:00", "title": "Canal",
        "duration": "0:53:20", "moving": "0:52:10", "pauses": "0:01:10", "distance": 10.05, "ascent": 48.0,
        "ave_hr": 151, "gpx": "made-up.gpx", "notes": None,
    }  # fmt: skip
    table = read(json.dumps([fittrackee]))
    run = only(table)
    assert (run.sport, run.sub_sport, run.start_utc) == ("running", "trail", START)
    assert (run.elapsed_s, run.moving_s, run.distance_m) == (3200, 3130, 10_050)
    assert table.rows[0].file_name == "made-up.gpx"


def test_a_number_for_a_sport_is_a_word_that_nobody_knows() -> None:
    run = only(read("Date,Distance (km),Time,Type\n2026-03-14,10.0,0:52:10,1\n"))
    assert run.sport == "type_1"
