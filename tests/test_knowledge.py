"""The knowledge as data: sound, sourced, checked in one go, and told on a page that is current."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rules.document import page
from rules.facts.foot_work import Window
from rules.knowledge.loader import drill_seconds, knowledge, read_knowledge
from rules.knowledge.may_say import STUDIES
from rules.knowledge.studies import studies
from rules.knowledge.thresholds import HERE, threshold_rows, thresholds
from rules.knowledge.typed_toml import KnowledgeError
from rules.text import load_language

PARTS = ("name", "how", "cue", "breath", "feel", "stop")


def test_the_shipped_knowledge_has_no_mistakes() -> None:
    assert read_knowledge(HERE)[1] == ()


def test_every_study_that_may_be_named_says_what_it_found() -> None:
    assert set(studies()) == STUDIES
    assert {row.name for row in studies().values() if "our fact sheet" in row.read} <= {
        "Thomeé 1997",
        "Silbernagel 2007",
        "Treff 2019",
    }


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    for file in HERE.glob("*.toml"):
        shutil.copy(file, tmp_path)
    _edit(tmp_path / "drills.toml", 'element = "stretch"', 'element = "pull"')
    _edit(tmp_path / "drills.toml", 'instead = "toe-curl"', 'instead = "toe-kurl"')
    _edit(tmp_path / "prescriptions.toml", 'kinds = ["easy"]', 'kinds = ["lazy"]')
    _edit(tmp_path / "flags.toml", 'source = "ours"\nwhy = "a sudden pop', 'source = "ours"\nwhat = "a sudden pop')
    _edit(tmp_path / "decisions.toml", 'facts = ["M21"]', 'facts = ["M99"]')
    found = read_knowledge(tmp_path)[1]
    for part in (
        "drills.toml: [drill.fascia-stretch] `element` has 'pull'",
        "drills.toml: [drill.towel-curl] `instead` names 'toe-kurl'",
        "prescriptions.toml: [prescription.finisher] `kinds` has 'lazy'",
        "flags.toml: [flag.pop] is ours and gives no reason",
        "decisions.toml: [decision.anchors] `facts` has 'M99'",
    ):
        assert any(line.startswith(part) for line in found), (part, found)


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_missing_file_is_a_mistake_not_a_crash(tmp_path: Path) -> None:
    assert len(read_knowledge(tmp_path)[1]) >= 4


def test_overrides_by_name() -> None:
    assert thresholds({"start_minutes": 5}).start_minutes == 5.0
    assert thresholds({"max_days": 4}).max_days == 4
    assert thresholds({}) == thresholds()


def test_every_mistake_of_the_overrides_is_reported_at_once() -> None:
    with pytest.raises(KnowledgeError) as raised:
        thresholds({"start_minuts": 5, "sore_score": 4.5, "max_minutes": 90, "ready_drop": True})
    assert raised.value.mistakes == (
        "[rules] has no `start_minuts`; did you mean `start_minutes`?",
        "[rules] `sore_score` must be a whole number of points, not 4.5",
        "[rules] `max_minutes` must lie between 5 and 30 min, not 90",
        "[rules] `ready_drop` must be a number of points, not True",
    )


def test_every_threshold_lies_within_its_own_limits_and_gives_a_reason() -> None:
    wrong = [row.name for row in threshold_rows().values() if not row.least <= row.value <= row.most or not row.why]
    assert wrong == []


def test_every_drill_has_every_word_in_both_languages() -> None:
    for code in ("en", "de"):
        words = load_language(code)
        missing = [
            f"{drill}.{part}" for drill in knowledge().drills for part in PARTS if f"drill.{drill}.{part}" not in words
        ]
        assert missing == [], code


def test_every_flag_has_its_words() -> None:
    missing = [flag for flag in knowledge().flags if f"flag.{flag}" not in load_language("en")]
    assert missing == []


def test_every_drill_has_a_one_minute_version() -> None:
    long = {
        name: drill_seconds(drill.one_minute)
        for name, drill in knowledge().drills.items()
        if drill_seconds(drill.one_minute) > 60
    }
    assert long == {}


def test_holds_of_stretches_are_15_to_30_seconds() -> None:
    holds = [drill.timing.hold_s for drill in knowledge().drills.values() if drill.element == "stretch"]
    assert holds
    assert all(hold is not None and 15 <= hold <= 30 for hold in holds)


def test_the_block_before_a_hard_run_never_loads() -> None:
    for recipe in knowledge().recipes.values():
        if recipe.window is Window.BEFORE:
            loads = {knowledge().drills[drill].load for drill in recipe.drills}
            assert max(loads) <= 1, recipe.recipe_id


def test_what_needs_equipment_names_a_household_substitute() -> None:
    for drill in knowledge().drills.values():
        seen = {drill.drill_id}
        while drill.needs:
            assert drill.instead is not None
            drill = knowledge().drills[drill.instead]
            assert drill.drill_id not in seen, "a circle of substitutes"
            seen.add(drill.drill_id)


def test_the_page_of_rules_is_current() -> None:
    shipped = Path(__file__).parents[1] / "docs" / "rules.md"
    assert shipped.read_text(encoding="utf-8") == page(), "python -m rules.document > docs/rules.md"


def test_the_page_names_every_row() -> None:
    text = page()
    for row in knowledge().decisions.values():
        assert row.says in text
    for name in threshold_rows():
        assert f"`{name}`" in text
