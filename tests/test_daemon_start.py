"""What a start of the daemon does once, in this process with the machine's clock."""

from __future__ import annotations

import threading
from pathlib import Path

from sync.app.cli.command import now_utc
from sync.app.daemon.app import App
from sync.app.daemon.daemon import run_daemon
from sync.service.queries import QUERIES
from sync.settings.config import Config
from sync.settings.paths import DataDir


def test_the_first_start_works_today_out_once(tmp_path: Path) -> None:
    asked: list[str] = []
    stop = threading.Event()

    def counting(app: App) -> list[object]:
        def today(context: object, params: object) -> object:
            asked.append("today")
            return QUERIES["today"](context, params)  # type: ignore[arg-type]

        app.questions = {**QUERIES, "today": today}  # type: ignore[dict-item]
        return []

    def wait() -> None:
        threading.Timer(2.5, stop.set).start()

    home = DataDir(tmp_path / "home")
    run_daemon(
        home, Config(), now=now_utc, stop=stop, environ={}, more_jobs=counting,  # type: ignore[arg-type]
        on_ready=lambda _app: wait(),
    )  # fmt: skip
    assert asked == ["today"]
