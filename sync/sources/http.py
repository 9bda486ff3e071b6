"""How a source's requests go out: one timeout for all, no silent retries, and the test server if one is set."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.util.retry import Retry

from sync.sources.redirect import TIMEOUT_S, redirected

USER_AGENT = "springstep/0.1 (a runner's own home server)"


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
