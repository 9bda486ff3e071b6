"""Reasons as sentences: a kind, a place, a ground or a warning sign is said by its name in the runner's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.facts.foot_work import Reason
from rules.text import Language

NAMES = {"kind": "kind", "place": "place", "surface": "value.surface", "texture": "texture", "flag": "flag"}


def reason_says(reason: Reason, language: Language) -> str:
    return language.say(f"reason.{reason.key}", **in_words(reason.values, language))


def in_words(values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Values as the runner says them."""
    said: dict[str, Any] = {}
    for name, value in values.items():
        key = f"{NAMES.get(name, '')}.{value}"
        said[name] = language.say(key) if name in NAMES and key in language else value
    return said
