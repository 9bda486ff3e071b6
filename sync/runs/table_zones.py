"""The zone that a table's local times are in, learned from its rows whose recorded file is here.

A table without a zone is read in the runner's own; where the files beside its rows began whole quarters of an hour
earlier or later, all of its rows did.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from sync.storage import housekeeping, recordings
from sync.storage.database import Store
from sync.storage.rows.arrived import PairedRow

NOTES = "table-zones"
"""Where the store notes by how many seconds each table's times are moved, by content."""
QUARTER_S = 900
CLOSE_S = 300.0
"""A row's start may be rounded to minutes, and a file may begin at the first fix."""
WIDEST_S = 26 * 3600


def moved_by(differences_s: Iterable[float]) -> int:
    """Seconds to add to a table's times, 0 when its pairs do not agree: more than half must say the same."""
    counted: Counter[int | None] = Counter()
    for difference_s in differences_s:
        quarters_s = round(difference_s / QUARTER_S) * QUARTER_S
        sure = abs(difference_s - quarters_s) <= CLOSE_S and abs(quarters_s) <= WIDEST_S
        counted[quarters_s if sure else None] += 1
    if not counted:
        return 0
    most, times = counted.most_common(1)[0]
    return most if most is not None and times * 2 > counted.total() else 0


def noted(store: Store, athlete_id: str) -> dict[str, int]:
    """By content, how far its times are moved already."""
    return {sha256: int(value) for sha256, value in housekeeping.source_state(store, athlete_id, NOTES).items()}


def learn(store: Store, athlete_id: str) -> list[str]:
    """Note what the pairs say now; gives the contents whose rows must be made again."""
    by_table: dict[str, list[PairedRow]] = defaultdict(list)
    for row in recordings.paired_rows(store, athlete_id):
        by_table[row.sha256].append(row)
    known, changed = noted(store, athlete_id), []
    for sha256, rows in sorted(by_table.items()):
        more_s = moved_by((row.file_utc - row.row_utc).total_seconds() for row in rows)
        if more_s:
            housekeeping.upsert_source_state(store, athlete_id, NOTES, sha256, known.get(sha256, 0) + more_s)
            changed.append(sha256)
    return changed
