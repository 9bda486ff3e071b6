"""A file handed in through the page: into the athlete's inbox under a safe name, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from sync.settings.atomic_files import sync_folder

LONGEST_NAME_BYTES = 120
UNFINISHED = (".part", ".crdownload", ".tmp", ".download", "~")


def safe_name(name: str) -> str:
    """The last part of ``name`` without anything a file system or a scan could trip over; never empty."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter if letter.isprintable() and letter not in '<>:"|?*' else "_" for letter in last)
    kept = kept.strip().lstrip(".").strip()
    while kept.lower().endswith(UNFINISHED):
        kept = re.sub(r"(?i)(\.part|\.crdownload|\.tmp|\.download|~)$", "", kept)
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= 10:
        while stem and len(f"{stem}.{ending}".encode()) > LONGEST_NAME_BYTES:
            stem = stem[:-1]
        kept = f"{stem or 'upload'}.{ending}"
    while len(kept.encode()) > LONGEST_NAME_BYTES:
        kept = kept[:-1]
    return kept or "upload"


def put(inbox: Path, name: str, chunks: Iterable[bytes]) -> Path:
    """Writes ``chunks`` below ``inbox``; the same content under the same name is written once.

    Another content under a name that is taken gets a number: nothing in an inbox is ever overwritten.
    """
    inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    temp = inbox / f".{uuid4().hex}.part"
    digest = hashlib.sha256()
    descriptor = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        path = _link(temp, inbox, safe_name(name), digest.digest())
    finally:
        temp.unlink(missing_ok=True)
    sync_folder(inbox)
    return path


def _link(temp: Path, inbox: Path, name: str, digest: bytes) -> Path:
    stem, dot, ending = name.partition(".")
    number = 1
    while True:
        path = inbox / (name if number == 1 else f"{stem} ({number}){dot}{ending}")
        try:
            _place(temp, path)
        except FileExistsError:
            if path.is_file() and _digest(path) == digest:
                return path
            number += 1
        else:
            return path


def _place(temp: Path, path: Path) -> None:
    """A link, unlike a rename, fails when the name is taken; some file systems of memory cards have none."""
    try:
        os.link(temp, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(path) from None
        temp.rename(path)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
