"""Backups hold everything, are made while the store is open and locked, and come back."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sync.app.demo.fit_writer import write
from sync.errors import CodedText, PersonMustAct
from sync.settings.paths import DataDir
from sync.storage import backup, typed
from sync.storage.database import Store
from sync.storage.holdings import lacking
from sync.wire.commands import LogScore, RemoveEntry
from tests.factories_engine import NOW, Shop
from tests.factories_runs import run

OPENS = "import sys, duckdb; duckdb.connect(sys.argv[1])"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    home = DataDir(tmp_path / "home")
    home.make()
    shop = Shop(home.root, Store.open(home.database))
    (tmp_path / "a.fit").write_bytes(write(run()))
    shop.take_in(tmp_path / "a.fit")
    shop.perform(LogScore(typed_utc=NOW, what="stiffness", score=4, at_utc=NOW))
    return shop


def test_a_nightly_copy_is_whole_and_only_the_newest_stay(shop: Shop) -> None:
    before = shop.runs_json(), typed.diary(shop.store, shop.athlete.id)
    for day in range(4):
        backup.nightly(shop.store, shop.home.backups, NOW + timedelta(days=day), kept=2)
    names = sorted(path.name for path in shop.home.backups.iterdir())
    assert names == ["springstep-2026-03-22.duckdb", "springstep-2026-03-23.duckdb"]
    with Store.open(shop.home.backups / names[0], read_only=True) as copy:
        kept = Shop(shop.root, copy)
        assert (kept.runs_json(), typed.diary(copy, shop.athlete.id)) == before
    assert backup.nightly(shop.store, shop.home.backups, NOW, kept=0) is None
    assert list(shop.home.backups.iterdir()) == []
    shop.store.close()


def test_a_copy_does_not_open_the_store_to_other_processes(shop: Shop) -> None:
    backup.nightly(shop.store, shop.home.backups, datetime(2026, 3, 20), kept=1)
    other = subprocess.run([sys.executable, "-c", OPENS, str(shop.home.database)], capture_output=True, text=True)
    assert "Conflicting lock" in other.stderr
    shop.store.close()


def test_a_backup_brings_everything_back_into_an_empty_home(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar"
    before = shop.runs_json(), typed.commands(shop.store, shop.athlete.id)
    backup.pack(shop.store, shop.home, file)
    shop.store.close()
    assert file.stat().st_mode & 0o777 == 0o600
    home = DataDir(tmp_path / "other")
    assert backup.unpack(file, home) is None
    with Store.open(home.database) as store:
        back = Shop(home.root, store)
        assert (back.runs_json(), typed.commands(store, back.athlete.id)) == before
        back.engine.rebuild()
        assert back.runs_json() == before[0]


@pytest.mark.parametrize(
    ("there", "comes"),
    [(None, True), ("# See config.example.toml\n", True), ('[athlete]\nid = "other"\n', False), ("no toml", False)],
)
def test_settings_come_back_where_nobody_has_set_any(
    shop: Shop, tmp_path: Path, there: str | None, comes: bool
) -> None:
    """Also into a home whose first start has written a config of comments."""
    file, text = tmp_path / "kept.tar", '[athlete]\nid = "ada"\nunits = "mi"\n'
    shop.home.config.write_text(text)
    shop.home.settings_note.write_text('{"ada.units": "mi"}')
    backup.pack(shop.store, shop.home, file)
    shop.store.close()
    home = DataDir(tmp_path / "other")
    home.make()
    if there is not None:
        home.config.write_text(there)
    backup.unpack(file, home)
    assert home.config.read_text() == (text if comes else there)
    assert home.settings_note.read_text() == '{"ada.units": "mi"}'


def test_a_restore_keeps_the_replaced_store_and_its_originals(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar"
    backup.pack(shop.store, shop.home, file)
    shop.perform(LogScore(typed_utc=NOW, what="stiffness", score=7, at_utc=NOW))
    shop.store.close()
    aside = backup.unpack(file, shop.home)
    assert aside is not None
    scores = []
    for path in (shop.home.database, aside):
        with Store.open(path, read_only=True) as store:
            scores.append([row.score for row in typed.diary(store, "ada")])
    assert scores == [[4], [4, 7]]


def test_what_is_no_backup_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    shop.store.close()
    before = shop.home.database.read_bytes()
    other = tmp_path / "other.tar"
    with tarfile.open(other, "w") as archive:
        archive.add(__file__, "../../springstep.duckdb")
    for file in (tmp_path / "a.fit", other, tmp_path / "nothing"):
        with pytest.raises(PersonMustAct):
            backup.unpack(file, shop.home)
    assert shop.home.database.read_bytes() == before


def test_what_a_restore_replaced_goes_when_the_nightly_copies_have_gone_round(shop: Shop) -> None:
    replaced, before = shop.home.backups / "replaced-1.duckdb", shop.home.backups / "springstep-before-0002.duckdb"
    for path in (replaced, before):
        path.write_bytes(b"old")
        os.utime(path, (0, 0))
    backup.nightly(shop.store, shop.home.backups, NOW, kept=2)
    assert replaced.exists()
    backup.nightly(shop.store, shop.home.backups, NOW + timedelta(days=1), kept=2)
    assert (replaced.exists(), before.exists()) == (False, False)
    replaced.write_bytes(b"fresh")
    backup.nightly(shop.store, shop.home.backups, NOW + timedelta(days=2), kept=2)
    assert replaced.exists()
    shop.store.close()


def test_a_file_that_is_no_backup_is_named_and_nothing_else(shop: Shop, tmp_path: Path) -> None:
    shop.store.close()
    notes = tmp_path / "notes.txt"
    notes.write_text("hello")
    with pytest.raises(PersonMustAct) as told:
        backup.unpack(notes, shop.home)
    assert told.value.coded == CodedText("storage.no_backup", {"path": str(notes)})


def test_the_last_good_copies_outlive_a_store_that_was_emptied(shop: Shop, tmp_path: Path) -> None:
    """Ten nights after the store was lost and begun anew, what it held can still be restored."""
    folder, athlete = shop.home.backups, shop.athlete.id
    for day in range(3):
        backup.nightly(shop.store, folder, NOW + timedelta(days=day), kept=2)
    shop.store.close()
    with Store.open(tmp_path / "empty.duckdb") as empty:
        for day in range(3, 13):
            backup.nightly(empty, folder, NOW + timedelta(days=day), kept=2)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"springstep-2026-0{day}.duckdb" for day in ("3-21", "3-22", "3-31", "4-01")]
    with Store.open(folder / names[1], read_only=True) as copy:
        assert len(typed.diary(copy, athlete)) == 1


def test_what_the_runner_deleted_holds_no_copy_back(shop: Shop) -> None:
    """Entries that were taken back are one command more: nothing of them was lost."""
    (entry,) = typed.diary(shop.store, shop.athlete.id)
    backup.nightly(shop.store, shop.home.backups, NOW, kept=1)
    shop.perform(RemoveEntry(typed_utc=NOW, entry_id=entry.entry_id))
    assert typed.diary(shop.store, shop.athlete.id) == []
    made = backup.nightly(shop.store, shop.home.backups, NOW + timedelta(days=1), kept=1)
    assert list(shop.home.backups.iterdir()) == [made]
    shop.store.close()


HELD = {("ada", "runs"): 100, ("ada", "typed log"): 5, ("bo", "runs"): 1}


@pytest.mark.parametrize(
    ("now", "lacks"),
    [
        (HELD, []),
        ({**HELD, ("ada", "runs"): 80}, []),
        ({**HELD, ("ada", "runs"): 79}, ["runs"]),
        ({**HELD, ("ada", "typed log"): 3}, ["typed log"]),
        ({("ada", "runs"): 500, ("ada", "typed log"): 50}, ["runs"]),
        ({}, ["runs", "typed log"]),
    ],
)
def test_a_copy_takes_the_place_of_one_that_holds_as_much(now: dict[tuple[str, str], int], lacks: list[str]) -> None:
    assert lacking(HELD, now) == lacks
