"""Which readings of a clock can be believed: the middle of a recording's, the week number, and what nobody ran.

A receiver that does not know its week yet, or whose week counter ran over, is 1,024 weeks off; one that never knew the
time begins at the zero of its clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np

from rules.facts.recorded import Floats, Recording

FIRST_POSSIBLE = datetime(2000, 1, 1)
"""Before it nobody wore what writes such files: it is the zero of some clock."""
MOST_AHEAD = timedelta(hours=48)
WEEKS_1024 = timedelta(weeks=1024)
APART_S = 36 * 3600.0
"""Readings further apart than a day and a half are not of one run: of two clocks one was wrong."""
NEAR_ITS_LAPS_S = 600.0
CLOCK = "clock"
"""The key of a recording's ``extra``: how its clock was put right."""
DATED = re.compile(r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d{3})")


def possible(start_utc: datetime, now_utc: datetime) -> bool:
    """Nobody's run lies days ahead, in any time zone, or before there was anything to record it with."""
    return FIRST_POSSIBLE <= start_utc <= now_utc + MOST_AHEAD


def middle_cluster(seconds: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which readings stand with the middle one, no day and a half from the next; NaN never does."""
    known = np.flatnonzero(np.isfinite(seconds))
    believed = np.zeros(len(seconds), dtype=bool)
    if not len(known):
        return believed
    order = known[np.argsort(seconds[known], kind="stable")]
    stretch = np.concatenate(([0], np.cumsum(np.diff(seconds[order]) > APART_S)))
    sizes = np.bincount(stretch)
    # The largest stretch; of two alike the later one, for a clock that is wrong is too early far more often.
    largest = int(np.flatnonzero(sizes == sizes.max())[-1])
    believed[order[stretch == largest]] = True
    return believed


def believed_instants(instants: Sequence[datetime | None]) -> list[datetime | None]:
    """The instants with those that stand apart from the middle cluster taken out."""
    zero = datetime(2000, 1, 1)
    seconds = np.array([np.nan if one is None else (one - zero).total_seconds() for one in instants], dtype=float)
    return [one if kept else None for one, kept in zip(instants, middle_cluster(seconds), strict=True)]


def with_believed_week(recording: Recording, name: str) -> Recording:
    """The recording, moved by 1,024 weeks where its file's name holds the day that this gives."""
    day = named_day(name)
    if day is None or abs((recording.start_utc.date() - day).days) <= 2:
        return recording
    for weeks in (WEEKS_1024, 2 * WEEKS_1024):
        start_utc = recording.start_utc + weeks
        if abs((start_utc.date() - day).days) <= 1:
            laps = tuple(replace(lap, start_utc=lap.start_utc + weeks) for lap in recording.laps)
            extra = {**recording.extra, CLOCK: "1024-weeks"}
            return replace(recording, start_utc=start_utc, laps=laps, extra=extra)
    return recording


def named_day(name: str) -> date | None:
    """The day in a file's own name ("running_2026-10-14.tcx"), ``None`` when it holds none or several."""
    found = {tuple(map(int, one)) for one in DATED.findall(name.replace("\\", "/").rsplit("/", 1)[-1])}
    if len(found) != 1:
        return None
    try:
        return date(*next(iter(found)))
    except ValueError:
        return None
