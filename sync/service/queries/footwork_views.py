"""Foot work in the runner's words: drills with their doses, reasons with their facts, and when to do it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rules.facts.foot_work import Dose, PrescribedDrill, Prescription, Reason, SessionDone, Window
from rules.facts.kinds import Kind
from rules.knowledge.loader import knowledge
from rules.plan.choose import LATE_KEYS
from rules.state.feet import FootState
from rules.text import Language
from sync.service.messages import reason_says
from sync.wire.footwork import DrillView, PrescriptionView, ReasonView, RunServed, SessionView


def prescription_view(
    prescription: Prescription,
    session: SessionDone | None,
    language: Language,
    *,
    starts_local: datetime | None = None,
    run: RunServed | None = None,
) -> PrescriptionView:
    return PrescriptionView(
        prescription_id=prescription.prescription_id,
        day=prescription.day,
        window=prescription.window.value,
        title=title(prescription, language),
        when=language.say(f"when.{'base' if is_late(prescription) else prescription.window.value}"),
        minutes=prescription.minutes,
        kind=prescription.kind.value if prescription.kind else None,
        run_id=prescription.run_id,
        drills=[drill_view(drill, language) for drill in prescription.drills],
        reasons=[reason_view(reason, language) for reason in prescription.reasons],
        warnings=[reason_view(reason, language) for reason in prescription.warnings],
        one_minute=prescription.one_minute,
        gentle=prescription.gentle,
        counts=prescription.counts,
        session=session_view(session) if session else None,
        starts_local=starts_local,
        work="training" if prescription.counts else "care",
        run=run,
    )


def run_served(prescription: Prescription, state: FootState) -> RunServed | None:
    """The run that ``prescription`` is for: one of the last months, or one that is coming."""
    name = prescription.run_id
    if name is None:
        return None
    for ran in reversed(state.runs):
        if ran.run_id == name:
            kind = ran.primary.value if ran.primary is not None else None
            return RunServed(run_id=name, day=ran.day, kind=kind, coming=False)
    for ahead in state.planned:
        if ahead.planned_id == name:
            kind = ahead.kind.value if ahead.kind is not None else None
            return RunServed(run_id=name, day=ahead.day, kind=kind, coming=True, race=ahead.race)
    kind = prescription.kind.value if prescription.kind is not None else None
    return RunServed(run_id=name, day=prescription.day, kind=kind, coming=prescription.window is Window.BEFORE)


def is_late(prescription: Prescription) -> bool:
    """For a run of another day: any time today, and the feet are cold again."""
    return any(reason.key in LATE_KEYS for reason in prescription.reasons)


def title(prescription: Prescription, language: Language) -> str:
    window = prescription.window
    key = window.value
    if window is Window.AFTER:
        key = f"after_{prescription.kind.value if prescription.kind and not prescription.gentle else 'unsure'}"
        ground = next(
            (reason.values["surface"] for reason in prescription.reasons if reason.key == "surface_day"), None
        )
        key = f"after_{ground}" if f"title.after_{ground}" in language else key
    elif any(reason.key == "before_race" for reason in prescription.reasons):
        key = "before_race"
    named = language.say(f"title.{key}")
    if prescription.one_minute and window is not Window.PRIMER:
        return language.say("title.one_minute", title=named)
    return named


def drill_view(prescribed: PrescribedDrill, language: Language) -> DrillView:
    def text(part: str) -> str:
        key = f"drill.{prescribed.drill}.{part}"
        return language.say(key) if key in language else ""

    dose, known = prescribed.dose, knowledge().drills.get(prescribed.drill)
    return DrillView(
        drill=prescribed.drill,
        name=text("name"),
        dose=dose_says(dose, language),
        seconds=dose.seconds,
        sets=dose.sets,
        reps=dose.reps,
        hold_s=dose.hold_s,
        per_side=dose.per_side,
        how=text("how"),
        cue=text("cue"),
        breath=text("breath"),
        feel=text("feel"),
        stop=text("stop"),
        equipment=[language.say(f"equipment.{thing}") for thing in prescribed.equipment],
        facts=list(prescribed.facts),
        rest_s=dose.rest_s,
        family=known.family if known is not None else "",
        level=known.level if known is not None else 1,
        element=known.element if known is not None else "",
        load=known.load if known is not None else 0,
    )


def dose_says(dose: Dose, language: Language) -> str:
    """ "3 × 10, both feet"."""
    says = sets_say(dose, language)
    return language.say(f"answer.dose_{'per_side' if dose.per_side else 'both_sides'}", dose=says)


def sets_say(dose: Dose, language: Language) -> str:
    """ "3 × 10"."""
    values: dict[str, Any] = {"sets": dose.sets, "reps": dose.reps, "hold": dose.hold_s, "seconds": dose.seconds}
    if dose.hold_s is not None and dose.reps is None:
        key = "dose_sets_hold" if dose.sets > 1 else "dose_hold"
    elif dose.reps is not None:
        key = "dose_sets_reps" if dose.sets > 1 else "dose_reps"
    else:
        key = "dose_seconds"
    return language.say(f"answer.{key}", **values)


def reason_view(reason: Reason, language: Language) -> ReasonView:
    return ReasonView(says=reason_says(reason, language), facts=list(reason.facts))


def session_view(session: SessionDone) -> SessionView:
    return SessionView(
        session_id=session.session_id,
        at_utc=session.at_utc,
        day=session.day,
        state=session.state,
        minutes=session.minutes,
        reason=session.reason.value if session.reason else None,
        prescription_id=session.prescription_id,
        drills={name: str(answer) for name, answer in session.drills.items()},
    )


def kind_says(kind: Kind | str | None, language: Language) -> str:
    return language.say(f"kind.{kind or 'unsure'}")
