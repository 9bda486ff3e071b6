"""What a module may be and do, held with ``ast``: pure rules, one room with statements, a size to be read."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from tests.our_imports import IMPORTS, MODULES, ROOT, imports_of, within

RULES_MAY_USE = frozenset({"numpy", "babel", *sys.stdlib_module_names})
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


RUNS_A_STATEMENT = frozenset(
    {"fetch_all", "fetch_one", "fetch_value", "fetch_arrays", "execute", "insert_rows", "insert_arrow"}
)


def statements_run(source: str) -> Iterator[int]:
    """The lines that run a statement of the store."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=attr, lineno=line) if attr in RUNS_A_STATEMENT:
                yield line


OF_ANOTHER_PROGRAM = ("sync.formats.exports.garmindb",)
"""Readers of another program's database. It came as a file and is read in memory by the standard library's own module,
with a limit on its work: to them it is a format as FIT is, and has nothing to do with the store."""


def test_only_storage_runs_statements() -> None:
    strays = [
        f"{module}:{line}"
        for module, path in MODULES.items()
        if not within(module, "sync.storage") and module not in OF_ANOTHER_PROGRAM
        for line in statements_run(path.read_text("utf-8"))
    ]
    assert strays == []


def test_a_statement_run_elsewhere_is_seen() -> None:
    assert sorted(statements_run("store.runs()\ncontext.store.execute('delete_run')\nx = store.fetch_all\n")) == [2, 3]


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
    tests = {path.stem: path for path in sorted((ROOT / "tests").rglob("*.py"))}
    lines = {name: path.read_text("utf-8").count("\n") for name, path in (MODULES | tests).items()}
    assert {module: count for module, count in lines.items() if count > 400} == {}


def test_no_module_is_called_utils() -> None:
    names = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [module for module in MODULES if module.rpartition(".")[2] in names] == []


def test_the_checker_sees_what_it_should() -> None:
    source = "import garth\nfrom sync import storage\nfrom . import x\ndef f():\n    from rules.facts import Run\n"
    assert [(found.imported, found.late) for found in imports_of("m", source)] == [
        ("garth", False),
        ("sync.storage", False),
        (".", False),
        ("rules.facts", True),
    ]
