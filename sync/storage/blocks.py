"""Which blocks of a database file do not fit their own checksum, read from the file itself before DuckDB opens it.

DuckDB checks the blocks of rows as it reads them and those of its indexes never. A block that does not fit may also be
one that nothing refers to, half written when the power went: so this is a reason to rewrite the file, which makes
every index from the rows, and none to refuse it.

Nobody may have the file open in this process: closing it here would drop DuckDB's lock.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

HEADER_BYTES = 3 * 4096
BLOCK_BYTES = 262_144
FACTOR, SEED = np.uint64(0xBF58476D1CE4E5B9), np.uint64(5381)
"""Of DuckDB's checksum: each word times the factor, all of them and the seed in one exclusive or."""


def unfit(path: Path) -> list[int]:
    """The numbers of those blocks. None of a file whose blocks mostly do not fit: its form is another one."""
    found = []
    with path.open("rb") as file:
        file.seek(HEADER_BYTES)
        number = 0
        while len(block := file.read(BLOCK_BYTES)) == BLOCK_BYTES:
            if not _fits(block):
                found.append(number)
            number += 1
    return found if 2 * len(found) <= number else []


def _fits(block: bytes) -> bool:
    words = np.frombuffer(block, dtype="<u8")
    with np.errstate(over="ignore"):
        return bool(np.bitwise_xor.reduce(words[1:] * FACTOR) ^ SEED == words[0])
