"""No sentence in code: an error carries a code and values, and its text lies in the language files."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.knowledge.languages import languages
from rules.text import load_language

ROOT = Path(__file__).resolve().parent.parent
SPOKEN = re.compile(r"[^\W\d]{2,}[,.:;]? [^\W\d]{2,}")
"""Two words with a blank between them."""

EXEMPT = {
    "sync/settings/config.py": "mistakes of the config, said in the words of its file by `config_errors`",
    "sync/settings/page_values.py": "the same, of where the page is",
    "rules/measure/features.py": "for whoever keeps features of an older measure: caught by the labeller, never shown",
}
"""Modules whose `raise` may hold words, each with the reason; what an argparse type raises is help for a shell."""
FOR_A_SHELL = {"ArgumentTypeError"}
FOR_AUTHORS = {"KnowledgeError"}
"""Mistakes of whoever writes the rules' own TOML: the name of the file, of the key, and what it must be."""

ERRORS = {"SpringstepError", "PersonMustAct", "Unknown", "TryLater", "NoStore", "Bug", "StoreUnreadable", "CodedText"}
FROM_SOURCES = {"person_must_act": "source.", "login_refused": "source."}
WITH_A_STATUS = {"ApiRejection"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for package in ("rules", "sync", "dashboard"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def words_in(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.JoinedStr(values=values):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in values)
        case ast.Constant(value=str(text)):
            yield text
        case _:
            for child in ast.iter_child_nodes(node):
                yield from words_in(child)


def name_of(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def prose(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Call() as call) if name_of(call) not in FOR_A_SHELL | FOR_AUTHORS:
                yield from ((node.lineno, text) for text in words_in(call) if SPOKEN.search(text))
            case ast.keyword(arg="says" | "do" | "do_now" | "failed" | "refused", value=value):
                yield from ((value.lineno, text) for text in words_in(value) if SPOKEN.search(text))


def test_no_sentence_is_raised_or_passed_as_one() -> None:
    found = [f"{name}:{line}: {text}" for name, tree in trees() if name not in EXEMPT for line, text in prose(tree)]
    assert found == []


def test_no_exemption_is_listed_that_is_not_needed() -> None:
    assert [name for name, tree in trees() if name in EXEMPT and not list(prose(tree))] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("raise PersonMustAct('The disk is full.')", 1),
        ("raise PersonMustAct(f'There is no run {name}.')", 1),
        ("raise PersonMustAct('service.no_run', run=name)", 0),
        ("raise PersonMustAct('a.b', hint='Try again.')", 1),
        ("Receipt(says='All is well.')", 1),
        ("Receipt(says=language.say('a.b'))", 0),
    ],
)
def test_the_checker_sees_what_it_should(source: str, found: int) -> None:
    assert len(list(prose(ast.parse(source)))) == found


# --- codes and their texts ------------------------------------------------------------------------------


def codes() -> dict[str, list[frozenset[str] | None]]:
    """Each code that an error is made with, and the names of its values; None where they are unpacked."""
    made: dict[str, list[frozenset[str] | None]] = {}
    for _name, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called, args = name_of(node), node.args
            if called == "__init__" and isinstance(node.func, ast.Attribute) and args:
                called = "PersonMustAct"
            args = args[1:] if called in WITH_A_STATUS else args
            prefix = FROM_SOURCES.get(called, "")
            known = ERRORS | FROM_SOURCES.keys() | WITH_A_STATUS | {"LockHeld", "TransientError", "kind"}
            if called not in known or not args:
                continue
            for code in spelled(args[0]):
                if "." in code or prefix:
                    values = None if isinstance(args[0], ast.JoinedStr) else values_of(node, args)
                    made.setdefault(prefix + code, []).append(values)
    # Passed by name, as `INTERNAL` and its neighbours, and to the base class of its own exception.
    by_name = {"internal": [frozenset({"what"})], "disk_full": [frozenset()], "not_allowed": [frozenset({"path"})]}
    return made | by_name | {"api.unhealthy": [frozenset({"found"})]}


def spelled(node: ast.expr) -> Iterator[str]:
    """The codes that an expression may be: of an f-string each text that fits it."""
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from spelled(body)
            yield from spelled(orelse)
        case ast.JoinedStr(values=values):
            pattern = "".join(re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[a-z_]+" for v in values)
            bare = [code.removeprefix("source.") for code in texts("en")]
            yield from (code for code in {*texts("en"), *bare} if re.fullmatch(pattern, code))


def values_of(call: ast.Call, args: list[ast.expr]) -> frozenset[str] | None:
    if len(args) > 1 and isinstance(args[1], ast.Dict):
        return frozenset(str(key.value) for key in args[1].keys if isinstance(key, ast.Constant))
    if any(word.arg is None for word in call.keywords):
        return None
    kept = {str(word.arg) for word in call.keywords}
    return frozenset(kept - {"why", "not_before_utc", "copies", "originals"})


def texts(code: str) -> dict[str, set[str]]:
    """Each code of ``errors.*.toml`` → the names in its texts."""
    found: dict[str, set[str]] = {}
    for key, text in load_language(code).texts.items():
        if key.startswith("error."):
            names = {name for _, name, _, _ in string.Formatter().parse(text.text) if name}
            found.setdefault(key.removeprefix("error.").rpartition(".")[0], set()).update(names)
    return found


def test_each_code_has_its_texts_and_no_text_is_left_over() -> None:
    assert codes().keys() - texts("en").keys() == set()
    assert texts("en").keys() - codes().keys() == set()


def test_each_code_says_what_happened_in_each_language() -> None:
    for one in languages():
        keys = load_language(one).texts.keys()
        assert [code for code in texts("en") if f"error.{code}.says" not in keys] == []


def test_the_values_fill_the_texts() -> None:
    lacking = {
        code: sorted(texts("en")[code] - given)
        for code, calls in codes().items()
        for given in calls
        if given is not None and texts("en").get(code, set()) - given
    }
    assert lacking == {}
