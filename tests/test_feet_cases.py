"""The foot work's cases: tests/cases/feet_*.yaml, readable and amendable by a physiotherapist."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from feet_stories import Story, seen

from rules.knowledge.loader import FACTS, Origin, knowledge
from rules.knowledge.thresholds import threshold_rows
from tests.expectations import compare

FILES = sorted((Path(__file__).parent / "cases").glob("feet_*.yaml"))
CASES = [(file.stem, case) for file in FILES for case in yaml.safe_load(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_case(file: str, case: dict[str, Any]) -> None:
    story = Story(case.get("given", {}))
    wrong: list[str] = []
    for number, step in enumerate(case.get("steps") or [{"expect": case["expect"]}], 1):
        story.step(step)
        wrong += [f"step {number}: {text}" for text in compare(step.get("expect", {}), seen(story))]
    assert wrong == []


def test_there_are_enough_named_cases_and_no_name_comes_twice() -> None:
    names = [case["name"] for _, case in CASES]
    assert len(names) >= 150
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_case_expects_something() -> None:
    empty = [
        case["name"]
        for _, case in CASES
        if not any(step.get("expect") for step in case.get("steps") or [{"expect": case.get("expect")}])
    ]
    assert empty == []


def test_every_fact_has_a_case() -> None:
    told = {fact for _, case in CASES for fact in case["facts"]}
    assert sorted(FACTS - told, key=_order) == []
    assert sorted(told - FACTS) == []


def test_every_fact_has_a_rule() -> None:
    held = {fact for _, origin in _rows() for fact in origin.facts}
    assert sorted(FACTS - held, key=_order) == []


def test_every_rule_has_a_fact_a_study_or_is_ours_with_a_reason() -> None:
    bare = [
        name
        for name, origin in _rows()
        if not (origin.facts or origin.studies) and not (origin.source == "ours" and origin.why)
    ]
    assert bare == []


def test_every_decision_names_code_that_is_there() -> None:
    missing = []
    for row in knowledge().decisions.values():
        module, _, name = row.code.partition(":")
        if not hasattr(importlib.import_module(module), name):
            missing.append(row.code)
    assert missing == []


def _rows() -> list[tuple[str, Origin]]:
    found = knowledge()
    rows: list[tuple[str, Origin]] = []
    for table in (found.drills, found.recipes, found.flags, found.decisions):
        rows += [(name, row.origin) for name, row in table.items()]  # type: ignore[attr-defined]
    rows += [(one.name, Origin(one.source, one.facts, one.studies, one.why)) for one in threshold_rows().values()]
    return rows


def _order(fact: str) -> tuple[str, int]:
    return fact[0], int(fact[1:])
