"""The time zone of a place, offline; the one place for the library that knows the borders.

The library holds some 60 MB once it was asked, so it is imported with the first place that needs it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from rules.facts.recorded import Samples


def zone_at(latitude_deg: float | None, longitude_deg: float | None) -> str | None:
    """The IANA name of the zone there; None on the high seas, where nobody runs, and for what is no place."""
    if latitude_deg is None or longitude_deg is None:
        return None
    if not (abs(latitude_deg) <= 90 and abs(longitude_deg) <= 180):
        return None
    from tzfpy import get_tz

    name = get_tz(longitude_deg, latitude_deg)
    return name if name and not name.startswith("Etc/") else None


def zone_of_track(samples: Samples | None) -> str | None:
    """The zone of the first known place: one look-up, however long the run."""
    if samples is None:
        return None
    known = np.flatnonzero(np.isfinite(samples.latitude_deg) & np.isfinite(samples.longitude_deg))
    if not len(known):
        return None
    return zone_at(float(samples.latitude_deg[known[0]]), float(samples.longitude_deg[known[0]]))


def offset_in(zone: str, at_utc: datetime) -> int | None:
    """Seconds east of UTC in ``zone`` at that instant; None where this machine does not know the zone."""
    try:
        offset = at_utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, OverflowError):
        return None
    return None if offset is None else int(offset.total_seconds())
