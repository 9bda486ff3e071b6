"""Every module of ours and every import in it, read with ``ast``: what the tests of the layers look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rules", "sync", "dashboard")


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
