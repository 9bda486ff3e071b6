"""What came only from one source goes: its fields, samples, labels and payloads; what the runner typed stays.

A purged copy keeps its sport, its start and how long it took, so that the day stays, foot work and diary keep their
run, and the same run from another source is known again. Copies from other sources are not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import structlog

from rules.facts import Recording
from sync import activities, originals
from sync.config import Athlete
from sync.home import Home
from sync.recorded import to_facts
from sync.store.database import Store, to_json
from sync.store.listed import forget_listed
from sync.store.rows import OriginalRow

log = structlog.get_logger()

AT_A_TIME = 50
EVER = datetime(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class PurgeRow:
    recording_id: str
    activity_id: str
    sha256: str
    leg: int
    sport: str | None
    start_utc: datetime
    elapsed_s: float


def purge_older(store: Store, home: Home, athlete: Athlete, source: str, *, before_utc: datetime) -> int:
    """The copies that came before then; gives how many. Labels follow with the next refresh."""
    rows = store.ask("recordings_to_purge", PurgeRow, athlete=athlete.id, source=source, before_utc=before_utc)
    unread = iter(rows)
    while batch := list(islice(unread, AT_A_TIME)):
        _hollow(store, home, athlete, batch)
    if rows:
        home.compact_note.touch(mode=0o600)
        log.info("source.purged", source=source, copies=len(rows))
    return len(rows)


def purge(store: Store, home: Home, athlete: Athlete, source: str) -> int:
    """All of a source, and everything it wrote down about itself. The credentials are the caller's to remove."""
    count = purge_older(store, home, athlete, source, before_utc=EVER)
    with store.transaction():
        forget_listed(store, athlete.id, source)
        for change in (
            "forget_source", "forget_gear_of_source", "forget_wellness_of_source", "forget_problems_of_source"
        ):  # fmt: skip
            store.tell(change, athlete=athlete.id, source=source)
    home.compact_note.touch(mode=0o600)
    return count


def _hollow(store: Store, home: Home, athlete: Athlete, rows: Sequence[PurgeRow]) -> None:
    with store.transaction():
        for row in rows:
            store.tell("forget_samples", athlete=athlete.id, recording_id=row.recording_id)
            bare = Recording(sport=row.sport, start_utc=row.start_utc, elapsed_s=row.elapsed_s, leg=row.leg)
            facts = to_json(to_facts(bare))
            store.tell("hollow_recording", athlete=athlete.id, recording_id=row.recording_id, facts=facts)
        activities.regroup(store, athlete, [row.recording_id for row in rows])
        hashes = sorted({row.sha256 for row in rows})
        unused = store.ask("originals_of_removed", OriginalRow, athlete=athlete.id, hashes=hashes)
        for original in unused:
            store.tell("forget_original", athlete=athlete.id, sha256=original.sha256)
            store.tell("forget_original_names", athlete=athlete.id, sha256=original.sha256)
    for original in unused:
        originals.forget(home.originals, athlete.id, original.sha256)
