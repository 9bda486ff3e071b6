"""The labelled runs of a folder of real recordings, by athlete, with the truth that the grade and the fit use.

The folder is named by ``SPRINGSTEP_REAL_DATA``. Truth comes from hand labels and titles on log rows, from workout steps
and then the watch's own label on recordings; what it was read from is taken out of the run before measuring.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from rules.facts.kinds import Intensity, Kind, Surface
from rules.facts.recorded import Lap, LapIntensity, Recording
from rules.measure import titles
from rules.measure.features import RunFeatures, measure
from sync.formats.read import members
from sync.formats.tables.read import read_table
from sync.formats.unwrap import Limits

LOGS = "LABELS-open-logs.tsv"
TABLES = ("Activities.csv", "data/activities.csv")
"""Where an owner's own table lies: Garmin's, Strava's."""
OWN_TABLES = ("garmin_csv", "strava_csv")
COLUMNS = ("lap_count", "best_lap_s", "best_speed_mps", "max_heart_rate_bpm", "mean_cadence_spm",
           "training_effect_aerobic", "training_effect_anaerobic", "moving_s", "elapsed_s", "descent_m")  # fmt: skip
"""What the normalised log left out of Garmin's and Strava's tables."""
MISNAMED = re.compile(r"wednesday|chino hills", re.IGNORECASE)
PLAIN_TYPES = {"run", "running", ""}
STRONG, WEAK = 1.0, 0.5
PROVIDER_KIND = {
    "RECOVERY": Kind.EASY,
    "AEROBIC_BASE": Kind.EASY,
    "TEMPO": Kind.TEMPO,
    "LACTATE_THRESHOLD": Kind.TEMPO,
    "VO2MAX": Kind.TEMPO,
    "ANAEROBIC_CAPACITY": Kind.TEMPO,
    "SPEED": Kind.TEMPO,
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known about one run; None where nothing is. ``weight`` is how far the label can be trusted."""

    kind: Kind | None = None
    hard: bool | None = None
    long: bool | None = None
    hilly: bool | None = None
    surface: Surface | None = None
    intensity: Intensity | None = None
    allowed: frozenset[Kind] = frozenset()
    source: str = "none"
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Labelled:
    athlete: str
    run: RunFeatures
    truth: Truth
    name: str
    te_label: str | None = None


@dataclass(slots=True)
class Athlete:
    name: str
    runs: list[Labelled] = field(default_factory=list)


def folder() -> Path | None:
    """The folder of real recordings, when there is one."""
    named = os.environ.get("SPRINGSTEP_REAL_DATA")
    return Path(named) if named and Path(named).is_dir() else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def log_athletes(root: Path) -> list[Athlete]:
    """Training logs: one athlete a file, summary rows only, the title's words kept out of the way as truth."""
    found: dict[str, Athlete] = {}
    columns = {source: _own_rows(root / source) for source in sorted(one.name for one in root.iterdir())}
    with (root / LOGS).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            run = _row_recording(row)
            if run is None:
                continue
            name = row["src"].split("+")[0]
            known = columns.get(row["src"], {}).get(run.start_utc)
            run = run if known is None else replace(run, **{name: getattr(known, name) for name in COLUMNS})
            athlete = found.setdefault(name, Athlete(name))
            athlete.runs.append(
                Labelled(name, measure(run), row_truth(row), row["name"], row["garmin_te_label"] or None)
            )
    for athlete in found.values():
        athlete.runs.sort(key=lambda one: one.run.start_utc)
    return list(found.values())


def _own_rows(owner: Path) -> dict[datetime, Recording]:
    """Rows of the service's own table in the folder of one owner, by start as it is written there."""
    found: dict[datetime, Recording] = {}
    for table in (owner / name for name in TABLES):
        read = read_table(table.read_bytes(), table.name, UTC) if table.is_file() else None
        if read is not None and read.kind in OWN_TABLES:
            found |= {row.recording.start_utc: row.recording for row in read.rows}
    return found


def _row_recording(row: dict[str, str]) -> Recording | None:
    km, seconds = _number(row["km"]), _number(row["dur_s"])
    if not km:
        return None
    kind = row["type"].strip().lower()
    return Recording(
        sport="running",
        sub_sport=None if kind in PLAIN_TYPES else kind.replace(" ", "_"),
        start_utc=datetime.fromisoformat(row["date"]),
        elapsed_s=seconds or 0.0,
        moving_s=seconds,
        distance_m=km * 1000,
        ascent_m=_number(row["elev_m"]),
        mean_heart_rate_bpm=_number(row["hr"]),
        title=row["name"],
        training_effect_label=row["garmin_te_label"] or None,
    )


def row_truth(row: dict[str, str]) -> Truth:
    """Hand label first, then the title's word, then the watch's label; a word's weight is its reliability."""
    ground = {"trail": Surface.TRAIL, "treadmill": Surface.TREADMILL, "track": Surface.TRACK}.get(
        row["surface_from_name_or_type"]
    )
    word = row["name_keyword"]
    match row["hand_label"]:
        case "distance":
            hilly = word == "hills"
            return Truth(Kind.EASY, hard=False, long=False, hilly=hilly, surface=ground, source="hand", weight=STRONG,
                         allowed=frozenset({Kind.EASY, Kind.HILLS, Kind.SURFACE}))  # fmt: skip
        case "long":
            return Truth(Kind.LONG, hard=False, long=True, hilly=None, surface=ground, source="hand", weight=STRONG,
                         allowed=frozenset({Kind.LONG}))  # fmt: skip
        case "workout":
            return Truth(Kind.TEMPO, hard=True, long=False, hilly=None, surface=ground, source="hand", weight=STRONG,
                         allowed=frozenset({Kind.TEMPO, Kind.HILLS} if word == "hills" else {Kind.TEMPO}))  # fmt: skip
    if MISNAMED.search(row["name"]):
        word = ""
    named = _named_truth(word, ground)
    if named is not None:
        return named
    label = PROVIDER_KIND.get(row["garmin_te_label"])
    if label is not None:
        return Truth(hard=label is Kind.TEMPO, surface=ground, source="watch", weight=0.4)
    return Truth(surface=ground)


def _named_truth(word: str, ground: Surface | None) -> Truth | None:
    easy_too = frozenset({Kind.EASY, Kind.HILLS, Kind.SURFACE})
    match word:
        case "easy" | "recovery" | "warmup_cooldown":
            exact = {"easy": Intensity.EASY, "recovery": Intensity.RECOVERY}.get(word)
            return Truth(Kind.EASY, hard=False, long=False, hilly=False, surface=ground, intensity=exact,
                         allowed=easy_too, source="title", weight=0.9)  # fmt: skip
        case "tempo" | "interval" | "race":
            exact = {"tempo": Intensity.TEMPO, "interval": Intensity.INTERVALS, "race": Intensity.RACE}[word]
            return Truth(Kind.TEMPO, hard=True, long=None if word == "race" else False, hilly=None, surface=ground,
                         intensity=exact, allowed=frozenset({Kind.TEMPO}), source="title",
                         weight=0.75 if word == "race" else 0.9)  # fmt: skip
        case "long":
            return Truth(Kind.LONG, hard=None, long=True, hilly=None, surface=ground, allowed=frozenset({Kind.LONG}),
                         source="title", weight=0.95)  # fmt: skip
        case "hills":
            return Truth(Kind.HILLS, hard=None, long=None, hilly=True, surface=ground,
                         allowed=frozenset({Kind.HILLS, Kind.TEMPO, Kind.LONG}), source="title",
                         weight=0.75)  # fmt: skip
    return None


WORK = {LapIntensity.INTERVAL}
REST = {LapIntensity.RECOVERY, LapIntensity.REST}


def step_truth(recording: Recording) -> bool | None:
    """Whether the workout's steps ask for hard work: repeats with recoveries are hard; one plain step says nothing."""
    kinds = {step.intensity for step in recording.steps}
    if kinds & REST and kinds & WORK:
        return True
    return None


def without_steps(recording: Recording) -> Recording:
    """The recording without what the truth may be read from: steps and lap intensity."""
    laps: tuple[Lap, ...] = tuple(replace(lap, intensity=None, step_index=None) for lap in recording.laps)
    return replace(recording, steps=(), laps=laps, workout_name=None)


def recordings(root: Path, ending: str = ".fit") -> Iterator[tuple[str, Path, Recording]]:
    """(owner, file, recording) of every run in the folder; an owner is one repository."""
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() not in (ending, ".fit", ".tcx", ".gpx") or not path.is_file():
            continue
        owner = path.relative_to(root).parts[0].split("+")[0]
        for leaf in members(path, path.name, Limits()):
            for one in leaf.recordings:
                if one.sport in ("running", "run") or (one.sport or "").startswith("running"):
                    yield owner, path, one


def file_athletes(root: Path) -> tuple[list[Athlete], list[Athlete]]:
    """Recordings by owner in order of time, each measured without what its truth was read from; then without laps too.

    The cuts that a workout's steps left in the laps stay in the first, as services hand them on.
    """
    found: dict[str, dict[datetime, tuple[Labelled, Labelled]]] = {}
    for owner, path, recording in recordings(root):
        truth, label = recording_truth(recording), recording.training_effect_label
        shown = without_steps(recording)
        uncut = replace(shown, laps=())
        whole, lapless = (Labelled(owner, measure(one), truth, path.name, label) for one in (shown, uncut))
        found.setdefault(owner, {})[recording.start_utc] = (whole, lapless)
    names = sorted(found)
    both = [[found[owner][start] for start in sorted(found[owner])] for owner in names]
    return (
        [Athlete(f"{name}-files", [one for one, _ in runs]) for name, runs in zip(names, both, strict=True)],
        [Athlete(f"{name}-files", [one for _, one in runs]) for name, runs in zip(names, both, strict=True)],
    )


def until_last_truth(athlete: Athlete) -> Athlete:
    """The athlete without the runs after the last that has a truth: nobody is graded on them."""
    known = (at for at, one in enumerate(athlete.runs) if one.truth.source != "none" or one.truth.hilly is not None)
    last = max(known, default=-1)
    return Athlete(athlete.name, athlete.runs[: last + 1])


def recording_truth(recording: Recording) -> Truth:
    """Workout steps first, then the watch's label; the type as truth of the ground."""
    ground = {"trail": Surface.TRAIL, "track": Surface.TRACK, "treadmill": Surface.TREADMILL}.get(
        recording.sub_sport or ""
    )
    steps = step_truth(recording)
    if steps is not None:
        # A run-walk plan has repeats too; where the watch then saw no effort the label is a doubtful one.
        doubtful = PROVIDER_KIND.get((recording.training_effect_label or "").upper()) is Kind.EASY
        return Truth(hard=steps, surface=ground, source="steps", weight=0.3 if doubtful else 0.9)
    kind = PROVIDER_KIND.get((recording.training_effect_label or "").upper())
    if kind is not None:
        return Truth(hard=kind is Kind.TEMPO, surface=ground, source="watch", weight=0.7)
    words = titles.kind_of_title(recording.title)
    if words in (Kind.EASY, Kind.TEMPO):
        return Truth(words, hard=words is Kind.TEMPO, surface=ground, source="title", weight=0.9)
    return Truth(surface=ground)
