"""What the store keeps as JSON comes back as the same value, and is written with the same characters as ever."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.foot_work import Dose, DoseChange, DoseLevel, PrescribedDrill, Prescription, Reason, Window
from rules.facts.kinds import Facet, Kind, Tier
from rules.facts.labels import Evidence, FacetLabel, Labels
from rules.facts.recorded import FileId, Lap, LapIntensity, LapTrigger, Recording, WorkoutStep
from sync.storage.database import to_json
from sync.storage.rows.arrived import RecordingRow, RunRow
from sync.storage.rows.kept import DoseChangeRow, PrescriptionRow
from sync.storage.serialize.labels import facets_to_facts, labels_of
from sync.storage.serialize.prescriptions import (
    dose_change_of,
    dose_change_to_facts,
    prescription_of,
    prescription_to_facts,
)
from sync.storage.serialize.recordings import from_row, laps_to_facts, plain, restore, steps_to_facts, to_facts

DAY = date(2026, 3, 14)
START = datetime(2026, 3, 14, 6, 30)


def row(kind: type, /, **known: Any) -> Any:
    """A row of the store of which only ``known`` matters."""
    return kind(**{one.name: known.get(one.name) for one in fields(kind)})


def kept(facts: object) -> Any:
    """What comes back from a JSON column."""
    return json.loads(to_json(facts))


def values(recording: Recording) -> dict[str, Any]:
    """Recordings hold arrays, so they are compared field by field."""
    return {one.name: getattr(recording, one.name) for one in fields(recording)}


def through_the_store(recording: Recording) -> Recording:
    stored = {
        "facts": kept(to_facts(recording)),
        "laps": kept(laps_to_facts(recording)),
        "steps": kept(steps_to_facts(recording)),
    }
    return from_row(row(RecordingRow, **stored), None)


RECORDING = Recording(
    sport=None,
    start_utc=START,
    elapsed_s=1800.5,
    utc_offset_s=3600,
    distance_m=5000.25,
    title="Über den Fluß",
    workout_type="race",
    hr_zone_s=(1.0, 2.5),
    file_id=FileId(product="3113", serial_number=42, time_created_utc=datetime(2026, 3, 14, 6, 29, 59, 120000)),
    laps=(Lap(START, 900.0, intensity=LapIntensity.REST, trigger=LapTrigger.SESSION_END, step_index=0),),
    steps=(WorkoutStep(0, LapIntensity.INTERVAL, distance_m=400.0, name="fast"), WorkoutStep(1, repeat_from=0)),
    extra={"weather": {"wind": [1, 2.0]}, "time_of_day": "unknown"},
)
RECORDING_KEPT = (
    '{"distance_m":5000.25,"elapsed_s":1800.5,"extra":{"time_of_day":"unknown","weather":{"wind":[1,2.0]}},'
    '"file_id":{"product":"3113","serial_number":42,"time_created_utc":"2026-03-14T06:29:59.120000"},'
    '"hr_zone_s":[1.0,2.5],"leg":0,"partial":false,"sport_inferred":false,"start_utc":"2026-03-14T06:30:00",'
    '"title":"Über den Fluß","utc_offset_s":3600,"workout_type":"race"}'
)
LAPS_KEPT = (
    '[{"elapsed_s":900.0,"intensity":"rest","start_utc":"2026-03-14T06:30:00","step_index":0,"trigger":"session_end"}]'
)
STEPS_KEPT = '[{"distance_m":400.0,"index":0,"intensity":"interval","name":"fast"},{"index":1,"repeat_from":0}]'


def test_a_recording_is_kept_with_the_same_characters_and_comes_back() -> None:
    written = (to_facts(RECORDING), laps_to_facts(RECORDING), steps_to_facts(RECORDING))
    assert tuple(map(to_json, written)) == (RECORDING_KEPT, LAPS_KEPT, STEPS_KEPT)
    assert values(through_the_store(RECORDING)) == values(RECORDING)


def test_a_field_of_another_version_is_left_out() -> None:
    stored = {"start_utc": "2026-03-14T06:30:00", "elapsed_s": 60.0, "mood": "fine"}
    laps = [{"start_utc": "2026-03-14T06:30:00", "elapsed_s": 60.0, "mood": "fine"}]
    back = from_row(row(RecordingRow, facts=stored, laps=laps, steps=[]), None)
    assert values(back) == values(Recording(None, START, 60.0, laps=(Lap(START, 60.0),)))


LABELS = Labels(
    primary=Kind.TEMPO,
    primary_confidence=0.75,
    possible=frozenset({Kind.TEMPO, Kind.LONG}),
    facets={
        Facet.INTENSITY: FacetLabel(
            Facet.INTENSITY,
            "tempo",
            0.75,
            {"tempo": 0.75, "easy": 0.25},
            (Evidence("fast", 1.5, {"share": 0.4, "from": START, "kinds": ("a", "b"), "none": float("nan")}),),
        ),
        Facet.LONG: FacetLabel(Facet.LONG, None, 0.0, {}, corrected=True),
    },
    tier=Tier.NO_GPS,
    rules_version="7",
    asks=True,
)
FACETS_KEPT = (
    '{"intensity":{"confidence":0.75,"corrected":false,"evidence":[{"rule":"fast","values":{"from":'
    '"2026-03-14T06:30:00","kinds":["a","b"],"none":null,"share":0.4},"weight":1.5}],'
    '"probabilities":{"easy":0.25,"tempo":0.75},"value":"tempo"},'
    '"long":{"confidence":0.0,"corrected":true,"evidence":[],"probabilities":{},"value":null}}'
)


def test_labels_are_kept_with_the_same_characters_and_come_back() -> None:
    assert to_json(facets_to_facts(LABELS)) == FACETS_KEPT
    stored = row(
        RunRow,
        primary_kind="tempo",
        primary_confidence=0.75,
        possible=["long", "tempo"],
        facets=json.loads(FACETS_KEPT),
        tier="no_gps",
        rules_version="7",
        asks=True,
        removed=False,
    )
    plain_values = {"share": 0.4, "from": "2026-03-14T06:30:00", "kinds": ["a", "b"], "none": None}
    hardest = LABELS.facets[Facet.INTENSITY]
    as_kept = replace(hardest, evidence=(Evidence("fast", 1.5, plain_values),))
    assert labels_of(stored) == replace(LABELS, facets={**LABELS.facets, Facet.INTENSITY: as_kept})


@pytest.mark.parametrize("unknown", [{"facets": None}, {"tier": None}, {"removed": True}])
def test_no_labels_before_the_first_verdict_and_after_the_details_had_to_go(unknown: dict[str, Any]) -> None:
    judged = {"facets": {}, "tier": "full", "removed": False}
    assert labels_of(row(RunRow, **judged)) == Labels(None, 0.0, frozenset(), {}, Tier.FULL, "")
    assert labels_of(row(RunRow, **{**judged, **unknown})) is None


PRESCRIPTION = Prescription(
    prescription_id="p1",
    athlete="ada",
    day=DAY,
    window=Window.AFTER,
    kind=Kind.LONG,
    run_id="r1",
    minutes=6.5,
    drills=(PrescribedDrill("towel", Dose(2, reps=8, per_side=True, seconds=90), 3, ("towel",), ("M4",)),),
    reasons=(Reason("long-run", {"km": 21.1}, ("M3",)),),
    warnings=(Reason("stop"),),
    rules_version="feet-1",
    gentle=True,
    supersedes="p0",
    inputs={"plan": "after", "avoid": []},
)


def test_a_prescription_is_kept_as_ever_and_comes_back() -> None:
    facts = prescription_to_facts(PRESCRIPTION)
    assert facts == {
        "prescription_id": "p1",
        "day": DAY,
        "time_window": "after",
        "kind": "long",
        "run_id": "r1",
        "minutes": 6.5,
        "drills": [
            {
                "drill": "towel",
                "dose": {"sets": 2, "reps": 8, "hold_s": None, "per_side": True, "seconds": 90},
                "stage": 3,
                "equipment": ["towel"],
                "facts": ["M4"],
            }
        ],
        "reasons": [{"key": "long-run", "values": {"km": 21.1}, "facts": ["M3"]}],
        "warnings": [{"key": "stop", "values": {}, "facts": []}],
        "rules_version": "feet-1",
        "one_minute": False,
        "gentle": True,
        "counts": True,
        "supersedes": "p0",
        "inputs": {"plan": "after", "avoid": []},
    }
    columns = {name: kept(one) if isinstance(one, dict | list) else one for name, one in facts.items()}
    assert prescription_of(row(PrescriptionRow, **columns), "ada") == PRESCRIPTION


def test_a_change_of_the_dose_is_kept_as_ever_and_comes_back() -> None:
    change = DoseChange(
        "c1",
        DAY,
        "step_up",
        DoseLevel(5.0, 3),
        DoseLevel(6.0, 3, 2, "dialled_back", {"curl": 2}),
        (Reason("kept"),),
        "feet-1",
    )
    facts = dose_change_to_facts(change)
    assert facts == {
        "change_id": "c1",
        "day": DAY,
        "verdict": "step_up",
        "before_level": {"minutes": 5.0, "days_per_week": 3, "extra_reps": 0, "level": "steady"},
        "after_level": {
            "minutes": 6.0,
            "days_per_week": 3,
            "extra_reps": 2,
            "level": "dialled_back",
            "families": {"curl": 2},
        },
        "reasons": [{"key": "kept", "values": {}, "facts": []}],
        "rules_version": "feet-1",
    }
    columns = {name: kept(one) if isinstance(one, dict | list) else one for name, one in facts.items()}
    assert dose_change_of(row(DoseChangeRow, **columns)) == change


def test_a_level_and_a_dose_of_before_have_neither_families_nor_rests() -> None:
    assert restore(DoseLevel, {"minutes": 6.0, "days_per_week": 3, "extra_reps": 1, "level": "steady"}) == DoseLevel(
        6.0, 3, 1
    )
    old = {"sets": 2, "reps": 8, "hold_s": None, "per_side": True, "seconds": 90}
    assert restore(Dose, old) == Dose(2, 8, None, True, 90)


@pytest.mark.parametrize(
    ("kind", "stored"),
    [(DoseLevel, {"minutes": "many", "days_per_week": 3}), (Lap, {"elapsed_s": 1.0}), (Kind, "sprint")],
)
def test_what_is_no_such_value_is_refused(kind: type, stored: object) -> None:
    with pytest.raises(ValueError, match="validation error"):
        restore(kind, stored)


# --- anything ------------------------------------------------------------------------------------

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
INSTANTS = st.datetimes(datetime(1980, 1, 6), datetime(2100, 1, 1), timezones=st.none())
TEXTS = st.text(st.characters(codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | TEXTS, lambda inner: st.lists(inner), max_leaves=5
)
VALUES = st.dictionaries(TEXTS, JSON, max_size=3)
LAPS = st.builds(Lap, start_utc=INSTANTS, elapsed_s=NUMBERS)
RECORDINGS = st.builds(
    Recording,
    sport=st.none() | TEXTS.filter(bool),
    start_utc=INSTANTS,
    elapsed_s=NUMBERS,
    title=st.none() | TEXTS,
    file_id=st.none() | st.builds(FileId, time_created_utc=st.none() | INSTANTS),
    hr_zone_s=st.none() | st.lists(NUMBERS, min_size=1).map(tuple),
    laps=st.lists(LAPS, max_size=3).map(tuple),
    steps=st.lists(st.builds(WorkoutStep), max_size=3).map(tuple),
    samples=st.none(),
    extra=VALUES,
)
PRESCRIPTIONS = st.builds(
    Prescription,
    athlete=st.just("ada"),
    minutes=NUMBERS,
    drills=st.lists(st.builds(PrescribedDrill), max_size=2).map(tuple),
    reasons=st.lists(st.builds(Reason, values=VALUES), max_size=2).map(tuple),
    warnings=st.just(()),
    inputs=VALUES,
)


@given(RECORDINGS)
def test_any_recording_comes_back(recording: Recording) -> None:
    assert values(through_the_store(recording)) == values(recording)


@given(PRESCRIPTIONS)
def test_any_prescription_comes_back(prescription: Prescription) -> None:
    facts = prescription_to_facts(prescription)
    columns = {name: kept(one) if isinstance(one, dict | list) else one for name, one in facts.items()}
    assert prescription_of(row(PrescriptionRow, **columns), "ada") == prescription


@given(st.builds(Labels, primary_confidence=NUMBERS, facets=st.just({}), tier=st.sampled_from(Tier)), VALUES, NUMBERS)
def test_any_labels_come_back(labels: Labels, numbers: dict[str, Any], weight: float) -> None:
    labels = replace(
        labels, facets={one: FacetLabel(one, None, 0.5, {}, (Evidence("rule", weight, numbers),)) for one in Facet}
    )
    stored = row(
        RunRow,
        primary_kind=labels.primary and labels.primary.value,
        primary_confidence=labels.primary_confidence,
        possible=sorted(labels.possible),
        facets=kept(facets_to_facts(labels)),
        tier=labels.tier.value,
        rules_version=labels.rules_version,
        asks=labels.asks,
        removed=False,
    )
    assert labels_of(stored) == labels


def test_plain_values() -> None:
    made = {"when": datetime(2026, 3, 14, tzinfo=UTC), 1: {Kind.EASY}, "far": float("inf"), "day": DAY}
    assert plain(made) == {"when": "2026-03-14T00:00:00+00:00", "1": ["easy"], "far": None, "day": "2026-03-14"}
