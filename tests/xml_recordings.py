"""What TCX and GPX can hold of the made-up run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rules.facts.recorded import LapIntensity, LapTrigger, Recording
from sync.formats.outcome import Outcome, Read
from tests.factories_runs import START, bare_run, lap, samples


def recordings(outcome: Outcome) -> tuple[Recording, ...]:
    assert isinstance(outcome, Read), outcome
    return outcome.recordings


def tcx_run() -> Recording:
    """What TCX can hold of the made-up run."""
    return Recording(
        sport="running",
        start_utc=START,
        elapsed_s=600.0,
        timer_s=600.0,
        moving_s=599.0,
        distance_m=1800.0,
        mean_heart_rate_bpm=140.0,
        max_heart_rate_bpm=160.0,
        mean_cadence_spm=172.0,
        description="windy",
        device="Made-up Watch",
        laps=(
            lap(0, 300, ascent_m=None, descent_m=None, intensity=LapIntensity.ACTIVE, trigger=LapTrigger.MANUAL),
            lap(300, 300, ascent_m=None, descent_m=None, intensity=LapIntensity.REST, trigger=LapTrigger.DISTANCE),
        ),
        samples=samples(cadence_spm=np.full(600, 172.0), temperature_c=np.full(600, np.nan)),
        decoder="tcx",
    )


# --- GPX ------------------------------------------------------------------------------------------


def gpx_run(**changes: object) -> Recording:
    """What GPX can hold of the made-up run; distance and speed are derived from its positions."""
    return replace(
        bare_run(title="Morning by the sea", device="Made-up Watch", elapsed_s=599.0, timer_s=599.0, decoder="gpx"),
        samples=samples(cadence_spm=np.full(600, 172.0), power_w=np.full(600, 250.0)),
        mean_heart_rate_bpm=140.0,
        max_heart_rate_bpm=140.0,
        mean_cadence_spm=172.0,
        **changes,
    )
