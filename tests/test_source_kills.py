"""kill -9 at random moments of a backfill: nothing twice, nothing missing.

A child process runs the passes against a made-up Garmin in this process, and is killed outright: at a request, or a
random time after one, which falls into decoding, storing or labelling. Whoever comes next goes on.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from rules.measure.features import measure
from rules.text import load_language
from sync.app.demo.fake_garmin import FakeGarmin
from sync.app.demo.fake_service import Seen
from sync.app.demo.fit_writer import write
from sync.formats.read import read
from sync.formats.unwrap import Limits
from sync.sources.adapters.garmin import _garth
from sync.storage import runs
from sync.storage.database import Store
from tests.linked_home import MORNING, LinkedHome, short_run

EVERY = timedelta(hours=17)
REQUESTS_A_RUN = 6
"""At most, between two kills and for each run they leave to be fetched: two are needed, and a new start lists again."""


def in_child(work: Callable[[], None]) -> int:
    """Forked with everything imported already; no store is open in the parent."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return child


def warm_up() -> None:
    """Libraries and knowledge are loaded once, before the forks; no store is opened."""
    _garth()
    recording = short_run(MORNING)
    for leaf in read(write(recording), "a.fit", Limits()):
        assert leaf.recordings
    measure(recording, utc_offset_s=0)
    load_language("en")


def backfill(root: Path, fake: FakeGarmin) -> None:
    """What the daemon does, until there is nothing left."""
    home = LinkedHome(root, fakes={"garmin": fake})
    home.link("garmin", linked_utc="2026-03-20")
    home.until_done(most=10_000)
    home.store.close()


def killed_at_random(root: Path, count: int, kills: int, seed: int) -> tuple[list[str], int]:
    """The ids of the runs at the end, and how many kills really hit."""
    chance = random.Random(seed)
    fake = FakeGarmin(clock=lambda: MORNING)
    for number in range(count):
        fake.add(short_run(MORNING - timedelta(days=1) - EVERY * number), f"Run {number}")
    hit = 0
    warm_up()
    with fake:
        for kill in range(kills + 1):
            last = kill == kills
            child = in_child(lambda: backfill(root, fake))
            if not last:
                _kill_somewhere(fake, child, chance, most=max(6, REQUESTS_A_RUN * count // kills))
            _, status = os.waitpid(child, 0)
            fake.hooks.clear()
            hit += os.WIFSIGNALED(status)
            if last:
                assert os.waitstatus_to_exitcode(status) == 0
    with Store.open(root / "springstep.duckdb") as store:
        rows = runs.runs(store, "runner")
        assert {row.start_utc for row in rows} == {one.recording.start_utc for one in fake.activities.values()}
        assert all(row.sources == ["garmin"] for row in rows)
        assert all(len(row.recording_ids) == 2 for row in rows)
    return [row.run_id for row in rows], hit


def _kill_somewhere(fake: FakeGarmin, child: int, chance: random.Random, *, most: int) -> None:
    at, later_s = len(fake.log) + chance.randint(1, most), chance.choice([0.0, chance.uniform(0, 0.3)])

    def kill(_seen: Seen) -> None:
        if len(fake.log) >= at:
            fake.hooks.clear()
            time.sleep(later_s)
            os.kill(child, signal.SIGKILL)

    fake.hooks.append(kill)


@pytest.mark.timeout(2400)
@pytest.mark.parametrize("kills", [14, pytest.param(50, marks=pytest.mark.slow)])
def test_kills_leave_nothing_twice_and_nothing_missing(tmp_path: Path, kills: int) -> None:
    runs = kills // 2
    ids, hit = killed_at_random(tmp_path / "home", runs, kills, seed=7)
    assert (len(ids), len(set(ids))) == (runs, runs)
    assert hit >= runs


@pytest.mark.slow
@pytest.mark.timeout(6 * 3600)
def test_a_thousand_kills_in_a_backfill_of_two_thousand(tmp_path: Path) -> None:
    ids, hit = killed_at_random(tmp_path / "home", 2000, 1000, seed=11)
    assert (len(ids), len(set(ids))) == (2000, 2000)
    assert hit >= 500
