"""Foot work and dose changes to what the store keeps of them, and back: what was issued is read as it was issued."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from rules.facts.foot_work import DoseChange, Prescription
from sync.storage.rows.kept import DoseChangeRow, GivenRow, PrescriptionRow
from sync.storage.serialize.recordings import plain, restore


def prescription_to_facts(prescription: Prescription) -> dict[str, Any]:
    """The values of ``put_prescription``, JSON columns as plain values."""
    facts: dict[str, Any] = plain(prescription)
    del facts["athlete"]
    facts["time_window"] = facts.pop("window")
    for drill in facts["drills"]:
        _without_empty(drill["dose"], "rest_s")
    return facts | {"day": prescription.day}


def prescription_of(row: PrescriptionRow, athlete: str) -> Prescription:
    return restore(Prescription, _columns(row) | {"athlete": athlete, "window": row.time_window})


def given_of(row: GivenRow, athlete: str) -> Prescription:
    """Without drills and reasons: what was given, when, for which run, and whether it counts."""
    without = {"kind": None, "drills": (), "reasons": (), "warnings": (), "rules_version": ""}
    return restore(Prescription, without | _columns(row) | {"athlete": athlete, "window": row.time_window})


def dose_change_to_facts(change: DoseChange) -> dict[str, Any]:
    """The values of ``put_dose_change``, JSON columns as plain values."""
    facts: dict[str, Any] = plain(change)
    facts["before_level"], facts["after_level"] = facts.pop("before"), facts.pop("after")
    for level in (facts["before_level"], facts["after_level"]):
        _without_empty(level, "families")
    return facts | {"day": change.day}


def dose_change_of(row: DoseChangeRow) -> DoseChange:
    return restore(DoseChange, _columns(row) | {"before": row.before_level, "after": row.after_level})


def _without_empty(facts: dict[str, Any], name: str) -> None:
    """A row of before knows no such value: what is read from it, written again, is the row."""
    if not facts[name]:
        del facts[name]


def _columns(row: PrescriptionRow | GivenRow | DoseChangeRow) -> dict[str, Any]:
    return {one.name: getattr(row, one.name) for one in fields(row)}
