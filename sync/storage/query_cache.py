"""What was worked out from the store, kept until a table it was read from changes.

One process owns the store and every change goes through it, so the cache knows when a value is out of date. What holds:

1. A value depends on the tables that the statements run by its thread while it was made declare to read, and on those
   of every cached value that went into it.
2. A table changes when a transaction ends in which a statement ran that declares to change it, committed or not.
3. A value is given only if none of its tables has changed since before the first of them was read. A change that
   comes between two reads of one value therefore makes the value old before it is ever given again.
4. A thread inside a transaction is never given a value of a table that this transaction has changed: it makes the
   value anew, and nobody else sees it.
5. Whatever happens outside of statements (the file copied or rewritten) changes every table.
6. A value is shared by all threads: nobody may change what is in it.
7. At most ``MOST`` values are kept; the ones that were longest not asked for go first.

Sentence 1 is why a statement's head must name every table: one that it kept silent about would leave old values.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

MOST = 256
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """``as_of`` is the cache's clock before the first read."""

    value: Any
    tables: frozenset[str]
    as_of: int


class _ThreadTables(threading.local):
    """The tables that this thread is busy with."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        """For the innermost value being made."""
        self.changed: set[str] = set()
        """By the transaction under way."""


class QueryCache:
    """Any thread may ask it anything. ``tables`` are all that can change."""

    def __init__(self, tables: Collection[str]) -> None:
        self._tables = frozenset(tables)
        self._mine = _ThreadTables()
        self._clock = 0
        """Counts the changes; ``_changed_at`` holds its value at each table's last one."""
        self._changed_at: dict[str, int] = {}
        self._entries: OrderedDict[Hashable, CacheEntry] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def clock(self) -> int:
        return self._clock

    def note_read(self, tables: Iterable[str]) -> None:
        """This thread is about to read them."""
        self._mine.read.update(tables)

    def note_change(self, tables: Iterable[str]) -> None:
        """This thread's transaction is about to change them."""
        self._mine.changed.update(tables)

    def end_transaction(self) -> None:
        """After this thread's commit or rollback: what was read meanwhile may be either state, and is not kept."""
        if self._mine.changed:
            self.invalidate(self._mine.changed)
            self._mine.changed.clear()

    def value(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """What ``make`` gives, from memory where that is still true."""
        mine = self._mine
        entry = self.get(key)
        if entry is None or not mine.changed.isdisjoint(entry.tables):
            outer, mine.read, as_of = mine.read, set(), self._clock
            try:
                entry = CacheEntry(make(), frozenset(mine.read), as_of)
            finally:
                mine.read = outer
            if mine.changed.isdisjoint(entry.tables):
                self.put(key, entry)
        mine.read |= entry.tables
        return cast(_Value, entry.value)

    def invalidate(self, tables: Iterable[str] | None = None) -> None:
        """These tables hold something else from now on; None: any may."""
        with self._lock:
            self._clock += 1
            self._changed_at.update(dict.fromkeys(self._tables if tables is None else tables, self._clock))

    def get(self, key: Hashable) -> CacheEntry | None:
        """The entry if none of its tables has changed since it was made."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if any(self._changed_at.get(table, 0) > entry.as_of for table in entry.tables):
                del self._entries[key]
                return None
            self._entries.move_to_end(key)
            return entry

    def put(self, key: Hashable, entry: CacheEntry) -> None:
        with self._lock:
            self._entries[key] = entry
            self._entries.move_to_end(key)
            while len(self._entries) > MOST:
                self._entries.popitem(last=False)
