"""Garmin's two tables of activities, the page's CSV and the account export's JSON, with their traps."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from sync.formats.tables.cells import utc_of
from sync.formats.tables.read import read_table
from sync.formats.tables.sheets import TableRead
from tests.factories_tables import BERLIN, GARMIN_HEADER, only, read

# --- Garmin's CSV ---------------------------------------------------------------------------------

COMMAS = (
    'Trail Running,2026-01-04 12:38:59,false,"Woods","10,08","711","00:49:40,6","151","183","3,7","176","192",'
    '"4:56","3:59","1.143","--","1,15","8.676","27,0","00:49:37","00:57:00"'
)
POINTS = (
    'Running,2026-07-04 06:00:00,false,"Road","6.26","711","00:49:40","151","183","3.7","176","192",'
    '"7:56","6:25","1,143","98","1.15","8,676","80.6","--","--"'
)


def test_a_garmin_csv_with_decimal_commas_under_an_english_header() -> None:
    table = read(f"{GARMIN_HEADER}\n{COMMAS}\n{COMMAS}\n{COMMAS}\n")
    assert table.taken == {"units": "km", "units_by": "stride", "decimal_mark": ","}
    run = table.rows[0].recording
    assert run.start_utc == datetime(2026, 1, 4, 11, 38, 59)  # Berlin, winter
    assert (run.sport, run.sub_sport, run.title) == ("running", "trail", "Woods")
    assert (run.distance_m, run.ascent_m, run.descent_m) == (10080, 1143, None)
    assert (run.timer_s, run.moving_s, run.elapsed_s) == (2980.6, 2977, 3420)
    assert (run.mean_heart_rate_bpm, run.training_effect_aerobic, run.mean_cadence_spm) == (151, 3.7, 176)
    assert run.extra == {"steps": 8676}
    assert run.utc_offset_s is None  # the file names no zone: it is assumed


def test_miles_and_feet_are_told_by_the_stride() -> None:
    table = read(f"{GARMIN_HEADER}\n{POINTS}\n{POINTS}\n{POINTS}\n")
    assert table.taken == {"units": "mi", "units_by": "stride", "decimal_mark": "."}
    run = table.rows[0].recording
    assert run.distance_m == pytest.approx(6.26 * 1609.344)
    assert run.ascent_m == pytest.approx(1143 * 0.3048)
    assert run.elapsed_s == 2980


def test_a_stride_in_feet_tells_the_same() -> None:
    feet = POINTS.replace('"1.15"', '"3.77"')
    assert read(f"{GARMIN_HEADER}\n{feet}\n{feet}\n{feet}\n").taken["units"] == "mi"


def test_without_a_stride_heat_or_pace_tell() -> None:
    no_stride = POINTS.replace('"1.15"', '"--"')
    assert read(f"{GARMIN_HEADER}\n{no_stride}\n").taken["units_by"] == "temperature"
    neither = no_stride.replace('"80.6"', '"--"')
    table = read(f"{GARMIN_HEADER}\n{neither}\n")
    # 7:56 for one unit may be a slow kilometre: how the runner counts decides, and it is asked.
    assert (table.taken["units"], table.taken["units_by"], table.ask_units) == ("km", "runner", 2980 / 6.26)
    table = read(f"{GARMIN_HEADER}\n{neither}\n", runner_counts="mi")
    assert (table.taken["units"], table.taken["units_by"], table.ask_units) == ("mi", "pace", None)


def test_rides_and_swims_say_nothing_of_the_unit() -> None:
    run = POINTS.replace('"1.15"', '"--"').replace('"80.6"', '"--"').replace('"6.26"', '"9.00"')
    others = [run.replace("Running", kind).replace('"9.00"', far) for kind, far in (("Walking", "4"), ("Hiking", "3"))]
    table = read("\n".join([GARMIN_HEADER, run, *others, *others, ""]))
    assert (table.taken["units"], table.taken["units_by"], table.ask_units) == ("km", "pace", None)


def test_the_runner_knows_better() -> None:
    table = read(f"{GARMIN_HEADER}\n{POINTS}\n{POINTS}\n{POINTS}\n", units="km")
    assert (table.taken["units"], table.taken["units_by"]) == ("km", "override")
    assert table.rows[0].recording.distance_m == 6260


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        pytest.param(
            "Aktivitetstype,Dato,Favorit,Titel,Distance,Kalorier,Tid,Gns. puls,Maks. puls,Aerob TE,Gns. løbekadence,"
            "Maks. løbekadence,Gns. tempo,Bedste tempo,Samlet stigning,Samlet nedstigning,Gns. skridtlængde,Skridt,"
            "Maks. temp.,Tid i bevægelse,Forløbet tid",
            "Løb",
            id="Danish",
        ),
        pytest.param(
            "Typ aktywności,Data,Ulubione,Tytuł,Dystans,Kalorie,Czas,Średnie tętno,Maks. tętno,Aerobowy TE,"
            "Średnia kadencja biegu,Maks. kadencja biegu,Średnie tempo,Najlepsze tempo,Całkowity wznios,"
            "Całkowity spadek,Średnia długość kroku,Kroki,Maks. temp.,Czas ruchu,Upłynęło",
            "Bieganie",
            id="Polish",
        ),
        pytest.param(
            "Aktivitätstyp,Datum,Favorit,Titel,Distanz,Kalorien,Zeit,Ø Herzfrequenz,Maximale Herzfrequenz,Aerober TE,"
            "Ø Schrittfrequenz (Laufen),Max. Schrittfrequenz,Ø Pace,Beste Pace,Anstieg gesamt,Abstieg gesamt,"
            "Ø Schrittlänge,Schritte,Maximaltemperatur,Zeit in Bewegung,Verstrichene Zeit",
            "Laufen",
            id="German",
        ),
        pytest.param(
            "Aktivitetstyp,Datum,Favorit,Namn,Distans,Kalorier,Tid,Genomsnittlig puls,Maxpuls,Aerob TE,"
            "Genomsnittlig löpkadens,Max löpkadens,Genomsnittligt tempo,Bästa tempo,Total stigning,Total nedstigning,"
            "Genomsnittlig steglängd,Steg,Max temp.,Tid i rörelse,Förfluten tid",
            "Löpning",
            id="Swedish",
        ),
        pytest.param(
            "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u",
            "Running",
            id="a language nobody wrote down",
        ),
    ],
)
def test_headers_in_other_languages(header: str, kind: str) -> None:
    row = COMMAS.replace("Trail Running", kind)
    run = read(f"{header}\n{row}\n{row}\n{row}\n").rows[0].recording
    assert (run.sport, run.title, run.distance_m, run.timer_s) == ("running", "Woods", 10080, 2980.6)
    assert (run.mean_heart_rate_bpm, run.max_heart_rate_bpm) == (151, 183)
    if header[0] != "a":
        assert (run.ascent_m, run.moving_s, run.elapsed_s, run.mean_cadence_spm) == (1143, 2977, 3420, 176)


def test_one_bad_line_of_garmins_is_one_problem() -> None:
    table = read(f"{GARMIN_HEADER}\n{COMMAS}\n{COMMAS}\nRunning,--,false,x,--,--,--,--,--\n")
    assert (len(table.rows), [problem.name for problem in table.problems]) == (2, ["table:4"])


def test_a_night_when_the_clocks_change() -> None:
    assert utc_of(datetime(2026, 3, 29, 1, 59), BERLIN) == datetime(2026, 3, 29, 0, 59)
    assert utc_of(datetime(2026, 3, 29, 3, 1), BERLIN) == datetime(2026, 3, 29, 1, 1)
    assert utc_of(datetime(2026, 10, 25, 2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30)


# --- Garmin's account export ----------------------------------------------------------------------


def exported(**changes: object) -> TableRead:
    item: dict[str, object] = {
        "activityId": 123,
        "name": "Made-up Run",
        "activityType": "trail_running",
        "startTimeGmt": 1_770_000_000_000.0,
        "startTimeLocal": 1_770_003_600_000.0,
        "beginTimestamp": 1_770_000_000_000,
        "duration": 3_600_500.0,
        "elapsedDuration": 3_700_000.0,
        "movingDuration": 3_500_000.0,
        "distance": 1_000_012.0,
        "avgSpeed": 0.2777,
        "elevationGain": 12_300.0,
        "elevationLoss": 11_000.0,
        "avgHr": 150.0,
        "maxHr": 170.0,
        "avgRunCadence": 85.5,
        "aerobicTrainingEffect": 3.2,
        "anaerobicTrainingEffect": 0.5,
        "trainingEffectLabel": "TEMPO",
        "activityTrainingLoad": 120.5,
        "startLatitude": 2.0,
        **{f"hrTimeInZone_{zone}": zone * 60_000.0 for zone in range(6)},
    }
    document = [{"summarizedActivitiesExport": [{**item, **changes}]}]
    found = read_table(json.dumps(document).encode(), "someone_0_summarizedActivities.json", BERLIN)
    assert found is not None
    return found


def test_milliseconds_centimetres_and_one_leg() -> None:
    table = exported()
    run = only(table)
    assert (table.kind, table.rows[0].external_id) == ("garmin_export", "123")
    assert run.start_utc == datetime(2026, 2, 2, 2, 40)
    assert run.utc_offset_s == 3600
    assert (run.timer_s, run.elapsed_s, run.moving_s) == (3600.5, 3700, 3500)
    assert (run.distance_m, run.ascent_m, run.descent_m) == (10000.12, 123, 110)
    assert (run.mean_cadence_spm, run.sport, run.sub_sport) == (171, "running", "trail")
    assert run.hr_zone_s == (60, 120, 180, 240, 300)
    assert (run.training_effect_label, run.training_load) == ("TEMPO", 120.5)
    assert "startLatitude" not in run.extra


def test_an_export_that_writes_gmt_twice_names_no_zone() -> None:
    assert only(exported(startTimeLocal=1_770_000_000_000.0)).utc_offset_s is None


def test_the_steps_of_both_feet_win() -> None:
    assert only(exported(avgDoubleCadence=172.0)).mean_cadence_spm == 172


def test_labels_that_mean_nothing() -> None:
    assert only(exported(trainingEffectLabel="INVALID")).training_effect_label is None
    assert only(exported(trainingEffectLabel=None)).training_effect_label is None
    assert only(exported(trainingEffectLabel="BASE")).training_effect_label == "AEROBIC_BASE"


def test_a_summary_without_a_start_names_no_address() -> None:
    (problem,) = exported(startTimeGmt=None, beginTimestamp=None).problems
    assert problem.reason == "row-without-start"
    assert problem.name.endswith(":123")
