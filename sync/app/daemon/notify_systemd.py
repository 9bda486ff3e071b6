"""The few words systemd wants to hear: ready, alive, stopping."""

from __future__ import annotations

import socket
from collections.abc import Mapping

import structlog

log = structlog.get_logger()


def notify(state: str, environ: Mapping[str, str]) -> bool:
    """Sends e.g. ``READY=1`` to ``$NOTIFY_SOCKET``; False when nobody listens. Never raises."""
    address = environ.get("NOTIFY_SOCKET")
    if not address or address[0] not in "/@":
        return False
    if address[0] == "@":
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.connect(address)
            out.sendall(state.encode())
    except OSError as error:
        log.warning("systemd.not_heard", error=error.strerror)
        return False
    return True


def watchdog_s(environ: Mapping[str, str]) -> float | None:
    """Half of what systemd allows between two signs of life; None when it does not watch."""
    allowed = environ.get("WATCHDOG_USEC", "")
    return int(allowed) / 2_000_000 if allowed.isdigit() and int(allowed) else None
