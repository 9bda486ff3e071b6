"""How a source's requests go out: one timeout for all, no silent retries, and the test server if one is set.

``[testing] redirect_garmin = "http://127.0.0.1:8899"`` sends everything meant for Garmin to that server. Only this very
machine is allowed: 127.0.0.1, ::1, or a unix socket (``unix:/path/to/socket``).
"""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.util.retry import Retry

from sync.errors import PersonMustAct

log = structlog.get_logger()

USER_AGENT = "springstep/0.1 (a runner's own home server)"
LOCAL_HOSTS = ("127.0.0.1", "::1")
TIMEOUT_S = 20.0


def checked(address: str, key: str) -> str:
    """``address`` if it is on this machine. Raises PersonMustAct with the config key's name."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc and "//" not in address:
        return address
    bare = parts.path in ("", "/") and not parts.query and parts.username is None and port is not None
    if parts.scheme == "http" and parts.hostname in LOCAL_HOSTS and bare:
        return address.rstrip("/")
    raise PersonMustAct("source.redirect_far", key=key, address=address)


def redirected(url: str, redirect: str) -> str:
    """``url`` at the test server; a unix socket has no address, so what is meant for it is called localhost."""
    parts = urlsplit(url)
    server = "http://localhost" if redirect.startswith("unix:") else redirect
    return server + parts.path + (f"?{parts.query}" if parts.query else "")


class Transport(HTTPAdapter):
    """The only way out: ``timeout_s`` where the caller gave none, and never a retry or a sleep of its own."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S, redirect: str | None = None) -> None:
        self.timeout_s = timeout_s
        self.redirect = redirect
        # Back-off is decided between sync runs, from what is stored; urllib3 would sleep a Retry-After in the call.
        super().__init__(max_retries=Retry(total=0, redirect=0, respect_retry_after_header=False))
        if redirect is not None and redirect.startswith("unix:"):
            self._unix = _UnixPool(urlsplit(redirect).path)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self.timeout_s
        if self.redirect is not None:
            request.headers["X-Real-Host"] = str(urlsplit(request.url or "").hostname)
            # A proxy from the environment must not see what is meant for this machine.
            kwargs["proxies"] = {}
            request.url = redirected(request.url or "", self.redirect)
        return super().send(request, *args, **kwargs)

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        if self.redirect is not None and self.redirect.startswith("unix:"):
            return self._unix
        return super().get_connection_with_tls_context(request, verify, proxies, cert)


class _UnixConnection(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._socket_path = path

    def _new_conn(self) -> socket.socket:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(TIMEOUT_S)
        made.connect(self._socket_path)
        return made


class _UnixPool(HTTPConnectionPool):
    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def _new_conn(self) -> Any:
        return _UnixConnection(self._path)


def session(*, timeout_s: float = TIMEOUT_S, redirect: str | None = None) -> requests.Session:
    """A session that goes out by `Transport` alone and says who it is.

    ``.netrc`` and proxies from the environment stay unread, and no answer can send it on to another host.
    """
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    made.headers["User-Agent"] = USER_AGENT
    transport = Transport(timeout_s=timeout_s, redirect=redirect)
    made.mount("https://", transport)
    if redirect is None:
        made.mount("http://", _Refuse())
    else:
        made.mount("http://", transport)
    return made


class _Refuse(HTTPAdapter):
    """Plain http would show a token to everyone on the way."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        raise requests.exceptions.InvalidSchema(urlsplit(request.url or "").hostname)


def announce(source: str, redirect: str | None) -> None:
    """Say loudly that this source talks to a test server."""
    if redirect is not None:
        log.warning("source.redirected", source=source, to=redirect)


def guard(*, source: str, redirect: str | None, test_server: bool) -> None:
    """Real credentials never go to a test server, and made-up ones never to the real service."""
    key = "redirect_real" if redirect is not None else "redirect_gone"
    if (redirect is not None) != test_server:
        raise PersonMustAct(f"source.{key}", source=source, name=source)
