"""What the product may say, over every language file: no promise, both sides of the evidence, both languages whole."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

from rules.text import HERE, Text, _flatten, load_language

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "dashboard" / "language",)
FORBIDDEN = {
    "en": (
        r"\bprevents?\b",
        r"\bprotects?\b",
        r"injury[- ]proof",
        r"\brisk ?%",
        r"% risk",
        r"\babnormal",
        r"\bdiagnos",
        r"\bsafe to run\b",
    ),
    "de": (
        r"\bverhinder",
        r"\bschützt\b",
        r"\bbeugt\b.*\bvor\b",
        r"verletzungssicher",
        r"\brisiko ?%",
        r"% risiko",
        r"\babnormal",
        r"\bdiagnos",
        r"\bunbedenklich\b",
    ),
}
BENEFIT = {
    "en": (
        r"\bease[sd]?\b",
        r"\beasing\b",
        r"\bhelp(s|ed|ing)?\b",
        r"\bimprov",
        r"\breduc(e|es|ed|ing)\b",
        r"\breliev",
        r"\bstrengthen",
        r"\bheal(s|ed|ing)?\b",
    ),
    "de": (
        r"\blinder",
        r"\bhilft\b",
        r"\bhelfen\b",
        r"\bverbesser",
        r"\bverringer",
        r"\bstärkt\b",
        r"\bheilt\b",
        r"\bnachgelassen\b",
    ),
}


def _texts(code: str) -> dict[str, Text]:
    return dict(load_language(code, *FOLDERS).texts)


@pytest.mark.parametrize("code", ["en", "de"])
def test_nothing_forbidden_is_said(code: str) -> None:
    said = [
        (key, word)
        for key, one in _texts(code).items()
        for word in FORBIDDEN[code]
        if re.search(word, one.text, re.IGNORECASE)
    ]
    assert said == []


@pytest.mark.parametrize("code", ["en", "de"])
def test_whoever_speaks_of_benefit_says_so(code: str) -> None:
    areas = ("drill.", "reason.", "insight.", "check.", "load.", "screen.", "evidence_note.")
    untagged = [
        (key, word)
        for key, one in _texts(code).items()
        for word in BENEFIT[code]
        if key.startswith(areas) and not one.benefit
        if re.search(word, one.text, re.IGNORECASE)
    ]
    assert untagged == []


def test_documents_promise_nothing_either() -> None:
    """README and docs may use such a word only to say that it is not promised."""
    for file in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for sentence in re.split(r"(?<=[.!?|])\s", file.read_text(encoding="utf-8")):
            for word in FORBIDDEN["en"]:
                if re.search(word, sentence, re.IGNORECASE):
                    assert re.search(r"\b(no|not|never|nor|cannot)\b", sentence, re.IGNORECASE), (file.name, sentence)


def test_the_search_finds_what_it_looks_for() -> None:
    for code, text in (("en", "This prevents injury."), ("de", "Das verhindert Verletzungen.")):
        assert any(re.search(word, text, re.IGNORECASE) for word in FORBIDDEN[code])
    for code, text in (("en", "It helps the arch."), ("de", "Das hilft dem Gewölbe.")):
        assert any(re.search(word, text, re.IGNORECASE) for word in BENEFIT[code])


@pytest.mark.parametrize("code", ["en", "de"])
def test_the_note_on_evidence_has_both_sides(code: str) -> None:
    note = load_language(code).say("evidence_note.text")
    assert "Taddei 2020" in note
    assert "2024" in note
    assert "Run" in note
    assert load_language(code).benefit("evidence_note.text")


def test_both_languages_have_the_same_keys_values_and_benefit_marks() -> None:
    english, german = _texts("en"), _own("de")
    assert sorted(set(english) - set(german)) == []
    assert sorted(set(german) - set(english)) == []
    differ = [key for key in english if _fields(english[key].text) != _fields(german[key].text)]
    assert differ == []
    assert [key for key in english if english[key].benefit != german[key].benefit] == []


def _own(code: str) -> dict[str, Text]:
    """The texts of one language alone, without English filling in."""
    found: dict[str, Text] = {}
    for folder in (HERE, *FOLDERS):
        for path in sorted(folder.glob(f"*.{code}.toml")):
            found.update(_flatten(tomllib.loads(path.read_text(encoding="utf-8"))))
    return found


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_german_is_german() -> None:
    """No German text of the foot work is the English one left standing."""
    english, german = _texts("en"), _texts("de")
    areas = ("drill.", "reason.", "flag.", "check.")
    same = [key for key in english if key.startswith(areas) and english[key].text == german[key].text]
    assert same == []
