"""The store's SQL by name: one file a table under ``sql/``, each statement with a head that declares what it touches.

    -- name: delete_labels_from
    -- changes: label
    -- reads: run
    DELETE FROM label WHERE …

``changes`` names the table that the statement writes; a question has none. ``reads`` names the tables whose rows it
takes besides; ``none`` for a question that looks at no table. The query cache lives by these two lines, so a test holds
them against the database. Values are bound by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sync.errors import Bug

SQL = Path(__file__).parent / "sql"
NAME = re.compile(r"^-- name:", re.MULTILINE)
HEAD = re.compile(
    r" (?P<name>[a-z_]+)\n(?:-- changes: (?P<changes>[a-z_]+)\n)?(?:-- reads: (?P<reads>[a-z_, ]+)\n)?(?P<sql>.+)",
    re.DOTALL,
)
NO_TABLE = "none"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with the tables it declares."""

    name: str
    sql: str
    reads: frozenset[str]
    changes: frozenset[str]


def parse(text: str, file: str) -> Iterator[Statement]:
    """The statements of one file. Raises Bug for one without a whole head."""
    before, *parts = NAME.split(text)
    if before.strip() or not parts:
        raise Bug("storage.statement", name=file, fault="no-head")
    for part in parts:
        found = HEAD.fullmatch(part)
        if found is None or not (found["changes"] or found["reads"]):
            raise Bug("storage.statement", name=f"{file}: {part[:60]!r}", fault="declares-nothing")
        reads = frozenset((found["reads"] or NO_TABLE).split(", ")) - {NO_TABLE}
        changes = frozenset({found["changes"]} if found["changes"] else ())
        yield Statement(found["name"], found["sql"].strip(), reads, changes)


def load(folder: Path) -> Mapping[str, Statement]:
    """All statements of a folder. Raises Bug for a name that stands twice."""
    found: dict[str, Statement] = {}
    for path in sorted(folder.glob("*.sql")):
        for one in parse(path.read_text(encoding="utf-8"), path.name):
            if one.name in found:
                raise Bug("storage.statement", name=f"{path.name}: {one.name}", fault="twice")
            found[one.name] = one
    return found


@cache
def statements() -> Mapping[str, Statement]:
    """The store's own, read once a process."""
    return load(SQL)


def statement(name: str) -> Statement:
    """Raises Bug for a name that no file has."""
    try:
        return statements()[name]
    except KeyError:
        raise Bug("storage.statement", name=name, fault="unknown") from None
