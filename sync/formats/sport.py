"""What sport a recording is when its file names none."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from rules.facts import Recording, Samples
from sync.formats.samples import moving
from sync.formats.sport_words import sport_in_words

Clue = Literal["words", "movement"]

RUNNING_MPS = (1.9, 5.6)
"""Mean moving speeds of runs: 8:46 to 2:59 a kilometre."""
SPRINT_MPS = 7.0
"""A ride's fast stretches are faster than this; 1 in 20 samples is allowed, for GPS jumps."""
RUNNING_SPM = (140.0, 220.0)
"""Step rates of running; walking is below 135."""
BY_SPEED_ALONE_MPS = 3.6
"""Faster than 4:38 a kilometre, speed alone cannot tell a run from a ride: pulse does not either, steps do."""
ROUTES_OF_WORKOUTS = "Apple Health Export"
"""Its GPX files are the ways of workouts: what sport one was, the workout says that refers to it."""
OF_RUNNING = frozenset({
    "treadmill", "street", "trail", "track", "indoor_running", "virtual_activity", "ultra", "obstacle", "speed_run",
    "exercise", "all", "generic", "match", "commuting", "map", "navigate", "fast_workout", "casual",
})  # fmt: skip
"""Sub-sports that leave it open or are kinds of running; any other one names another sport."""
ENOUGH_S, ENOUGH_M = 120.0, 300.0


def infer_sport(recording: Recording) -> tuple[str | None, Clue | None]:
    """The sport and what told it: title or gear first, else moving speed and step rate.

    Movement only ever says ``running``, and only when it looks like a typical run: a mean moving speed of 1.9-5.6 m/s,
    hardly ever faster than 7 m/s and, where steps were counted, 140-220 of them a minute.
    """
    told = sport_in_words(recording.title, recording.gear)
    samples = recording.samples
    if told == "running" and samples is not None and _too_fast(samples):
        # Rides have tempo intervals and marathons too.
        return None, None
    if told is not None:
        return told, "words"
    if recording.sub_sport is not None and recording.sub_sport not in OF_RUNNING:
        return None, None
    if samples is not None and _moves_like_a_run(samples):
        return "running", "movement"
    return None, None


def with_sport(recording: Recording) -> Recording:
    """The recording, its missing sport filled in and marked as inferred where that can be told."""
    if recording.sport is not None or recording.device == ROUTES_OF_WORKOUTS:
        return recording
    sport, _ = infer_sport(recording)
    return recording if sport is None else replace(recording, sport=sport, sport_inferred=True)


def _too_fast(samples: Samples) -> bool:
    moving_s, covered_m = moving(samples) or (0.0, 0.0)
    return moving_s >= ENOUGH_S and covered_m / moving_s > SPRINT_MPS


def _moves_like_a_run(samples: Samples) -> bool:
    moving_s, covered_m = moving(samples) or (0.0, 0.0)
    slow, fast = RUNNING_MPS
    if moving_s < ENOUGH_S or covered_m < ENOUGH_M or not slow <= covered_m / moving_s <= fast:
        return False
    speed = samples.speed_mps[np.isfinite(samples.speed_mps)]
    if float(np.quantile(speed, 0.95)) > SPRINT_MPS:
        return False
    steps = samples.cadence_spm[samples.cadence_spm > 0]
    low, high = RUNNING_SPM
    if len(steps) == 0:
        return covered_m / moving_s <= BY_SPEED_ALONE_MPS
    return low <= float(np.median(steps)) <= high
