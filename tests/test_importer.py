"""What strange folders hold: each file ends in one of four ways, and none keeps the others out."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from sync.app.demo.fit_writer import write
from sync.storage import housekeeping
from sync.wire import ImportCounts
from tests.factories_engine import NOW, Shop
from tests.factories_runs import run


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "good.fit").write_bytes(write(run()))
    return made


def problems(counts: ImportCounts) -> dict[str, str]:
    return {line.name: line.reason for line in counts.problems}


def test_a_name_that_is_no_utf8_is_shown_with_marks(shop: Shop, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.gpx")).write_text("nothing")
    counts = shop.take_in(folder)
    assert (counts.runs, list(problems(counts))) == (1, ["��.gpx"])
    again = shop.take_in(folder)
    assert (again.duplicate, again.problem) == (1, 1)


@pytest.mark.parametrize(
    ("start_utc", "said"),
    [(NOW + timedelta(hours=50), "Sun 22 Mar 2026"), (NOW + timedelta(days=26_000), "Sun 26 May 2097")],
    ids=["two days and two hours", "another century"],
)
def test_a_run_that_lies_ahead_is_a_problem_that_names_its_date(
    shop: Shop, folder: Path, start_utc: object, said: str
) -> None:
    (folder / "ahead.fit").write_bytes(write(run(start_utc=start_utc, laps=(), steps=())))
    counts = shop.take_in(folder)
    assert counts.runs == 1
    assert problems(counts) == {
        "ahead.fit": f"The clock of this recording says {said}, which cannot be. Correct the date in the file and take "
        "it in again."
    }


def test_links_pipes_and_folders_that_hold_themselves_keep_nothing_out(shop: Shop, folder: Path) -> None:
    os.mkfifo(folder / "pipe.fit")
    (folder / "loop").symlink_to(folder)
    (folder / "dead.gpx").symlink_to(folder / "nowhere")
    counts = shop.take_in(folder)
    assert (counts.found, counts.runs, list(problems(counts))) == (2, 1, ["dead.gpx"])


def test_the_problem_of_a_deleted_file_is_over_until_it_comes_back(shop: Shop, folder: Path) -> None:
    bad = folder / "runner@example.org_bad.fit"
    for name in (bad, folder / "worse.fit"):
        name.write_bytes(b"....FIT nothing that could be read")
    assert shop.take_in(folder).problem == 2
    before = bad.stat()
    bad.unlink()
    shop.take_in(folder)
    assert [row.name for row in housekeeping.problems(shop.store, shop.athlete.id)] == ["worse.fit"]
    bad.write_bytes(b"....FIT nothing that could be read")
    os.utime(bad, ns=(before.st_atime_ns, before.st_mtime_ns))
    shop.take_in(folder)
    assert len(housekeeping.problems(shop.store, shop.athlete.id)) == 2
