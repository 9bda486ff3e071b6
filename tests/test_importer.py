"""What strange folders hold: each file ends in one of four ways, and none keeps the others out."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rules.facts.problems import Problem
from sync.app.demo.fit_writer import write
from sync.formats.read import Format, Member
from sync.formats.tables.sheets import TableRead, TableRow
from sync.runs.found_files import FoundFile, still_growing
from sync.runs.store_member import ActivityTable, GearList, NoActivity, Recordings, Unusable, recognise
from sync.storage import housekeeping
from sync.wire.tasks import ImportCounts
from tests.factories_engine import CONFIG, NOW, Shop
from tests.factories_runs import bare_run, run


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
        "ahead.fit": f"This recording is dated {said}, which can't be right. If you know the day, run: "
        "springstep import FILE --day YYYY-MM-DD"
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


# --- the steps ------------------------------------------------------------------------------------

MEMBER = Member("export.zip/1.fit", "0" * 64, b"content", Format.FIT)
TODAYS = bare_run(start_utc=NOW)
TOMORROWS = bare_run(start_utc=NOW + timedelta(hours=24))
AHEAD = bare_run(start_utc=datetime(2026, 4, 1, 8))
ROW, ROW_AHEAD = TableRow(TODAYS, None, None), TableRow(AHEAD, None, None)
NO_START = Problem("row 3", "no-start", None)
IMPOSSIBLE = Problem("2026-04-01", "impossible-date", "2026-04-01")
TABLE = TableRead("running_log", (ROW, ROW_AHEAD), (NO_START,), {})
KINDS = {
    "a damaged file": (
        replace(MEMBER, problem=Problem("1.fit", "fit-damaged", "at byte 9")),
        Unusable("fit-damaged", "at byte 9"),
    ),
    "a recording": (replace(MEMBER, recordings=(TODAYS,)), Recordings((TODAYS,))),
    "a recording of tomorrow": (replace(MEMBER, recordings=(TOMORROWS,)), Recordings((TOMORROWS,))),
    "one of two lies ahead": (
        replace(MEMBER, recordings=(TODAYS, AHEAD)),
        Unusable("impossible-date", "2026-04-01"),
    ),
    "a table": (
        replace(MEMBER, table=TABLE),
        ActivityTable(replace(TABLE, rows=(ROW,), problems=(NO_START, IMPOSSIBLE))),
    ),
    "a table of which no row can be": (
        replace(MEMBER, table=replace(TABLE, rows=(ROW_AHEAD,), problems=())),
        Unusable("impossible-date", "2026-04-01"),
    ),
    "a photo": (replace(MEMBER, data=b"GIF89a", ignored="no-activity"), NoActivity("no-activity")),
    "a hidden file": (replace(MEMBER, ignored="hidden"), NoActivity("hidden")),
    "a recording of nothing": (MEMBER, NoActivity(None)),
}


@pytest.mark.parametrize("case", KINDS)
def test_a_member_is_recognised_without_the_store(case: str) -> None:
    member, expected = KINDS[case]
    assert_same(recognise(member, CONFIG.first, NOW), expected)


def test_a_list_of_shoes_is_recognised() -> None:
    data = b'[{"gearDTOS": [{"gearPk": 7, "customMakeModel": "Old Shoes", "gearTypeName": "Shoes"}]}]'
    found = recognise(replace(MEMBER, data=data, ignored="no-activity"), CONFIG.first, NOW)
    assert isinstance(found, GearList)
    assert [row.name for row in found.gear] == ["Old Shoes"]


def assert_same(one: object, other: object) -> None:
    """Recordings and tables are one when they are the same objects: these come through unchanged."""
    assert type(one) is type(other)
    match one, other:
        case (Recordings(recordings=a), Recordings(recordings=b)):
            assert list(a) == list(b)
        case (ActivityTable(table=a), ActivityTable(table=b)):
            assert (a.kind, a.rows, a.problems, a.taken) == (b.kind, b.rows, b.problems, b.taken)
        case _:
            assert one == other


@pytest.mark.parametrize(
    ("name", "age_s", "settle_s", "expected"),
    [
        ("a.fit", 0.0, 10.0, True),
        ("a.fit", 9.0, 10.0, True),
        ("a.fit", 10.0, 10.0, False),
        # Its clock was ahead of this one: it will not become older by waiting.
        ("a.fit", -60.0, 10.0, False),
        ("a.fit", 0.0, 0.0, False),
        ("a.fit.part", 9_999.0, 10.0, True),
        ("A.FIT.CRDOWNLOAD", 9_999.0, 0.0, True),
        ("a.fit~", 9_999.0, 0.0, True),
    ],
)
def test_a_file_that_may_still_grow_waits(name: str, age_s: float, settle_s: float, expected: bool) -> None:
    written_ns = int((NOW - datetime(1970, 1, 1)).total_seconds() - age_s) * 10**9
    assert still_growing(FoundFile(Path("in", name), 1, written_ns), NOW, settle_s=settle_s) is expected
