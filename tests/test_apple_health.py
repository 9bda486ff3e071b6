"""Apple Health's export: running workouts with their pulse and routes, in a memory that does not grow with the file."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rules.facts.problems import Problem
from rules.text import load_language
from sync.formats.exports.apple_health import LONGEST_TAG, is_health
from sync.formats.read import Format, Member, members
from sync.formats.unwrap import Limits
from tests.factories_runs import run as made_run
from tests.factories_xml import gpx
from tests.shell import Shell

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [\n'
    "<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>\n"
    ' <!ATTLIST HealthData locale CDATA #REQUIRED>\n]>\n<HealthData locale="de_DE">\n'
)
START = datetime(2026, 3, 14, 6, 30)


def at(seconds: float = 0, days: int = 0) -> str:
    return f"{START + timedelta(days=days, seconds=seconds):%Y-%m-%d %H:%M:%S} +0100"


def pulse(seconds: float, bpm: int, days: int = 0) -> str:
    return (
        '<Record type="HKQuantityTypeIdentifierHeartRate" unit="count/min" sourceName="Watch" '
        f'startDate="{at(seconds, days)}" endDate="{at(seconds, days)}" value="{bpm}"/>\n'
    )


def workout(kind: str = "Running", days: int = 0, inside: str = "", km: str = "1.8") -> str:
    return (
        f'<Workout workoutActivityType="HKWorkoutActivityType{kind}" duration="9.9" durationUnit="min"'
        f' sourceName="Watch"'
        f' startDate="{at(0, days)}" endDate="{at(600, days)}">{inside}<WorkoutStatistics '
        f'type="HKQuantityTypeIdentifierDistanceWalkingRunning" sum="{km}" unit="km"/></Workout>\n'
    )


def export(*parts: str) -> str:
    return HEAD + "".join(parts) + "</HealthData>\n"


ROUTE = '<WorkoutRoute><FileReference path="/workout-routes/route_2026-03-14_6.40am.gpx"/></WorkoutRoute>'
WHOLE = export(
    *(pulse(5 * s, 140 + s % 10) for s in range(120)),
    pulse(-60, 60),
    pulse(900, 70),
    workout(inside=ROUTE),
    workout(days=1, inside='<MetadataEntry key="HKIndoorWorkout" value="1"/>', km="2.0"),
    workout("Walking", days=2),
)


def leaves(path: Path) -> list[Member]:
    return list(members(path, path.name, Limits()))


@pytest.mark.parametrize("name", ["export.xml", "Exportieren.xml", "导出.xml"])
def test_running_workouts_under_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(WHOLE, encoding="utf-8")
    found = leaves(path)
    first, second = (leaf.recordings[0] for leaf in found)
    assert [leaf.format for leaf in found] == [Format.APPLE_HEALTH] * 2
    assert (first.start_utc, first.utc_offset_s) == (datetime(2026, 3, 14, 5, 30), 3600)
    assert (first.elapsed_s, first.timer_s, first.distance_m, first.sub_sport) == (600, 594, 1800, None)
    assert first.samples is not None
    assert len(first.samples) == 120
    assert first.mean_heart_rate_bpm == pytest.approx(144.5)
    assert (second.distance_m, second.sub_sport, second.samples) == (2000, "treadmill", None)


def test_next_months_export_adds_only_what_is_new(home: Path, tmp_path: Path) -> None:
    def given(name: str, text: str) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("apple_health_export/export.xml", text)
            archive.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
            for number, route in enumerate(("route_2026-03-14_6.40am.gpx", "route_2026-03-16_6.40am.gpx")):
                made = made_run(title=f"Route {number}", sport=None, laps=(), utc_offset_s=None)
                began = datetime(2026, 3, 14, 5, 30) + timedelta(days=2 * number)
                document = gpx(made if number else made_run(title="Route", sport=None, laps=(), utc_offset_s=None))
                document = document.replace(b"Made-up Watch", b"Apple Health Export")
                document = document.replace(
                    made.start_utc.strftime("%Y-%m-%dT06:").encode(), began.strftime("%Y-%m-%dT05:").encode()
                )
                archive.writestr(f"apple_health_export/workout-routes/{route}", document)
        return path

    shell = Shell(home)
    first = shell("import", "--json", given("march.zip", WHOLE)).json
    # The route of the walk is no run; the run's own route joins it.
    assert (first["runs"], first["joined"], first["other"]) == (2, 1, 1)
    later = WHOLE.replace("</HealthData>", workout(days=30) + "</HealthData>").replace("de_DE", "en_US")
    second = shell("import", "--json", given("april.zip", later)).json
    assert (second["runs"], second["recordings"], second["problem"]) == (1, 1, 0)
    assert len(shell("runs", "--json").json) == 3


def test_an_export_without_a_run_or_that_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(export(workout("Walking")))
    assert [leaf.ignored for leaf in leaves(path)] == ["no-running-workout"]
    path.write_text(WHOLE[: WHOLE.rindex("<Workout ")])
    assert len(leaves(path)) == 2
    path.write_text(HEAD + "<Record <")
    assert [leaf.problem.reason for leaf in leaves(path) if leaf.problem] == ["xml-damaged"]
    path.write_text(WHOLE.replace("<!ELEMENT", '<!ENTITY x "y">\n<!ELEMENT', 1))
    assert [leaf.problem.reason for leaf in leaves(path) if leaf.problem] == ["xml-damaged"]


def test_only_apples_root_counts() -> None:
    assert is_health(WHOLE.encode())
    assert not is_health(b"<!ELEMENT HealthData (Record)>\n<gpx>")
    assert not is_health(b"<HealthDatabase>")
    assert not is_health(b"PK\x03\x04export.xml<HealthData locale")


def test_limits_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(WHOLE)
    few = Limits(max_health_bytes=path.stat().st_size - 1)
    (leaf,) = members(path, path.name, few)
    assert leaf.problem == Problem("export.xml", "health-too-large", f"{few.max_health_bytes / (1 << 30):g}")
    # Neither the limit of one file nor that of an archive counts for what is streamed.
    small = Limits(max_bytes=1000, max_nested_bytes=1000, max_health_bytes=path.stat().st_size)
    assert len(list(members(path, path.name, small))) == 2
    for language in ("en", "de"):
        assert "problem.health-too-large" in load_language(language)


def test_a_tag_without_an_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(HEAD + workout() + '<Record type="' + "x" * (LONGEST_TAG + (3 << 20)) + '"/></HealthData>')
    assert [leaf.problem.reason for leaf in leaves(path) if leaf.problem] == ["xml-damaged"]


MEASURE = """
import resource, sys, time
from pathlib import Path
from sync.formats.read import members
from sync.formats.unwrap import Limits
path = Path(sys.argv[1])
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
found = [leaf.recordings[0] for leaf in members(path, path.name, Limits()) if leaf.recordings]
print(sum(one.sport == "running" for one in found), sum(one.samples is not None for one in found))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, round(time.monotonic() - began, 1))
"""
RUNS = 300


def write_archive(path: Path, megabytes: int) -> None:
    """An export as the phone packs it: years of records without a run, runs with their pulse, and two routes."""
    still = "".join(pulse(s, 60, days=-400) for s in range(5000))
    route = gpx(made_run(title="Route", sport=None, laps=(), utc_offset_s=None))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("apple_health_export/export.xml", "w", force_zip64=True) as file:
            taken = file.write(HEAD.encode())
            while taken < megabytes << 20:
                taken += file.write(still.encode())
            for day in range(RUNS):
                file.write("".join(pulse(5 * s, 140 + s % 10, days=day) for s in range(120)).encode())
                file.write(workout(days=day, inside=ROUTE if day == 0 else "").encode())
            file.write(b"</HealthData>")
        archive.writestr("apple_health_export/workout-routes/route_2026-03-14_6.40am.gpx", route)


@pytest.mark.parametrize("megabytes", [20, pytest.param(2048, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_a_large_export_takes_no_more_memory_than_its_runs(tmp_path: Path, megabytes: int) -> None:
    path = tmp_path / "export.zip"
    write_archive(path, megabytes)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True, timeout=3500
    )
    runs, with_pulse, grown_mb, took_s = map(float, done.stdout.split())
    print(f"{megabytes} MB: {grown_mb:.0f} MB of memory, {took_s:.0f} s")
    assert (runs, with_pulse) == (RUNS + 1, RUNS + 1)
    assert grown_mb < 150
