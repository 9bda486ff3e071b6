"""The real daemon with the machine's own clock: it asks a linked source by itself, also when summer time ends."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sync.app.demo.fake_garmin import KEY, FakeGarmin
from sync.wire.pages import SourceLine
from tests.linked_home import short_run
from tests.shell import Shell, until, write_runs

WITHIN_S = 60.0
CONFIG = '[athlete]\nid = "runner"\ntime_zone = "Europe/Berlin"\n[testing]\nredirect_garmin = "{url}"\n'


def now_utc() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


@pytest.fixture
def garmin() -> Iterator[FakeGarmin]:
    made = FakeGarmin(clock=lambda: datetime.now(UTC).replace(tzinfo=None))
    made.start()
    for day in (1, 2, 3):
        made.add(short_run(now_utc() - timedelta(days=day)), f"Run {day}")
    yield made
    made.stop()


@pytest.fixture
def shell(home: Path, garmin: FakeGarmin) -> Shell:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "config.toml").write_text(CONFIG.format(url=garmin.url))
    return Shell(home)


def link(shell: Shell, key: str) -> None:
    said = shell("link", "garmin", typed=f"1\n{key}\n")
    assert said.code == 0, said.err


def runs(shell: Shell) -> int:
    return len(shell.client().runs(limit=500).runs)


def line(shell: Shell) -> SourceLine:
    return next(line for line in shell.client().status().sources if line.source == "garmin")


@pytest.mark.timeout(300)
def test_a_source_linked_while_the_daemon_runs_brings_its_runs_by_itself(shell: Shell) -> None:
    with shell.daemon():
        link(shell, KEY)
        until(lambda: runs(shell) == 3, WITHIN_S)
        assert line(shell).state == "ok"


@pytest.mark.timeout(300)
def test_a_new_key_after_a_refused_one_is_used_by_itself(shell: Shell, garmin: FakeGarmin) -> None:
    link(shell, KEY)
    garmin.key = f"{KEY}-new"
    garmin.end_tokens()
    with shell.daemon():
        until(lambda: line(shell).state == "act", WITHIN_S)
        assert runs(shell) == 0
        link(shell, garmin.key)
        until(lambda: runs(shell) == 3, WITHIN_S)
        assert line(shell).state == "ok"


def zone_whose_summer_ends(at_utc: datetime) -> str:
    """A zone for TZ, two hours ahead in summer and one in winter, whose clocks go back at that instant."""
    wall = at_utc + timedelta(hours=2)
    return f"WIN-1SUM-2,0/0,{wall.timetuple().tm_yday - 1}/{wall:%H:%M:%S}"


@pytest.mark.timeout(300)
def test_the_end_of_summer_time_stops_no_job(home: Path, tmp_path: Path) -> None:
    """The machine's own zone: the clocks go back while the daemon runs, and the inbox is read as before."""
    (home / "config.toml").write_text("[inbox]\nscan_seconds = 1\nsettle_seconds = 0\n")
    first, second = write_runs(tmp_path / "runs", 2)
    # A busy machine may need longer than the first time until the daemon has read a file.
    for lead_s in (12, 60):
        ends_utc = now_utc() + timedelta(seconds=lead_s)
        shell = Shell(home, TZ=zone_whose_summer_ends(ends_utc))
        with shell.daemon():
            inbox = Path(shell.client().status().inbox)
            shutil.copy(first, inbox)
            until(lambda: runs(shell) == 1, WITHIN_S)  # noqa: B023
            if now_utc() >= ends_utc:
                continue
            while now_utc() <= ends_utc + timedelta(seconds=2):
                time.sleep(0.1)
            shutil.copy(second, inbox)
            until(lambda: runs(shell) == 2, WITHIN_S)  # noqa: B023
            return
    raise AssertionError("the daemon read no file before its clocks went back")
