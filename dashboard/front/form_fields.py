"""The fields of a form of ours, kept in memory only: a form may hold a secret, and a file on the disk would keep it."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qs

from starlette.requests import Request

LARGEST_FORM = 128 * 1024


class FormTooLarge(Exception):
    """No form of ours is so large."""


async def form_fields(request: Request) -> dict[str, list[str]]:
    """Each field's values, files as their text. Raises FormTooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise FormTooLarge
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith("multipart/form-data"):
        return _parts(kind, bytes(body))
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def _parts(kind: str, body: bytes) -> dict[str, list[str]]:
    head = b"Content-Type: " + kind.encode("latin-1", "replace").replace(b"\n", b"") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    found: dict[str, list[str]] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found.setdefault(name, []).append(content.decode("utf-8", "replace"))
    return found
