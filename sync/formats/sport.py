"""What sport a recording is when its file names none."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from rules.facts.recorded import Recording, Samples
from rules.measure.sport_guess import Movement, moves_like_a_run, too_fast_for_a_run
from sync.formats.samples import moving
from sync.formats.sport_words import sport_in_words

Clue = Literal["words", "movement"]

ROUTES_OF_WORKOUTS = "Apple Health Export"
"""Its GPX files are the ways of workouts: what sport one was, the workout says that refers to it."""
OF_RUNNING = frozenset({
    "treadmill", "street", "trail", "track", "indoor_running", "virtual_activity", "ultra", "obstacle", "speed_run",
    "exercise", "all", "generic", "match", "commuting", "map", "navigate", "fast_workout", "casual",
})  # fmt: skip
"""Sub-sports that leave it open or are kinds of running; any other one names another sport."""


def infer_sport(recording: Recording) -> tuple[str | None, Clue | None]:
    """The sport and what told it: title or gear first, else the movement, which only ever says ``running``."""
    told = sport_in_words(recording.title, recording.gear)
    samples = recording.samples
    if told == "running" and samples is not None and too_fast_for_a_run(_movement(samples)):
        return None, None
    if told is not None:
        return told, "words"
    if recording.sub_sport is not None and recording.sub_sport not in OF_RUNNING:
        return None, None
    if samples is not None and moves_like_a_run(_movement(samples)):
        return "running", "movement"
    return None, None


def with_sport(recording: Recording) -> Recording:
    """The recording, its missing sport filled in and marked as inferred where that is possible."""
    if recording.sport is not None or recording.device == ROUTES_OF_WORKOUTS:
        return recording
    sport, _ = infer_sport(recording)
    return recording if sport is None else replace(recording, sport=sport, sport_inferred=True)


def _movement(samples: Samples) -> Movement:
    moving_s, covered_m = moving(samples) or (0.0, 0.0)
    speed = samples.speed_mps[np.isfinite(samples.speed_mps)]
    steps = samples.cadence_spm[samples.cadence_spm > 0]
    return Movement(
        moving_s,
        covered_m,
        float(np.quantile(speed, 0.95)) if len(speed) else None,
        float(np.median(steps)) if len(steps) else None,
    )
