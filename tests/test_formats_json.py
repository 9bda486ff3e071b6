"""Services' JSON: recorded answers of years parse, and whatever a service sends never raises."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sync.formats.outcome import Ignored, Read, Unreadable
from sync.formats.services import garmin_json, intervals_json, strava_json
from sync.formats.services.json_fields import json_instant, json_number
from sync.sources.adapters import garmin, intervals, strava

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
GARMIN_KEYS = (
    "activityId", "activityName", "activityType", "startTimeGMT", "startTimeLocal", "beginTimestamp", "duration",
    "elapsedDuration", "movingDuration", "distance", "averageHR", "hrTimeInZone_1", "splitSummaries", "eventType",
    "trainingEffectLabel", "directWorkoutRpe",
)  # fmt: skip
STRAVA_KEYS = (
    "id", "name", "sport_type", "type", "start_date", "utc_offset", "elapsed_time", "moving_time", "distance",
    "workout_type", "laps", "gear", "average_cadence", "max_heartrate",
)  # fmt: skip
INTERVALS_KEYS = (
    "id", "name", "type", "start_date", "start_date_local", "elapsed_time", "feel", "icu_hr_zone_times", "gear",
    "source",
)  # fmt: skip


def items(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), json_values | st.just("2026-03-14 06:30:00") | st.just(600.0))


@given(items(GARMIN_KEYS), items(GARMIN_KEYS))
def test_garmin_never_raises(item: dict[str, Any], totals: dict[str, Any]) -> None:
    content = json.dumps({"list": item, "detail": {**item, "summaryDTO": totals}}).encode()
    assert isinstance(garmin_json.parse(content), Read | Unreadable | Ignored)
    garmin.listed_of(item)
    garmin.planned_of(item)
    garmin.gear_of(item)


@given(items(STRAVA_KEYS), st.dictionaries(st.sampled_from(strava_json.STREAMS), json_values))
def test_strava_never_raises(item: dict[str, Any], streams: dict[str, Any]) -> None:
    content = json.dumps({"summary": item, "detail": item, "streams": streams}).encode()
    assert isinstance(strava_json.parse(content), Read | Unreadable)
    strava.listed_of(item)


@given(items(INTERVALS_KEYS))
def test_intervals_never_raises(item: dict[str, Any]) -> None:
    assert isinstance(intervals_json.parse(json.dumps({"activity": item}).encode()), Read | Unreadable | Ignored)
    intervals.listed_of(item)


@given(st.binary(max_size=40))
def test_what_is_no_json_is_unreadable(content: bytes) -> None:
    for parse in (garmin_json.parse, strava_json.parse, intervals_json.parse):
        assert isinstance(parse(content), Unreadable | Ignored)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-08 14:10:21", datetime(2026, 1, 8, 14, 10, 21)),
        ("2026-01-08T14:10:21.0", datetime(2026, 1, 8, 14, 10, 21)),
        ("2026-01-08T14:10:21Z", datetime(2026, 1, 8, 14, 10, 21)),
        ("2026-01-08T15:10:21+01:00", datetime(2026, 1, 8, 14, 10, 21)),
        (1767881421000, datetime(2026, 1, 8, 14, 10, 21)),
        ("0001-01-01T00:00:00+14:00", None), ("9999-12-31T23:59:59-14:00", None),
        ("yesterday", None), (None, None), (True, None), (-5, None), (float("inf"), None), (10**20, None),
    ],
)  # fmt: skip
def test_instants(value: object, expected: datetime | None) -> None:
    assert json_instant(value) == expected


def test_numbers() -> None:
    assert [json_number(value) for value in (3, "3.5", None, True, "x", float("nan"), [1])] == [3, 3.5, *[None] * 5]
    assert [json_number(value) for value in (10**400, "1e999", "")] == [None] * 3


@pytest.mark.parametrize("listed", [False, True])
def test_a_word_in_a_stream_costs_that_reading(listed: bool) -> None:
    data = {"time": [0, 1, 2], "heartrate": [140, "", 10**400], "distance": [0, 3, [6]]}
    keyed = {name: {"data": column} for name, column in data.items()}
    listing = [*({"type": name, **stream} for name, stream in keyed.items()), {"type": {}, "data": [1]}]
    streams = listing if listed else keyed
    summary = {"start_date": "2026-03-14T06:30:00Z", "elapsed_time": 3}
    outcome = strava_json.parse(json.dumps({"summary": summary, "streams": streams}).encode())
    assert isinstance(outcome, Read)
    samples = outcome.recordings[0].samples
    assert samples is not None
    assert str(samples.heart_rate_bpm.tolist()) == "[140.0, nan, nan]"
    assert str(samples.distance_m.tolist()) == "[0.0, 3.0, nan]"


def test_a_multisport_frame_is_left_to_its_file() -> None:
    frame = {"activityType": {"typeKey": "multi_sport"}, "startTimeGMT": "2026-03-14 06:30:00", "duration": 9000}
    assert garmin_json.parse(json.dumps({"list": frame}).encode()) == Ignored("multisport_parent")


def test_a_list_of_2019_gave_elapsed_time_in_milliseconds() -> None:
    item = {"startTimeGMT": "2019-09-08 09:52:45", "duration": 1091.6, "elapsedDuration": 1091604.9}
    read = garmin_json.recording_of(item, {})
    assert read is not None
    assert read.elapsed_s == pytest.approx(1091.6, abs=0.01)


# --- recorded answers ---------------------------------------------------------------------------------


def answers(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.rglob("*.json")):
        try:
            yield path.name, json.loads(path.read_bytes())
        except ValueError:
            continue
    for path in sorted(folder.rglob("cassettes/*.yaml")):
        for exchange in yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]:
            text = exchange["response"]["body"]["string"]
            if text:
                yield path.name, json.loads(text)


def garmin_items(value: Any) -> list[dict[str, Any]]:
    found = value.get("activityList", []) if isinstance(value, dict) else value
    return [one for one in found if isinstance(one, dict) and "startTimeGMT" in one] if isinstance(found, list) else []


def strava_items(value: Any) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else [value]
    named = [one for one in found if isinstance(one, dict) and "start_date" in one and "resource_state" in one]
    return [one for one in named if "lap_index" not in one and "segment" not in one and "kom_rank" not in one]


def test_recorded_answers_of_both_services_parse(real_data: Path) -> None:
    counts: Counter[str] = Counter()
    sports: Counter[str | None] = Counter()
    for name, value in answers(real_data):
        for item in garmin_items(value):
            outcome = garmin_json.parse(json.dumps({"list": item}).encode())
            listed = garmin.listed_of(item)
            assert listed is not None, name
            counts[f"garmin list {type(outcome).__name__}"] += 1
            if isinstance(outcome, Read):
                (read,) = outcome.recordings
                sports[read.sport] += 1
                assert read.distance_m is None or read.distance_m < 1e6, name
                assert read.elapsed_s < 5 * 86400, name
                assert read.utc_offset_s is None or abs(read.utc_offset_s) <= 14 * 3600, name
        if isinstance(value, dict) and "summaryDTO" in value and "activityId" in value:
            counts[f"garmin detail {type(garmin_json.parse(json.dumps({'detail': value}).encode())).__name__}"] += 1
        for item in strava_items(value):
            outcome = strava_json.parse(json.dumps({"summary": item}).encode())
            counts[f"strava {type(outcome).__name__}"] += 1
            if isinstance(outcome, Read):
                sports[outcome.recordings[0].sport] += 1
    print(dict(counts), dict(sports))
    assert counts["garmin list Read"] >= 60
    assert counts["garmin detail Read"] >= 10
    assert counts["strava Read"] >= 300
    assert counts["garmin list Unreadable"] + counts["garmin detail Unreadable"] == 0
    assert counts["strava Unreadable"] <= 1  # a ride of no length
    assert sports["running"] >= 100
