"""What came only from one source goes: its fields, samples, labels and payloads; what the runner typed stays.

A purged copy keeps its sport and its day, so that foot work and diary keep their run: "a run, details removed". With
other copies of the run it stays bound by their ids. Its own id, a hash, and the id it was listed by keep it from being
fetched again. Copies from other sources are not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import islice

import structlog

from rules.facts.recorded import Recording
from sync.errors import PersonMustAct
from sync.runs import activity_clusters
from sync.settings.config import Athlete
from sync.settings.paths import DataDir
from sync.storage import housekeeping, originals, recordings
from sync.storage.database import Store
from sync.storage.listing import coarsen_listed, delete_listed
from sync.storage.rows.arrived import PurgeRow

log = structlog.get_logger()

AT_A_TIME = 50
EVER = datetime(9999, 1, 1)


def purge_older(store: Store, home: DataDir, athlete: Athlete, source: str, *, before_utc: datetime) -> int:
    """The copies that came before then; gives how many. Labels follow with the next refresh, the bytes with `wipe`."""
    rows = recordings.older_of_source(store, athlete.id, source, before_utc=before_utc)
    coarsen_listed(store, athlete.id, source, before_utc=before_utc)
    unread = iter(rows)
    while batch := list(islice(unread, AT_A_TIME)):
        _tombstone(store, home, athlete, source, batch)
    if rows:
        home.compact_note.touch(mode=0o600)
        log.info("source.purged", source=source, copies=len(rows))
    return len(rows)


def purge(store: Store, home: DataDir, athlete: Athlete, source: str) -> int:
    """All of a source, and everything it wrote down about itself. The credentials are the caller's to remove."""
    count = purge_older(store, home, athlete, source, before_utc=EVER)
    with store.transaction():
        delete_listed(store, athlete.id, source)
        housekeeping.delete_source(store, athlete.id, source)
    home.compact_note.touch(mode=0o600)
    return count


def wipe(store: Store, home: DataDir) -> bool:
    """The bytes of what was purged out of the database file; True when nothing is left to wipe.

    Without room for a second file they stay until there is some: the note stands, and the next start tries again.
    """
    if not home.compact_note.exists():
        return True
    try:
        store.rewrite()
    except PersonMustAct as error:
        log.warning("store.not_wiped", error=str(error))
        return False
    home.compact_note.unlink(missing_ok=True)
    return True


def _tombstone(store: Store, home: DataDir, athlete: Athlete, source: str, rows: Sequence[PurgeRow]) -> None:
    ids = [row.recording_id for row in rows]
    with store.transaction():
        others = recordings.refs_of_other_sources(store, athlete.id, ids)
        recordings.delete_refs(store, athlete.id, ids, source=source)
        for found in others:
            recordings.insert_refs(store, athlete.id, found.recording_id, source, [found.ref])
        for row in rows:
            # A file and a summary that one source gave of one run stay together.
            recordings.insert_refs(store, athlete.id, row.recording_id, source, [f"purged:{row.activity_id}"])
            bare = Recording(sport=row.sport, start_utc=_noon(row.day, athlete), elapsed_s=0.0, leg=row.leg)
            recordings.tombstone_recording(store, athlete.id, row.recording_id, bare)
        activity_clusters.recluster(store, athlete, ids)
        hashes = sorted({row.sha256 for row in rows})
        unused = originals.originals_only_of_removed(store, athlete.id, hashes)
        for original in unused:
            originals.delete_original(store, athlete.id, original.sha256)
    for original in unused:
        originals.delete(home.originals, athlete.id, original.sha256)


def _noon(day: date, athlete: Athlete) -> datetime:
    """Farthest from both midnights, so that the day stays the day whatever becomes of the zone."""
    return datetime.combine(day, time(12), tzinfo=athlete.zone).astimezone(UTC).replace(tzinfo=None)
