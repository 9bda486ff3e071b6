"""The dashboard next to the daemon: a process of its own, on a free port, started again when it falls over."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from sync.errors import PersonMustAct
from sync.settings.config import Config
from sync.settings.listening import bind_address, own_address, page_url
from sync.settings.paths import DataDir

log = structlog.get_logger()
PORTS_TRIED = 100
UP_WITHIN_S = 60.0
END_WITHIN_S = 10.0
LONGEST_PAUSE_S = 300.0
OUTPUT_BYTES_AT_MOST = 2 * 1024 * 1024
WITHOUT_PROXY = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl._create_unverified_context())
)
"""A proxy of the surroundings knows nothing of this machine's own address, and a certificate names another one."""


def free_port(address: str, wanted: int) -> int:
    """``wanted`` or the next one that nobody listens on. Raises PersonMustAct when there is none near it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for port in range(wanted, min(wanted + PORTS_TRIED, 65_536)):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return port
    raise PersonMustAct("daemon.no_port", port=wanted)


def environment(home: DataDir, config_path: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What the page must know, and no Streamlit setting from elsewhere."""
    kept = {name: value for name, value in environ.items() if not name.startswith("STREAMLIT_")}
    return {**kept, "SPRINGSTEP_HOME": str(home.root), "SPRINGSTEP_CONFIG": str(config_path)}


class DashboardProcess:
    """``start`` returns once the page answers; call `look_after` now and then, and `stop` at the end."""

    def __init__(
        self,
        home: DataDir,
        config: Config,
        config_path: Path,
        environ: Mapping[str, str],
        *,
        port: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._home = home
        self._config = config
        self._environ = environment(home, config_path, environ)
        self._clock = clock
        self._sleep = sleep
        self._process: subprocess.Popen[bytes] | None = None
        self._falls = 0
        self._again_at_s = 0.0
        self.wanted_port = port or config.dashboard.port
        self.port = self.wanted_port

    @property
    def pid(self) -> int | None:
        """Of the running page; None when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def url(self) -> str:
        """Where this machine itself reaches it."""
        page = self._config.dashboard
        return page_url(own_address(page.address), self.port, https=page.certificate is not None).rstrip("/")

    def start(self, *, still_wanted: Callable[[], bool] = lambda: True) -> bool:
        """False when it did not come up in time; then it is tried again later."""
        self._spawn()
        end = self._clock() + UP_WITHIN_S
        while self._clock() < end and still_wanted():
            if self._process is None or self._process.poll() is not None:
                break
            if self.answers():
                return True
            self._sleep(0.1)
        return False

    def answers(self) -> bool:
        try:
            with WITHOUT_PROXY.open(f"{self.url}/_stcore/health", timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def look_after(self) -> None:
        """Starts it again after a fall, with growing pauses: a page that cannot start must not eat the machine."""
        if self._process is None or self._process.poll() is None:
            return
        now_s = self._clock()
        if self._again_at_s == 0.0:
            self._falls += 1
            pause_s = min(LONGEST_PAUSE_S, 2.0**self._falls)
            self._again_at_s = now_s + pause_s
            log.error("dashboard.ended", code=self._process.returncode, again_in_s=pause_s)
        elif now_s >= self._again_at_s:
            self._again_at_s = 0.0
            self._spawn()
            log.info("dashboard.started_again", port=self.port)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _spawn(self) -> None:
        # The same one again after a fall, unless someone took it meanwhile.
        self.port = free_port(bind_address(self._config.dashboard.address), self.port)
        command = [sys.executable, "-m", "dashboard", "--port", str(self.port), "--parent", str(os.getpid())]
        said = self._home.log / "dashboard.log"
        if said.exists() and said.stat().st_size > OUTPUT_BYTES_AT_MOST:
            said.replace(said.with_suffix(".log.1"))
        with said.open("ab") as out:
            # A group of its own: Ctrl-C reaches the daemon, and the daemon ends the page in order.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=self._environ,
                # A .streamlit folder where the person happens to stand could change settings: the home has none.
                cwd=self._home.root,
                start_new_session=True,
            )
