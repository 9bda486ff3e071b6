"""What judging costs: CPU seconds of this process on this machine, printed and never asserted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from time import process_time

from bench.labelled import Athlete, recordings
from rules.classify.judge import Judge
from rules.facts.kinds import Facet
from rules.measure.features import RunFeatures, measure

DECADE = 3650
ANSWERS = 600
EASY = {Facet.INTENSITY: "easy", Facet.LONG: "no", Facet.HILLS: "flat"}
MEASURED = 40


def cost_lines(root: Path, athletes: Sequence[Athlete]) -> list[str]:
    """Sentences with the seconds for measuring, for ten years of judging and for a runner's own model."""
    per_hour = _measuring_s(root)
    runs = _daily(max(athletes, key=lambda athlete: len(athlete.runs)))
    judge = Judge()
    judging = _seconds(judge, runs)
    taught = Judge()
    for run in runs[:ANSWERS]:
        taught.label(run, EASY)
    answered = _seconds(taught, runs[ANSWERS : ANSWERS + 50], answered=True) / 50
    whole = judging + DECADE * per_hour
    return [
        f"{1000 * per_hour:.0f} ms to measure an hour of recording: {60 / per_hour:.0f} such recordings a minute",
        f"{judging:.0f} s to judge ten years of daily recordings measured before, {whole:.0f} s with measuring",
        f"{1000 * answered:.0f} ms for a run with its answer after {ANSWERS} answers, the runner's model fitted again",
    ]


def _measuring_s(root: Path) -> float:
    seconds = hours = 0.0
    for _, _, recording in islice((one for one in recordings(root) if one[2].samples is not None), MEASURED):
        began = process_time()
        measure(recording)
        seconds += process_time() - began
        hours += recording.elapsed_s / 3600
    return seconds / hours


def _daily(athlete: Athlete) -> list[RunFeatures]:
    """The athlete's runs over and over, one a day for ten years."""
    first = datetime(2016, 1, 1, 7)
    days = (first + timedelta(days=at) for at in range(DECADE))
    return [replace(one.run, start_utc=at, day=at.date()) for at, one in zip(days, cycle(athlete.runs), strict=False)]


def _seconds(judge: Judge, runs: Sequence[RunFeatures], *, answered: bool = False) -> float:
    began = process_time()
    for run in runs:
        judge.label(run, EASY if answered else None)
    return process_time() - began
