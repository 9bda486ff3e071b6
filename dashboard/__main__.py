"""``python -m dashboard --port N``: the page in this process, its config and home named by the environment.

With ``--parent PID`` it ends when that process is gone, so that a daemon that was killed leaves no page behind.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time

from dashboard.context import now_utc, settings, words_of
from sync.errors import PersonMustAct
from sync.service.set_up_code import SetUpNotice, new_code_text
from sync.settings.config import Config
from sync.settings.interfaces import urls_of
from sync.settings.page_note import PageNote, write_page_note
from sync.settings.paths import DataDir

LOOK_EVERY_S = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m dashboard")
    parser.add_argument("--port", type=int)
    parser.add_argument("--parent", type=int)
    parser.add_argument("--say-code", action="store_true")
    given = parser.parse_args()
    os.umask(0o077)
    config, home = settings()
    if given.parent:
        threading.Thread(target=_end_with, args=(given.parent,), daemon=True).start()
    from dashboard.server import serve

    port = given.port or config.dashboard.port
    write_page_note(home, PageNote(config.dashboard.address, port, urls_of(config, port)))
    if given.say_code:
        threading.Thread(target=_say_codes, args=(config, home, port), daemon=True).start()
    serve(config, port)


def _say_codes(config: Config, home: DataDir, port: int) -> None:
    """Where this process is the one that was started, it is the one that says how the first browser comes in."""
    language = words_of(config.first).language
    notice = SetUpNotice(
        lambda: settings()[0],
        home,
        now_utc,
        lambda at_utc: new_code_text(settings()[0], home, at_utc, language, urls_of(config, port)),
        lambda text: print(text, file=sys.stderr, flush=True),  # noqa: T201 - said by the process that serves
    )
    notice.begin()
    while True:
        time.sleep(LOOK_EVERY_S)
        try:
            notice.look_after()
        except PersonMustAct:
            continue  # a config that cannot be read lets nobody in


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
