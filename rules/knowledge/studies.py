"""The studies that rules name, each with what it found and what was read of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rules.knowledge.thresholds import HERE
from rules.knowledge.typed_toml import Each, Keys, load_typed


@dataclass(frozen=True, slots=True)
class Study:
    name: str
    found: str
    read: str
    """What was read of it: the abstract, somebody else's summary, or only our fact sheet."""


@cache
def studies() -> Mapping[str, Study]:
    """Every study by name. Raises KnowledgeError with every mistake."""
    rows = load_typed(HERE / "studies.toml", Keys({"study": Each(Keys({"found": str, "read": str}))}))["study"]
    return {name: Study(name, row["found"], row["read"]) for name, row in rows.items()}
