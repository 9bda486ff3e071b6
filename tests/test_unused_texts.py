"""No text lies about unused: each key stands in the code, or belongs to a family that says where its keys are built."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

from dashboard.format import FOLDER
from rules.knowledge.languages import FOLDER as RULES
from rules.text import load_language

ROOT = Path(__file__).parents[1]
FAMILIES: dict[str, str] = tomllib.loads((RULES / "families.toml").read_text(encoding="utf-8"))["families"]
KEPT: dict[str, str] = tomllib.loads((RULES / "families.toml").read_text(encoding="utf-8"))["kept"]
"""Keys that only older stores name, each with the reason."""
SHORT = ("ui.", "cli.", "error.", "reason.", "answer.", "command.", "refused.")
"""What the code leaves out: ``say("log.title")`` is ``ui.log.title``."""
HOLE = "\0"


@cache
def written() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Every word in the code's own strings and in the knowledge, and the f-strings of each file with holes."""
    words, built = set[str](), dict[str, frozenset[str]]()
    for package in ("rules", "sync", "dashboard"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix == ".py":
                nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
                for node in nodes:
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        words.update(re.findall(r"[\w.-]+", node.value))
                built[str(path.relative_to(ROOT))] = frozenset(
                    "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
                    for node in nodes
                    if isinstance(node, ast.JoinedStr)
                )
            elif path.suffix in (".toml", ".js") and "language" not in path.parts:
                words.update(re.findall(r"[\w.-]+", path.read_text(encoding="utf-8")))
    return frozenset(words), built


def tails(key: str) -> set[str]:
    plain = re.sub(r"\.(says|do|text)$", "", key)
    return {plain, *(plain.removeprefix(short) for short in SHORT)}


def test_each_text_is_said_somewhere() -> None:
    words, _ = written()
    unused = [
        key
        for key in load_language("en", FOLDER).texts
        if key not in KEPT and not tails(key) & words and not any(key.startswith(family) for family in FAMILIES)
    ]
    assert unused == []


def test_each_family_names_the_file_that_builds_its_keys() -> None:
    """With an f-string that begins as the family does, by the name of its list
    (``words.name("place", ...)``), or from the ends of its words (``f"{state}_minutes"``).
    """
    _, built = written()
    unbuilt = []
    for family, where in FAMILIES.items():
        starts = tuple(f"{family.removeprefix(short)}{HOLE}" for short in ("", *SHORT))
        word = family.rstrip("._").rpartition(".")[2]
        said = re.search(rf"""["']{word}["']""", (ROOT / where).read_text(encoding="utf-8"))
        ends = f"{HOLE}{family.rpartition('_')[1]}"
        if said is None and not any(one.startswith(starts) or (ends != HOLE and ends in one) for one in built[where]):
            unbuilt.append(family)
    assert unbuilt == []


def test_what_is_kept_for_older_stores_is_there_and_in_no_family() -> None:
    texts = load_language("en", FOLDER).texts
    assert [key for key in KEPT if key not in texts or any(key.startswith(family) for family in FAMILIES)] == []
    assert all(reason for reason in KEPT.values())
