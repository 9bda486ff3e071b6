"""One name, one thing: a class, an alias or a function that others import by its bare name is defined once."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.our_imports import MODULES, within

# Two definitions that are meant to share a name, each with its reason. At most ten.
TWINS: dict[str, str] = {}

# One entry function a page, a part, a format, an adapter or a command; each is called through its module.
ENTRIES = frozenset({"main", "parse", "read", "render", "show"})
# The made-up runner and the made-up services speak the language of what they imitate.
MADE_UP = "sync.app.demo"


def classes_and_aliases(source: str) -> Iterator[str]:
    """Public names of classes, and of assignments that name a type (``Place = Literal[...]``)."""
    for node in ast.parse(source).body:
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) if name[0].isupper() and not name.isupper():
                yield name


def functions(source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def imported_by_name(source: str) -> Iterator[tuple[str, str]]:
    """Module and name of each ``from module import name`` whose name is no module itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                if f"{node.module}.{name.name}" not in MODULES:
                    yield node.module, name.name


def twins(sources: dict[str, str]) -> dict[str, list[str]]:
    """Each name that means more than one thing, with the modules that define it."""
    imported = {pair for source in sources.values() for pair in imported_by_name(source)}
    places: dict[str, list[str]] = defaultdict(list)
    for module, source in sources.items():
        if within(module, MADE_UP):
            continue
        for name in classes_and_aliases(source):
            if not name.startswith("_"):
                places[name].append(module)
        for name in functions(source):
            if not name.startswith("_") and name not in ENTRIES and (module, name) in imported:
                places[name].append(module)
    return {name: sorted(where) for name, where in sorted(places.items()) if len(where) > 1}


def sources() -> dict[str, str]:
    return {module: Path(path).read_text("utf-8") for module, path in MODULES.items()}


def test_one_name_one_thing() -> None:
    found = twins(sources())
    assert {name: where for name, where in found.items() if name not in TWINS} == {}


def test_no_twin_is_listed_that_is_gone() -> None:
    assert sorted(TWINS.keys() - twins(sources()).keys()) == []
    assert len(TWINS) <= 10


def test_the_checker_sees_twins() -> None:
    assert twins(
        {
            "sync.a": "class Run: ...\nPlace = int\ndef read(): ...\ndef local(): ...\ndef _own(): ...",
            "sync.b": "class Run: ...\nPLACE = 1\ndef read(): ...\ndef local(): ...\ndef _own(): ...",
            "sync.c": "class Place: ...\nfrom sync.a import local, read\nfrom sync.b import read, local",
            "sync.app.demo.d": "class Run: ...",
        }
    ) == {"Place": ["sync.a", "sync.c"], "Run": ["sync.a", "sync.b"], "local": ["sync.a", "sync.b"]}
