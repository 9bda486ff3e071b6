"""FIT bytes -> recordings, or what the file is instead.

The chain goes from the fastest decoder to the most forgiving: each sequence of a file is given to ``fitfast``, then
``pyfitparsernative``, then ``fitdecode``, which also keeps what decodes of a damaged one. Any of them may be missing.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rules.facts.recorded import Recording
from sync.formats.fit.decoders import LINKS, Decoded, Decoder
from sync.formats.fit.recording import recordings_from
from sync.formats.outcome import Ignored, Outcome, Read, Unreadable

SMALLEST_HEADER, CRC_SIZE = 12, 2
SIGNATURE = b".FIT"


@dataclass(frozen=True, slots=True)
class Part:
    """One FIT file inside the bytes (a chained file has several)."""

    data: bytes
    sound: bool


def is_fit(data: bytes) -> bool:
    return len(data) >= SMALLEST_HEADER and data[8:12] == SIGNATURE


def read_fit(data: bytes, links: Sequence[Decoder] = LINKS) -> Outcome:
    """Every activity in the file. ``Ignored`` when it holds settings, workouts, courses or monitoring instead."""
    recordings: list[Recording] = []
    other_types: list[str] = []
    damaged = False
    empty = False
    for part in parts(data):
        decoded = decode(part.data, links)
        if decoded is None:
            damaged = True
            continue
        damaged = damaged or not (part.sound and decoded.whole)
        kind = file_type(decoded)
        if kind != "activity":
            other_types.append(kind)
            continue
        found = recordings_from(decoded)
        empty = empty or not found
        recordings += found
    if recordings:
        if damaged:
            recordings = [replace(recording, partial=True) for recording in recordings]
        return Read(tuple(replace(recording, leg=leg) for leg, recording in enumerate(recordings)))
    if damaged:
        return Unreadable("fit-damaged")
    if empty:
        return Unreadable("nothing-recorded")
    return Ignored("fit-other", ", ".join(other_types))


def decode(data: bytes, links: Sequence[Decoder] = LINKS) -> Decoded | None:
    """The first whole decoding, else the longest part that any link kept, else ``None``."""
    best: Decoded | None = None
    for link in links:
        try:
            decoded = link(data)
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException:
            # Not installed, refuses the bytes, or panics (PyO3's panic is no Exception): the next one may do better.
            continue
        if decoded.whole:
            return decoded
        best = decoded
    return best


def file_type(decoded: Decoded) -> str:
    """``activity``, or FIT's name for another type; a file that names none is what it holds."""
    messages = decoded.messages
    for fields in messages.get("file_id", []):
        named = fields.get("type")
        if isinstance(named, str):
            return named
        if isinstance(named, int) and not messages.get("session"):
            return f"type {named}"
    return "activity" if messages.get("session") or messages.get("record") else "no type"


def parts(data: bytes) -> Iterator[Part]:
    """The FIT sequences in the bytes, by the sizes in their headers.

    A device that died while writing leaves a header whose size is 0 or too large: such a sequence goes to the end of
    the bytes with its header put right, and is not sound. Padding with zeros after the last one does not count.
    """
    at = 0
    while at < len(data):
        if not is_fit(data[at : at + SMALLEST_HEADER]):
            if data[at:].strip(b"\0"):
                yield Part(data[at:], sound=False)
            return
        header_size = data[at]
        body_size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + header_size + body_size + CRC_SIZE
        if body_size == 0 or end > len(data):
            yield Part(_with_size(data[at:], header_size), sound=False)
            return
        yield Part(data[at:end], sound=True)
        at = end


def _with_size(data: bytes, header_size: int) -> bytes:
    body_size = max(len(data) - header_size, 0)
    return data[:4] + struct.pack("<I", body_size) + data[8:]
