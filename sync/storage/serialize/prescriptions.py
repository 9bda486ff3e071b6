"""Foot work and dose changes to what the store keeps of them, and back: what was issued is read as it was issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from rules.facts import Dose, DoseChange, DoseLevel, Kind, PrescribedDrill, Prescription, Reason, Window
from rules.facts.foot_work import DoseVerdict
from sync.storage.rows import DoseChangeRow, GivenRow, PrescriptionRow
from sync.storage.serialize.recordings import plain


def prescription_to_facts(prescription: Prescription) -> dict[str, Any]:
    """The values of ``put_prescription``, JSON columns as plain values."""
    return {
        "prescription_id": prescription.prescription_id,
        "day": prescription.day,
        "time_window": prescription.window.value,
        "kind": prescription.kind.value if prescription.kind else None,
        "run_id": prescription.run_id,
        "minutes": prescription.minutes,
        "drills": [plain(asdict(drill)) for drill in prescription.drills],
        "reasons": [plain(asdict(reason)) for reason in prescription.reasons],
        "warnings": [plain(asdict(reason)) for reason in prescription.warnings],
        "rules_version": prescription.rules_version,
        "one_minute": prescription.one_minute,
        "gentle": prescription.gentle,
        "counts": prescription.counts,
        "supersedes": prescription.supersedes,
        "inputs": plain(dict(prescription.inputs)),
    }


def prescription_of(row: PrescriptionRow, athlete: str) -> Prescription:
    return Prescription(
        prescription_id=row.prescription_id,
        athlete=athlete,
        day=row.day,
        window=Window(row.time_window),
        kind=Kind(row.kind) if row.kind else None,
        run_id=row.run_id,
        minutes=row.minutes,
        drills=tuple(_drill(drill) for drill in row.drills),
        reasons=reasons_of(row.reasons),
        warnings=reasons_of(row.warnings),
        rules_version=row.rules_version,
        one_minute=row.one_minute,
        gentle=row.gentle,
        counts=row.counts,
        supersedes=row.supersedes,
        inputs=row.inputs,
    )


def given_of(row: GivenRow, athlete: str) -> Prescription:
    """Without drills and reasons: what was given, when, for which run, and whether it counts."""
    return Prescription(
        prescription_id=row.prescription_id,
        athlete=athlete,
        day=row.day,
        window=Window(row.time_window),
        kind=None,
        run_id=row.run_id,
        minutes=row.minutes,
        drills=(),
        reasons=(),
        warnings=(),
        rules_version="",
        counts=row.counts,
        supersedes=row.supersedes,
    )


def dose_change_to_facts(change: DoseChange) -> dict[str, Any]:
    """The values of ``put_dose_change``, JSON columns as plain values."""
    return {
        "change_id": change.change_id,
        "day": change.day,
        "verdict": change.verdict,
        "before_level": asdict(change.before),
        "after_level": asdict(change.after),
        "reasons": [plain(asdict(reason)) for reason in change.reasons],
        "rules_version": change.rules_version,
    }


def dose_change_of(row: DoseChangeRow) -> DoseChange:
    return DoseChange(
        change_id=row.change_id,
        day=row.day,
        verdict=cast(DoseVerdict, row.verdict),
        before=DoseLevel(**row.before_level),
        after=DoseLevel(**row.after_level),
        reasons=reasons_of(row.reasons),
        rules_version=row.rules_version,
    )


def reasons_of(facts: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(one["key"], one["values"], tuple(one["facts"])) for one in facts)


def _drill(facts: Mapping[str, Any]) -> PrescribedDrill:
    return PrescribedDrill(
        drill=facts["drill"],
        dose=Dose(**facts["dose"]),
        stage=facts["stage"],
        equipment=tuple(facts["equipment"]),
        facts=tuple(facts["facts"]),
    )
