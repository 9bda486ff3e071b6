"""springstep as a person uses it: the real program in processes of its own, in a home of the test's own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sync.app.demo import fit_writer
from sync.service import lock
from sync.service.client import Client
from sync.settings.paths import DataDir
from tests import forked
from tests.factories_runs import run

PATIENCE_S = 90.0
"""Generous: a machine that is busy with other tests is slow, not wrong."""


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


InProcess = Callable[..., Said]
"""A command's words in, what it said out."""


class Shell:
    """``fresh``: each process is a new interpreter, which imports for itself what it needs (`tests/forked.py`)."""

    def __init__(self, home: Path, *, fresh: bool = False, **environ: str) -> None:
        self.home, self.fresh = DataDir(home), fresh
        self.environ = {**os.environ, "SPRINGSTEP_HOME": str(home), "PYTHONWARNINGS": "ignore", **environ}

    def __call__(self, *words: str | Path, typed: str | None = None) -> Said:
        stdin = subprocess.DEVNULL if typed is None else subprocess.PIPE
        with self._started(words, stdin=stdin, stderr=subprocess.PIPE) as process:
            try:
                out, err = process.communicate(typed, timeout=PATIENCE_S * 2)
            except BaseException:
                process.kill()
                raise
        return Said(process.returncode, out, err)

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        return self._started(words, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True)

    @contextmanager
    def daemon(self) -> Iterator[subprocess.Popen[str]]:
        """A running daemon that answers; it is stopped at the end if it still runs."""
        process = self.start("daemon")
        try:
            until(lambda: self.client().healthy() or process.poll() is not None)
            assert process.poll() is None, process.communicate()[0]
            yield process
        finally:
            stop(process)

    def client(self) -> Client:
        return Client(self.home, now=datetime.now, environ=self.environ)

    def owner(self) -> lock.Holder | None:
        return lock.holder(self.home.lock)

    def _started(self, words: Sequence[str | Path], **how: Any) -> subprocess.Popen[str]:
        return forked.start(
            "sync", [*map(str, words)], self.environ, fresh=self.fresh, stdout=subprocess.PIPE, text=True, **how
        )


def stop(process: subprocess.Popen[str], one: int = signal.SIGTERM) -> int:
    """Asks it to end and waits; gives its exit code."""
    if process.poll() is None:
        process.send_signal(one)
    try:
        process.communicate(timeout=45)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode


def until(holds: Callable[[], Any], patience_s: float = PATIENCE_S) -> None:
    end = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def write_runs(folder: Path, count: int) -> list[Path]:
    """FIT files of runs on different days, each with a start and a length of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for n in range(count):
        start = datetime(2026, 3, 1, 6, 30) + timedelta(days=n)
        base = run()
        assert base.file_id is not None
        recording = replace(
            base, start_utc=start, laps=(), steps=(), file_id=replace(base.file_id, time_created_utc=start)
        )
        path = folder / f"run{n:03}.fit"
        path.write_bytes(fit_writer.write(recording))
        made.append(path)
    return made
