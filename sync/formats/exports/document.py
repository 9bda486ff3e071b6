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

    def items(self, *below: str) -> Iterator[Mapping[str, Any]]:
        """The objects of a list, of a list below one of those names, or the object itself."""
        value = self.value
        if isinstance(value, Mapping):
            value = next((value[name] for name in below if isinstance(value.get(name), list)), [value])
        if isinstance(value, list):
            yield from (item for item in value if isinstance(item, Mapping))
