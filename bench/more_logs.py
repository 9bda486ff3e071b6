"""Nine more athletes' logs: Garmin-shaped tables read by the shipped reader, their truth in a file of its own."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

from bench.labelled import Athlete, Labelled, Truth
from rules.facts.kinds import HARD, Intensity, Kind, Surface
from rules.measure.features import measure
from sync.formats.tables.read import read_table

MORE = "more-logs"
LABELS = "LABELS.tsv"
SOURCE = {"strong": "plan", "weak": "word"}
"""Strong: the title of a coach's app or a watch's plan. Weak: a word in a title, or what the numbers implied."""
WEIGHT = {"plan": 1.0, "word": 0.75}


def more_athletes(root: Path) -> list[Athlete]:
    """One athlete a table; titles are not in them. Empty without the folder."""
    folder = root / MORE
    if not (folder / LABELS).is_file():
        return []
    truths: dict[str, dict[datetime, Truth]] = {}
    with (folder / LABELS).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            truths.setdefault(row["athlete"], {})[datetime.fromisoformat(row["start"])] = truth_of_row(row)
    return [_athlete(folder / f"{name}.csv", truths[name]) for name in sorted(truths)]


def _athlete(table: Path, truths: dict[datetime, Truth]) -> Athlete:
    read = read_table(table.read_bytes(), table.name, UTC)
    rows = sorted((row.recording for row in read.rows), key=lambda one: one.start_utc) if read is not None else []
    runs = [
        Labelled(table.stem, measure(one), truths.get(one.start_utc, Truth()), table.stem)
        for one in rows
        if one.sport == "running"
    ]
    return Athlete(table.stem, runs)


def truth_of_row(row: dict[str, str]) -> Truth:
    """The truth of one line, as far as it may be used: hills "no" was derived from climb and proves nothing of it."""
    if not row["strength"] and not row["intensity"] and not row["long"]:
        return Truth(surface=_ground(row["surface"]), hilly=True if row["hills"] == "yes" else None)
    strength = row["intensity_strength"] or row["long_strength"] or row["strength"]
    source = SOURCE.get(strength, "word")
    return Truth(
        kind=Kind(row["primary"]) if row["primary"] else None,
        hard=Intensity(row["intensity"]) in HARD if row["intensity"] else None,
        long=row["long"] == "yes" if row["long"] else None,
        hilly=True if row["hills"] == "yes" else None,
        surface=_ground(row["surface"]),
        allowed=frozenset(Kind(name) for name in row["primary_ok"].split("|") if name),
        source=source,
        weight=WEIGHT[source],
    )


def _ground(name: str) -> Surface | None:
    return Surface(name) if name else None
