"""What the store remembers: right after every change, in every thread, whatever became of a transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.storage import housekeeping, labels, runs
from sync.storage.database import Store
from sync.storage.query_cache import MOST, CacheEntry, QueryCache
from sync.storage.rows.arrived import RunRow

TABLES = ("run", "label", "diary")


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(Path("nowhere"), read_only=True) as opened:
        yield opened


def asked(store: Store) -> dict[str, int]:
    return store.cached("state", lambda: housekeeping.source_state(store, "ada", "garmin"))


def put(store: Store, value: int) -> None:
    housekeeping.upsert_source_state(store, "ada", "garmin", "n", value)


def test_a_value_is_made_once_until_its_table_changes(store: Store) -> None:
    put(store, 1)
    first = asked(store)
    housekeeping.upsert_wellness(store, "ada", "garmin", date(2026, 1, 1), {})
    assert asked(store) is first
    put(store, 2)
    assert asked(store) == {"n": 2}


def test_a_value_inside_a_value_makes_the_outer_one_old_too(store: Store) -> None:
    def outer() -> dict[str, int]:
        return store.cached("outer", lambda: {"twice": 2 * asked(store).get("n", 0)})

    put(store, 1)
    assert (asked(store), outer()) == ({"n": 1}, {"twice": 2})
    put(store, 3)
    assert outer() == {"twice": 6}


def test_what_was_rolled_back_is_not_remembered(store: Store) -> None:
    def half() -> None:
        with store.transaction():
            put(store, 2)
            assert asked(store) == {"n": 2}
            raise ZeroDivisionError

    put(store, 1)
    asked(store)
    with pytest.raises(ZeroDivisionError):
        half()
    assert asked(store) == {"n": 1}


def test_another_thread_sees_what_is_committed_and_nothing_else(store: Store) -> None:
    seen: list[dict[str, int]] = []

    def look() -> None:
        reader = threading.Thread(target=lambda: seen.append(asked(store)))
        reader.start()
        reader.join()

    put(store, 1)
    with store.transaction():
        put(store, 2)
        assert asked(store) == {"n": 2}
        look()
    look()
    assert seen == [{"n": 1}, {"n": 2}]


def test_a_value_depends_on_the_tables_that_its_statements_declare_and_on_no_other(store: Store) -> None:
    """Of a run's words the column `label` is no table; the runs with their labels are made of five tables."""

    def made() -> list[RunRow]:
        return store.cached("runs", lambda: runs.runs(store, "ada"))

    made()
    entry = store._cache.get("runs")
    assert entry is not None
    assert entry.tables == {"run", "label", "recording", "recording_ref", "original_name"}
    first = made()
    put(store, 1)
    assert made() is first
    labels.mark_dirty(store, "ada", from_utc=datetime(2026, 1, 1))
    assert made() is first
    runs.delete_run(store, "ada", "none")
    assert made() is not first


@given(st.lists(st.one_of(st.sampled_from(TABLES), st.none()), max_size=6))
def test_a_change_forgets_what_was_read_from_it_and_keeps_the_rest(changes: list[str | None]) -> None:
    memory = QueryCache(TABLES)
    for table in TABLES:
        memory.put(table, CacheEntry(table, frozenset({table}), memory.clock))
    for change in changes:
        memory.invalidate(None if change is None else [change])
    left = {table for table in TABLES if memory.get(table) is not None}
    assert left == (set() if None in changes else set(TABLES).difference(str(one) for one in changes))


def test_the_longest_not_asked_for_goes_first() -> None:
    memory = QueryCache(TABLES)
    for number in range(MOST):
        memory.put(number, CacheEntry(number, frozenset(), memory.clock))
    assert memory.get(0) is not None
    memory.put(MOST, CacheEntry(MOST, frozenset(), memory.clock))
    assert memory.get(0) is not None
    assert memory.get(1) is None
