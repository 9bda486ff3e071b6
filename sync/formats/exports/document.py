"""What a reader of an export gets: the file's content, parsed once, and what the runner's home knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.services.json_fields import json_text
from sync.formats.tables.sheets import Sheet, TableKind, TableRead, TableRow


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


def read_items(
    document: Document,
    kind: TableKind,
    keys: set[str],
    recording_of: Callable[[Mapping[str, Any]], Recording | None],
    *,
    id_key: str,
) -> TableRead | None:
    """The items that have all ``keys``, each as a row, or as a problem where ``recording_of`` finds no start in it.

    ``None`` when there is none: another program's list.
    """
    rows, problems = [], []
    for item in document.items():
        if not keys <= item.keys():
            continue
        recording = recording_of(item)
        if recording is None:
            problems.append(Problem(document.name, "row-without-start"))
        else:
            rows.append(TableRow(recording, external_id=json_text(item.get(id_key))))
    return TableRead(kind, tuple(rows), tuple(problems)) if rows or problems else None
