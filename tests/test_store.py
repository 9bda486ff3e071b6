"""The store: schema steps, who may open it, damaged journals, and that every question can be asked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sync.errors import Bug, PersonMustAct, TryLater
from sync.storage import blocks, housekeeping, migrate, typed
from sync.storage.database import Store
from sync.storage.rows.arrived import IdRow
from sync.storage.statements import SQL, Statement, load, parse, statement, statements

HOLD = """
import sys
from pathlib import Path
from sync.storage.database import Store
store = Store.open(Path(sys.argv[1]), read_only=sys.argv[2] == "read")
print("open", flush=True)
sys.stdin.readline()
store.close()
"""
WRITE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from sync.storage import housekeeping
from sync.storage.database import Store
store = Store.open(Path(sys.argv[1]))
housekeeping.upsert_source_state(store, "runner", "garmin", "before", 1)
store.checkpoint()
for number in range(200):
    housekeeping.upsert_source_state(store, "runner", "garmin", f"after-{number}", number)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "springstep.duckdb"


def holder(path: Path, how: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def let_go(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=20)


def test_a_new_store_has_the_newest_schema_and_no_backup(path: Path) -> None:
    with Store.open(path) as store:
        assert store.schema_version == migrate.numbered(migrate.MIGRATIONS)[-1][0]
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_small_statements_take_one_thread_and_what_reads_all_of_it_what_may_be_used(path: Path, tmp_path: Path) -> None:
    def threads(cursor: duckdb.DuckDBPyConnection) -> int:
        return int(cursor.execute("SELECT current_setting('threads')").fetchall()[0][0])

    with Store.open(path, threads=3) as store:
        with store.exclusive() as cursor, store._all_threads(cursor):
            assert threads(cursor) == 3
        for whole in (lambda: None, store.read_through, lambda: store.copy(tmp_path / "copy.duckdb"), store.rewrite):
            whole()
            with store.exclusive() as cursor:
                assert threads(cursor) == 1


def migrations(folder: Path, *texts: str) -> Path:
    folder.mkdir()
    for number, text in enumerate(texts, start=1):
        (folder / f"{number:04}_step.sql").write_text(text)
    return folder


def test_a_copy_is_kept_before_each_later_step(path: Path, tmp_path: Path) -> None:
    one = migrations(tmp_path / "one", "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (7);")
    three = migrations(tmp_path / "three", "", "ALTER TABLE a ADD COLUMN y INTEGER", "DELETE FROM a")
    Store.open(path, migrations=one).close()
    Store.open(path, migrations=three).close()
    backups = path.parent / "backups"
    assert sorted(found.name for found in backups.iterdir()) == [
        "springstep-before-0002.duckdb",
        "springstep-before-0003.duckdb",
    ]
    kept = duckdb.connect(str(backups / "springstep-before-0003.duckdb"), read_only=True)
    assert kept.execute("SELECT x, y FROM a").fetchall() == [(7, None)]
    kept.close()


def test_a_step_that_fails_changes_nothing(path: Path, tmp_path: Path) -> None:
    one = migrations(tmp_path / "one", "CREATE TABLE a (x INTEGER)")
    bad = migrations(tmp_path / "bad", "", "CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1);")
    Store.open(path, migrations=one).close()
    with pytest.raises(duckdb.CatalogException):
        Store.open(path, migrations=bad)
    with Store.open(path, migrations=one) as store:
        assert store.schema_version == 1
    plain = duckdb.connect(str(path), read_only=True)
    tables = plain.execute("SELECT table_name FROM information_schema.tables ORDER BY table_name").fetchall()
    plain.close()
    assert tables == [("a",), ("schema_version",)]


def test_a_newer_store_is_refused_with_a_sentence(path: Path, tmp_path: Path) -> None:
    Store.open(path, migrations=migrations(tmp_path / "two", "SELECT 1", "SELECT 2")).close()
    older = migrations(tmp_path / "one", "SELECT 1")
    for read_only in (False, True):
        with pytest.raises(PersonMustAct, match=r"storage\.newer_store version=2 known=1"):
            Store.open(path, read_only=read_only, migrations=older)


def test_a_reader_does_not_migrate(path: Path, tmp_path: Path) -> None:
    Store.open(path, migrations=migrations(tmp_path / "one", "SELECT 1")).close()
    with pytest.raises(PersonMustAct, match=r"storage\.older_store"):
        Store.open(path, read_only=True, migrations=migrations(tmp_path / "two", "SELECT 1", "SELECT 2"))


def test_a_reader_of_no_file_sees_an_empty_store_and_makes_none(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        assert typed.diary(store, "runner") == []
    assert not path.exists()


@pytest.mark.parametrize("how", ["read", "write"])
def test_the_holder_of_the_file_is_named_after_the_patience(path: Path, how: str) -> None:
    Store.open(path).close()
    process = holder(path, how)
    slept: list[float] = []
    try:
        with pytest.raises(TryLater, match=rf"storage\.held .*pid='{process.pid}'"):
            Store.open(path, patience_s=0.5, sleep=slept.append)
    finally:
        let_go(process)
    assert sum(slept) == pytest.approx(0.5)


def test_a_short_reader_is_outlived(path: Path) -> None:
    Store.open(path).close()
    process = holder(path, "read")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        let_go(process) if len(slept) == 1 else None

    Store.open(path, sleep=sleep).close()
    assert slept


def test_a_damaged_journal_is_moved_aside_and_the_rest_opens(path: Path) -> None:
    died = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(path)], check=False)
    assert died.returncode == -signal.SIGKILL
    journal = path.with_name(path.name + ".wal")
    content = bytearray(journal.read_bytes())
    content[len(content) // 2] ^= 0xFF
    journal.write_bytes(content)
    with Store.open(path) as store:
        assert housekeeping.source_state(store, "runner", "garmin") == {"before": 1}
        assert store.notices == (f"{journal.name}.damaged-1",)
    assert journal.with_name(journal.name + ".damaged-1").read_bytes() == bytes(content)


def test_kill_minus_nine_loses_nothing_that_was_acknowledged(path: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(path)], check=False)
    with Store.open(path) as store:
        assert len(housekeeping.source_state(store, "runner", "garmin")) == 201


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    def half(store: Store) -> None:
        with store.transaction():
            housekeeping.upsert_source_state(store, "runner", "garmin", "key", 1)
            assert housekeeping.source_state(store, "runner", "garmin") == {"key": 1}
            raise ZeroDivisionError

    with Store.open(path) as store:
        with pytest.raises(ZeroDivisionError):
            half(store)
        assert housekeeping.source_state(store, "runner", "garmin") == {}


@pytest.fixture(scope="module")
def empty() -> Iterator[Store]:
    with Store.open(Path("nowhere"), read_only=True) as store:
        yield store


SAMPLE_VALUES = {"ids": ["a"], "hashes": ["a"], "kept": ["a"], "limit": 1, "offset": 0, "points": 10, "within_s": 120.0}


# EXPLAIN binds names and types without running anything; `incoming` exists only while columns are handed over.
def explained(cursor: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """False when a table that the statement needs is not there."""
    values = {key: SAMPLE_VALUES.get(key) for key in set(re.findall(r"\$(\w+)", sql))}
    if "FROM incoming" in sql:
        sql = sql.replace("FROM incoming", f"FROM (SELECT {', '.join(_incoming(sql))}) AS incoming")
    try:
        return bool(cursor.execute(f"EXPLAIN {sql}", values).fetchall())
    except duckdb.CatalogException:
        return False


@pytest.mark.parametrize("name", sorted(statements()))
def test_every_statement_is_whole_bound_by_name_and_understood(name: str, empty: Store) -> None:
    text = statement(name).sql
    assert "*" not in re.sub(r"count\(\*\)", "", re.sub(r"--.*", "", text))
    with empty._cursor() as cursor:
        assert explained(cursor, text)


def needed_tables(cursor: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """The tables without which the database does not understand the statement."""
    needed = set()
    for table in migrate.tables(cursor):
        cursor.execute("BEGIN TRANSACTION")
        cursor.execute(f"DROP TABLE {table}")
        if not explained(cursor, sql):
            needed.add(table)
        cursor.execute("ROLLBACK")
    return needed


@pytest.mark.parametrize("name", sorted(statements()))
def test_each_statement_declares_the_tables_it_needs_and_no_other(name: str, empty: Store) -> None:
    found = statement(name)
    target = re.search(r"^(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)", found.sql, re.MULTILINE)
    with empty.exclusive() as cursor:
        needed = needed_tables(cursor, found.sql)
    changes = {target[1]} if target else set()
    assert (found.changes, found.reads) == (changes, needed - changes)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT 1", "no-head"),
        ("-- a remark\n-- name: one\n-- reads: none\nSELECT 1", "no-head"),
        ("-- name: one\nSELECT 1", "declares-nothing"),
        ("-- name: one\n-- reads: run\nSELECT 1\n-- name: two\nSELECT 2", "declares-nothing"),
        ("-- name: one\n-- reads: none\nSELECT 1\n\n-- name: one\n-- reads: none\nSELECT 2", "one. fault=.twice"),
    ],
)
def test_a_statement_without_a_head_or_with_a_name_twice_is_a_bug(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "run.sql").write_text(text)
    with pytest.raises(Bug, match=problem):
        load(tmp_path)


def test_a_statement_says_its_name_and_its_tables() -> None:
    one = "-- name: a\n-- changes: run\n-- reads: label, recording\n-- Why.\nDELETE\n"
    text = f"{one}\n-- name: b\n-- reads: none\nSELECT 1\n"
    assert list(parse(text, "x.sql")) == [
        Statement("a", "-- Why.\nDELETE", frozenset({"label", "recording"}), frozenset({"run"})),
        Statement("b", "SELECT 1", frozenset(), frozenset()),
    ]


def test_only_a_question_is_asked_and_only_a_change_is_made(empty: Store) -> None:
    with pytest.raises(Bug, match=r"nothing. fault=.unknown"):
        empty.fetch_all("nothing", IdRow)
    with pytest.raises(Bug, match="is-a-change"):
        empty.fetch_all("delete_run", IdRow, athlete="a", run_id="b")
    with pytest.raises(Bug, match="is-a-question"):
        empty.execute("count_commands")


def test_every_statement_is_used() -> None:
    sources = "".join(path.read_text("utf-8") for path in SQL.parent.rglob("*.py"))
    assert [name for name in statements() if f'"{name}"' not in sources] == []


def _incoming(text: str) -> list[str]:
    columns = re.search(r"SELECT(.*?)FROM incoming", text, re.DOTALL)
    assert columns is not None
    names = dict.fromkeys(name.strip() for name in columns[1].split(","))
    return [f"NULL AS {name}" for name in names if re.fullmatch(r"\w+", name)]


def test_a_file_written_anew_holds_no_deleted_rows_and_nobody_notices(path: Path) -> None:
    with Store.open(path) as store:
        for number in range(300):
            housekeeping.upsert_source_state(store, "runner", "garmin", "what", f"canary {number} " + "x" * 2000)
        housekeeping.upsert_source_state(store, "runner", "garmin", "what", "kept")
        over = threading.Event()
        seen: list[object] = []

        def ask() -> None:
            while not over.is_set():
                seen.append(housekeeping.source_state(store, "runner", "garmin").get("what"))

        asking = [threading.Thread(target=ask) for _ in range(3)]
        for thread in asking:
            thread.start()
        for _ in range(3):
            store.rewrite()
        housekeeping.upsert_source_state(store, "runner", "garmin", "later", 1)
        over.set()
        for thread in asking:
            thread.join()
        assert set(seen) == {"kept"}
        store.checkpoint()
        assert [each.name for each in path.parent.iterdir() if b"canary" in each.read_bytes()] == []
    with Store.open(path, read_only=True) as store:
        assert housekeeping.source_state(store, "runner", "garmin") == {"what": "kept", "later": 1}


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_block_that_does_not_fit_its_checksum_is_found(path: Path, n: int) -> None:
    with Store.open(path) as store:
        store.checkpoint()
    assert blocks.unfit(path) == []
    with path.open("rb+") as file:
        file.seek(blocks.HEADER_BYTES + n * blocks.BLOCK_BYTES + 1000 * n)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    assert blocks.unfit(path) == [n]
    path.write_bytes(path.read_bytes()[: blocks.HEADER_BYTES] + b"\x01" * 4 * blocks.BLOCK_BYTES)
    assert blocks.unfit(path) == []
