"""What one sync run did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields

STORED_NAMES = {"suspicious": "short", "extras_failed": "beside_failed"}
"""Fields whose stored name is an older word; the others are stored under their own."""


@dataclass(frozen=True, slots=True)
class SyncCounts:
    listed: int = 0
    left_out: int = 0
    """List items that are only stubs of another service's activities."""
    suspicious: int = 0
    """Listings that lacked so much that nothing was concluded from them."""
    taken: int = 0
    failed: int = 0
    new: int = 0
    changed: int = 0
    unfinished: int = 0
    back: int = 0
    gone: int = 0
    extras_failed: int = 0
    requests: int = 0

    @property
    def handled(self) -> int:
        """Activities that were fetched, whether it came to something or not."""
        return self.taken + self.failed

    def __add__(self, more: SyncCounts) -> SyncCounts:
        return SyncCounts(*(getattr(self, each.name) + getattr(more, each.name) for each in fields(self)))

    def to_json(self) -> dict[str, int]:
        """What was counted, under the stored names; zeros are left out."""
        named = {STORED_NAMES.get(each.name, each.name): int(getattr(self, each.name)) for each in fields(self)}
        return {name: count for name, count in named.items() if count}
