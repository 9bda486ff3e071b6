"""The store's SQL: each statement whole in its own file under ``queries/``, its values bound by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

QUERIES = Path(__file__).parent / "queries"


@cache
def statement(name: str) -> str:
    """The text of ``queries/<name>.sql``."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
