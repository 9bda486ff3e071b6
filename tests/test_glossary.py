"""The glossary holds: no text that a runner reads uses a word that another word stands for."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dashboard
import rules
from tests.test_cli_words import every_help_text

RULES = Path(rules.__file__).parent / "knowledge" / "language"
PAGE = Path(dashboard.__file__).parent / "language"
GLOSSARY = tomllib.loads((RULES / "glossary.toml").read_text(encoding="utf-8"))
ROOT = Path(rules.__file__).parents[1]
PAPERS = ("README.md", "CHANGELOG.md", "docs/operating.md", "docs/sources.md")
CLI_FILES = ("cli", "commands", "sources")
"""What a terminal shows; the page's own words for sources stand in the page's files."""
NOT_PROSE = re.compile(r"`[^`]*`|--[a-z-]+|springstep [a-z-]+|\w*/[\w/.-]+|\bss-[\w-]+")
"""Code, options, commands, paths and class names are left out."""
HOLE = re.compile(r"\{[^}]*\}")
LONGEST_SENTENCE = 25
KINDS = ("page", "cli", "papers")

GOOD = (
    "Ask your doctor about the dose.", "The week stands at three sessions.", "Take the band off.",
    "Base your pace on how you feel.", "Your words matter: write a note.", "A pass over the bridge.",
    "The block around the park is 1 km.", "Set the alarm.", "The primary kind is easy.", "Special shoes for the track.",
    "Ground yourself with a slow breath.", "You said 4 of 10.", "Your level: 6 minutes, 3 days a week.",
    "A tempo run on Tuesday.", "Rest days don't break your streak.", "Day 3 of 14.", "The foot day moves to Friday.",
    "Warm-up for your hard run.", "Sync now.", "Two entries are waiting to be saved.", "Drills paused.",
    "See a doctor or physio.", "An off-road run of 9 km.", "Trail run.", "Grass run.", "Track run.",
    "Mulch is fine too.",
    "Hold for 20 seconds.", "The last mile was the fastest.", "The work day was long.", "Your usual distance is 8 km.",
    "One step back up: 6 minutes.", "Lighter for now.", "Your streak is 4 weeks.", "Skipped. Nothing more today.",
    "You ran twice today.", "Undo", "Saving …", "Needs your answer", "Set by you.", "What kind of run was it?",
    "Move easily for five minutes first.", "Sharp pain? End the drill.", "Warm your feet first.",
    "Spread your toes just before you push off.", "Stand on this leg, eyes open.",
    "Compare only with your last result.",
    "Loose calves and ankles help your feet.", "Give it time.", "How sure is this?",
)  # fmt: skip


def texts(code: str, kind: str) -> Iterator[tuple[str, str]]:
    for folder in (RULES, PAGE):
        for path in sorted(folder.glob(f"*.{code}.toml")):
            if (path.stem.split(".")[0] in CLI_FILES) == (kind == "cli"):
                for key, text in flat(tomllib.loads(path.read_text(encoding="utf-8"))):
                    yield f"{path.name} {key}", text


def flat(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if not isinstance(value, dict):
            yield above + key, str(value)
        elif isinstance(value.get("benefit"), bool):
            yield above + key, value["text"]
        elif isinstance(value.get("count"), str) and "other" in value:
            yield from ((f"{above}{key}", text) for form, text in value.items() if form != "count")
        else:
            yield from flat(value, f"{above}{key}.")


def offences(text: str, code: str, kind: str) -> list[str]:
    """Entries of which a text uses a forbidden word, as written and as built, with a number in each blank."""
    plain = NOT_PROSE.sub(" ", text)
    return [
        name
        for name, entry in GLOSSARY.items()
        if kind in entry["where"]
        if any(
            re.search(pattern, HOLE.sub(filled, plain), re.IGNORECASE)
            for pattern in entry["never"][code]
            for filled in (" ", "7")
        )
    ]


def sentences_of_code(path: Path) -> Iterator[str]:
    """Strings with a space in them, f-strings with a blank for each value; docstrings are prose about the code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    inside |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value and node not in inside
        ):
            yield node.value


@pytest.mark.parametrize("code", ["en", "de"])
@pytest.mark.parametrize("kind", ["page", "cli"])
def test_no_text_uses_a_word_that_another_word_stands_for(code: str, kind: str) -> None:
    allowed = {key for entry in GLOSSARY.values() for key in entry.get("except", {})}
    found = {
        place: wrong
        for place, text in texts(code, kind)
        if place.split()[1] not in allowed and (wrong := offences(text, code, kind))
    }
    assert found == {}


def test_no_help_text_uses_a_word_that_another_word_stands_for() -> None:
    allowed = {key for entry in GLOSSARY.values() for key in entry.get("except", {})}
    found = {place: wrong for place, text in every_help_text() if (wrong := offences(text, "en", "cli"))}
    assert {place: wrong for place, wrong in found.items() if f"help {place}" not in allowed} == {}


@pytest.mark.parametrize(("folder", "kind"), [("dashboard", "page"), ("sync/app/cli", "cli"), ("sync/service", "cli")])
def test_no_text_that_code_builds_uses_one(folder: str, kind: str) -> None:
    allowed = {text for _, text in every_help_text()}
    found = {
        f"{path.relative_to(ROOT)}: {text[:60]}": wrong
        for path in sorted((ROOT / folder).rglob("*.py"))
        for text in sentences_of_code(path)
        if text not in allowed and (wrong := offences(text, "en", kind))
    }
    assert found == {}


@pytest.mark.parametrize("name", PAPERS)
def test_no_paper_uses_one(name: str) -> None:
    prose = re.sub(r"^```.*?^```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    paragraphs = [re.sub(r"\s+", " ", one) for one in re.split(r"\n\s*\n|\n- ", prose)]
    assert {one[:80]: wrong for one in paragraphs if (wrong := offences(one, "en", "papers"))} == {}


def test_everyday_sentences_pass() -> None:
    assert len(GOOD) == 50
    assert {text: wrong for text in GOOD for kind in KINDS if (wrong := offences(text, "en", kind))} == {}


def test_an_offence_is_found() -> None:
    assert offences("Today is a base day with a primer.", "en", "page") == ["foot-day", "wake-up"]
    assert offences("Today hurt: pain {score}.", "en", "page") == ["soreness"]
    assert offences("Stop, and see a professional.", "en", "papers") == ["doctor-or-physio"]


def test_each_entry_says_its_word_its_meaning_and_where_it_holds() -> None:
    for name, entry in GLOSSARY.items():
        assert set(entry) - {"except"} == {"en", "de", "means", "never", "where"}, name
        assert entry["where"], name
        assert set(entry["where"]) <= set(KINDS), name
        assert all(isinstance(reason, str) and reason for reason in entry.get("except", {}).values()), name


@pytest.mark.parametrize("code", ["en", "de"])
def test_a_sentence_on_the_page_is_short(code: str) -> None:
    long = {
        place: len(words)
        for place, text in texts(code, "page")
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text)
        if len(words := sentence.split()) > LONGEST_SENTENCE
    }
    assert long == {}


@pytest.mark.parametrize("code", ["en", "de"])
@pytest.mark.parametrize("kind", ["page", "cli"])
def test_no_rule_number_stands_in_a_sentence(code: str, kind: str) -> None:
    """M16 and S4 are for the fold that opens the reasons, which takes them from the rules and not from a text."""
    assert [place for place, text in texts(code, kind) if re.search(r"\b[MS]\d{1,2}\b", text)] == []


@pytest.mark.parametrize("code", ["en", "de"])
def test_no_heading_is_repeated_by_what_follows_it(code: str) -> None:
    said = dict(texts(code, "page"))
    repeated = {
        place
        for heading, title in said.items()
        if heading.endswith(".title") and " " in title
        for place, text in said.items()
        if place.startswith(heading.removesuffix("title")) and place != heading
        if text.lower().startswith(title.lower()) and len(text) > len(title)
    }
    assert repeated == set()
