"""What garth saved elsewhere, and what Garmin packs: read without garth."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sync.sources.base import person_must_act

MOST_MEMBER_BYTES = 64 * 2**20


def unzipped(content: bytes) -> bytes | None:
    """The first FIT of the ZIP, or the bytes themselves when they are none."""
    if not content.startswith(b"PK"):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if not member.is_dir() and member.file_size <= MOST_MEMBER_BYTES:
                    return archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return content
    return None


def saved_tokens(place: str) -> dict[str, Any]:
    """What garth saved: a folder with its two files, or the text of GARTH_TOKEN. Raises PersonMustAct.

    The files tell when they were written, ``saved_utc``: the token itself holds no date.
    """
    try:
        if (folder := _folder(place)) is not None:
            written = (folder / "oauth1_token.json").stat().st_mtime
            oauth1 = json.loads((folder / "oauth1_token.json").read_text(encoding="utf-8"))
            oauth2 = json.loads((folder / "oauth2_token.json").read_text(encoding="utf-8"))
        else:
            written = None
            oauth1, oauth2 = json.loads(base64.b64decode(place, validate=True))
        tokens = {"oauth1": _oauth1(oauth1), "domain": oauth1.get("domain") or "garmin.com"}
        if float(oauth2.get("expires_at", 0)) > 0:
            tokens["access_token"] = str(oauth2["access_token"])
            tokens["access_expires_utc"] = _utc(float(oauth2["expires_at"]) - 60).isoformat()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise person_must_act("garmin.not_tokens") from None
    return tokens if written is None else {**tokens, "saved_utc": _utc(written).isoformat(timespec="seconds")}


def _folder(place: str) -> Path | None:
    """None when it names none: the text of a token is longer than any name may be."""
    try:
        folder = Path(place).expanduser()
        return folder if folder.is_dir() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _oauth1(value: Mapping[str, Any]) -> dict[str, Any]:
    names = ("oauth_token", "oauth_token_secret", "mfa_token", "mfa_expiration_timestamp", "domain")
    found = {name: value[name] for name in names if value.get(name) is not None}
    if not found.get("oauth_token") or not found.get("oauth_token_secret"):
        raise ValueError("no-token")
    return found


def _utc(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC).replace(tzinfo=None)
