"""Sports as files and services name them, in families: two recordings of one activity may name it differently."""

from __future__ import annotations

RUNNING = "running"
FAMILIES = {
    "trail_running": RUNNING,
    "treadmill_running": RUNNING,
    "track_running": RUNNING,
    "virtual_running": RUNNING,
    "hiking": "walking",
    "e_biking": "cycling",
}
UNKNOWN = frozenset({None, "generic", "all", "other", "unknown"})


def sport_family(sport: str | None) -> str | None:
    """The sport family; None when the sport is unknown."""
    return None if sport in UNKNOWN or sport is None else FAMILIES.get(sport, sport)
