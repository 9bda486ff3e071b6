"""What a bigger import came to: one summary, which stays on the page until it was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sync.storage import housekeeping
from sync.storage.database import Store
from sync.storage.footwork import FootworkRepository
from sync.wire.tasks import ImportCounts, ImportSummary

IMPORT, SUMMARY = "import", "summary"
READ = "import_read"
"""The preference that names the end of the summary that was read last."""
LEAST_FILES = 5
"""The run of a day needs no summary: it stands on Today."""
TOGETHER = timedelta(minutes=30)
"""Files dropped one by one, and a folder that is still being copied, are one import."""


def gathered(
    before: ImportSummary | None, counts: ImportCounts, now_utc: datetime, *, started_utc: datetime
) -> ImportSummary | None:
    """The summary with one more import in it. ``before`` is the unread one; a small one that ended long ago is over.

    A folder is looked through again after each start: what was known, or failed before, is nothing new.
    """
    failed = sum(problem.first_seen_utc >= started_utc for problem in counts.problems)
    if not counts.read and not failed:
        return before
    if before is not None and before.files < LEAST_FILES and now_utc - before.ended_utc > TOGETHER:
        before = None
    so_far = before or ImportSummary(ended_utc=now_utc)
    return ImportSummary(
        ended_utc=now_utc,
        files=so_far.files + counts.read + failed,
        runs=so_far.runs + counts.runs,
        joined=so_far.joined + counts.joined,
        other=so_far.other + counts.other,
        known=so_far.known + counts.duplicate,
        problems=so_far.problems + failed,
    )


def keep(store: Store, athlete: str, counts: ImportCounts, now_utc: datetime, *, started_utc: datetime) -> None:
    before = unread(store, athlete)
    found = gathered(before, counts, now_utc.replace(microsecond=0), started_utc=started_utc)
    if found is not None and found != before:
        housekeeping.upsert_source_state(store, athlete, IMPORT, SUMMARY, found.model_dump(mode="json"))


def to_read(store: Store, athlete: str) -> ImportSummary | None:
    """What the page shows; None when there is nothing new, or too little to be worth a summary."""
    found = unread(store, athlete)
    return found if found is not None and found.files >= LEAST_FILES else None


def unread(store: Store, athlete: str) -> ImportSummary | None:
    kept: Mapping[str, Any] | None = housekeeping.source_state(store, athlete, IMPORT).get(SUMMARY)
    if not kept:
        return None
    found = ImportSummary.model_validate(kept)
    read = FootworkRepository(store, athlete).preferences().get(READ)
    return None if read == found.ended_utc.isoformat() else found
