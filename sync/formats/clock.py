"""Which readings of a clock can be believed: the middle of a recording's, the week number, and what nobody ran.

A receiver that does not know its week yet, or whose week counter ran over, is 1,024 weeks off; one that never knew the
time begins at the zero of its clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from rules.facts.recorded import Floats, Recording

FIRST_POSSIBLE = datetime(2000, 1, 1)
"""Before it nobody wore what writes such files: it is the zero of some clock."""
MOST_AHEAD = timedelta(hours=48)
WEEKS_1024 = timedelta(weeks=1024)
APART_S = 36 * 3600.0
"""Readings further apart than a day and a half are not of one run: of two clocks one was wrong."""
STRAY_APART_S, STRAYS, MANY_TO_ONE = 3000.0, 3, 20
"""So few readings, beside so many times more, are strays from 50 minutes on."""
NEAR_ITS_LAPS_S = 600.0
CLOCK = "clock"
"""The key of a recording's ``extra``: how its clock was put right."""
DATED_TURNED = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-_.](0?[1-9]|[12]\d|3[01])[-_.](20\d{2})(?!\d)")
EPOCH = re.compile(r"(?<!\d)1\d{9}(?:\d{3})?(?!\d)")
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
    middle = order[stretch == largest]
    believed[_without_strays(seconds, middle)] = True
    return believed


def _without_strays(seconds: Floats, order: np.ndarray[tuple[int], np.dtype[np.int_]]) -> np.ndarray:
    """Of readings in order of time those in a row with the most of them, where all others are a few strays.

    The first fixes may be yesterday's, or of an hour ago: three among hundreds do not say when the run began.
    """
    stretch = np.concatenate(([0], np.cumsum(np.diff(seconds[order]) > STRAY_APART_S)))
    sizes = np.bincount(stretch)
    largest = int(sizes.argmax())
    others = len(order) - int(sizes[largest])
    return order[stretch == largest] if others and others <= min(STRAYS, sizes[largest] // MANY_TO_ONE) else order


def believed_instants(instants: Sequence[datetime | None]) -> list[datetime | None]:
    """The instants with those that stand apart from the middle cluster taken out."""
    zero = datetime(2000, 1, 1)
    seconds = np.array([np.nan if one is None else (one - zero).total_seconds() for one in instants], dtype=float)
    return [one if kept else None for one, kept in zip(instants, middle_cluster(seconds), strict=True)]


def with_believed_week(recording: Recording, name: str) -> Recording:
    """The recording, moved by 1,024 weeks where its file's name holds the day that this gives."""
    return with_week_of(recording, named_days(name))


def with_week_of(recording: Recording, days: Sequence[date]) -> Recording:
    """The recording, moved by 1,024 weeks where that gives one of the days, and nothing else does."""
    if not days or any(abs((recording.start_utc.date() - day).days) <= 2 for day in days):
        return recording
    for weeks in (WEEKS_1024, 2 * WEEKS_1024, -WEEKS_1024):
        try:
            start_utc = recording.start_utc + weeks
        except OverflowError:
            continue
        if any(abs((start_utc.date() - day).days) <= 1 for day in days):
            laps = tuple(replace(lap, start_utc=lap.start_utc + weeks) for lap in recording.laps)
            extra = {**recording.extra, CLOCK: "1024-weeks"}
            return replace(recording, start_utc=start_utc, laps=laps, extra=extra)
    return recording


def named_days(name: str) -> list[date]:
    """The day in a file's own name ("running_2026-10-14.tcx", "14-10-2026.gpx", "1791988200.gpx"), both readings of one
    that may be either; none when it holds none or several."""
    own = name.replace("\\", "/").rsplit("/", 1)[-1]
    dated = {(year, month, day) for year, month, day in DATED.findall(own)}
    turned = {(year, month, day) for day, month, year in DATED_TURNED.findall(own)}
    turned |= {(year, day, month) for year, month, day in turned}
    epochs = {int(one[:10]) for one in EPOCH.findall(own)}
    if len(dated) + len(epochs) > 1:
        return []
    found = [datetime.fromtimestamp(one, UTC).date() for one in epochs]
    for parts in dated or turned:
        with suppress(ValueError):
            found.append(date(*map(int, parts)))
    return found
