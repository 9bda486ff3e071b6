"""How far the older runs of a source are, and how far they are after one more listing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sync.sources.base import Listing

ONE_SECOND = timedelta(seconds=1)
FIRST_RUNS = datetime(1995, 1, 1)
"""No service has a recorded run from before: what is still listed then is a page that repeats."""
BATCH_KEY = "slice_utc"
"""The stored name of `Backfill.batch_utc`."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """Everything from ``before_utc`` on is listed; ``batch_utc`` is when the last batch of older runs began."""

    before_utc: datetime
    listed_all: bool = False
    began_utc: datetime | None = None
    done_at_begin: int = 0
    batch_utc: datetime | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Backfill:
        began, batch = stored.get("began_utc"), stored.get(BATCH_KEY)
        return cls(
            before_utc=datetime.fromisoformat(stored["before_utc"]),
            listed_all=bool(stored["listed_all"]),
            began_utc=None if began is None else datetime.fromisoformat(began),
            done_at_begin=int(stored.get("done_at_begin", 0)),
            batch_utc=None if batch is None else datetime.fromisoformat(batch),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "before_utc": self.before_utc.isoformat(),
            "listed_all": self.listed_all,
            "began_utc": None if self.began_utc is None else self.began_utc.isoformat(),
            "done_at_begin": self.done_at_begin,
            BATCH_KEY: None if self.batch_utc is None else self.batch_utc.isoformat(),
        }


def after_newest(
    backfill: Backfill | None, listing: Listing, *, since_utc: datetime, now_utc: datetime, anew: bool, older: bool
) -> Backfill | None:
    """After the newest runs were listed. ``anew``: the older ones are all to be listed, again or for the first time.

    ``older`` False: the runner wants none of them.
    """
    if anew:
        return Backfill(before_utc=since_utc, listed_all=not older, began_utc=now_utc)
    if listing.complete or not listing.items:
        return backfill
    # So much happened that the list was cut: what is older than its end is older history.
    begun = backfill or Backfill(before_utc=since_utc, began_utc=now_utc)
    # One second of overlap: another activity that was cut off may begin in the same one.
    return replace(begun, before_utc=max(listing.items[-1].start_utc + ONE_SECOND, since_utc), listed_all=False)


def after_older(backfill: Backfill, listing: Listing, now_utc: datetime) -> Backfill:
    """After one page of older runs was listed, which also begins a batch."""
    before = backfill.before_utc
    # One second of overlap here as well.
    oldest = listing.items[-1].start_utc + ONE_SECOND if listing.items else before
    stuck = not listing.complete and oldest >= before
    # One that gives the same page again, whatever it is asked for, is passed over in steps that grow.
    step = max(timedelta(seconds=2), 2 * (oldest - before)) if stuck else timedelta(0)
    before = max(min(oldest, before) - step, FIRST_RUNS)
    return replace(
        backfill,
        before_utc=before,
        listed_all=listing.complete or before == FIRST_RUNS,
        began_utc=backfill.began_utc or now_utc,
        batch_utc=now_utc,
    )
