"""Safety in its smallest parts; the stories are in cases/feet_safety.yaml and feet_back.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.knowledge.loader import knowledge
from rules.knowledge.thresholds import thresholds
from rules.state.safety import red_flag, zone
from rules.text import load_language


@pytest.mark.parametrize(
    ("score", "what"), [(0, "go on"), (3, "go on"), (4, "lighter"), (5, "lighter"), (6, "stop"), (10, "stop")]
)
def test_the_scale(score: int, what: str) -> None:
    assert zone(score, thresholds()) == what


@pytest.mark.parametrize("code", ["en", "de"])
def test_every_flag_has_a_text_that_says_what_to_do(code: str) -> None:
    words = load_language(code)
    for name, flag in knowledge().flags.items():
        card = red_flag(name)
        said = words.say(f"reason.{card.key}", flag=words.say(f"flag.{name}"), score=7, place=words.say("place.toes"))
        if flag.emergency:
            assert "emergency" in said or "Notruf" in said
        else:
            assert "doctor or physio" in said or "Arzt- oder Physiopraxis" in said


def test_soreness_ticked_by_hand_has_a_text_without_a_score() -> None:
    assert red_flag("soreness").key == "red_flag_runner"
    assert red_flag("soreness", score=7, place="toes").key == "red_flag_diary"


def test_only_the_emergency_is_one() -> None:
    assert [name for name, flag in knowledge().flags.items() if flag.emergency] == ["calf-breathless"]


def test_the_paper_of_rules_says_where_the_scale_comes_from() -> None:
    """The card says only what to do."""
    text = (Path(__file__).parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("| `stop_above` |")]
    assert "the scale was built for tendon pain" in row
