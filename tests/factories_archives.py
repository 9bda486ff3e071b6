"""Made-up account exports and tables, as bytes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rules.facts.recorded import Recording
from tests.factories_runs import START, run

STRAVA_HEADER = (
    "Activity ID", "Activity Date", "Activity Name", "Activity Type", "Activity Description", "Elapsed Time",
    "Distance", "Max Heart Rate", "Relative Effort", "Commute", "Activity Private Note", "Activity Gear", "Filename",
    "Athlete Weight", "Bike Weight", "Elapsed Time", "Moving Time", "Distance", "Max Heart Rate",
    "Average Heart Rate", "Perceived Exertion", "Workout Type",
)  # fmt: skip
GARMIN_HEADER = (
    "Aktivitätstyp", "Datum", "Favorit", "Titel", "Distanz", "Kalorien", "Zeit", "Ø Herzfrequenz", "Maximale HF",
    "Ø Pace", "Ø Schrittfrequenz", "Ø Schrittlänge",
)  # fmt: skip
BROKEN_FIT = b"\x0e\x10\x00\x00\xff\xff\xff\xff.FIT" + b"\xff" * 90


def outing(days: float = 0, **changes: object) -> Recording:
    """A run of a watch; its file names no title."""
    made = run(start_utc=START + timedelta(days=days), laps=(), steps=(), workout_name=None, title=None, file_id=None)
    return replace(made, **changes)  # type: ignore[arg-type]


def text_of(header: tuple[str, ...], rows: list[tuple[object, ...]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    table = csv.writer(out, delimiter=delimiter)
    table.writerows([header, *rows])
    return out.getvalue().encode()


def strava_row(number: int, of: Recording, **cells: object) -> tuple[object, ...]:
    values = {"name": f"Run {number}", "gear": "", "file": "", "rpe": "", "mark": "", "type": "Run"} | cells
    metres = of.distance_m or 0
    return (
        number, of.start_utc.strftime("%b %d, %Y, %I:%M:%S %p"), values["name"], values["type"], "", of.elapsed_s,
        f"{metres / 1000:.2f}", 171, 20, "false", "", values["gear"], values["file"], "", "", of.elapsed_s,
        of.elapsed_s, metres, "", 150.5, values["rpe"], values["mark"],
    )  # fmt: skip


def strava(*rows: tuple[object, ...]) -> bytes:
    return text_of(STRAVA_HEADER, list(rows))


def garmin_csv(*starts: datetime, kilometres: str = "5,00") -> bytes:
    """Commas for decimals; local times."""
    return text_of(
        GARMIN_HEADER,
        [
            ("Laufen", start.isoformat(" "), "false", "Feierabend", kilometres, "300", "00:30:00", "150", "171", "6:00",
             "170", "0,98")
            for start in starts
        ],
    )  # fmt: skip


def garmin_export(*activities: dict[str, object]) -> bytes:
    return json.dumps([{"summarizedActivitiesExport": list(activities)}]).encode()


def garmin_activity(number: int, of: Recording, **changes: object) -> dict[str, object]:
    """Milliseconds, centimetres, tenths."""
    start = of.start_utc.replace(tzinfo=UTC).timestamp() * 1000
    return {
        "activityId": number, "name": f"Run {number}", "activityType": "running", "startTimeGmt": start,
        "startTimeLocal": start, "duration": of.elapsed_s * 1000, "elapsedDuration": of.elapsed_s * 1000,
        "distance": (of.distance_m or 0) * 100, "avgHr": 150, "workoutRpe": 60,
    } | changes  # fmt: skip


def log(*rows: tuple[object, ...]) -> bytes:
    return text_of(("date", "distance_km", "time_mmss"), list(rows))


def drop(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
