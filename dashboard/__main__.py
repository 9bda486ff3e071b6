"""``python -m dashboard --port N``: the page in this process, its config and home named by the environment.

With ``--parent PID`` it ends when that process is gone, so that a daemon that was killed leaves no page behind.
"""

from __future__ import annotations

import argparse
import os
import signal
import threading
import time

from dashboard.context import settings

LOOK_EVERY_S = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m dashboard")
    parser.add_argument("--port", type=int)
    parser.add_argument("--parent", type=int)
    given = parser.parse_args()
    os.umask(0o077)
    config, _home = settings()
    if given.parent:
        threading.Thread(target=_end_with, args=(given.parent,), daemon=True).start()
    from dashboard.server import serve

    serve(config, given.port or config.dashboard.port)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
