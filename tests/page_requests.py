"""Requests to the running page with exactly the headers of a test: what browsers would never send as well."""

from __future__ import annotations

import base64
import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True)
class PageAnswer:
    status: int
    headers: Mapping[str, str]
    body: str
    cookies: tuple[str, ...]


@dataclass
class Caller:
    """One browser's cookies on one address of the page."""

    port: int
    host: str = "127.0.0.1"
    """Where the connection goes to; the ``Host`` header says the same unless a request has its own."""
    jar: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    def ask(
        self, method: str, path: str, body: str = "", *, headers: Mapping[str, str | None] | None = None
    ) -> PageAnswer:
        """``headers`` with None leave a usual one out."""
        usual: dict[str, str | None] = {"Host": f"{self.host}:{self.port}", "Accept": "text/html"}
        if self.jar:
            usual["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        if method not in ("GET", "HEAD"):
            usual |= {"Origin": self.origin, "Content-Type": "application/x-www-form-urlencoded"}
            usual["Content-Length"] = str(len(body.encode()))
        sent = {name: value for name, value in {**usual, **(headers or {})}.items() if value is not None}
        wire = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            wire.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                wire.putheader(name, value)
            wire.endheaders(body.encode() or None)
            answer = wire.getresponse()
            text = "" if answer.status == 101 else answer.read().decode("utf-8", "replace")
            cookies = tuple(answer.headers.get_all("set-cookie") or ())
        finally:
            wire.close()
        for one in cookies:
            found = re.match(r'([^=]+)=("?)([^";]*)\2', one)
            assert found is not None
            if found[3] and "Max-Age=0" not in one:
                self.jar[found[1]] = found[3]
            else:
                self.jar.pop(found[1], None)
        return PageAnswer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text, cookies)

    def get(self, path: str, **headers: str | None) -> PageAnswer:
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, fields: Mapping[str, str], **headers: str | None) -> PageAnswer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, urlencode(fields), headers=given)

    def join(self, path: str = "/_stcore/stream", **headers: str | None) -> int:
        """The status with which a websocket is answered; 101 lets it in."""
        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(b"sixteen bytes ok").decode(),
            "Origin": self.origin,
        }
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("GET", path, headers={**upgrade, **given}).status
