"""What is ready in a watched folder: new or changed, no longer growing, neither hidden nor unfinished."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sync.app.daemon.inbox_watch import FileMark, marks, ready

S = 1_000_000_000
NOW = 1_000 * S
A = Path("/inbox/a.fit")
OLD = FileMark(10, NOW - 60 * S)


@pytest.mark.parametrize(
    ("why", "now", "before", "taken", "expected"),
    [
        ("seen for the first time: it may still be growing", OLD, None, None, False),
        ("the same at two looks", OLD, OLD, None, True),
        ("grew between two looks", FileMark(20, NOW - 60 * S), OLD, None, False),
        ("touched a second ago", FileMark(10, NOW - S), FileMark(10, NOW - S), None, False),
        (
            "written in the future by a wrong clock",
            FileMark(10, NOW + 9999 * S),
            FileMark(10, NOW + 9999 * S),
            None,
            True,
        ),
        ("taken before", OLD, OLD, OLD, False),
        ("changed since it was taken", OLD, OLD, FileMark(9, NOW - 90 * S), True),
    ],
)
def test_ready(why: str, now: FileMark, before: FileMark | None, taken: FileMark | None, *, expected: bool) -> None:
    found = ready({A: now}, {A: before} if before else {}, {A: taken} if taken else {}, now_ns=NOW, settle_s=3)
    assert bool(found) is expected, why


def test_only_plain_finished_files_are_seen_and_nothing_is_touched(tmp_path: Path) -> None:
    for name in ("run.fit", ".hidden.fit", "b.fit.part", "c.crdownload", "d~", "deep/e.gpx", ".git/f.fit"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe.fit")
    (tmp_path / "gone.fit").symlink_to(tmp_path / "nowhere")
    assert sorted(path.relative_to(tmp_path).as_posix() for path, _ in marks(tmp_path)) == ["deep/e.gpx", "run.fit"]
    assert list(marks(tmp_path / "not plugged in")) == []
