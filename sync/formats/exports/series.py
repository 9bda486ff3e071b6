"""Readings that an export keeps series by series -> the columns of one recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from rules.facts.recorded import Samples
from sync.formats.samples import samples_from

Readings = Iterable[tuple[float, float]]
"""Seconds from the start, and the reading."""


def samples_of(series: Mapping[str, Readings]) -> Samples | None:
    """The series by column name over each other; ``None`` when none holds a reading."""
    read = {name: [(t_s, value) for t_s, value in readings if t_s >= 0] for name, readings in series.items()}
    instants = sorted({t_s for readings in read.values() for t_s, _ in readings})
    if len(instants) < 2:
        return None
    place = {t_s: row for row, t_s in enumerate(instants)}
    columns = {}
    for name, readings in read.items():
        column = np.full(len(instants), np.nan)
        for t_s, value in readings:
            column[place[t_s]] = value
        columns[name] = column
    return samples_from(np.array(instants, dtype=float), columns)
