"""Who may import whom, held with ``ast``: no arrow up, no circle, and each foreign library in its one place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rules", "sync", "dashboard")

# From the ground up. A module may import its own floor and the floors below it; the longest matching name decides,
# so a module of sync that is not named stands on the low floor of its plain neighbours.
FLOORS = {
    "rules": 0,
    "sync.errors": 0,
    "sync": 1,
    "sync.sources": 2,
    "sync.service.client": 2,
    "sync.service.queries": 2,
    "sync.notify": 2,
    "sync.sources.extras": 3,
    "sync.sources.diagnose": 3,
    "sync.sources.registry": 3,
    "sync.sources.linking": 3,
    "sync.runs.retention": 3,
    "sync.runs.rebuild": 3,
    "sync.runs.import_service": 3,
    "sync.sources.sync_run": 3,
    "sync.service.engine": 3,
    "dashboard": 3,
    "sync.app.daemon.app": 4,
    "sync.app.daemon.source_jobs": 4,
    "sync.app.daemon.metrics": 4,
    "sync.app.daemon.api": 4,
    "sync.app.daemon.store_choice": 4,
    "sync.app.daemon.daemon": 5,
    "sync.app.daemon.inbox_watch": 5,
    "sync.app.demo": 5,
    "sync.app.cli": 6,
    "sync.app.cli.main": 6,
    "sync.__main__": 6,
}

# Whoever is named on the left imports nothing of ours but what stands on the right.
ONLY = {
    "rules": ("rules",),
    "sync.errors": (),
    "sync.sources.reconcile": ("rules.facts",),
    "sync.runs.matching": ("rules.facts",),
    "dashboard": (
        "dashboard",
        "rules.facts",
        "rules.text",
        "sync.service.client",
        "sync.settings.config",
        "sync.errors",
        "sync.settings.paths",
        "sync.settings.passwords",
        "sync.settings.credentials",
        "sync.wire",
    ),
}

NEVER = (
    ("sync", "dashboard"),
    ("sync.sources", "sync.storage"),
    ("sync.formats", "sync.storage"),
    ("sync.storage", "sync.sources"),
    ("sync.service.client", "sync.sources"),
    ("sync.sources", "sync.service.client"),
)

# A foreign library → the only places that may import it.
PLACES = {
    "garth": ("sync.sources.adapters.garmin",),
    "stravalib": ("sync.sources.adapters.strava",),
    "duckdb": ("sync.storage",),
    "streamlit": ("dashboard",),
    "schedule": ("sync.app.daemon.scheduler",),
    "fitfast": ("sync.formats",),
    "pyfitparsernative": ("sync.formats", "sync.app.demo.fit_writer"),
    "fitdecode": ("sync.formats",),
    "gpxpy": ("sync.formats",),
    "defusedxml": ("sync.formats", "sync.sources"),
    "pyarrow": ("sync.storage", "sync.storage.serialize.recordings"),
    "osmium": ("sync.runs.ground_map.extract",),
}

# Slow to import or not always wanted: only inside a function.
LATE = {"garth", "stravalib", "osmium"}

RULES_MAY_USE = frozenset({"numpy", *sys.stdlib_module_names})
# Values in, values out: no clock, file, network, chance or process of their own.
RULES_MAY_NOT = frozenset(
    {
        "asyncio",
        "http",
        "logging",
        "os",
        "random",
        "shutil",
        "socket",
        "sqlite3",
        "subprocess",
        "threading",
        "time",
        "urllib",
    }
)


@dataclass(frozen=True)
class Import:
    """One import: who, what, where, and whether it stands inside a function."""

    module: str
    imported: str
    line: int
    late: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.imported}"


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def ours() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = ours()


def imports_of(module: str, source: str) -> Iterator[Import]:
    def walk(node: ast.AST, *, late: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inside = late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            match child:
                case ast.Import(names=names):
                    for name in names:
                        yield Import(module, name.name, child.lineno, late)
                case ast.ImportFrom(module=base, names=names, level=0) if base:
                    for name in names:
                        whole = f"{base}.{name.name}"
                        yield Import(module, whole if whole in MODULES else base, child.lineno, late)
                case ast.ImportFrom(level=level) if level:
                    yield Import(module, "." * level, child.lineno, late)
            yield from walk(child, late=inside)

    yield from walk(ast.parse(source), late=False)


IMPORTS = tuple(found for module, path in MODULES.items() for found in imports_of(module, path.read_text("utf-8")))
INSIDE = tuple(found for found in IMPORTS if found.imported.partition(".")[0] in PACKAGES)


def floor(module: str) -> int:
    return FLOORS[max((name for name in FLOORS if within(module, name)), key=len)]


def test_no_arrow_up() -> None:
    up = [str(found) for found in INSIDE if floor(found.imported) > floor(found.module)]
    assert up == []


def test_no_circle() -> None:
    """Also none that a late import hides."""
    below: dict[str, set[str]] = {module: set() for module in MODULES}
    for found in INSIDE:
        if found.imported in MODULES and found.imported != found.module:
            below[found.module].add(found.imported)
    while leaves := [module for module, targets in below.items() if not targets & below.keys()]:
        for leaf in leaves:
            del below[leaf]
    assert sorted(below) == []


@pytest.mark.parametrize("who", ONLY)
def test_imports_only(who: str) -> None:
    strangers = [
        str(found)
        for found in INSIDE
        if within(found.module, who)
        and not any(within(found.imported, allowed) for allowed in (who, *ONLY[who]))
        and found.imported not in PACKAGES
    ]
    assert strangers == []


@pytest.mark.parametrize(("who", "whom"), NEVER, ids=lambda name: str(name))
def test_never(who: str, whom: str) -> None:
    assert [str(found) for found in INSIDE if within(found.module, who) and within(found.imported, whom)] == []


@pytest.mark.parametrize("library", PLACES)
def test_each_library_in_its_place(library: str) -> None:
    strays = [
        str(found)
        for found in IMPORTS
        if within(found.imported, library) and not any(within(found.module, place) for place in PLACES[library])
    ]
    assert strays == []


def test_slow_libraries_are_imported_late() -> None:
    assert [str(found) for found in IMPORTS if found.imported.partition(".")[0] in LATE and not found.late] == []


def test_rules_are_pure() -> None:
    foreign = []
    for found in IMPORTS:
        top = found.imported.partition(".")[0]
        if within(found.module, "rules") and top != "rules" and (top not in RULES_MAY_USE or top in RULES_MAY_NOT):
            foreign.append(str(found))
    assert foreign == []


def test_rules_read_only_their_own_knowledge() -> None:
    """Every path in rules/ starts at the module itself; nothing is opened by a name that came from outside."""
    read = []
    for module, path in MODULES.items():
        if within(module, "rules"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="Path"), args=[ast.Name(id="__file__")]):
                        pass
                    case ast.Call(func=ast.Name(id="Path" | "open")):
                        read.append(f"{module}:{node.lineno}")
    assert read == []


def test_rules_ask_no_clock() -> None:
    """No ``date.today``, no ``datetime.now``: the day comes in as an argument."""
    asked = []
    for module, path in MODULES.items():
        if within(module, "rules"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Attribute(
                        value=ast.Name(id="date" | "datetime" | "time"), attr="now" | "today" | "utcnow" | "time"
                    ):
                        asked.append(f"{module}:{node.lineno}")
    assert asked == []


def test_absolute_imports_only() -> None:
    assert [str(found) for found in IMPORTS if found.imported.startswith(".")] == []


def test_nothing_hides_a_package() -> None:
    """Streamlit puts a page's folder first on the path: a ``dashboard/sync.py`` would hide ``sync``."""
    hiding = [
        ROOT / "dashboard" / "sync.py",
        ROOT / "dashboard" / "rules.py",
        ROOT / "tests" / "sync",
        ROOT / "tests" / "rules",
    ]
    assert [path for path in hiding if path.exists()] == []


def test_no_module_grows_past_400_lines() -> None:
    lines = {module: path.read_text("utf-8").count("\n") for module, path in MODULES.items()}
    assert {module: count for module, count in lines.items() if count > 400} == {}


def test_no_module_is_called_utils() -> None:
    names = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [module for module in MODULES if module.rpartition(".")[2] in names] == []


def test_the_checker_sees_what_it_should() -> None:
    source = "import garth\nfrom sync import store\nfrom . import x\ndef f():\n    from rules.facts import Run\n"
    assert [(found.imported, found.late) for found in imports_of("m", source)] == [
        ("garth", False),
        ("sync.storage", False),
        (".", False),
        ("rules.facts", True),
    ]
