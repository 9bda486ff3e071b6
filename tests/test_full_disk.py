"""A disk that is full for a while: said in plain words, nothing stored before is lost, and no restart is needed."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from rules.text import load_language
from sync.errors import DISK_FULL, INTERNAL, NOT_ALLOWED, unforeseen
from sync.service.messages import error_text

WRITES = """
import os, resource, signal, sys
from datetime import datetime
from pathlib import Path
from sync.storage import housekeeping, typed
from sync.storage.database import Store
from sync.wire.commands import LogScore

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
store = Store.open(Path(sys.argv[1]), checkpoint="1MB")

def put(place):
    housekeeping.upsert_source_state(store, "ada", "garmin", place, os.urandom(100_000).hex())

put("before")
store.checkpoint()
limit = Path(sys.argv[1]).stat().st_size + 100_000
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
failed = 0
for n in range(10):
    try:
        put(f"meanwhile-{n}")
    except Exception:
        failed += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
put("after")
kept = housekeeping.source_state(store, "ada", "garmin")
print(failed > 0, "before" in kept, "after" in kept, store.fault)
store.close()
with Store.open(Path(sys.argv[1])) as again:
    print(kept == housekeeping.source_state(again, "ada", "garmin"), again.notices)
"""


def test_a_store_that_the_disk_refused_goes_on_as_soon_as_there_is_room(tmp_path: Path) -> None:
    """In the same process: a limit for files that is lifted again stands for the disk."""
    ran = subprocess.run(
        [sys.executable, "-c", WRITES, str(tmp_path / "a.duckdb")], capture_output=True, text=True, timeout=120
    )
    assert (ran.stdout.split("\n")[:2], ran.stderr[-400:]) == (["True True True None", "True ()"], "")


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "x"), RuntimeError("IO Error: No space left on device")])
def test_a_full_disk_is_told_in_words(error: Exception) -> None:
    try:
        try:
            raise error
        except Exception as first:
            raise ValueError("what came of it") from first
    except ValueError as last:
        told = unforeseen(last)
    assert told.code == DISK_FULL
    for language in ("en", "de"):
        assert "disk_full" not in error_text(told, load_language(language))
    assert unforeseen(ValueError("x")).code == INTERNAL
    refused = PermissionError(errno.EROFS, "Read-only file system", "/srv/home/lock")
    assert (unforeseen(refused).code, unforeseen(refused).values) == (NOT_ALLOWED, {"path": "/srv/home/lock"})
