"""Account exports and tables end to end: rows become runs, join their files, and update instead of coming twice."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from sync.app.demo.fit_writer import write
from sync.runs import import_tables
from tests.factories_archives import drop, log, outing, packed, strava, strava_row
from tests.factories_engine import Shop, counts


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


def page(shop: Shop, run_id: str) -> dict[str, Any]:
    return shop.ask("run", id=run_id)


# --- Strava's bulk export -------------------------------------------------------------------------


def strava_archive() -> bytes:
    """A run with its file, one by hand without a file, a ride."""
    morning = outing()
    return packed({
        "activities.csv": strava(
            strava_row(4711001, morning, name="With Bo", gear="Old Shoes", file="activities/880001.fit.gz", rpe=6,
                       mark=1),
            strava_row(4711002, outing(1), name="By hand"),
            strava_row(4711003, outing(2), name="To work", type="Ride", gear="Red Bike"),
        ),
        "activities/880001.fit.gz": gzip.compress(write(morning)),
        "profile.csv": b"Name,City\nAda,Nowhere\n",
        "messaging.json": b"[]",
    })  # fmt: skip


def test_a_strava_archive_names_the_run_of_its_file(shop: Shop, tmp_path: Path) -> None:
    found = shop.take_in(drop(tmp_path / "in", {"export_1.zip": strava_archive()}))
    assert counts(found) == {
        "found": 4, "read": 2, "duplicate": 0, "ignored": 2, "problem": 0,
        "recordings": 4, "runs": 2, "joined": 1, "other": 1,
    }  # fmt: skip
    assert [(table.kind, table.rows, table.units) for table in found.tables] == [("strava_csv", 3, None)]
    first, second = shop.runs()
    assert (second["sources"], second["source_files"]) == (["strava-export"], ["export_1.zip/activities.csv"])
    assert first["sources"] == ["file", "strava-export"]
    of_file = page(shop, first["id"])
    givers = {field: giver.split()[0] for field, giver in of_file["provenance"].items()}
    assert of_file["run"]["title"] == "With Bo"
    assert [givers[field] for field in ("title", "gear", "rpe", "workout_type")] == ["strava-export"] * 4
    assert [givers[field] for field in ("samples", "distance_m")] == ["file"] * 2


def test_a_file_is_joined_by_its_name_in_the_table_when_its_clock_was_wrong(shop: Shop, tmp_path: Path) -> None:
    """Neither start nor length agree: it was trimmed on the service. A like number years apart is chance."""
    whole = outing()
    row = replace(whole, start_utc=whole.start_utc + timedelta(minutes=20), elapsed_s=300.0, distance_m=900.0)
    table = strava(strava_row(4711001, row, name="Trimmed", file="activities/880001.fit.gz"))
    drop(tmp_path / "in", {"activities.csv": table, "activities/880001.fit.gz": gzip.compress(write(whole))})
    found = counts(shop.take_in(tmp_path / "in"))
    assert (found["read"], found["runs"], found["joined"]) == (2, 1, 1)
    [only] = shop.runs()
    assert (only["title"], only["sources"]) == ("Trimmed", ["file", "strava-export"])
    years_before = write(outing(-900))
    shop.take_in(drop(tmp_path / "other", {"880001.fit": years_before}))
    assert len(shop.runs()) == 2


def test_the_table_before_its_files_and_the_archive_after_all(tmp_path: Path) -> None:
    """Any order: the table alone, a bare file, the archive."""
    parts = {
        "activities.csv": strava(
            strava_row(4711001, outing(), name="With Bo", file="activities/880001.fit.gz", gear="Old Shoes"),
            strava_row(4711002, outing(1), name="By hand"),
        ),
        "watch.fit": write(outing()),
        "export.zip": strava_archive(),
    }
    answers = set()
    for number, order in enumerate(permutations(parts)):
        shop = Shop(tmp_path / f"home-{number}")
        for name in order:
            shop.take_in(drop(tmp_path / f"{number}-{name}", {name: parts[name]}))
        answers.add(shop.runs_json())
    assert len(answers) == 1


def test_once_more_nothing_is_new_and_a_rebuild_gives_the_same(shop: Shop, tmp_path: Path) -> None:
    folder = drop(tmp_path / "in", {"export.zip": strava_archive()})
    shop.take_in(folder)
    before = shop.runs_json()
    shop.again()
    again = counts(shop.take_in(folder))
    moved = counts(shop.take_in(drop(tmp_path / "moved", {"export.zip": strava_archive()})))
    assert again == moved
    assert (again["read"], again["duplicate"], again["ignored"], again["recordings"]) == (0, 2, 2, 0)
    rebuilt = counts(shop.engine.rebuild())
    assert (rebuilt["recordings"], rebuilt["runs"], rebuilt["joined"], rebuilt["other"]) == (4, 2, 1, 1)
    assert shop.runs_json() == before


def test_originals_alone_bring_every_row_back(shop: Shop, tmp_path: Path) -> None:
    """They are named by their checksums."""
    shop.take_in(drop(tmp_path / "in", {"activities.csv": strava(strava_row(4711001, outing(), gear="Old Shoes"))}))
    fresh = Shop(tmp_path / "fresh")
    assert fresh.take_in(shop.home.originals).runs == 1
    assert [one["id"] for one in fresh.runs()] == [one["id"] for one in shop.runs()]


def test_a_newer_export_updates_and_an_older_one_after_it_changes_nothing(tmp_path: Path) -> None:
    older = strava(strava_row(4711001, outing(), name="Morning Run"), strava_row(4711002, outing(1), name="Gone later"))
    newer = strava(strava_row(4711001, outing(), name="With Bo"), strava_row(4711005, outing(3)))
    answers = []
    for number, (first, second) in enumerate([(older, newer), (newer, older)]):
        shop = Shop(tmp_path / f"home-{number}")
        shop.take_in(drop(tmp_path / f"a-{number}", {"activities.csv": first}))
        found = counts(shop.take_in(drop(tmp_path / f"b-{number}", {"activities.csv": second})))
        assert (found["recordings"], found["runs"]) == (1, 1)
        assert [one["title"] for one in shop.runs()] == ["With Bo", "Gone later", "Run 4711005"]
        answers.append(shop.runs_json())
        before = shop.runs_json()
        shop.engine.rebuild()
        assert shop.runs_json() == before
    assert answers[0] == answers[1]


def test_an_older_export_with_nothing_of_its_own_is_a_duplicate(shop: Shop, tmp_path: Path) -> None:
    newer = strava(strava_row(4711001, outing(), name="With Bo"), strava_row(4711005, outing(3)))
    older = strava(strava_row(4711001, outing(), name="Morning Run"))
    shop.take_in(drop(tmp_path / "a", {"activities.csv": newer}))
    found = counts(shop.take_in(drop(tmp_path / "b", {"activities.csv": older})))
    assert (found["read"], found["duplicate"], found["recordings"]) == (0, 1, 0)


# --- running logs and what is no table of runs ----------------------------------------------------


def test_a_log_of_days_keeps_its_ids_when_it_grows(shop: Shop, tmp_path: Path) -> None:
    shop.take_in(drop(tmp_path / "a", {"log.csv": log(("2026-03-01", 5, "29:30"), ("2026-03-03", 8.5, "51:00"))}))
    before = {one["id"] for one in shop.runs()}
    longer = log(("2026-03-08", 4, "24:00"), ("2026-03-03", 8.5, "51:00"), ("2026-03-01", 5, "29:30"))
    found = counts(shop.take_in(drop(tmp_path / "b", {"log.csv": longer})))
    assert (found["read"], found["recordings"], found["runs"]) == (1, 1, 1)
    assert before < {one["id"] for one in shop.runs()}


def test_a_row_of_a_day_to_come_is_a_problem_and_never_the_last_run(shop: Shop, tmp_path: Path) -> None:
    rows = [("2026-03-01", 5, "29:30"), ("2030-09-01", 5, "29:30")]
    found = shop.take_in(drop(tmp_path / "in", {"log.csv": log(*rows), "ahead.csv": log(rows[1])}))
    assert (found.read, found.problem, found.runs, [row.rows for row in found.tables]) == (1, 1, 1, [1])
    assert ["2030" in problem.reason for problem in found.problems] == [True, True]
    shop.engine.rebuild()
    assert [run["day"] for run in shop.runs()] == ["2026-03-01"]


def test_rows_that_cannot_be_read_are_one_problem_and_the_file_counts_as_read(shop: Shop, tmp_path: Path) -> None:
    table = log(("2026-03-01", 5, "29:30"), ("2026-03-03", 8.5, "51:00"), ("never", 8.5, "51:00"))
    folder = drop(tmp_path / "in", {"log.csv": table})
    for found in (shop.take_in(folder), shop.take_in(folder)):
        assert (found.read + found.duplicate, found.problem) == (1, 0)
        assert [problem.name for problem in found.problems] == ["log.csv"]
        assert found.problems[0].reason.startswith("Some rows have no readable start")


LAPS = [
    {"id": 9000001 + lap, "lap_index": lap, "name": f"Lap {lap}", "distance": 1000.0, "moving_time": 330,
     "elapsed_time": 331, "start_date": f"2026-03-01T07:{lap:02}:00Z"}
    for lap in (1, 2, 3)
]  # fmt: skip
NO_RUNS = {
    "laps.json": json.dumps(LAPS).encode(),
    "numbers.csv": b"a,b\n1,2\n",
    "empty.csv": b"",
    "empty.json": b"{}",
    "broken.json": b'[{"date": ',
    "words.txt": b"Remember, on Sunday: new shoes\n2026 is the year\n",
}


def test_what_is_no_table_of_runs_is_ignored(shop: Shop, tmp_path: Path) -> None:
    found = counts(shop.take_in(drop(tmp_path / "in", NO_RUNS)))
    assert (found["found"], found["ignored"], found["recordings"]) == (6, 6, 0)


def test_a_kill_between_slices_is_made_good_by_the_next_import(tmp_path: Path) -> None:
    rows = [((datetime(2025, 1, 1) + timedelta(days=day)).date(), 5, "29:30") for day in range(import_tables.BATCH + 5)]
    undisturbed = Shop(tmp_path / "undisturbed")
    assert undisturbed.take_in(drop(tmp_path / "in", {"log.csv": log(*rows)})).runs == len(rows)

    class Kill(BaseException):
        pass

    left = [1]

    def die() -> None:
        if not left:
            raise Kill
        left.pop()

    shop = Shop(tmp_path / "home")
    data = (tmp_path / "in" / "log.csv").read_bytes()
    read = import_tables.reader(shop.athlete, "auto")(data, "log.csv")
    assert read is not None
    with pytest.raises(Kill):
        import_tables.keep(
            shop.store, shop.athlete, import_tables.Contents(read, "0" * 64, len(data)), ["log.csv"], now_utc=shop.now,
            before_slice=die,
        )  # fmt: skip
    found = counts(shop.take_in(tmp_path / "in"))
    assert (found["read"], found["runs"]) == (1, 5)
    assert shop.runs_json() == undisturbed.runs_json()


# --- real ones ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_real_tables_add_up(real_data: Path, tmp_path: Path) -> None:
    paths = sorted(path for path in real_data.rglob("*") if path.suffix.lower() in (".csv", ".json") and path.is_file())
    assert paths
    shop = Shop(tmp_path / "home")
    first = shop.engine.import_paths(paths)
    assert first.found == first.read + first.duplicate + first.ignored + first.problem
    assert first.recordings == first.runs + first.joined + first.other
    status = shop.ask("status")
    assert (status["runs"], len(first.tables) > 0) == (first.runs, True)
    shop.again()
    second = shop.engine.import_paths(paths)
    assert (second.read, second.recordings, shop.ask("status")["runs"]) == (0, 0, first.runs)
