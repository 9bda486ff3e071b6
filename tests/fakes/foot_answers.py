"""The made-up runner's foot work, as the daemon would give it: drills, sessions, and how it has gone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sync.wire.footwork import (
    AdherenceView,
    DoseChangeView,
    DoseView,
    DrillView,
    PrescriptionView,
    ReasonView,
)
from tests.fakes.athlete import Athlete

DRILLS = [
    ("toe-curls", "Toe curls", "2 × 10, each side", 70, 2, "Sit, heel down. Curl all toes slowly, then let them long."),
    (
        "arch-lift",
        "Arch lift",
        "2 × 8, each side",
        300,
        2,
        "Draw the ball of the foot towards the heel; toes stay long.",
    ),
    ("fascia", "Sole stretch", "2 × 20 s, each side", 100, 2, "Take the toes towards the shin until the sole pulls."),
    ("spread", "Spread and grip", "2 × 8", 45, 2, "Spread the toes wide, hold a breath, then grip the floor lightly."),
]


def drill_views() -> list[DrillView]:
    return [
        DrillView(
            drill=drill,
            name=name,
            dose=dose,
            seconds=seconds,
            sets=sets,
            reps=10,
            hold_s=None,
            per_side=True,
            how=how,
            cue="Drive from the big toe",
            breath="Breathe out with the effort, in as you let go.",
            feel="Work in the sole, none in the calf.",
            stop="A sharp pain ends it.",
            equipment=["towel"] if drill == "toe-curls" else [],
            facts=["M14", "M19"],
        )
        for drill, name, dose, seconds, sets, how in DRILLS
    ]


def prescription(athlete: Athlete, window: str, title: str, when: str, minutes: float, **more: Any) -> PrescriptionView:
    day: date = more.pop("day", athlete.today)
    key = f"{day:%Y%m%d}-{window}"
    session = next((one for one in athlete.sessions.values() if one.prescription_id == key), None)
    given = {"one_minute": False, "gentle": False, "counts": True, "run_id": None, "kind": "easy", **more}
    return PrescriptionView(
        prescription_id=key,
        day=day,
        window=window,
        title=title,
        when=when,
        minutes=minutes,
        drills=drill_views()[: 1 if given["one_minute"] else 4],
        reasons=[
            ReasonView(says="It was an easy run, so the work comes after it.", facts=["M14"]),
            ReasonView(says="Slow toe movement comes first, stretches later.", facts=["M4"]),
        ],
        warnings=[ReasonView(says="Warm feet first. Sharp pain ends a drill.", facts=["M12", "S4"])],
        session=session,
        **given,
    )


def adherence() -> AdherenceView:
    return AdherenceView(
        done_7=2, due_7=3, done_28=10, due_28=12, minutes_7=12, minutes_due_7=18, on_time_share=0.8, score=0.71,
        weeks_kept=5, excused_7=1, says="10 of 12 days in four weeks; five weeks kept. One day was excused.",
    )  # fmt: skip


def dose(athlete: Athlete) -> DoseView:
    change = DoseChangeView(
        change_id="change-2",
        day=athlete.today - timedelta(days=20),
        verdict="step_up",
        says="One minute more: 6 instead of 5.",
        reasons=[ReasonView(says="Your mean fell from 5.1 to 3.2 in 14 days (n = 9).", facts=["M9"])],
    )
    offer = change.model_copy(
        update={"change_id": "offer-1", "day": athlete.today, "verdict": "offer", "says": "You are ready for a step."}
    )
    return DoseView(
        minutes=6,
        days_per_week=athlete.days_per_week,
        extra_reps=0,
        level="steady",
        says=f"6 minutes, {athlete.days_per_week} days a week.",
        history=[change],
        offer=None if "offer-1" in athlete.answered else offer,
        choices=[] if "offer-1" in athlete.answered else ["minutes", "two-minutes", "repetition", "decline"],
    )
