"""Folders of made-up runs: of a watch, and of a phone beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from rules.facts.recorded import FileId, Recording
from tests.factories_runs import START, run, samples


def outing(start: datetime = START, serial: int = 4711, **changes: object) -> Recording:
    """A ten-minute run by one watch; the number of the watch and the start make its file id."""
    made = run(start_utc=start, file_id=FileId("development", "1", serial, start), laps=(), steps=(), workout_name=None)
    return replace(made, **changes)  # type: ignore[arg-type]


def phone(of: Recording, **changes: object) -> Recording:
    """The same run from a phone: half a minute later, a little shorter, without heart rate."""
    assert of.samples is not None
    shorter_s = of.elapsed_s * 29 / 30
    copy = samples(int(shorter_s), heart_rate_bpm=np.full(int(shorter_s), np.nan))
    made = replace(
        of, start_utc=of.start_utc + timedelta(seconds=30), elapsed_s=shorter_s, timer_s=None, samples=copy,
        mean_heart_rate_bpm=None, max_heart_rate_bpm=None, file_id=None, device="Made-up Phone", utc_offset_s=None,
        title="Morning Run", sub_sport=None,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def drop(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder
