"""What a service's list says, answer by answer: each activity once, and only what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from rules.facts.problems import Problem
from sync.formats.services.json_fields import json_table
from sync.sources.base import ActivitySummary, Listing

log = structlog.get_logger()


@dataclass(slots=True)
class ListingBuilder:
    """A listing as it grows. ``key`` names an item's id; ``read`` gives None for an item without id or start."""

    source: str
    key: str
    read: Callable[[Mapping[str, Any]], ActivitySummary | None]
    since_utc: datetime
    until_utc: datetime | None
    oldest_utc: datetime = datetime.max
    """The earliest start of the last answer, whether inside the window or not."""
    _found: dict[str, ActivitySummary] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _problems: list[Problem] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, items: Iterable[Any]) -> bool:
        """One more answer; False when all of it was there before, as when a service says its last page again."""
        self.oldest_utc, before = datetime.max, len(self._seen)
        for item in map(json_table, items):
            place = f"{self.source}:{item.get(self.key)}"
            try:
                listed = self.read(item)
            except Exception as error:
                # Whatever one item holds, the others of the list come in.
                log.exception("list.item_unforeseen", place=place)
                self._problems.append(Problem(place, "list_item_unforeseen", type(error).__name__))
                continue
            if listed is None:
                self._problems.append(Problem(place, "list_item_unreadable"))
                continue
            self.oldest_utc = min(self.oldest_utc, listed.start_utc)
            self._seen.add(listed.source_id)
            # Services take whole days or their own zone: what is outside of the window is left out here.
            if self.since_utc <= listed.start_utc and (self.until_utc is None or listed.start_utc < self.until_utc):
                self._found[listed.source_id] = listed
        return len(self._seen) > before

    def enough(self, at_most: int | None) -> bool:
        return at_most is not None and len(self) >= at_most

    def listing(self, *, complete: bool, left_out: int = 0) -> Listing:
        """Newest first, whatever order the service had."""
        newest_first = sorted(
            self._found.values(), key=lambda listed: (listed.start_utc, listed.source_id), reverse=True
        )
        return Listing(tuple(newest_first), complete, tuple(self._problems), left_out)
