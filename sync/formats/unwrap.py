"""Files out of gzip and ZIP wrappings, one at a time, within limits.

A ZIP of any size is read from its file; at most one member is in memory. What cannot be unwrapped comes out as a
``Refused`` in its place, so that every file is counted once.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sync.formats.exports.apple_health import HEAD_BYTES, is_health
from sync.formats.exports.recognised import SPREADSHEET, spreadsheet_in
from sync.progress import BytesRead

GZIP_MAGIC, ZIP_MAGIC, EMPTY_ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
CHUNK = 1 << 20
COUNTED_BY = 16 << 10
GZIP_WINDOW = 31
HARMLESS = 1 << 20
"""However well it packed: this much fits anywhere."""
DEEPEST = 3
"""An export, the ZIP of originals inside it, and a FIT that is really a ZIP inside that."""
NESTED_IN_MEMORY = 16 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """``max_bytes`` unpacked for one file, ``max_ratio`` unpacked to packed, ``max_members`` of one ZIP tree."""

    max_bytes: int = 64 << 20
    max_ratio: float = 200.0
    max_members: int = 200_000
    max_nested_bytes: int = 4 << 30
    """A ZIP inside a ZIP: it is unpacked to a temporary file, not to memory."""
    max_health_bytes: int = 20 << 30
    """Apple's export, unpacked: it is streamed, so its limit is one of time."""


@dataclass(frozen=True, slots=True)
class Content:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """``reason`` as in ``sync.formats.outcome``; ``sha256`` of what was there."""

    name: str
    reason: str
    sha256: str
    detail: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A file that is read as a stream, however large: `reopen` starts it again, until the next one is asked for."""

    name: str
    reopen: Callable[[], IO[bytes]]


Unwrapped = Content | Refused | Opened


class _Refusal(Exception):
    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def unwrap_path(path: Path, name: str, limits: Limits, count: BytesRead | None = None) -> Iterator[Unwrapped]:
    """The files in the file at ``path``; the file itself when it is no wrapping. Raises OSError when unreadable.

    ``count`` is called with what is read.
    """
    with path.open("rb") if count is None else io.BufferedReader(_Counted(path, count), COUNTED_BY) as file:
        size = path.stat().st_size
        yield from _unwrap(file, size, name, _Budget(limits, size), depth=1)


class _Counted(io.FileIO):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, count: BytesRead) -> None:
        super().__init__(path)
        self.count = count

    def readinto(self, buffer: Any, /) -> int | None:
        got = super().readinto(buffer)
        self.count.read(got or 0)
        return got

    def readall(self) -> bytes:
        content = super().readall()
        self.count.read(len(content))
        return content


def unwrap_bytes(data: bytes, name: str, limits: Limits) -> Iterator[Unwrapped]:
    """The files in ``data``."""
    yield from _unwrap(io.BytesIO(data), len(data), name, _Budget(limits, len(data)), depth=1)


class _Budget:
    """What one tree of wrappings may still unpack."""

    def __init__(self, limits: Limits, packed: int) -> None:
        self.limits = limits
        self.members_left = limits.max_members
        # Entries of a ZIP may overlap, each small for itself: all of them together have a limit too.
        self.bytes_left = max(HARMLESS, packed * limits.max_ratio)

    def take_member(self) -> None:
        if self.members_left <= 0:
            raise _Refusal("too-many-members", f"> {self.limits.max_members}")
        self.members_left -= 1

    def copy(self, blocks: Iterable[bytes], into: IO[bytes], packed: int, most: int) -> None:
        """Unpacks, and stops as soon as it is too much for the limits."""
        total = 0
        for block in blocks:
            total += len(block)
            self.bytes_left -= len(block)
            if total > most:
                raise _Refusal("too-large", f"> {most >> 20} MB")
            if total > max(HARMLESS, packed * self.limits.max_ratio) or self.bytes_left < 0:
                raise _Refusal("packed-too-tight", f"> {self.limits.max_ratio:g} ×")
            into.write(block)


def _unwrap(file: IO[bytes], size: int, name: str, budget: _Budget, *, depth: int) -> Iterator[Unwrapped]:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if is_health(head):
        yield Opened(name, lambda: _from_start(file))
        return
    head = head[:4]
    if head in (ZIP_MAGIC, EMPTY_ZIP_MAGIC):
        yield from _unwrap_zip(file, name, budget, depth=depth)
    elif head.startswith(GZIP_MAGIC):
        yield from _unwrap_gzip(file, size, name, budget, depth=depth)
    elif size > budget.limits.max_bytes:
        yield Refused(name, "too-large", _sha256(file), f"more than {budget.limits.max_bytes >> 20} MB")
    else:
        yield Content(name, file.read())


def _from_start(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    # Whoever reads it closes what they read, not the file that holds it.
    return _Borrowed(file)


class _Borrowed(io.BufferedIOBase, IO[bytes]):
    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self.file = file

    def read(self, size: int | None = -1, /) -> bytes:
        return self.file.read(-1 if size is None else size)


def _unwrap_gzip(file: IO[bytes], size: int, name: str, budget: _Budget, *, depth: int) -> Iterator[Unwrapped]:
    """A cut gzip gives what unpacks: the format inside decides whether that is something."""
    unpacked = io.BytesIO()
    try:
        budget.copy(_gunzip(file), unpacked, size, budget.limits.max_bytes)
    except _Refusal as refusal:
        yield Refused(name, refusal.reason, _sha256(file), refusal.detail)
        return
    except zlib.error as error:
        if not unpacked.tell():
            yield Refused(name, "gzip-damaged", _sha256(file), str(error))
            return
    plain = unpacked.getvalue()
    if depth < DEEPEST and plain[:4] in (ZIP_MAGIC, EMPTY_ZIP_MAGIC):
        yield from _unwrap(io.BytesIO(plain), len(plain), name, budget, depth=depth + 1)
    else:
        yield Content(name, plain)


def _gunzip(file: IO[bytes]) -> Iterator[bytes]:
    """Blocks until the end or the break; unlike ``gzip.open`` it hands out what came before the break first."""
    unpack = zlib.decompressobj(wbits=GZIP_WINDOW)
    packed = file.read(CHUNK)
    while packed:
        if unpack.eof:
            # Another member follows, or padding that nobody needs.
            if not packed.startswith(GZIP_MAGIC):
                return
            unpack = zlib.decompressobj(wbits=GZIP_WINDOW)
        if block := unpack.decompress(packed, CHUNK):
            yield block
        packed = unpack.unconsumed_tail or unpack.unused_data or file.read(CHUNK)


def _unwrap_zip(file: IO[bytes], name: str, budget: _Budget, *, depth: int) -> Iterator[Unwrapped]:
    if depth > DEEPEST:
        yield Refused(name, "nested-too-deep", _sha256(file))
        return
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield Refused(name, "zip-damaged", _sha256(file), str(error))
        return
    with archive:
        if spreadsheet_in(archive.namelist()):
            yield Refused(name, SPREADSHEET, _sha256(file))
            return
        for member in archive.infolist():
            if member.filename.endswith("/"):  # is_dir() trips over an empty name.
                continue
            inside = f"{name}/{member.filename}"
            try:
                budget.take_member()
            except _Refusal as refusal:
                yield Refused(inside, refusal.reason, _sha256(file), refusal.detail)
                return
            yield from _unwrap_member(archive, member, inside, budget, depth=depth)


def _unwrap_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: _Budget, *, depth: int
) -> Iterator[Unwrapped]:
    # No bytes were unpacked of what is refused, so its name and checksum stand for it.
    mark = hashlib.sha256(f"{member.filename}:{member.CRC}:{member.file_size}".encode()).hexdigest()
    if _leads_outside(member.filename):
        yield Refused(name, "path-outside", mark)
        return
    limits = budget.limits
    with tempfile.SpooledTemporaryFile(max_size=NESTED_IN_MEMORY) as unpacked:
        try:
            with archive.open(member) as source:
                first = source.read(CHUNK)
                if is_health(first):
                    yield Opened(name, lambda: archive.open(member))
                    return
                nested = first[:4] in (ZIP_MAGIC, EMPTY_ZIP_MAGIC)
                most = limits.max_nested_bytes if nested else limits.max_bytes
                blocks = chain([first], iter(lambda: source.read(CHUNK), b""))
                budget.copy(blocks, unpacked, member.compress_size, most)
        except _Refusal as refusal:
            yield Refused(name, refusal.reason, mark, refusal.detail)
            return
        except (RuntimeError, NotImplementedError) as error:
            yield Refused(name, "zip-locked", mark, str(error))
            return
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
            yield Refused(name, "zip-damaged", mark, str(error))
            return
        size = unpacked.tell()
        unpacked.seek(0)
        yield from _unwrap(unpacked, size, name, budget, depth=depth + 1)


def _leads_outside(filename: str) -> bool:
    path = PurePosixPath(filename.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or (len(filename) > 1 and filename[1] == ":")


def _sha256(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(CHUNK):
        digest.update(block)
    return digest.hexdigest()
