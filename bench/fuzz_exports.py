"""Sound exports of other ecosystems, made up, which `bench/fuzz_subjects.py` has spoilt: databases, XML, JSON."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import cache

Named = tuple[str, bytes]
START = "2026-03-{:02} 06:30:00"


@cache
def databases() -> tuple[Named, ...]:
    """GarminDB's, with and without an index, a view in the table's place, and text where numbers are meant."""
    columns = "activity_id, name, start_time, elapsed_time, moving_time, sport, sub_sport, distance, avg_hr, ascent"
    rows = [
        (f"{4711 + day}", "Canal", START.format(day), "00:53:20.000000", "00:52:10.500000", "running", "trail", 10.05,
         151, 48.0)
        for day in range(1, 13)
    ]  # fmt: skip
    fill = "INSERT INTO {} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    made = []
    for script, table in (
        (f"CREATE TABLE activities ({columns})", "activities"),
        (f"CREATE TABLE activities ({columns}); CREATE INDEX first ON activities (start_time)", "activities"),
        (f"CREATE TABLE kept ({columns}); CREATE VIEW activities AS SELECT * FROM kept", "kept"),
    ):
        with closing(sqlite3.connect(":memory:")) as database:
            database.executescript(script)
            database.executemany(fill.format(table), rows)
            database.commit()
            made.append(("garmin_activities.db", database.serialize()))
    return tuple(made)


@cache
def health() -> tuple[Named, ...]:
    at = "2026-03-{:02} 06:{:02}:{:02} +0100"
    rates = [(at.format(day, s // 60, s % 60), 140 + s % 9) for day in range(1, 5) for s in range(1800, 2400, 20)]
    record = '<Record type="HKQuantityTypeIdentifierHeartRate" unit="count/min" startDate="{0}" value="{1}"/>'
    records = "".join(f"{record.format(when, bpm)}\n" for when, bpm in rates)
    workouts = "".join(
        f'<Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="10" durationUnit="min"'
        f' startDate="{at.format(day, 30, 0)}" endDate="{at.format(day, 40, 0)}" sourceName="Watch">'
        '<MetadataEntry key="HKElevationAscended" value="1200 cm"/>'
        '<WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" sum="1.8" unit="km"/>'
        f'<WorkoutRoute><FileReference path="/workout-routes/route_{day}.gpx"/></WorkoutRoute></Workout>\n'
        for day in range(1, 5)
    )
    head = '<?xml version="1.0"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData (Record*)>\n]>\n'
    return (("export.xml", f'{head}<HealthData locale="en_GB">\n{records}{workouts}</HealthData>\n'.encode()),)


@cache
def documents() -> tuple[Named, ...]:
    """One of each ecosystem that hands over JSON or a table of its own."""
    began = 1_773_466_200_000
    garmin = {
        "activityId": 1, "activityType": {"typeKey": "running"}, "startTimeGMT": "2026-03-14 05:30:00",
        "duration": 3130.2, "distance": 10050.5, "averageHR": 151,
    }  # fmt: skip
    fitbit = {
        "logId": 2, "activityName": "Run", "activityTypeId": 90009, "duration": 3130000, "distance": 10.05,
        "distanceUnit": "Kilometer", "startTime": "03/14/26 05:30:00", "averageHeartRate": 151,
    }  # fmt: skip
    nike = {
        "id": "n", "type": "run", "start_epoch_ms": began, "end_epoch_ms": began + 600_000,
        "summaries": [{"metric": "distance", "summary": "total", "value": 1.8}],
        "metrics": [{"type": "heart_rate", "values": [{"start_epoch_ms": began + s, "value": 150} for s in range(99)]}],
    }  # fmt: skip
    polar = {
        "startTime": "2026-03-14T06:30:00.000", "timeZoneOffset": 60, "duration": "PT600S",
        "exercises": [{"startTime": "2026-03-14T06:30:00.000", "duration": "PT600S", "distance": 1800.0,
                       "sport": "RUNNING", "heartRate": {"avg": 140}, "samples": {"heartRate": [
                           {"dateTime": f"2026-03-14T06:30:{s:02}.000", "value": 140} for s in range(60)]}}],
    }  # fmt: skip
    huawei = {"sportType": 4, "startTime": began, "totalTime": 3_130_000, "totalDistance": 10050, "timeZone": "+0100"}
    runtastic = {"id": "r", "sport_type_id": "1", "start_time": began, "duration": 3_130_000, "distance": 10050}
    values = (garmin, fitbit, nike, polar, huawei, runtastic)
    zepp = "type,startTime,sportTime(s),distance(m)\n" + "".join(
        f"1,{START.format(day)}+0000,3130,10050.0\n" for day in range(1, 13)
    )
    session = (
        "Name,Sport,Date,Start time,Duration,Total distance (km),Average heart rate (bpm),\n"
        "A,RUNNING,14-03-2026,06:30:00,00:10:00,1.8,140,\nSample rate,Time,HR (bpm),Distances (m),\n"
        + "".join(f"1,00:00:{s:02},140,{3 * s},\n" for s in range(60))
    )
    samsung = (
        "com.samsung.shealth.exercise,6312001,3\n"
        + ",".join(
            f"com.samsung.health.exercise.{name}" for name in ("start_time", "exercise_type", "duration", "distance")
        )
        + "\n2026-03-14 05:30:00.000,1002,3130000,10050\n"
    )
    tables = (("SPORT_1.csv", zepp), ("Made_Up.CSV", session), ("com.samsung.shealth.exercise.1.csv", samsung))
    return (
        *(("export.json", json.dumps([value]).encode()) for value in values),
        ("activities.jsonl", b"\n".join(json.dumps(garmin).encode() for _ in range(5))),
        *((name, text.encode()) for name, text in tables),
    )
