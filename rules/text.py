"""User-facing text by key: TOML files, one per area and language, read once.

``load("de").say("reason.easy_finisher", minutes=6)`` fills the text with its values. A text is a string, or a table
``{ text = "...", benefit = true }`` when it speaks of what the work may do for the runner; such texts are always shown
beside both studies (S1).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from rules.knowledge.typed_toml import Keys, KnowledgeError, checked

HERE = Path(__file__).parent / "knowledge" / "language"
FALLBACK = "en"
DAY_STORED, SIGNED = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"[+-]\d+(\.\d+)?")
FRACTION = re.compile(r"\d+\.\d+")
DAY, WEEKDAYS, MONTHS, DECIMAL = "cli.day", "cli.weekdays", "cli.months", "cli.decimal"


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    benefit: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """Every text of one language, English filling what it lacks."""

    code: str
    texts: Mapping[str, Text]

    def say(self, key: str, /, **values: Any) -> str:
        """The text of ``key`` filled with ``values``. Raises KeyError for an unknown key or a missing value.

        A day is said with its weekday and month; a number below zero has a minus sign, not a hyphen, and zero has none;
        a fraction has the language's own decimal sign.
        """
        return self.texts[key].text.format(**{name: self._said(value) for name, value in values.items()})

    def _said(self, value: Any) -> Any:
        match value:
            case date() if not isinstance(value, datetime) and DAY in self.texts:
                return self.day(value)
            case str() if DAY_STORED.fullmatch(value):
                return self._said(date.fromisoformat(value))
            case str() if SIGNED.fullmatch(value):
                return self._number(value[1:] if not value.strip("+-0.") else value.replace("-", "−"))
            case str() if FRACTION.fullmatch(value):
                return self._number(value)
            case float():
                return self._number(f"{value:g}")
            case _:
                return value

    def day(self, day: date) -> str:
        """``Sun 22 Nov 2026``."""
        weekdays, months = (self.texts[key].text.split() for key in (WEEKDAYS, MONTHS))
        weekday, month = weekdays[day.weekday()], months[day.month - 1]
        return self.texts[DAY].text.format(weekday=weekday, day=day.day, month=month, year=day.year)

    def _number(self, said: str) -> str:
        return said.replace(".", self.texts[DECIMAL].text) if DECIMAL in self.texts else said

    def benefit(self, key: str) -> bool:
        return self.texts[key].benefit

    def __contains__(self, key: str) -> bool:
        return key in self.texts


def languages(folder: Path = HERE) -> tuple[str, ...]:
    """The languages that have at least one file."""
    return tuple(sorted({path.suffixes[0].lstrip(".") for path in folder.glob("*.*.toml")}))


@cache
def load_language(code: str, *folders: Path) -> Language:
    """The language ``code`` from the rules' own folder and ``folders``."""
    texts: dict[str, Text] = {}
    for language in dict.fromkeys((FALLBACK, code)):
        for folder in (HERE, *folders):
            for path in sorted(folder.glob(f"*.{language}.toml")):
                texts.update(_flatten(tomllib.loads(path.read_text(encoding="utf-8")), file=path.name))
    return Language(code, texts)


_MARKED = Keys({"text": str}, {"benefit": bool})


def _flatten(tree: Mapping[str, Any], prefix: str = "", file: str = "") -> Iterator[tuple[str, Text]]:
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, Text(value)
        elif not isinstance(value, dict):
            raise KnowledgeError((f"{file}: `{key}` must be a text, not {value!r}",))
        elif isinstance(value.get("text"), str):
            told = checked({key: value}, Keys({key: _MARKED}), file)[key]
            yield key, Text(told["text"], told.get("benefit", False))
        else:
            yield from _flatten(value, f"{key}.", file)
