"""Knowledge files are typed when they are read: 2 is 2.0 where a real number is meant, and nothing else slips in."""

from __future__ import annotations

import ast
import math
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rules.classify import model as classify_model
from rules.classify.inputs import Input
from rules.classify.own_model import Learning, OwnModel
from rules.knowledge.loader import read_knowledge
from rules.knowledge.thresholds import HERE, check_thresholds, threshold_rows, thresholds
from rules.knowledge.typed_toml import Each, Keys, KnowledgeError, ListOf, Shape, load_typed, typed
from rules.measure import map_match, titles
from rules.text import load_language

ROOT = Path(__file__).resolve().parent.parent
REFUSED = ("2", True, math.nan, math.inf, 10**400, date(2026, 1, 1), [2.0], {"value": 2.0})


@pytest.mark.parametrize(
    ("value", "shape", "read"),
    [
        pytest.param(2, float, 2.0, id="whole for real"),
        pytest.param(-0.5, float, -0.5, id="real"),
        pytest.param(2, int, 2, id="whole"),
        pytest.param("2", str, "2", id="text"),
        pytest.param(True, bool, True, id="truth"),
        pytest.param({"a": 1, "b": 2.5}, Each(float), {"a": 1.0, "b": 2.5}, id="table"),
        pytest.param([1, 2], ListOf(float), [1.0, 2.0], id="list"),
        pytest.param({"a": 1}, Keys({"a": float}, {"b": int}), {"a": 1.0}, id="keys"),
    ],
)
def test_what_is_meant_is_read_in_its_type(value: Any, shape: Shape, read: object) -> None:
    found, mistakes = typed(value, shape)
    assert (found, mistakes, _kinds(found)) == (read, [], _kinds(read))


def _kinds(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _kinds(one) for name, one in value.items()}
    return [_kinds(one) for one in value] if isinstance(value, list) else type(value)


@pytest.mark.parametrize(
    ("value", "shape", "says"),
    [
        *((value, float, "`pull` must be a number") for value in REFUSED),
        *((value, int, "`pull` must be a whole number") for value in (*REFUSED[:3], 2.0, 2.5)),
        (2, str, "`pull` must be a text, not 2"),
        (1, bool, "`pull` must be true or false, not 1"),
        (2, Each(float), "`pull` must be a table, not 2"),
        (2, ListOf(float), "`pull` must be a list, not 2"),
        ([1.0, "2"], ListOf(float), "`pull[1]` must be a number, not '2'"),
        ({"a": "2"}, Each(float), "`pull.a` must be a number, not '2'"),
        ({"b": 1}, Keys({"a": float}), "`pull.a` is missing"),
        ({"a": 1, "b": 1}, Keys({"a": float}), "`pull.b` is not known here"),
    ],
)
def test_anything_else_is_refused_by_its_key(value: Any, shape: Shape, says: str) -> None:
    assert typed(value, shape, "pull")[1][0].startswith(says)


# --- every shipped file, key by key ---------------------------------------------------------------


def _numbers(tree: Mapping[str, Any], *path: str) -> Iterator[tuple[str, ...]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _numbers(value, *path, name)
        elif type(value) in (int, float):
            yield (*path, name)


def _with(tree: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    changed = deepcopy(dict(tree))
    at = changed
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    return changed


def _at(tree: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        tree = tree[name]
    return tree


def test_each_number_of_the_classifier_is_real_however_it_is_written() -> None:
    shipped = tomllib.loads(classify_model.KNOWLEDGE.read_text(encoding="utf-8"))
    paths = list(_numbers(shipped))
    assert len(paths) > 150
    for path in paths:
        whole = _at(asdict(classify_model.parse(_with(shipped, path, 2))), path)
        assert (whole, type(whole)) == (2.0, float), path
        for value in REFUSED[:3]:
            with pytest.raises(KnowledgeError) as raised:
                classify_model.parse(_with(shipped, path, value))
            assert raised.value.mistakes == (f"classifier.toml: `{'.'.join(path)}` must be a number, not {value!r}",)


def test_each_number_of_the_thresholds_is_typed_by_its_field() -> None:
    tree = tomllib.loads((HERE / "thresholds.toml").read_text(encoding="utf-8"))
    kinds = {"int": int, "float": float}
    assert {name: type(value).__name__ for name, value in asdict(thresholds()).items()} == {
        name: kinds[kind].__name__ for name, kind in type(thresholds()).__annotations__.items()
    }
    paths = list(_numbers(tree))
    # One number of a row at a time, as a row says its first mistake; of all rows at once.
    for key in {key for _, key in paths}:
        rows = [name for name, of in paths if of == key]
        for value in REFUSED[:3]:
            wrong = {name: row | {key: value} if name in rows else row for name, row in tree.items()}
            mistakes = check_thresholds(wrong, "thresholds.toml")[1]
            assert [text.split("`")[1].split(".")[0] for text in mistakes] == rows, mistakes
            assert all(text.startswith("thresholds.toml: `") for text in mistakes), mistakes
    for row in threshold_rows().values():
        assert {type(row.least), type(row.most)} == {float}


@pytest.mark.parametrize("area", ["drills", "prescriptions"])
def test_each_number_of_the_foot_work_is_refused_as_anything_else(tmp_path: Path, area: str) -> None:
    for file in HERE.glob("*.toml"):
        shutil.copy(file, tmp_path)
    text = (HERE / f"{area}.toml").read_text(encoding="utf-8")
    told_as = [line.partition(" = ")[2].split("#")[0].strip() for line in text.splitlines()]
    lines = [number for number, value in enumerate(told_as) if value.isdigit()]
    assert len(lines) > 8
    wrong = text.splitlines()
    for number in lines:
        wrong[number] = wrong[number].partition(" = ")[0] + ' = "2"'
    (tmp_path / f"{area}.toml").write_text("\n".join(wrong), encoding="utf-8")
    told = [line for line in read_knowledge(tmp_path)[1] if "number, not '2'" in line]
    assert len(told) == len(lines)
    assert all(line.startswith(f"{area}.toml: [") for line in told)


def test_minutes_of_a_dose_are_real() -> None:
    known = read_knowledge(HERE)[0]
    doses = [
        dose["from_minutes"] for one in known.recipes.values() for dose in one.doses.values() if "from_minutes" in dose
    ]
    assert doses
    assert {type(one) for one in doses} == {float}


@pytest.mark.parametrize(
    ("shape", "text", "says"),
    [
        (titles.SHAPE, '[surface]\n[gear]\n[ignore]\nwords = []\n[meaning.easy]\nreliability = "high"\nwords = ["a"]\n',
         "words.toml: `meaning.easy.reliability` must be a number, not 'high'"),
        (map_match.SHAPE, "[surface]\nroad = [1]\n", "words.toml: `surface.road[0]` must be a text, not 1"),
    ],
)  # fmt: skip
def test_words_are_texts(tmp_path: Path, shape: Shape, text: str, says: str) -> None:
    file = tmp_path / "words.toml"
    file.write_text(text)
    with pytest.raises(KnowledgeError) as raised:
        load_typed(file, shape)
    assert raised.value.mistakes == (says,)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a]\nb = 3\n", "odd.en.toml: `a.b` must be a text, not 3"),
        ('[a.b]\ntext = "x"\nbenefit = 1\n', "odd.en.toml: `a.b.benefit` must be true or false, not 1"),
    ],
)
def test_a_language_file_holds_texts(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "odd.en.toml").write_text(text)
    with pytest.raises(KnowledgeError) as raised:
        load_language("en", tmp_path)
    assert raised.value.mistakes == (says,)


# --- arrays ---------------------------------------------------------------------------------------


def test_a_runners_own_model_is_the_same_for_whole_and_real_numbers() -> None:
    def taught(pull: float) -> list[float]:
        model = OwnModel(Learning(pull, pull, 0.03, 365.0, 3.0), ("climb",), {"climb": 1.2}, -1.0)
        for number in range(6):
            model.learn({"climb": Input(number / 10, {})}, -2.0, False, date(2026, 1, 1 + number))
        return model.added.tolist()

    assert taught(2) == taught(2.0)
    assert abs(taught(2.0)[0]) < 1.0, "the prior holds the bias: six answers that agree hardly move it"


def test_arrays_made_of_values_name_their_type() -> None:
    """`np.array` and `np.full` take the type of what they are given, and a whole number makes an array of such."""
    missing = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for folder in ("rules", "bench")
        for path in sorted((ROOT / folder).glob("**/*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("array", "full", "asarray")
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "np"
        and not any(keyword.arg == "dtype" for keyword in call.keywords)
    ]
    assert missing == []
    assert np.full(1, 2).dtype != np.full(1, 2, dtype=np.float64).dtype
