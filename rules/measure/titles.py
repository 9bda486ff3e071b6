"""What the words of a title, a calendar entry or a shoe's name say, in several languages (``titles.toml``)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from rules.facts.kinds import Kind
from rules.knowledge.typed_toml import Each, Keys, ListOf, load_typed

KNOWLEDGE = Path(__file__).parent.parent / "knowledge" / "titles.toml"
_WORDS = Keys({"words": ListOf(str)})
SHAPE = Keys(
    {
        "ignore": _WORDS,
        "meaning": Each(Keys({"words": ListOf(str), "reliability": float})),
        "surface": Each(_WORDS),
        "gear": Each(_WORDS),
    }
)
# "5x1k", "6 × 800", "4*4min": repeats written as numbers.
REPEATS = re.compile(r"(?<![\d.])\d{1,2}\s?[x×*]\s?\(?\d{1,4}", re.IGNORECASE)


@cache
def _knowledge() -> dict[str, Any]:
    return load_typed(KNOWLEDGE, SHAPE)


@cache
def _patterns(group: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = _knowledge()[group]
    return tuple((name, re.compile("|".join(map(_pattern, row["words"])))) for name, row in table.items())


@cache
def reliability(meaning: str) -> float:
    """How often a run so titled is of that kind."""
    found: float = _knowledge()["meaning"][meaning]["reliability"]
    return found


@cache
def _ignored() -> re.Pattern[str]:
    return re.compile("|".join(map(_pattern, _knowledge()["ignore"]["words"])))


def _text(title: str) -> str:
    return _ignored().sub(" ", title.casefold())


def _pattern(word: str) -> str:
    stem = re.escape(word.rstrip("*").casefold())
    if any(ord(letter) > 0x2E80 for letter in word):
        return stem
    return rf"(?<!\w){stem}" + (r"\w*" if word.endswith("*") else r"(?!\w)")


def meanings(title: str | None) -> tuple[str, ...]:
    """The kinds the words name, in the table's order; a warm-up or cool-down of something is only that."""
    if not title:
        return ()
    text = _text(title)
    found = [name for name, pattern in _patterns("meaning") if pattern.search(text)]
    if REPEATS.search(text) and "intervals" not in found:
        found.append("intervals")
    if "warmup" in found or "cooldown" in found:
        return tuple(name for name in found if name in ("warmup", "cooldown"))
    if "hill_repeats" in found:
        found = [name for name in found if name not in ("hills", "intervals")]
    if "long" in found and "intervals" not in found and "race" not in found:
        # "Long easy run" and "long aerobic" are long runs; "base" beside "long" says nothing more.
        return tuple(name for name in found if name in ("long", "easy", "tempo", "hills", "steady"))
    return tuple(found)


def surfaces(title: str | None) -> tuple[str, ...]:
    """The surfaces the words name."""
    if not title:
        return ()
    text = _text(title)
    found = [name for name, pattern in _patterns("surface") if pattern.search(text)]
    return tuple(name for name in found if not (name == "track" and "trail" in found))


def gear_surfaces(gear: str | None) -> tuple[str, ...]:
    """The surfaces a shoe was made for."""
    if not gear:
        return ()
    text = gear.casefold()
    return tuple(name for name, pattern in _patterns("gear") if pattern.search(text))


PRIMARY = (
    ("hill_repeats", Kind.HILLS),
    ("race", Kind.TEMPO),
    ("intervals", Kind.TEMPO),
    ("tempo", Kind.TEMPO),
    ("long", Kind.LONG),
    ("hills", Kind.HILLS),
    ("recovery", Kind.EASY),
    ("easy", Kind.EASY),
    ("steady", Kind.EASY),
    ("warmup", Kind.EASY),
    ("cooldown", Kind.EASY),
)


def kind_of_title(title: str | None) -> Kind | None:
    """The primary kind a title or calendar entry names; None when its words name none."""
    words = meanings(title)
    for meaning, kind in PRIMARY:
        if meaning in words:
            return kind
    return Kind.SURFACE if set(surfaces(title)) & {"trail", "track", "grass", "gravel", "sand"} else None
