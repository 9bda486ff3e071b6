"""One call over the owner's socket: the connection, and what a refused answer means."""

from __future__ import annotations

import http.client
import json
import os
import socket
from pathlib import Path

from sync.errors import Bug, CodedText, NoStore, PersonMustAct, TryLater, Unknown


class SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("springstep", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(os.fsencode(self._path))


def refusal_of(status: int, body: bytes) -> Exception:
    """The error of an answer. One of an older daemon has no code: its sentence stands as it is."""
    try:
        said = json.loads(body)
        says, do, kind = str(said["says"]), said.get("do"), said["error"]
    except (ValueError, KeyError, TypeError):
        return TryLater("service.answered_error", status=status)
    coded = CodedText.from_json(said) or CodedText.rendered(says, do)
    match kind:
        case "no-store":
            known = {name: said[name] for name in ("why", "detail", "originals")}
            return NoStore(coded.code, **{**coded.values, **known, "copies": tuple(said["copies"])})
        case "try-later":
            return TryLater.of(coded)
        case "unknown":
            return Unknown.of(coded)
        case "bug":
            return Bug.of(coded)
        case _ if status == 503:
            return TryLater.of(coded)
        case _:
            return PersonMustAct.of(coded)
