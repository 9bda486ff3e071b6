"""A made-up runner: weeks of runs and a diary, and what commands change."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sync.wire.footwork import EntryView, FlagView, SessionView
from sync.wire.pages import PlannedView
from sync.wire.runs import EvidenceLine, RunLine

TITLES = {
    "easy": "Round the mill pond",
    "tempo": "4 × 6 min steady hard",
    "hills": "Quarry hill repeats",
    "surface": "Forest loop",
    "long": "Long one along the river",
}
WEEKDAYS = {1: "easy", 2: "tempo", 3: "surface", 5: "hills", 6: "long"}
SAYS = {
    "easy": "Easy: most of it stayed below your first threshold.",
    "tempo": "Tempo: four blocks of six minutes stood near your threshold.",
    "hills": "Hills: 28 m of climb a kilometre, in repeats.",
    "surface": "Soft ground: the watch's trail profile and a slower, uneven line.",
    "long": "Long: an hour and a half, 1.5 times your usual run.",
}
INTENSITY = {"easy": "easy", "tempo": "tempo", "hills": "steady", "surface": "easy", "long": "easy"}
DISTANCES = {"easy": 8200.0, "tempo": 10400.0, "hills": 9100.0, "surface": 7600.0, "long": 17800.0}
SPEEDS = {"easy": 2.75, "tempo": 3.2, "hills": 2.6, "surface": 2.55, "long": 2.7}


@dataclass
class Athlete:
    """What the fake remembers; commands change it, answers are made from it."""

    now: datetime
    weeks: int = 16
    units: str = "km"
    entries: dict[str, EntryView] = field(default_factory=dict)
    sessions: dict[str, SessionView] = field(default_factory=dict)
    flags: dict[str, FlagView] = field(default_factory=dict)
    labels: dict[str, dict[str, Any]] = field(default_factory=dict)
    planned: dict[date, PlannedView] = field(default_factory=dict)
    preferences: dict[str, Any] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    assessments: list[dict[str, Any]] = field(default_factory=list)
    paused: str | None = None
    runs: list[RunLine] = field(default_factory=list)
    days_per_week: int = 3
    uploaded: int = 0
    course: list[tuple[float, float]] | None = None
    map_utc: datetime | None = None
    map_bytes: int = 0
    """What the run's page draws of the way."""

    def __post_init__(self) -> None:
        if self.weeks:
            self.runs = [run_line(day, kind) for day, kind in run_days(self.now.date(), self.weeks)]
            rng = random.Random(7)
            for back in range(min(self.weeks * 7, 400), 0, -1):
                if rng.random() < 0.6:
                    day = self.now.date() - timedelta(days=back)
                    score = max(0, min(10, round(3 + 2.2 * back / max(self.weeks * 7, 1) + rng.gauss(0, 1))))
                    at = datetime.combine(day, time(7, 5))
                    self.entries[f"old-{back}"] = entry_view(f"old-{back}", "stiffness", at, score, "big-toe-joint")

    @property
    def today(self) -> date:
        return self.now.date()


def run_days(today: date, weeks: int) -> list[tuple[date, str]]:
    first = today - timedelta(days=7 * weeks)
    days = [first + timedelta(days=n) for n in range(7 * weeks + 1)]
    return [(day, WEEKDAYS[day.weekday()]) for day in days if day.weekday() in WEEKDAYS][::-1]


def entry_view(entry_id: str, what: str, at: datetime, score: int, place: str | None, **more: Any) -> EntryView:
    given = {"side": None, "when": "waking", "note": None, **more}
    return EntryView(
        entry_id=entry_id, what=what, at_utc=at, at_local=at, day=at.date(), score=score, place=place, **given
    )


def run_line(day: date, kind: str) -> RunLine:
    wave = 1 + 0.12 * math.sin(day.toordinal())
    distance = DISTANCES[kind] * wave
    moving = distance / SPEEDS[kind]
    start = datetime.combine(day, time(6 + day.toordinal() % 3, day.toordinal() % 60))
    asked = kind == "hills" and day.toordinal() % 4 == 0
    says = evidence(kind)
    return RunLine(
        id=f"{day:%Y%m%d}-{kind}",
        start_utc=start,
        start_local=start,
        offset_assumed=False,
        day=day,
        title=TITLES[kind],
        source_files=[f"{day:%Y-%m-%d}.fit"],
        sources=["inbox"],
        distance_m=distance,
        duration_s=moving + 60,
        moving_s=moving,
        ascent_m=260.0 if kind == "hills" else 60.0,
        mean_heart_rate_bpm=166.0 if kind == "tempo" else 142.0,
        primary=None if asked else kind,
        intensity=INTENSITY[kind],
        long=kind == "long",
        hills="hill_repeats" if kind == "hills" else "rolling",
        surface="trail" if kind == "surface" else "road",
        confidence={"intensity": 0.86, "long": 0.93, "hills": 0.55 if asked else 0.81, "surface": 0.74},
        evidence={"intensity": says, "surface": says},
        asked=asked,
        corrected=False,
        partial=False,
        sport_inferred=False,
        says=SAYS[kind],
    )


def evidence(kind: str) -> list[EvidenceLine]:
    return [
        EvidenceLine(rule="time-by-effort", weight=1.4, says="82 % of the moving time lay below the first threshold."),
        EvidenceLine(rule="laps", weight=0.6, says="The laps are even: no structure was run on purpose."),
        EvidenceLine(rule="title", weight=-0.3, says=f"The title “{TITLES[kind]}” names no effort."),
    ]
