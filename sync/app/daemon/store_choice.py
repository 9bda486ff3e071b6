"""A daemon without a store: it answers what happened, waits for the runner's choice, and carries it out.

GET  /healthz             503, with the reason
GET  /v1/stamp            changes when the choice was made
GET  /metrics             up, and not healthy
POST /v1/orders/restore   {"path": …}: a copy or a backup becomes the store -> {"aside": where the unreadable one lies}
POST /v1/orders/start-empty

Everything else is refused with the choice, so a command that is typed goes to the outbox and a file stays in the inbox.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import structlog

from rules.text import load_language
from sync.app.daemon import api
from sync.app.daemon.notify_systemd import notify
from sync.errors import NoStore
from sync.service import lock, outbox
from sync.service.messages import render_error
from sync.settings.config import Config
from sync.settings.paths import DataDir
from sync.storage import backup
from sync.storage.open import no_store
from sync.wire.pages import HealthReport

LOOK_EVERY_S = 1.0
log = structlog.get_logger()


class Waiting:
    """What the socket knows while there is no store. Threads may call anything at any time."""

    def __init__(self, home: DataDir, config: Config, lost: NoStore) -> None:
        self.home = home
        self.config = config
        self._lost = lost
        self._seen = self._marks()
        self._choosing = threading.Lock()
        self._chosen = False
        self.stamp = f"{uuid4().hex[:8]}-choice"

    def lost(self) -> NoStore:
        """What happened, with the copies that are there now."""
        return no_store(self.home, why=self._lost.why or "missing", detail=self._lost.detail)

    def health(self) -> HealthReport:
        return HealthReport(checks=[f"store: {render_error(self._lost, load_language('en'))[0]}"], sources=[])

    def choose(self, what: Callable[[], Path | None]) -> Path | None:
        """One choice at a time; when it is made the daemon goes on with what is there then."""
        with self._choosing:
            aside = what()
            self._chosen = True
        return aside

    def is_over(self) -> bool:
        """A choice was made, or the file changed: a disk was mounted late, a copy was put there by hand."""
        with self._choosing:
            return self._chosen or self._marks() != self._seen

    def _marks(self) -> tuple[int, int, int] | None:
        try:
            found = self.home.database.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


class _Handler(api.Handler):
    def _get(self, waiting: Waiting, path: str, _params: dict[str, str]) -> tuple[str, bytes]:  # type: ignore[override]
        match path:
            case "/healthz":
                raise api.Unhealthy(waiting.health())
            case "/metrics":
                count = len(outbox.paths(waiting.home.outbox))
                lines = ("springstep_up 1", "springstep_healthy 0", f"springstep_outbox_waiting {count}")
                return "text/plain; version=0.0.4; charset=utf-8", ("\n".join(lines) + "\n").encode()
            case "/v1/stamp":
                return api.as_json({"stamp": waiting.stamp, "role": "waiting", "pid": os.getpid()})
        raise waiting.lost()

    def _post(self, waiting: Waiting, path: str, _params: dict[str, str]) -> tuple[str, bytes]:  # type: ignore[override]
        body = self.rfile.read(self.length(api.LARGEST_BODY))
        match path:
            case "/v1/orders/restore":
                file = Path(_path_in(body))
                aside = waiting.choose(lambda: backup.unpack(file, waiting.home))
            case "/v1/orders/start-empty":
                aside = waiting.choose(lambda: backup.start_empty(waiting.home))
            case _:
                raise waiting.lost()
        return api.as_json({"aside": None if aside is None else str(aside)})

    def _put(self, waiting: Waiting, _path: str, _params: dict[str, str]) -> tuple[str, bytes]:  # type: ignore[override]
        # Hear the sender out: one that is still sending meets a broken pipe instead of the answer.
        for _ in self._chunks(self.length(waiting.config.imports.max_archive_mb * 1024 * 1024)):
            pass
        raise waiting.lost()


def _path_in(body: bytes) -> str:
    try:
        return str(json.loads(body)["path"])
    except (ValueError, KeyError, TypeError):
        raise api.ApiRejection(HTTPStatus.UNPROCESSABLE_ENTITY, "api.no_path") from None


def wait_for_choice(
    home: DataDir,
    config: Config,
    lost: NoStore,
    doing: str,
    *,
    stop: threading.Event,
    environ: Mapping[str, str],
    on_waiting: Callable[[], None],
    on_each: Sequence[Callable[[], None]],
) -> None:
    """Returns when a choice was made or ``stop`` is set. Raises Held when another process owns the home."""
    log.error("store.choice_needed", why=lost.why, detail=lost.detail, copies=len(lost.copies))
    waiting = Waiting(home, config, lost)
    with (
        lock.acquire(home.lock, doing),
        api.serve(waiting, home.make_socket_path(environ), _Handler),
    ):
        notify("READY=1\nSTATUS=waiting for a choice: the store is " + str(lost.why), environ)
        on_waiting()
        while not stop.wait(LOOK_EVERY_S) and not waiting.is_over():
            for act in on_each:
                try:
                    act()
                except Exception:
                    log.exception("daemon.tick_failed")
