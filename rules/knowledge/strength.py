"""The drills of the strength card (M26): rows of ``knowledge/strength.toml``, read and checked in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rules.knowledge.loader import Origin
from rules.knowledge.may_say import AVOID, FACTS, SOURCES, STUDIES
from rules.knowledge.thresholds import HERE
from rules.knowledge.typed_toml import Each, Keys, KnowledgeError, ListOf, Shape, load_typed

PARTS = ("calves", "hips", "core")
ROW: Mapping[str, Shape] = {
    "part": str,
    "sets": int,
    "rest_s": int,
    "not_with": ListOf(str),
    "facts": ListOf(str),
    "studies": ListOf(str),
    "source": str,
    "why": str,
}
DOSE: Mapping[str, Shape] = {"reps": int, "rep_s": int, "hold_s": int, "per_side": bool}


@dataclass(frozen=True, slots=True)
class StrengthDrill:
    """Sets × (``reps`` of ``rep_s`` or a hold), with ``rest_s`` after each set."""

    drill_id: str
    part: str
    """``calves``, ``hips`` or ``core``."""
    sets: int
    reps: int | None
    rep_s: int
    hold_s: int | None
    rest_s: int
    per_side: bool
    not_with: frozenset[str]
    """Where one of these holds it is left out; the words are those of ``drills.toml``."""
    origin: Origin

    @property
    def loads_the_foot(self) -> bool:
        """Body weight on the toes: it rests with the loaded drills of the foot work."""
        return "rest_loaded" in self.not_with

    @property
    def seconds(self) -> int:
        """How long the whole of it takes: sides and rests included."""
        work = (self.reps or 0) * self.rep_s if self.hold_s is None else self.hold_s
        return self.sets * (work * (2 if self.per_side else 1) + self.rest_s)


@cache
def strength_drills(folder: Path = HERE) -> tuple[StrengthDrill, ...]:
    """In the order of the file. Raises KnowledgeError with every mistake."""
    rows = load_typed(folder / "strength.toml", Keys({"drill": Each(Keys(ROW, DOSE))}))["drill"]
    mistakes = [f"strength.toml: [drill.{name}] {text}" for name, row in rows.items() for text in _mistakes(row)]
    if mistakes:
        raise KnowledgeError(tuple(mistakes))
    return tuple(_drill_of(name, row) for name, row in rows.items())


def _mistakes(row: Mapping[str, Any]) -> list[str]:
    allowed = {"part": PARTS, "not_with": AVOID, "facts": FACTS, "studies": STUDIES, "source": SOURCES}
    found = [
        f"`{key}` has {value!r}"
        for key, known in allowed.items()
        for value in ([row[key]] if isinstance(row[key], str) else row[key])
        if value not in known
    ]
    if ("reps" in row) == ("hold_s" in row) or ("reps" in row) != ("rep_s" in row):
        found.append("needs either `reps` with `rep_s`, or `hold_s`")
    return found


def _drill_of(name: str, row: Mapping[str, Any]) -> StrengthDrill:
    return StrengthDrill(
        drill_id=name,
        part=row["part"],
        sets=row["sets"],
        reps=row.get("reps"),
        rep_s=row.get("rep_s", 0),
        hold_s=row.get("hold_s"),
        rest_s=row["rest_s"],
        per_side=row.get("per_side", False),
        not_with=frozenset(row["not_with"]),
        origin=Origin(row["source"], tuple(row["facts"]), tuple(row["studies"]), row["why"]),
    )
