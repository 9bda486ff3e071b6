"""A real HTTP server on loopback that plays a service and can be told to misbehave.

``FakeService`` answers through ``respond(seen)``, keeps a log of every request, and first consults its ``faults``: each
matches by a part of the path and is used ``times`` times. The services themselves are subclasses.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

HTML = b"<!DOCTYPE html><html><body><h1>Please wait</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived; ``host`` is the service's own name, not loopback."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(value).encode(), headers={k.replace("_", "-"): v for k, v in headers.items()})


def as_text(value: str, status: int = 200) -> Answer:
    return Answer(status, value.encode(), "text/plain")


@dataclass(slots=True)
class Fault:
    """What goes wrong at paths that contain ``path``, ``times`` times after ``after`` good answers.

    ``status`` answers that code with ``headers`` and ``body``; ``html`` answers 200 with a page; ``garbage`` half a
    JSON; ``stall`` sends headers and then nothing for ``stall_s``; ``drop`` closes the connection in mid-body;
    ``repeat`` says every list item twice; ``reorder`` turns the list round; ``shorten`` keeps the first ``keep`` items.
    """

    path: str
    kind: Literal["status", "html", "garbage", "stall", "drop", "repeat", "reorder", "shorten"] = "status"
    times: int = 1
    after: int = 0
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    stall_s: float = 5.0
    keep: int = 0


class FakeService:
    """Subclasses answer ``respond``; use as a context manager or call ``start`` and ``stop``."""

    def __init__(self) -> None:
        self.log: list[Seen] = []
        self.faults: list[Fault] = []
        self.lock = threading.RLock()
        self.over = threading.Event()
        self.hooks: list[Callable[[Seen], None]] = []
        """Called before each answer: change an item under way, stop a process, move a clock."""
        self.edits: list[Callable[[Seen, Any], Any]] = []
        """Each makes another value of a JSON answer: what the service says otherwise than it was recorded."""
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self._socket: Path | None = None

    def respond(self, seen: Seen) -> Answer:
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"unix:{self._socket}" if self._socket is not None else f"http://127.0.0.1:{self._port}"

    def start(self, port: int = 0, *, at: Path | None = None) -> str:
        """Serve on ``port`` (0: any free one; after ``stop`` the same one again), or on a unix socket ``at`` a path.

        Returns the address as the config takes it.
        """
        service = self

        class Handler(_Handler):
            fake = service

        self.over.clear()
        self._socket = at
        if at is not None:
            self._server = _UnixServer(str(at), Handler)  # type: ignore[arg-type]
        else:
            self._server = _Server(("127.0.0.1", port or self._port), Handler)
            self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self.url

    def stop(self) -> None:
        self.over.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> FakeService:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def asked(self, part: str = "") -> list[Seen]:
        """The requests whose path contains ``part``."""
        return [seen for seen in self.log if part in seen.path]

    def forget(self) -> None:
        self.log.clear()

    def fault_for(self, seen: Seen) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.path in seen.path and fault.times > 0:
                    if fault.after > 0:
                        fault.after -= 1
                        continue
                    fault.times -= 1
                    return fault
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is part of the play."""


class _UnixServer(_Server):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        # HTTPServer's own would ask for a host and a port.
        TCPServer.server_bind(self)


class _Handler(BaseHTTPRequestHandler):
    fake: FakeService
    protocol_version = "HTTP/1.1"
    # Head and body leave together: TCP would hold the body back until the head is acknowledged, 40 ms an answer.
    wbufsize = -1

    def log_message(self, *_: Any) -> None:
        pass

    def _handle(self) -> None:
        split = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        seen = Seen(
            method=self.command,
            host=self.headers.get("X-Real-Host") or self.headers.get("Host") or "",
            path=split.path,
            query={name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()},
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        with self.fake.lock:
            self.fake.log.append(seen)
        for hook in tuple(self.fake.hooks):
            hook(seen)
        fault = self.fake.fault_for(seen)
        if fault is not None and fault.kind == "status":
            self._send(Answer(fault.status, fault.body, headers=fault.headers))
            return
        if fault is not None and fault.kind == "html":
            self._send(Answer(200, HTML, "text/html"))
            return
        with self.fake.lock:
            answer = self.fake.respond(seen)
        if self.fake.edits and answer.content_type == "application/json" and answer.body:
            value = json.loads(answer.body)
            for edit in tuple(self.fake.edits):
                value = edit(seen, value)
            answer = replace(answer, body=json.dumps(value).encode())
        if fault is None:
            self._send(answer)
        else:
            self._misbehave(fault, answer)

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _misbehave(self, fault: Fault, answer: Answer) -> None:
        match fault.kind:
            case "garbage":
                self._send(Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type))
            case "stall":
                self._head(answer, len(answer.body))
                self.wfile.flush()
                self.fake.over.wait(fault.stall_s)
                self.close_connection = True
            case "drop":
                self._head(answer, len(answer.body))
                self.wfile.write(answer.body[: len(answer.body) // 2])
                self.wfile.flush()
                self.close_connection = True
            case _:
                self._send(Answer(answer.status, _lie(fault, answer.body), answer.content_type, answer.headers))

    def _head(self, answer: Answer, length: int) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send(self, answer: Answer) -> None:
        if answer.status == 204:
            self.send_response(204)
            self.end_headers()
            return
        self._head(answer, len(answer.body))
        self.wfile.write(answer.body)


def _lie(fault: Fault, body: bytes) -> bytes:
    items = json.loads(body)
    if not isinstance(items, list):
        return body
    match fault.kind:
        case "repeat":
            items = [item for item in items for _ in (1, 2)]
        case "reorder":
            items = items[::-1]
        case "shorten":
            items = items[: fault.keep]
        case _:
            pass
    return json.dumps(items).encode()
