"""What was worked out from the store, kept until a table it was read from changes.

One process owns the store and every change goes through it, so it knows when an answer is out of date. Nothing is
ever guessed: a change of a table throws away all that was read from it.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

COMMENT = re.compile(r"--[^\n]*")
WORD = re.compile(r"[a-z_0-9]+")
MOST = 256
"""The ones that were longest not asked for go first."""


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """``as_of`` is the memory's clock before the first read."""

    value: Any
    tables: frozenset[str]
    as_of: int


class QueryCache:
    """Any thread may ask it anything."""

    def __init__(self, tables: Collection[str]) -> None:
        self._tables = frozenset(tables)
        self._clock = 0
        self._changed_at: dict[str, int] = {}
        self._kept: OrderedDict[Hashable, CacheEntry] = OrderedDict()
        self._named: dict[str, frozenset[str]] = {}
        self._lock = threading.Lock()

    @property
    def clock(self) -> int:
        return self._clock

    def dependencies(self, sql: str) -> frozenset[str]:
        """Every table that ``sql`` names. A column of that name counts too: that forgets more, never less."""
        found = self._named.get(sql)
        if found is None:
            found = self._named[sql] = self._tables.intersection(WORD.findall(COMMENT.sub("", sql).lower()))
        return found

    def invalidate(self, tables: Iterable[str] | None = None) -> None:
        """These tables hold something else from now on; None: any may."""
        with self._lock:
            self._clock += 1
            self._changed_at.update(dict.fromkeys(self._tables if tables is None else tables, self._clock))

    def get(self, key: Hashable) -> CacheEntry | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if any(self._changed_at.get(table, 0) > kept.as_of for table in kept.tables):
                del self._kept[key]
                return None
            self._kept.move_to_end(key)
            return kept

    def put(self, key: Hashable, kept: CacheEntry) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
