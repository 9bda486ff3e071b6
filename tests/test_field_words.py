"""Whose word counts for each field of a run that several copies tell."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rules.facts.recorded import Lap, Recording
from sync.formats.services import garmin_json, intervals_json, strava_json
from sync.runs.field_merge import SourceRecord, combine
from sync.runs.field_words import WORDS
from sync.storage import runs
from tests.linked_home import MORNING, linked_home, short_run

FORMS = {"garmin": garmin_json.FORM, "strava": strava_json.FORM, "intervals": intervals_json.FORM}


def test_each_field_of_a_recording_has_a_word() -> None:
    assert WORDS.keys() == {each.name for each in fields(Recording)}


def test_the_design_names_each_field_with_its_word() -> None:
    text = (Path(__file__).parents[1] / "docs" / "design.md").read_text(encoding="utf-8")
    section = text.split("### Which source wins", 1)[1].split("\n### ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert [set(re.findall(r"`(\w+)`", row)) for row in rows] == [
        {name for name, word in WORDS.items() if word == each} for each in ("corrected", "person", "recorded", "lead")
    ]


def watched(**changes: Any) -> SourceRecord:
    laps = (Lap(MORNING, 900.0, distance_m=2700.0), Lap(MORNING + timedelta(minutes=15), 890.0, distance_m=2670.0))
    return SourceRecord("file", "garmin", short_run(MORNING, laps=laps, decoder="fitfast", **changes))


def said(source: str, distance_m: float | None, **changes: Any) -> SourceRecord:
    made = replace(short_run(MORNING), samples=None, distance_m=distance_m, decoder=FORMS[source], **changes)
    return SourceRecord(source, source, made)


@pytest.mark.parametrize(
    ("sub_sport", "others", "expected"),
    [
        ("treadmill", [said("garmin", 5370.0)], (5370.0, "file")),
        ("treadmill", [said("garmin", 5380.0)], (5370.0, "file")),
        ("treadmill", [said("garmin", 6000.0)], (6000.0, "garmin")),
        ("treadmill", [said("garmin", 5370.0), said("strava", 6000.0)], (6000.0, "strava")),
        ("treadmill", [said("garmin", None)], (5370.0, "file")),
        (None, [said("garmin", 5420.0)], (5370.0, "file")),
        (None, [said("garmin", 6000.0)], (6000.0, "garmin")),
        (None, [said("garmin", 5370.0), said("strava", 6000.0)], (5370.0, "file")),
    ],
    ids=[
        "as recorded", "rounded", "a treadmill corrected", "corrected at another service", "none said",
        "a trace smoothed otherwise", "a trace corrected where it came from", "another service's own reckoning",
    ],
)  # fmt: skip
def test_a_corrected_distance_beats_the_file(
    sub_sport: str | None, others: list[SourceRecord], expected: tuple[float, str]
) -> None:
    whole, sources = combine([watched(sub_sport=sub_sport), *others])
    assert (whole.distance_m, sources["distance_m"]) == expected
    assert whole.samples is not None
    factor = expected[0] / 5370.0
    assert np.allclose(whole.samples.distance_m[-1], 5370.0 * factor)
    assert [lap.distance_m for lap in whole.laps] == pytest.approx([2700.0 * factor, 2670.0 * factor])


def test_a_file_that_breaks_off_is_not_stretched() -> None:
    whole, _ = combine([watched(sub_sport="treadmill", partial=True), said("garmin", 8000.0)])
    assert whole.samples is not None
    assert (whole.distance_m, whole.samples.distance_m[-1]) == (5370.0, 5370.0)


@pytest.mark.parametrize("name", ["garmin", "intervals"])
def test_a_treadmill_that_is_corrected_there_is_corrected_here(tmp_path: Path, name: Any) -> None:
    def corrected(_seen: Any, value: Any) -> Any:
        if isinstance(value, list):
            return [corrected(_seen, item) for item in value]
        if isinstance(value, dict):
            return {key: 6000.0 if key == "distance" else corrected(_seen, item) for key, item in value.items()}
        return value

    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        fake.add(short_run(home.now - timedelta(days=1), sub_sport="treadmill"), "Treadmill")
        home.sync(name)
        assert [row.distance_m for row in runs.runs(home.store, "runner")] == [5370.0]
        fake.edits.append(corrected)
        home.now += timedelta(minutes=40)
        home.sync(name, by_person=True)
        assert [row.distance_m for row in runs.runs(home.store, "runner")] == [6000.0]


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_a_run_that_is_made_a_race_there_is_one_here(tmp_path: Path, name: Any) -> None:
    marks = {"garmin": ("eventType", {"typeKey": "race"}), "strava": ("workout_type", 1), "intervals": ("race", True)}
    key, mark = marks[name]

    def race(seen: Any, value: Any) -> Any:
        if isinstance(value, list):
            return [{**item, key: mark} for item in value]
        return {**value, key: mark} if name == "strava" and seen.path.split("/")[-1].isdigit() else value

    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        fake.add(short_run(home.now - timedelta(days=1)), "Morning Run")
        home.sync(name)
        fake.edits.append(race)
        home.now += timedelta(minutes=40)
        home.sync(name, by_person=True)
        from sync.runs.compute_runs import recording_of

        (row,) = runs.runs(home.store, "runner")
        assert recording_of(home.store, home.config.athlete(), row.run_id).workout_type == "race"
