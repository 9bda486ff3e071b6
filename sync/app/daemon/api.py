"""The daemon's API on a unix socket: named questions, typed commands, and tasks. Never SQL.

GET  /v1/<question>?…          the answer as JSON; ``athlete`` names the runner
POST /v1/commands              one typed command -> Receipt
POST /v1/orders/<name>         starts a task: import | sync | rebuild … -> Task
POST /v1/calls/<name>          answered at once and stored nowhere on its way: settings, a key for the vault
GET  /v1/works/<id>            Task
PUT  /v1/upload?name=…         a file into the runner's inbox -> Task
GET  /v1/stamp                 {"stamp": …}: changes whenever a page may show something else
GET  /healthz                  HealthReport: 503 when the daemon stands still, or the store, a page or a source fails
GET  /metrics                  Prometheus' text format
"""

from __future__ import annotations

import json
import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import structlog
from pydantic import BaseModel, ValidationError

from rules.text import Language, load_language
from sync.app.daemon.app import App
from sync.app.daemon.health import health
from sync.app.daemon.metrics import metrics
from sync.errors import DISK_FULL, CodedText, NoStore, PersonMustAct, TryLater, Unknown, unforeseen
from sync.service import upload
from sync.service.messages import choice_text, render_error
from sync.service.outbox import COMMANDS
from sync.wire.pages import HealthReport

LARGEST_BODY = 4 * 1024 * 1024
CHUNK = 256 * 1024
log = structlog.get_logger()


class ApiRejection(Exception):
    """Ends a request with a status and a reason."""

    def __init__(self, status: HTTPStatus, code: str, /, **values: Any) -> None:
        super().__init__(code)
        self.status = status
        self.coded = CodedText(code, values)


class Unhealthy(ApiRejection):
    """The answer of ``/healthz`` when something is wrong: the whole of it, with the sentence that every refusal has."""

    def __init__(self, found: HealthReport) -> None:
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, "api.unhealthy", found="; ".join(found.checks))
        self.found = found


class Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10.0
    athlete: str | None = None
    """A client that stops talking half-way must not hold up the end."""

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def do_PUT(self) -> None:
        self._answer(self._put)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        log.debug("api.request", line=format % args)

    def address_string(self) -> str:
        return "socket"

    def _answer(self, act: Any) -> None:
        status, kind, body = HTTPStatus.OK, "application/json", b""
        params = self._params()
        self.athlete = params.get("athlete")
        try:
            kind, body = act(self.server.app, urlsplit(self.path).path, params)
        except Unhealthy as failing:
            # The kind of error is named as it was before `status`; it goes with the next release.
            body = self._error("ill", failing.coded, **failing.found.model_dump(mode="json"))
            status = failing.status
        except ApiRejection as refused:
            status, body = refused.status, self._error("refused", refused.coded)
        except NoStore as error:
            status, body = HTTPStatus.SERVICE_UNAVAILABLE, self._no_store(error)
        except TryLater as error:
            status, body = HTTPStatus.SERVICE_UNAVAILABLE, self._error("try-later", error.coded)
        except Unknown as error:
            status, body = HTTPStatus.NOT_FOUND, self._error("unknown", error.coded)
        except PersonMustAct as error:
            status, body = HTTPStatus.CONFLICT, self._error("person-must-act", error.coded)
        except ValidationError as error:
            mistakes = CodedText("api.wrong_body", {"mistakes": _mistakes(error)})
            status, body = HTTPStatus.UNPROCESSABLE_ENTITY, self._error("wrong", mistakes)
        except (ConnectionError, TimeoutError):
            self.close_connection = True
            return
        except Exception as error:
            log.exception("api.failed", path=urlsplit(self.path).path)
            told = unforeseen(error)
            full = told.code == DISK_FULL
            status = HTTPStatus.SERVICE_UNAVAILABLE if full else HTTPStatus.INTERNAL_SERVER_ERROR
            body = self._error("try-later" if full else "bug", told)
        self._send(status, kind, body)

    def _error(self, kind: str, error: CodedText, **more: Any) -> bytes:
        """The code and its values, and both sentences in the language of the athlete who asks."""
        says, do = render_error(error, self._language())
        return json.dumps({**more, "error": kind, **error.to_json(), "says": says, "do": do}).encode()

    def _no_store(self, error: NoStore) -> bytes:
        known = {"why": error.why, "detail": error.detail, "copies": error.copies, "originals": error.originals}
        return self._error("no-store", error.coded, choice=choice_text(error, self._language()), **known)

    def _language(self) -> Language:
        """That of the athlete who asks; a name that the config does not know gets the first one's."""
        config = self.server.app.config
        try:
            return load_language(config.athlete(self.athlete).language)
        except PersonMustAct:
            return load_language(config.first.language)

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (ConnectionError, TimeoutError):
            # A client that gave up: its command is stored all the same, and its copy in the outbox does no harm.
            log.debug("api.client_left")

    def _params(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    def _get(self, app: App, path: str, params: dict[str, str]) -> tuple[str, bytes]:
        match [unquote(part) for part in path.strip("/").split("/")]:
            case ["healthz"]:
                found = health(app)
                if found.status != "ok":
                    raise Unhealthy(found)
                return model(found)
            case ["metrics"]:
                return "text/plain; version=0.0.4; charset=utf-8", metrics(app).encode()
            case ["v1", "stamp"]:
                return as_json({"stamp": app.etag, "role": app.role, "pid": os.getpid()})
            case ["v1", "works", work_id]:
                return model(app.tasks.get(work_id))
            case ["v1", question]:
                athlete = params.pop("athlete", None)
                return model(app.ask(question, params, athlete=athlete))
        raise ApiRejection(HTTPStatus.NOT_FOUND, "api.nothing_here", path=path)

    def _post(self, app: App, path: str, _params: dict[str, str]) -> tuple[str, bytes]:
        body = self.rfile.read(self.length(LARGEST_BODY))
        match path.strip("/").split("/"):
            case ["v1", "commands"]:
                command = COMMANDS.validate_json(body)
                self.athlete = command.athlete
                return model(app.perform(command))
            case ["v1", "calls", name]:
                self.athlete = _athlete_in(body)
                return model(app.call(name, body))
            case ["v1", "orders", name]:
                self.athlete = _athlete_in(body)
                return model(app.start_requested(name, body))
        raise ApiRejection(HTTPStatus.NOT_FOUND, "api.nothing_here", path=path)

    def _put(self, app: App, path: str, params: dict[str, str]) -> tuple[str, bytes]:
        if path != "/v1/upload":
            # Hear the sender out: one that is still sending meets a broken pipe instead of the answer.
            self.rfile.read(self.length(LARGEST_BODY))
            raise ApiRejection(HTTPStatus.NOT_FOUND, "api.nothing_here", path=path)
        length = self.length(app.config.imports.max_archive_mb * 1024 * 1024)
        athlete = app.config.athlete(params.get("athlete"))
        stored = upload.put(app.home.inbox(athlete.id), params.get("name", ""), self._chunks(length))
        return model(app.import_upload(stored, athlete))

    def length(self, at_most: int) -> int:
        given = self.headers.get("Content-Length", "")
        if not given.isdigit():
            raise ApiRejection(HTTPStatus.LENGTH_REQUIRED, "api.no_length")
        if int(given) > at_most:
            raise ApiRejection(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "api.too_large", mb=at_most >> 20)
        return int(given)

    def _chunks(self, length: int) -> Iterator[bytes]:
        while length:
            chunk = self.rfile.read(min(CHUNK, length))
            if not chunk:
                raise ConnectionAbortedError(length)
            length -= len(chunk)
            yield chunk


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, path: Path, app: Any, handler: type[BaseHTTPRequestHandler]) -> None:
        self.app = app
        super().__init__(str(path), handler)


@contextmanager
def serve(app: Any, path: Path, handler: type[BaseHTTPRequestHandler] = Handler) -> Iterator[None]:
    """Serves on ``path`` for the block; its end waits for the requests under way. The caller holds the home's lock.

    ``app`` is what ``handler`` answers from: an `App` for the usual one.
    """
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        server = _Server(path, app, handler)
    finally:
        os.umask(before)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="api", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # Gone before the last request ends, so that a new client finds nobody instead of waiting.
        path.unlink(missing_ok=True)
        server.shutdown()
        server.server_close()
        thread.join()


def model(value: BaseModel) -> tuple[str, bytes]:
    return "application/json", value.model_dump_json().encode()


def as_json(value: Any) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


def _athlete_in(body: bytes) -> str | None:
    try:
        named = json.loads(body)["athlete"]
    except (ValueError, KeyError, TypeError):
        return None
    return named if isinstance(named, str) else None


def _mistakes(error: ValidationError) -> str:
    said = []
    for mistake in error.errors():
        where = ".".join(str(part) for part in mistake["loc"])
        said.append(f"{where}: {mistake['msg']}" if where else str(mistake["msg"]))
    return "; ".join(said)
