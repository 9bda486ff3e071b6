"""Drills, prescriptions and red flags as data: read once, checked once, every mistake reported at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from rules.facts.answers import Place
from rules.facts.foot_work import Window
from rules.facts.kinds import Kind
from rules.knowledge.may_say import (
    AVOID,
    ELEMENTS,
    EQUIPMENT,
    FACTS,
    FAMILIES,
    LOADED,
    LOADED_BARS,
    SOURCES,
    STUDIES,
    WARM_UP_FAMILY,
)
from rules.knowledge.thresholds import HERE
from rules.knowledge.typed_toml import Each, Keys, KnowledgeError, ListOf, Shape, typed


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row comes from: facts of the guide, studies, or our own judgement with its reason."""

    source: str
    facts: tuple[str, ...]
    studies: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Timing:
    """Sets × (reps of ``rep_s`` or a hold), with ``rest_s`` after each set; ``most_sets`` caps filling up."""

    sets: int
    reps: int | None
    hold_s: int | None
    rep_s: int
    rest_s: int
    per_side: bool
    most_sets: int
    from_minutes: float = 0.0
    most_reps: int = 0
    most_hold_s: int = 0
    """How far one set may grow when a session is filled up; 0 for the other kind of dose."""


@dataclass(frozen=True, slots=True)
class Drill:
    drill_id: str
    element: str
    family: str
    level: int
    """Its place within the family: 1 is where a runner starts, 0 only takes the place of one that may not be."""
    stage: int
    load: int
    timing: Timing
    serves: frozenset[Place]
    needs: tuple[str, ...]
    instead: str | None
    not_with: frozenset[str]
    one_minute: Timing
    origin: Origin

    @property
    def loaded(self) -> bool:
        return self.load >= LOADED


@dataclass(frozen=True, slots=True)
class Recipe:
    """One prescription of the knowledge: drills in the order they are kept, and the doses that differ."""

    recipe_id: str
    kinds: frozenset[Kind]
    window: Window
    drills: tuple[str, ...]
    core: int
    """How many of the first drills make the plan; the rest fills a longer session."""
    one_minute: str
    as_listed: bool
    doses: Mapping[str, Mapping[str, Any]]
    origin: Origin
    fixed: bool = False
    """Whether its doses are the guide's own: it is never filled up."""
    families: tuple[str, ...] = ()
    """Of a training session: the families that are always in it. Empty: its drills are the ones listed."""
    prefers: tuple[str, ...] = ()
    """Drills of these that are taken before others of their family and level."""
    may_rest: frozenset[str] = frozenset()
    """Families of these that may give way to another every second time."""


@dataclass(frozen=True, slots=True)
class Flag:
    flag_id: str
    group: str
    raised_by: str
    emergency: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Decision:
    """One rule of the code, told in a sentence, with the function that holds it."""

    decision_id: str
    says: str
    code: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Knowledge:
    drills: Mapping[str, Drill]
    recipes: Mapping[str, Recipe]
    flags: Mapping[str, Flag]
    decisions: Mapping[str, Decision]


@cache
def knowledge() -> Knowledge:
    """The shipped knowledge. Raises KnowledgeError with every mistake."""
    found, mistakes = read_knowledge(HERE)
    if mistakes:
        raise KnowledgeError(mistakes)
    return found


def read_knowledge(folder: Path) -> tuple[Knowledge, tuple[str, ...]]:
    """The knowledge of ``folder`` and every mistake in it; rows with a mistake are left out."""
    check = _Check()
    drills = _rows(check, check.read(folder, "drills", "drill"), _drill)
    recipes = _rows(check, check.read(folder, "prescriptions", "prescription"), _recipe)
    flags = _rows(check, check.read(folder, "flags", "flag"), _flag)
    decisions = _rows(check, check.read(folder, "decisions", "decision"), _decision)
    _check_links(check, drills, recipes)
    return Knowledge(drills, recipes, flags, decisions), tuple(check.mistakes)


_Row = TypeVar("_Row")


def _rows(
    check: _Check,
    tables: list[tuple[str, Mapping[str, Any]]],
    build: Callable[[_Check, str, Mapping[str, Any]], _Row | None],
) -> dict[str, _Row]:
    return {name: row for name, table in tables if (row := build(check, name, table)) is not None}


_DOSE: dict[str, Shape] = {
    **dict.fromkeys(("sets", "reps", "hold_s", "rep_s", "rest_s", "most_sets", "most_reps", "most_hold_s"), int),
    "per_side": bool,
    "from_minutes": float,
}
SHAPES: dict[str, Shape] = {
    **_DOSE,
    **dict.fromkeys(("stage", "load", "core", "level"), int),
    **dict.fromkeys(
        ("element", "family", "source", "why", "instead", "window", "order", "group", "raised_by", "says"), str
    ),
    "code": str,
    **dict.fromkeys(
        ("serves", "needs", "not_with", "facts", "studies", "kinds", "drills", "families", "may_rest", "prefers"),
        ListOf(str),
    ),
    "dose": Each(Keys({}, _DOSE)),
    **dict.fromkeys(("emergency", "fixed"), bool),
}
"""What stands behind each key, in whatever row it is; ``one_minute`` is a drill's dose and a recipe's drill."""
ONE_MINUTE: dict[str, Shape] = {"drill": Keys({}, _DOSE), "prescription": str}


class _Check:
    """Gathers mistakes with the file and row they stand in."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self.where = ""

    def read(self, folder: Path, area: str, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        file = folder / f"{area}.toml"
        try:
            tree = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as broken:
            self.mistakes.append(f"{file.name}: cannot be read: {broken}")
            return []
        self.mistakes += [f"{file.name}: `{name}` is no [{table}.…] row" for name in tree if name != table]
        self.where = f"{file.name}: [{table}."
        shapes = SHAPES | {"one_minute": ONE_MINUTE.get(table, str)}
        return [
            (name, fit)
            for name, row in tree.get(table, {}).items()
            if (fit := self.typed(name, row, shapes)) is not None
        ]

    def typed(self, name: str, row: Any, shapes: Mapping[str, Shape]) -> Mapping[str, Any] | None:
        """The row with its values in their types; None, and told, when one has another."""
        if not isinstance(row, dict):
            self.say(name, f"must be a table, not {row!r}")
            return None
        found: dict[str, Any] = {}
        before = len(self.mistakes)
        for key, value in row.items():
            found[key], wrong = typed(value, shapes[key], key) if key in shapes else (value, [])
            for text in wrong:
                self.say(name, text)
        return found if len(self.mistakes) == before else None

    def say(self, name: str, text: str) -> None:
        self.mistakes.append(f"{self.where}{name}] {text}")

    def missing(self, name: str, row: Mapping[str, Any], *keys: str) -> bool:
        lacking = [key for key in keys if key not in row]
        if lacking:
            self.say(name, f"lacks {', '.join(lacking)}")
        return bool(lacking)

    def among(self, name: str, key: str, values: Any, allowed: Any) -> None:
        for value in values:
            if value not in allowed:
                self.say(name, f"`{key}` has {value!r}; known are {', '.join(map(str, sorted(allowed)))}")

    def origin(self, name: str, row: Mapping[str, Any]) -> Origin:
        found = Origin(
            row.get("source", ""), tuple(row.get("facts", ())), tuple(row.get("studies", ())), row.get("why", "")
        )
        self.among(name, "facts", found.facts, FACTS)
        self.among(name, "studies", found.studies, STUDIES)
        self.among(name, "source", [found.source], SOURCES)
        if not (found.facts or found.studies or found.why):
            self.say(name, "names no fact, no study and no reason of ours")
        if found.source == "ours" and not found.why:
            self.say(name, "is ours and gives no reason (`why`)")
        if found.source == "study" and not found.studies:
            self.say(name, "says `study` and names none")
        return found


MORE_REPS = 4
"""How many repetitions a set may grow by when a session is filled up, where the drill says nothing else; ours."""
LONGEST_HOLD_S = 30
"""The longest hold of a stretch (M4)."""


def _timing(row: Mapping[str, Any], base: Mapping[str, Any] | None = None) -> Timing:
    both = {**(base or {}), **row}
    return Timing(
        sets=both.get("sets", 1),
        reps=both.get("reps"),
        hold_s=both.get("hold_s"),
        rep_s=both.get("rep_s", 0),
        rest_s=both.get("rest_s", 0),
        per_side=both.get("per_side", False),
        most_sets=max(both.get("most_sets", 1), both.get("sets", 1)),
        from_minutes=both.get("from_minutes", 0.0),
        most_reps=both.get("most_reps", (both.get("reps") or 0) + MORE_REPS) if "reps" in both else 0,
        most_hold_s=max(both.get("most_hold_s", LONGEST_HOLD_S), both["hold_s"]) if "hold_s" in both else 0,
    )


def _drill(check: _Check, name: str, row: Mapping[str, Any]) -> Drill | None:
    if check.missing(
        name, row, "element", "family", "level", "stage", "load", "sets", "rest_s", "most_sets", "one_minute", "source"
    ):
        return None
    check.among(name, "element", [row["element"]], ELEMENTS)
    check.among(name, "family", [row["family"]], (*FAMILIES, WARM_UP_FAMILY))
    check.among(name, "stage", [row["stage"]], range(1, 6))
    check.among(name, "load", [row["load"]], range(4))
    check.among(name, "serves", row.get("serves", ()), list(Place))
    check.among(name, "needs", row.get("needs", ()), EQUIPMENT)
    check.among(name, "not_with", row.get("not_with", ()), AVOID)
    if ("reps" in row) == ("hold_s" in row):
        check.say(name, "needs either `reps` or `hold_s`")
    if "reps" in row and not row.get("rep_s"):
        check.say(name, "counts reps and does not say how long one takes (`rep_s`)")
    if row["element"] == "stretch" and not 15 <= row.get("hold_s", 0) <= 30:
        check.say(name, "holds a stretch outside 15–30 s (M4)")
    rests = {f"rest_{row['family']}"} if row["family"] in FAMILIES else set()
    if row["load"] >= LOADED:
        rests.add("rest_loaded")
        if lacking := LOADED_BARS - set(row.get("not_with", ())):
            check.say(name, f"is loaded and may be with {', '.join(sorted(lacking))}")
    shorter = {key: value for key, value in row.items() if key not in ("sets", "reps", "hold_s", "most_sets")}
    return Drill(
        name,
        row["element"],
        row["family"],
        row["level"],
        row["stage"],
        row["load"],
        _timing(row),
        frozenset(Place(place) for place in row.get("serves", ()) if place in list(Place)),
        tuple(row.get("needs", ())),
        row.get("instead"),
        frozenset(row.get("not_with", ())) | rests | {f"swapped_{name}"},
        _timing(row["one_minute"], shorter | {"rest_s": 0}),
        check.origin(name, row),
    )


def _recipe(check: _Check, name: str, row: Mapping[str, Any]) -> Recipe | None:
    if check.missing(name, row, "kinds", "window", "drills", "core", "one_minute", "source"):
        return None
    check.among(name, "kinds", row["kinds"], list(Kind))
    check.among(name, "window", [row["window"]], list(Window))
    check.among(name, "order", [row.get("order", "stages")], ("stages", "as-listed"))
    check.among(name, "families", (*row.get("families", ()), *row.get("may_rest", ())), FAMILIES)
    if row["window"] not in list(Window):
        return None
    return Recipe(
        name,
        frozenset(Kind(kind) for kind in row["kinds"] if kind in list(Kind)),
        Window(row["window"]),
        tuple(row["drills"]),
        row["core"],
        row["one_minute"],
        row.get("order") == "as-listed",
        row.get("dose", {}),
        check.origin(name, row),
        row.get("fixed", False),
        tuple(row.get("families", ())),
        tuple(row.get("prefers", ())),
        frozenset(row.get("may_rest", ())),
    )


def _flag(check: _Check, name: str, row: Mapping[str, Any]) -> Flag | None:
    if check.missing(name, row, "group", "raised_by", "source"):
        return None
    check.among(name, "raised_by", [row["raised_by"]], ("runner", "diary", "ladder", "screen"))
    return Flag(name, row["group"], row["raised_by"], row.get("emergency", False), check.origin(name, row))


def _decision(check: _Check, name: str, row: Mapping[str, Any]) -> Decision | None:
    if check.missing(name, row, "says", "code", "source"):
        return None
    return Decision(name, row["says"], row["code"], check.origin(name, row))


def _check_links(check: _Check, drills: Mapping[str, Drill], recipes: Mapping[str, Recipe]) -> None:
    check.where = "drills.toml: [drill."
    for drill in drills.values():
        if drill.instead is not None and drill.instead not in drills:
            check.say(drill.drill_id, f"`instead` names {drill.instead!r}, which is no drill")
        if drill.needs and drill.instead is None:
            check.say(drill.drill_id, "needs equipment and names nothing `instead` (M28)")
        if drill_seconds(drill.one_minute) + CHANGE_S > 60:
            check.say(drill.drill_id, f"its one-minute version takes {drill_seconds(drill.one_minute)} s")
    check.where = "prescriptions.toml: [prescription."
    for recipe in recipes.values():
        check.among(
            recipe.recipe_id, "drills", (*recipe.drills, recipe.one_minute, *recipe.doses, *recipe.prefers), set(drills)
        )
        if not 1 <= recipe.core <= len(recipe.drills):
            check.say(recipe.recipe_id, f"`core` must be 1 to {len(recipe.drills)}")


CHANGE_S = 5
"""The player's time before each drill, to read its name and get into place: it belongs to the session's length."""


def drill_seconds(timing: Timing, extra_reps: int = 0) -> int:
    """How long the whole of it takes: sides and rests included."""
    work = timing.hold_s if timing.reps is None else (timing.reps + extra_reps) * timing.rep_s
    sides = 2 if timing.per_side else 1
    return timing.sets * ((work or 0) * sides + timing.rest_s)
