"""Purging Strava: what came only from there goes from the whole home, what the runner typed and others told stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sync.opening import open_store
from sync.purge import purge, purge_older
from sync.store import runs, typed
from sync.wire import LogScore
from tests.linked_home import LinkedHome, linked_home, short_run

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
        foot_work = len(typed.prescriptions(home.store, "runner"))
        days = {row.day for row in runs.runs(home.store, "runner")}
        purge(home.store, home.home, home.config.athlete(), "strava")
        home.vault.remove("runner", "strava")
        home.engine.refresh()
        home.store.close()
        home.store = open_store(home.home, home.config, read_only=False)
        rows = {row.start_utc: row for row in runs.runs(home.store, "runner")}
        assert {row.day for row in rows.values()} == days
        only, both = rows[home.now - DAY], rows[home.now - 2 * DAY]
        assert (only.removed, only.title, only.distance_m, only.gear, only.mean_heart_rate_bpm) == (
            True, None, None, None, None
        )  # fmt: skip
        assert (both.removed, both.title, both.distance_m) == (False, "Garmin's own title", 5370.0)
        assert len(typed.diary(home.store, "runner")) == 1
        assert len(typed.prescriptions(home.store, "runner")) >= foot_work > 0
        assert not home.home.compact_note.exists()
        home.store.checkpoint()
        assert holding(home.root) == []


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


def test_the_same_run_from_garmin_later_is_the_same_run(tmp_path: Path) -> None:
    with linked_home(tmp_path / "home", "strava", "garmin") as home:
        start = home.now - DAY
        home.strava.add(short_run(start), CANARY)
        home.until_done("strava")
        home.now += 8 * DAY
        purge_older(home.store, home.home, home.config.athlete(), "strava", before_utc=home.now - 7 * DAY)
        home.garmin.add(short_run(start + timedelta(seconds=9)), "The watch's own")
        home.until_done("garmin")
        assert list(home.titles().values()) == ["The watch's own"]
