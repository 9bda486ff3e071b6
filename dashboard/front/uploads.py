"""Files as they arrive: one POST streams one file onto the disk of the runner's own inbox, however large it is.

The guard before it lets only a signed-in runner in, and only from a page of ours.
"""

from __future__ import annotations

import errno
import re
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import auth, context
from dashboard.format import Words
from sync.service.client import Client
from sync.service.upload import arriving, safe_name, space_for
from sync.settings.config import Config

UPLOAD, ROOM = "/upload", "/upload-room"
PIECE = 1024 * 1024
"""Written at once: a thread for each of the browser's small chunks would cost more than the disk."""
ARCHIVES = (".zip", ".tar", ".tgz", ".gz")
MB = 1 << 20
LONGEST_NAME = 1_000
BYTES = re.compile(r"[0-9]{1,18}")


def routes() -> list[Route]:
    return [Route(UPLOAD, _upload, methods=["POST"]), Route(ROOM, _room, methods=["GET"])]


async def _room(request: Request) -> Response:
    """Asked before a file is sent: whether it may come."""
    visitor = _visitor(request)
    if visitor is None:
        return Response(status_code=404)
    client, words = visitor
    size = request.query_params.get("bytes", "")
    refused = _refusal(client, words, _name(request), int(size) if BYTES.fullmatch(size) else 0)
    return _no(refused, 413) if refused else JSONResponse({})


async def _upload(request: Request) -> Response:
    """Answers with the task that reads it. What is broken off, cancelled or larger than told leaves nothing behind."""
    visitor = _visitor(request)
    if visitor is None:
        return Response(status_code=404)
    client, words = visitor
    length, name = request.headers.get("content-length", ""), _name(request)
    # One sent in chunks may be of another size than a length beside it says.
    if not BYTES.fullmatch(length) or "transfer-encoding" in request.headers:
        return _no(words.say("upload.no_length"), 411)
    refused = _refusal(client, words, name, int(length))
    if refused:
        return _no(refused, 413)
    inbox = client.home.inbox(client.config.athlete(client.athlete).id)
    try:
        with arriving(inbox) as file:
            piece, left = bytearray(), int(length)
            async for chunk in request.stream():
                piece += chunk
                left -= len(chunk)
                if left < 0:
                    break
                if len(piece) >= PIECE:
                    await run_in_threadpool(file.write, bytes(piece))
                    piece.clear()
            if left != 0 or await request.is_disconnected():
                return _no(words.say("upload.broken_off"), 400)
            await run_in_threadpool(file.write, bytes(piece))
            path = await run_in_threadpool(file.keep, name)
    except ClientDisconnect:
        return Response(status_code=400)
    except OSError as error:
        return _no(words.say("upload.no_room" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "upload.failed"), 507)
    task = await run_in_threadpool(partial(client.import_arrived, path))
    return JSONResponse({"name": name, "task": task.model_dump(mode="json")})


def _visitor(request: Request) -> tuple[Client, Words] | None:
    """The runner who sends it: the one who signed in, else the one of the household whom the page names."""
    config, home = context.settings()
    seen = auth.visible(config, home, request.cookies, context.now_utc())
    named = request.query_params.get("runner")
    athlete = next((one for one in seen if one.id == named), seen[0] if seen else None)
    if athlete is None:
        return None
    return Client(home, athlete=athlete.id, now=context.now_utc, config=config), context.words_of(athlete)


def _name(request: Request) -> str:
    return safe_name(request.query_params.get("name", "")[:LONGEST_NAME])


def _refusal(client: Client, words: Words, name: str, size_bytes: int) -> str | None:
    """Why a file may not come: larger than is allowed for its kind, or than there is room for."""
    most_mb = largest_mb(client.config, name)
    if size_bytes > most_mb * MB:
        return words.say("upload.too_large", name=name, mb=most_mb)
    if not space_for(client.home.inbox(client.config.athlete(client.athlete).id), size_bytes):
        return words.say("upload.no_room")
    return None


def largest_mb(config: Config, name: str) -> int:
    archive = name.lower().endswith(ARCHIVES)
    return config.imports.max_archive_mb if archive else config.imports.max_file_mb


def _no(says: str, status: int) -> Response:
    return JSONResponse({"says": says}, status)
