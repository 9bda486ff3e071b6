"""A long import tells files done, runs found and the time left, also inside one archive and one stream."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

from sync.app.daemon.tasks import TaskProgress
from sync.app.demo.fit_writer import write
from sync.formats.read import members
from sync.formats.unwrap import Limits
from sync.progress import Arrived, BytesRead
from tests.linked_home import MORNING, linked_home, short_run
from tests.test_apple_health import WHOLE, export, pulse, workout


def test_the_share_of_several_files_grows_with_their_bytes() -> None:
    count = BytesRead(1000)
    shares = [count.share]
    count.begin(800)
    for read in (200, 400, 900):
        count.read(read)
        shares.append(count.share)
    count.begin(200)
    shares.append(count.share)
    count.twice()
    for _ in range(2):
        count.read(200)
        shares.append(count.share)
    assert shares == [0.0, 0.2, 0.6, 0.8, 0.8, 0.9, 1.0]


def test_the_time_left_comes_from_the_share_of_bytes() -> None:
    now = [0.0]
    progress = TaskProgress(threading.Event(), lambda: None, lambda: now[0])
    now[0] = 30.0
    progress(0, 1)
    progress.arrive(Arrived(1200, 300, 0.25))
    assert progress.left_s == 90.0


def test_an_archive_tells_each_of_its_files(tmp_path: Path) -> None:
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for day in range(8):
            start = MORNING.replace(day=1 + day)
            packed.writestr(f"activities/{day}.fit", write(short_run(start)))
            packed.writestr(f"media/{day}.jpg", os.urandom(100_000))
    told: list[Arrived] = []
    with linked_home(tmp_path / "home") as home:
        counts = home.engine.import_paths([archive], arrived=told.append)
    assert (counts.found, counts.runs) == (16, 8)
    assert sorted({(one.files, one.runs) for one in told}) == [(n, (n + 1) // 2) for n in range(17)]
    shares = [one.share for one in told]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert 0.3 < shares[len(shares) // 2] < 0.8


def test_a_stream_is_told_while_it_is_read_twice(tmp_path: Path) -> None:
    path = tmp_path / "Exportar.xml"
    path.write_text(export(*(pulse(5 * s, 140) for s in range(40_000)), workout()))
    count = BytesRead(path.stat().st_size)
    shares: list[float] = []
    count.moved = lambda: shares.append(count.share)
    count.begin(path.stat().st_size)
    (leaf,) = members(path, path.name, Limits(), count=count)
    assert leaf.recordings
    assert len(shares) >= 8
    assert shares == sorted(shares)
    assert 0.4 < shares[len(shares) // 2] < 0.7


def test_a_person_at_a_terminal_sees_files_runs_and_one_summary(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    for day in range(12):
        (folder / f"{day}.fit").write_bytes(write(short_run(MORNING.replace(day=1 + day))))
    (folder / "Export.xml").write_text(WHOLE)
    ours, theirs = pty.openpty()
    home = {**os.environ, "SPRINGSTEP_HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8"}
    ran = subprocess.Popen(
        [sys.executable, "-m", "sync", "import", str(folder)], stdout=subprocess.PIPE, stderr=theirs, env=home
    )
    os.close(theirs)
    shown = b""
    try:
        while block := os.read(ours, 65536):
            shown += block
    except OSError:  # How a terminal ends.
        pass
    out, _ = ran.communicate(timeout=60)
    os.close(ours)
    assert ran.returncode == 0
    assert b" files done, " in shown
    assert b" runs found" in shown
    assert out.decode().count("Files found") + out.decode().count("files found") <= 1
    assert "14" in out.decode()
