"""A backup is a whole store, made while the store is in use, and old ones make room."""

from __future__ import annotations

import stat
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sync.errors import TryLater
from sync.job_book import JobBook
from sync.jobs import Appointment
from sync.store import backup
from sync.store.database import Store

NOW = datetime(2026, 11, 22, 2, 0)


def _filled(path: Path, jobs: int = 50) -> Store:
    store = Store.open(path)
    for n in range(jobs):
        JobBook(store).keep(Appointment(f"job {n}", next_due_utc=NOW))
    return store


def test_a_copy_opens_and_holds_everything(tmp_path: Path) -> None:
    with _filled(tmp_path / "a.duckdb") as store:
        made = backup.copy_to(store, tmp_path / "it's a copy.duckdb")
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        with Store.open(made) as copied:
            assert copied.schema_version == store.schema_version
            assert JobBook(copied).find("job 7") == JobBook(store).find("job 7")
            JobBook(copied).keep(Appointment("job 7", next_due_utc=NOW + timedelta(days=1)))
        assert JobBook(store).find("job 7") == Appointment("job 7", next_due_utc=NOW)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".duckdb", ".duckdb"]


def test_it_is_whole_although_someone_writes_meanwhile(tmp_path: Path) -> None:
    with _filled(tmp_path / "a.duckdb") as store:
        stop = threading.Event()

        def write() -> None:
            n = 0
            while not stop.is_set():
                JobBook(store).keep(Appointment(f"while {n}", next_due_utc=NOW))
                n += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for n in range(3):
                backup.copy_to(store, tmp_path / f"copy{n}.duckdb")
        finally:
            stop.set()
            writer.join()


def test_the_oldest_go_and_other_files_stay(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "springstep-before-0002.duckdb").write_bytes(b"x")
    with _filled(tmp_path / "a.duckdb", 1) as store:
        for night in range(4):
            backup.nightly(store, folder, NOW + timedelta(days=night), kept=2)
        assert backup.nightly(store, folder, NOW, kept=0) is None
    assert sorted(path.name for path in folder.iterdir()) == [
        "nightly-20261124-020000.duckdb",
        "nightly-20261125-020000.duckdb",
        "springstep-before-0002.duckdb",
    ]


def test_a_folder_that_is_not_there_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    with _filled(tmp_path / "a.duckdb", 1) as store:
        with pytest.raises(TryLater, match="backup could not be written"):
            backup.copy_to(store, tmp_path / "gone" / "copy.duckdb")
        assert backup.copy_to(store, tmp_path / "copy.duckdb").exists()
