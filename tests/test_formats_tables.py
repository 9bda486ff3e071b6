"""CSV and JSON lists of activities, each with the traps that real ones hold."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.formats.tables.cells import cell_number, cell_seconds, decimal_mark
from sync.formats.tables.dates import moment
from sync.formats.tables.read import read_table
from sync.formats.tables.sheets import TableRead
from tests.factories_tables import BERLIN, GARMIN_HEADER, only, read

# --- Strava ---------------------------------------------------------------------------------------

SPAN = '"<span class=""translation_missing"" title=""translation missing: en-US.x"">{}</span>"'
STRAVA_HEADER = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,"
    "Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,"
    "Moving Time,Distance,Elevation Gain,Max Heart Rate,Average Heart Rate,Average Cadence,Perceived Exertion,"
    "Grade Adjusted Distance,Weather Observation Time,"
    + ",".join(SPAN.format(name) for name in ("Dirt Distance", "Sport Type", "Long Run", "Competition"))
)


def strava(**cells: str) -> TableRead:
    """One row of a bulk export; ``cells`` by column, the second of two alike by a name that ends in 2."""
    given = {
        "id": "4711", "date": '"Feb 15, 2015, 3:16:50 PM"', "name": "Lunch Run", "type": "Run", "note": "",
        "elapsed": "1000", "km": "2.83", "max_hr": "171", "effort": "20", "commute": "false", "private": "",
        "gear": "", "file": "", "weight": "", "bike": "", "elapsed2": "1000.0", "moving": "901.0", "m": "2831.8",
        "gain": "7.6", "max_hr2": "", "hr": "150.5", "cadence": "85.5", "rpe": "", "gad": "2839.5",
        "weather": "1613987968.0", "dirt": "", "sport": "", "long": "", "race": "",
    }  # fmt: skip
    assert not cells.keys() - given.keys()
    return read(STRAVA_HEADER + "\n" + ",".join({**given, **cells}.values()) + "\n")


def test_a_strava_row_with_every_trap() -> None:
    table = strava(file="activities/1.fit.gz", gear="Old Shoes", rpe="6.0", dirt="1200.5")
    (row,) = table.rows
    assert (table.kind, row.external_id, row.file_name, table.problems) == (
        "strava_csv",
        "4711",
        "activities/1.fit.gz",
        (),
    )
    run = row.recording
    assert run.start_utc == datetime(2015, 2, 15, 15, 16, 50)
    assert (run.sport, run.sub_sport, run.title, run.gear) == ("running", None, "Lunch Run", "Old Shoes")
    assert (run.elapsed_s, run.moving_s, run.distance_m) == (1000, 901, 2831.8)
    # The first Max Heart Rate is the filled one; cadence counts one leg.
    assert (run.max_heart_rate_bpm, run.mean_heart_rate_bpm, run.mean_cadence_spm) == (171, 150.5, 171)
    assert (run.rpe, run.dirt_distance_m, run.workout_type) == (6, 1200.5, None)
    assert run.samples is None


def test_the_second_of_two_columns_counts_when_it_alone_is_filled() -> None:
    assert only(strava(max_hr="", max_hr2="168")).max_heart_rate_bpm == 168


def test_kilometres_serve_where_there_are_no_metres() -> None:
    assert only(strava(m="")).distance_m == 2830


def test_a_manual_entry_has_no_file() -> None:
    assert strava(file="").rows[0].file_name is None


def test_only_a_humans_mark_is_a_workout_type() -> None:
    assert only(strava(race="1.0")).workout_type == "race"
    assert only(strava(long="1.0")).workout_type == "long"
    assert only(strava(race="", long="0.0")).workout_type is None


def test_a_finer_sport_wins() -> None:
    assert (only(strava(sport="TrailRun")).sport, only(strava(sport="TrailRun")).sub_sport) == ("running", "trail")
    assert only(strava(type="Ride")).sport == "cycling"


def test_a_strava_row_without_a_start_is_a_problem_of_its_own() -> None:
    table = strava(date="soon")
    assert table.rows == ()
    assert [(problem.name, problem.reason) for problem in table.problems] == [("table:2", "row-without-start")]


def test_a_strava_export_in_another_language_is_read_by_place() -> None:
    header = (
        "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Beschreibung,Verstrichene Zeit,Distanz,"
        "Max. Herzfrequenz,Relative Effort,Pendeln,Notiz,Ausrüstung,Dateiname,Gewicht,Radgewicht"
    )
    row = '99,"15.02.2021, 15:16:50",Morgenlauf,Lauf,,1800,5.25,170,,false,,Alte Schuhe,activities/99.gpx,,'
    run = only(read(f"{header}\n{row}\n"))
    assert (run.sport, run.start_utc, run.distance_m, run.elapsed_s, run.gear) == (
        "running",
        datetime(2021, 2, 15, 15, 16, 50),
        5250,
        1800,
        "Alte Schuhe",
    )


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("Feb 15, 2015, 3:16:50 PM", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("Feb 15, 2015, 12:06:50 AM", False, datetime(2015, 2, 15, 0, 6, 50)),
        ("Feb 15, 2015, 12:06:50 PM", False, datetime(2015, 2, 15, 12, 6, 50)),
        ("15 févr. 2015 à 15:16:50", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("15 feb 2015 15:16:50", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("3 juil. 2015 à 05:01:02", False, datetime(2015, 7, 3, 5, 1, 2)),
        ("15.02.2015, 15:16:50", True, datetime(2015, 2, 15, 15, 16, 50)),
        ("03/04/2015, 15:16:50", True, datetime(2015, 4, 3, 15, 16, 50)),
        ("03/04/2015, 15:16:50", False, datetime(2015, 3, 4, 15, 16, 50)),
        ("2015-02-15 15:16:50", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("15 февр. 2015 г., 15:16:50", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("15 de fev. de 2015, 15:16:50", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("15 feb 2015, 3:16:50 p. m.", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("2015年2月15日 15:16:50", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("2015/02/15 15:16:50", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("2015. 2. 15. 오후 3:16:50", False, datetime(2015, 2, 15, 15, 16, 50)),
        ("Feb 31, 2015, 3:16:50 PM", False, None),
        ("", False, None),
    ],
)
def test_dates_of_exports(text: str, day_first: bool, expected: datetime | None) -> None:
    assert moment(text, day_first=day_first) == expected


@pytest.mark.parametrize(
    ("header", "row"),
    [
        pytest.param(
            "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Commute,"
            "Activity Gear,Filename",
            '99,"Aug 2, 2019, 6:19:18 PM",Evening,Run,,1632,5.07,false,Old Shoes,activities/99.fit.gz',
            id="of 2019",
        ),
        pytest.param(
            "id,date,name,type,description,elapsed_time,distance,commute,gear,filename",
            "99,2019-08-02 18:19:18,Evening,Run,,1632,5070.0,false,Old Shoes,activities/99.fit.gz",
            id="of 2018, in metres",
        ),
        pytest.param(
            "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Beschreibung,Verstrichene Zeit,Distanz,"
            "Max. Herzfrequenz,Relative Leistung,Pendeln,Notiz,Ausrüstung,Dateiname,Gewicht,Distanz",
            '99,"02.08.2019, 18:19:18",Evening,Lauf,,1632,"5,07",,,false,,Old Shoes,activities/99.fit.gz,,',
            id="German, a decimal comma",
        ),
    ],
)
def test_older_and_other_exports_of_stravas(header: str, row: str) -> None:
    table = read(f"{header}\n{row}\n")
    (found,) = table.rows
    run = found.recording
    assert (table.kind, found.external_id, found.file_name) == ("strava_csv", "99", "activities/99.fit.gz")
    assert (run.sport, run.start_utc, run.gear) == ("running", datetime(2019, 8, 2, 18, 19, 18), "Old Shoes")
    assert (run.distance_m, run.elapsed_s) == (pytest.approx(5070), 1632)


# --- neither ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ran well",
        "a,b\n1,2\n",
        "name,age\nsomebody,4\n",
        '{"runs": 1}',
        "[1, 2]",
        "[]",
        '[{"a": 1}]',
        "\0\0,\0\n1,2\n",
    ],
)
def test_other_tables_are_not_ours(text: str) -> None:
    assert read_table(text.encode(), "x", BERLIN) is None


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "mark", "expected"),
    [
        ("3,40", ",", 3.4),
        ("1.143", ",", 1143.0),
        ("1,143", ".", 1143.0),
        ("1 143,5", ",", 1143.5),
        ("-4", ",", -4.0),
        ("--", ".", None),
        ("", ".", None),
        (None, ".", None),
        ("4:56", ".", None),
    ],
)
def test_numbers(cell: str | None, mark: str, expected: float | None) -> None:
    assert cell_number(cell, mark) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("00:17:01", 1021),
        ("31:26.5", 1886.5),
        ("00:01:39,6", 99.6),
        ("4:58", 298),
        ("--", None),
        ("--:--:--", None),
        (None, None),
    ],
)
def test_durations(cell: str | None, expected: float | None) -> None:
    assert cell_seconds(cell) == (None if expected is None else pytest.approx(expected))


def test_a_file_has_one_decimal_mark() -> None:
    assert decimal_mark(["3,40", "1.143", "2.932", "2,9"]) == ","
    assert decimal_mark(["3.40", "1,143", "2,932"]) == "."
    assert decimal_mark([]) == "."


@given(st.text(max_size=300))
def test_any_text_is_a_table_or_none(text: str) -> None:
    for header in ("", STRAVA_HEADER + "\n", GARMIN_HEADER + "\n", "date,distance,time\n"):
        read_table((header + text).encode("utf-8", "replace"), "x", BERLIN)


def test_real_tables_are_read_and_every_row_is_counted(real_data: Path) -> None:
    kinds: dict[str, int] = {}
    for path in sorted(real_data.rglob("*.csv")):
        data = path.read_bytes()
        table = read_table(data, path.name, BERLIN)
        assert table is not None, path.name
        lines = sum(bool(line.strip()) for line in data.splitlines()) - 1
        assert len(table.rows) + len(table.problems) <= lines
        assert len(table.problems) == 0, path.name
        kinds[table.kind] = kinds.get(table.kind, 0) + len(table.rows)
        for row in table.rows:
            assert row.recording.elapsed_s > 0
    assert set(kinds) >= {"strava_csv", "garmin_csv", "running_log"}
