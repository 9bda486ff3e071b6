"""Which test server a source's requests go to, if one is set.

``[testing] redirect_garmin = "http://127.0.0.1:8899"`` sends everything meant for Garmin to that server. Only this very
machine is allowed: 127.0.0.1, ::1, or a unix socket (``unix:/path/to/socket``). Apart from `sync.sources.http`, since
each command asks for the sources and few of them send anything.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog

from sync.errors import PersonMustAct

log = structlog.get_logger()

LOCAL_HOSTS = ("127.0.0.1", "::1")
TIMEOUT_S = 20.0
"""Of one request, where nobody says otherwise."""


def on_this_machine(address: str, key: str) -> str:
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


def announce(source: str, redirect: str | None) -> None:
    """Say loudly that this source talks to a test server."""
    if redirect is not None:
        log.warning("source.redirected", source=source, to=redirect)


def guard(*, source: str, redirect: str | None, test_server: bool) -> None:
    """Real credentials never go to a test server, and made-up ones never to the real service."""
    key = "redirect_real" if redirect is not None else "redirect_gone"
    if (redirect is not None) != test_server:
        raise PersonMustAct(f"source.{key}", source=source, name=source)
