"""Which languages there are: those with files here. A new one is a set of files and needs no code."""

from __future__ import annotations

import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent / "language"
FALLBACK = "en"
DRAFTS = frozenset(tomllib.loads((FOLDER / "drafts.toml").read_text(encoding="utf-8")))
"""Languages that no native reader has signed yet."""


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages that have at least one file: English first, drafts last."""
    found = {path.suffixes[0].lstrip(".") for path in folder.glob("*.*.toml")}
    return tuple(sorted(found, key=lambda code: (code in DRAFTS, code != FALLBACK, code)))
