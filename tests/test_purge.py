"""Purging Strava: what came only from there goes from the whole home, what the runner typed and others told stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sync.runs.retention import purge, purge_older, wipe
from sync.storage import backup, issued, runs, typed
from sync.storage.listing import count_listed
from sync.storage.rows.arrived import QuestionRow
from sync.wire.commands import AnswerCard, LogScore
from tests.linked_home import LinkedHome, linked_home, short_run
from tests.shell import Shell

CANARY = "Zanzibar Canary Loop"
CANARIES = (CANARY, "canary-shoe-zz", "canary-watch-zz", "canary words zz", "made-up-refresh")
DAY = timedelta(days=1)


def holding(root: Path) -> list[tuple[str, str]]:
    """Every file of the home that holds a canary, in whatever way JSON may have written it."""
    found = []
    for path in sorted(root.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found += [(path.name, canary) for canary in CANARIES if canary.encode() in content]
    return found


def with_strava_and_garmin(home: LinkedHome) -> None:
    only, both = home.now - DAY, home.now - 2 * DAY
    canary = {"description": "canary words zz", "gear": "canary-shoe-zz", "device": "canary-watch-zz"}
    home.strava.add(short_run(only, **canary), CANARY)
    home.strava.add(short_run(both + timedelta(seconds=7), **canary), CANARY)
    home.garmin.add(short_run(both), "Garmin's own title")
    home.until_done("strava")
    home.until_done("garmin")
    home.engine.refresh()
    home.engine.perform(LogScore(what="stiffness", score=4, at_utc=home.now, typed_utc=home.now))


def test_purge_leaves_no_canary_in_the_home_and_everything_else(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "strava", "garmin") as home:
        with_strava_and_garmin(home)
        assert home.sources() == {home.now - 2 * DAY: ["garmin", "strava"], home.now - DAY: ["strava"]}
        assert holding(home.root) != []
        foot_work = len(issued.prescriptions(home.store, "runner"))
        before = {row.day: row.run_id for row in runs.runs(home.store, "runner")}
        purge(home.store, home.home, home.config.athlete(), "strava")
        home.vault.remove("runner", "strava")
        home.engine.refresh()
        assert wipe(home.store, home.home)
        assert holding(home.root) == []
        assert not home.home.compact_note.exists()
        rows = {row.day: row for row in runs.runs(home.store, "runner")}
        assert {day: row.run_id for day, row in rows.items()} == before
        only, both = rows[(home.now - DAY).date()], rows[(home.now - 2 * DAY).date()]
        assert (only.removed, only.title, only.distance_m, only.gear, only.mean_heart_rate_bpm, only.elapsed_s) == (
            True, None, None, None, None, 0.0
        )  # fmt: skip
        assert only.start_utc == datetime(2026, 3, 19, 11)  # Noon in Berlin.
        assert (both.removed, both.title, both.distance_m) == (False, "Garmin's own title", 5370.0)
        assert both.start_utc == home.now - 2 * DAY
        assert len(typed.diary(home.store, "runner")) == 1
        assert len(issued.prescriptions(home.store, "runner")) >= foot_work > 0


def test_a_purged_run_tells_nothing_of_its_time_nor_does_what_was_listed(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "strava") as home:
        start = home.now - DAY + timedelta(minutes=17, seconds=3)
        home.strava.add(short_run(start), CANARY)
        home.until_done("strava")
        home.engine.refresh()
        home.now += 8 * DAY
        purge_older(home.store, home.home, home.config.athlete(), "strava", before_utc=home.now - 7 * DAY)
        home.engine.refresh()
        with home.store.exclusive() as cursor:
            tables = [name for (name,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
            held = {table: str(cursor.execute(f"SELECT * FROM {table}").fetchall()) for table in tables}
        told = [table for table, cells in held.items() if f"{start:%H:%M:%S}" in cells or repr(start) in cells]
        assert (told, count_listed(home.store, "runner", "strava").listed) == ([], 1)


def test_the_backups_of_the_days_before_go_with_their_rotation(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "strava") as home:
        home.strava.add(short_run(home.now - DAY), CANARY)
        home.until_done("strava")
        backup.nightly(home.store, home.home.backups, home.now, kept=2)
        purge(home.store, home.home, home.config.athlete(), "strava")
        wipe(home.store, home.home)
        assert holding(home.home.backups) != []
        for night in (1, 2):
            backup.nightly(home.store, home.home.backups, home.now + night * DAY, kept=2)
        assert holding(home.home.backups) == []


def test_the_days_that_are_kept_are_the_configs(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "strava") as home:
        home.strava.add(short_run(home.now - DAY), CANARY)
        home.until_done("strava")
        athlete = home.config.athlete()
        home.now += 6 * DAY
        assert purge_older(home.store, home.home, athlete, "strava", before_utc=home.now - 7 * DAY) == 0
        assert list(home.titles().values()) == [CANARY]
        home.now += 2 * DAY
        assert purge_older(home.store, home.home, athlete, "strava", before_utc=home.now - 7 * DAY) == 1
        assert purge_older(home.store, home.home, athlete, "strava", before_utc=home.now - 7 * DAY) == 0
        assert list(home.titles().values()) == [None]


def test_what_was_purged_does_not_come_back_with_the_next_listing(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "strava") as home:
        home.strava.add(short_run(home.now - DAY), CANARY)
        home.until_done("strava")
        home.now += 8 * DAY
        purge_older(home.store, home.home, home.config.athlete(), "strava", before_utc=home.now - 7 * DAY)
        for _ in range(3):
            home.now += DAY
            home.sync("strava", by_person=True)
        assert list(home.titles().values()) == [None]


def test_the_same_run_from_garmin_later_is_a_question(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "strava", "garmin") as home:
        start = home.now - DAY
        home.strava.add(short_run(start), CANARY)
        home.until_done("strava")
        home.now += 8 * DAY
        purge_older(home.store, home.home, home.config.athlete(), "strava", before_utc=home.now - 7 * DAY)
        home.garmin.add(short_run(start + timedelta(seconds=9)), "The watch's own")
        home.until_done("garmin")
        home.engine.refresh()
        assert sorted(home.titles().values(), key=str) == [None, "The watch's own"]
        [question] = home.store.fetch_all("questions", QuestionRow, athlete="runner")
        assert (question.kind, question.why) == ("same-run", "removed")
        yes = AnswerCard(card_id=f"same-run:{question.question_id}", answer="yes", typed_utc=home.now)
        assert home.engine.perform(yes).stored
        assert list(home.titles().values()) == ["The watch's own"]


def test_a_restore_does_not_bring_back_what_is_over(tmp_path: Path) -> None:
    """A backup of last week holds runs from Strava whose days have ended since: the real command leaves them out."""
    kept = tmp_path / "kept.tar"
    with linked_home(
        tmp_path / "home", "strava", "garmin", now=datetime.now(UTC).replace(tzinfo=None) - 8 * DAY
    ) as home:
        with_strava_and_garmin(home)
        backup.pack(home.store, home.home, kept)
        (run_id,) = (row.run_id for row in runs.runs(home.store, "runner") if row.sources == ["strava"])
    assert CANARY.encode() in kept.read_bytes()
    shell = Shell(tmp_path / "restored")
    assert shell("restore", kept).code == 0
    (restored,) = (run for run in shell("runs", "--json").json if run["id"] == run_id)
    assert (restored["removed"], restored["title"], restored["distance_m"]) == (True, None, None)
    assert holding(shell.home.root) == []
