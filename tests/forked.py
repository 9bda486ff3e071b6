"""A process of springstep that need not wait for its imports: it is forked off one that did them and nothing else.

What comes off is a process like any other. It has a pid, surroundings, files and an exit code of its own, takes
signals, and runs `python -m MODULE` from the first line to the interpreter's end. Imports are most of what a short
command costs, and the tests start hundreds. That the program imports for itself all that it needs is seen where a test
asks for a fresh interpreter: `Shell(home, fresh=True)`.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import selectors
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGES = {"sync": ("rules", "sync"), "dashboard": ("rules", "sync", "dashboard")}
"""What `python -m` may be asked for, and what it is made of."""
ACT_WHEN_IMPORTED = ("sync.__main__", "dashboard.__main__", "dashboard.asgi", "dashboard.app", "dashboard.front.script")
"""They begin what their process is for, or read its settings."""
TAKEN_IN_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "MALLOC_", "OPENBLAS_", "OMP_", "STREAMLIT_")
"""An interpreter or a library looks once, when it starts, at what the surroundings say under these names."""
MESSAGE_BYTES = 1 << 18


def start(
    module: str, words: Sequence[str], env: Mapping[str, str], *, fresh: bool = False, **how: Any
) -> subprocess.Popen[Any]:
    """`python -m MODULE WORDS`; ``how`` is what `subprocess.Popen` takes: its three streams and its own session."""
    if fresh or "PYTHONPATH" in env:
        return subprocess.Popen([sys.executable, "-m", module, *words], env=dict(env), **how)
    return _Forked(module, words, env, **how)


class _Forked(subprocess.Popen[Any]):
    """Its parent is another process, which tells how it ended."""

    def __init__(self, module: str, words: Sequence[str], env: Mapping[str, str], **how: Any) -> None:
        self._ended_fd, self._module = -1, module
        super().__init__([module, *words], env=dict(env), **how)

    def _execute_child(  # type: ignore[override, no-untyped-def]
        self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell,
        p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, *more,
    ) -> None:  # fmt: skip
        start_new_session = more[5]
        streams = [own if own != -1 else usual for own, usual in ((p2cread, 0), (c2pwrite, 1), (errwrite, 2))]
        self._ended_fd, tells = os.pipe()
        ask = {"args": args, "env": env, "cwd": os.getcwd(), "own_session": start_new_session}
        at_start = tuple(sorted((name, env[name]) for name in env if name.startswith(TAKEN_IN_AT_START)))
        self.pid = _parent(self._module, at_start).fork(json.dumps(ask).encode(), [*streams, tells])
        self._child_created = True
        os.close(tells)
        self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._ended_fd], [], [], 0)[0]:
            self.returncode = int(os.read(self._ended_fd, 20))
            os.close(self._ended_fd)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None and not select.select([self._ended_fd], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        ended = self.poll()
        assert ended is not None
        return ended


class _Parent:
    """The test's end of the process that forks."""

    def __init__(self, module: str, at_start: tuple[tuple[str, str], ...]) -> None:
        self._turn = threading.Lock()
        self._line, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for way in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            self._line.setsockopt(socket.SOL_SOCKET, way, MESSAGE_BYTES)
        env = {name: value for name, value in os.environ.items() if not name.startswith(TAKEN_IN_AT_START)}
        with its:
            self.process = subprocess.Popen(
                [sys.executable, __file__, str(its.fileno()), module],
                env=env | dict(at_start), pass_fds=[its.fileno()], cwd=ROOT, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def fork(self, ask: bytes, descriptors: list[int]) -> int:
        with self._turn:
            socket.send_fds(self._line, [ask], descriptors)
            said = self._line.recv(20)
        assert said, "the process that forks has ended: what it wrote to stderr says why"
        return int(said)


@cache
def _parent(module: str, at_start: tuple[tuple[str, str], ...]) -> _Parent:
    return _Parent(module, at_start)


# --- what runs in the process that forks ----------------------------------------------------------


def _import_all(module: str) -> None:
    if module == "sync":
        from sync.app.cli import main

        main._leave_out_what_is_slow()
    for package in PACKAGES[module]:
        for one in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if one.name not in ACT_WHEN_IMPORTED:
                importlib.import_module(one.name)
    import duckdb

    # It opens a store in memory when it is imported, with threads that no fork takes along.
    duckdb.execute("SET threads = 1")


def _serve(line: socket.socket) -> dict[str, Any]:
    """Forks whenever it is asked to. Returns in the child alone, with what that is to do."""
    looks = selectors.DefaultSelector()
    looks.register(line, selectors.EVENT_READ)
    while True:
        for key, _ in looks.select():
            if key.fileobj is not line:
                pid, tells = key.data
                looks.unregister(key.fileobj)
                os.close(key.fd)
                os.write(tells, str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
                os.close(tells)
                continue
            said, descriptors, _, _ = socket.recv_fds(line, MESSAGE_BYTES, 4)
            if not said:
                os._exit(0)
            with warnings.catch_warnings():
                # Python 3.12 warns of threads: those of libraries that know what to do when a process forks.
                warnings.simplefilter("ignore", DeprecationWarning)
                pid = os.fork()
            if not pid:
                # Not left to the search for garbage, which would close what has the same number by then.
                looks.close()
                line.close()
                return json.loads(said) | {"streams": descriptors[:3]}
            for stream in descriptors[:3]:
                os.close(stream)
            looks.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, descriptors[3]))
            line.send(str(pid).encode())


def _become(ask: dict[str, Any]) -> None:
    """What an interpreter that was just started by the test would have."""
    for number, stream in enumerate(ask["streams"]):
        os.dup2(stream, number)
    os.closerange(3, 1024)
    if ask["own_session"]:
        os.setsid()
    os.chdir(ask["cwd"])
    os.environ.clear()
    os.environ.update(ask["env"])
    time.tzset()


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    _module = sys.argv[2]
    _import_all(_module)
    gc.collect()
    gc.freeze()
    _ask = _serve(socket.socket(fileno=int(sys.argv[1])))
    _become(_ask)
    sys.argv = [_module, *_ask["args"][1:]]
    runpy.run_module(_module, run_name="__main__", alter_sys=True)
