"""What a reader of an export gets: the file's content, parsed once, and what the runner's home knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sync.formats.tables.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Document:
    """Either ``value``, a parsed JSON, or ``sheet``, a table, is set. Local times without a zone are in ``zone``."""

    name: str
    zone: tzinfo
    value: Any = None
    sheet: Sheet | None = None

    def items(self) -> Iterator[Mapping[str, Any]]:
        """The objects of a list; else the object itself, then what lies one name below it, by whatever name.

        Tools wrap the same answer as "activities", "data" or "items": a reader knows its own by their keys.
        """
        value = self.value
        if isinstance(value, Mapping):
            yield value
            for below in value.values():
                yield from (
                    item for item in (below if isinstance(below, list) else [below]) if isinstance(item, Mapping)
                )
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, Mapping))
