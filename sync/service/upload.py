"""A file handed in through the page: into the athlete's inbox under a safe name, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from sync.settings.atomic_files import sync_folder

LONGEST_NAME_BYTES = 120
PART = re.compile(r"\.[0-9a-f]{32}\.part")
LEFT_AFTER_S = 24 * 3600.0
"""A file that has not grown for a day is no longer on its way."""
SPARE_BYTES = 200 * 2**20
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
    with arriving(inbox) as file:
        for chunk in chunks:
            file.write(chunk)
        return file.keep(name)


class ArrivingFile:
    """A file on its way: on the disk under a name that no scan looks at, until it is kept."""

    def __init__(self, inbox: Path, temp: Path, out: BinaryIO) -> None:
        self._inbox = inbox
        self._temp = temp
        self._out = out
        self._digest = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self._out.write(chunk)

    def keep(self, name: str) -> Path:
        """Durable when it returns."""
        self._out.flush()
        os.fsync(self._out.fileno())
        path = _link(self._temp, self._inbox, safe_name(name), self._digest.digest())
        self._temp.unlink(missing_ok=True)
        sync_folder(self._inbox)
        return path


@contextmanager
def arriving(inbox: Path) -> Iterator[ArrivingFile]:
    """What was not kept at the end of the block is removed, and so is what a process left that died."""
    inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_left(inbox)
    temp = inbox / f".{uuid4().hex}.part"
    descriptor = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield ArrivingFile(inbox, temp, out)
    finally:
        temp.unlink(missing_ok=True)


def space_for(inbox: Path, size_bytes: int) -> bool:
    """Whether the disk has room for it, and some left for what is made of it."""
    folder = next(one for one in (inbox, *inbox.parents) if one.exists())
    return shutil.disk_usage(folder).free >= size_bytes + SPARE_BYTES


def _remove_left(inbox: Path) -> None:
    before_s = time.time() - LEFT_AFTER_S
    for path in inbox.glob(".*.part"):
        with suppress(OSError):
            if PART.fullmatch(path.name) and path.stat().st_mtime < before_s:
                path.unlink()


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
