"""A stored recording as the values by which recordings are matched."""

from __future__ import annotations

from sync.runs.matching import Identity
from sync.runs.sport_rules import Said, sport_by
from sync.storage.rows.arrived import IdentityRow


def identity(row: IdentityRow, said: Said) -> Identity:
    """``said`` is what the runner said of words for sports."""
    return Identity(
        recording_id=row.recording_id,
        sha256=row.sha256,
        leg=row.leg,
        sport=sport_by(row.sport_word, row.sport, said),
        sport_inferred=row.sport_inferred and row.sport_word not in said,
        start_utc=row.start_utc,
        elapsed_s=row.elapsed_s,
        timer_s=row.timer_s,
        distance_m=row.distance_m,
        serial_number=row.serial_number,
        time_created_utc=row.time_created_utc,
        partial=row.partial,
        removed=row.removed,
        sample_count=row.sample_count,
        richness=row.richness,
        format=row.format,
        refs=frozenset(row.refs),
    )
