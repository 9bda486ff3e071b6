"""What is secret on its way to the daemon: by its own call, at once or not at all. It never waits in the outbox."""

from __future__ import annotations

import json
from typing import Any

from sync.errors import TryLater
from sync.service.client import Client, NobodyThere
from sync.wire.sources import LinkAnswer, LinksPage, LinksQuestion, UnlinkRequest

SERVICE_ANSWERS_WITHIN_S = 75.0
"""Two requests to a service, each of which may take 20 s, and a busy machine."""


def link(client: Client, source: str, fields: dict[str, Any]) -> LinkAnswer:
    """``fields`` are those of `LinkRequest`, secrets in the clear. Raises TryLater when no daemon takes them."""
    body = json.dumps({"athlete": client.athlete, "source": source, **fields}).encode()
    try:
        return client.call(LinkAnswer, "link", body, timeout_s=SERVICE_ANSWERS_WITHIN_S)
    except NobodyThere:
        raise TryLater("service.secret_not_taken") from None


def unlink(client: Client, source: str, calendar_id: str | None = None) -> LinkAnswer:
    request = UnlinkRequest.model_validate({"athlete": client.athlete, "source": source, "calendar_id": calendar_id})
    return client.call(LinkAnswer, "unlink", request)


def links(client: Client) -> LinksPage:
    """Raises NobodyThere when no daemon runs."""
    return client.call(LinksPage, "links", LinksQuestion(athlete=client.athlete))
