"""Values of a knowledge file, typed when they are read: a file's `2` is the real number 2.0 where one is meant.

TOML tells `2` from `2.0`, and so does NumPy: an array made of the first is one of whole numbers, and 0.5 put into it
becomes 0. So each loader says what it expects, and everything else is refused with its file and key.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

NAMES = {float: "a number", int: "a whole number", str: "a text", bool: "true or false"}


class KnowledgeError(ValueError):
    """Every mistake found in the knowledge or in the overrides, in one go."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items all have one shape."""

    item: Shape


@dataclass(frozen=True, slots=True)
class Each:
    """A table with any keys, whose values all have one shape."""

    value: Shape


@dataclass(frozen=True, slots=True)
class Keys:
    """A table with these keys and no others."""

    needed: Mapping[str, Shape]
    may: Mapping[str, Shape] = field(default_factory=dict)


Shape: TypeAlias = "type[float] | type[int] | type[str] | type[bool] | ListOf | Each | Keys"
"""``float`` takes whole numbers too and gives real ones; ``int`` takes whole numbers only."""


def load_typed(path: Path, shape: Shape) -> dict[str, Any]:
    """The file's table. Raises KnowledgeError with every mistake, each with the file's name and the key."""
    return checked(tomllib.loads(path.read_text(encoding="utf-8")), shape, path.name)


def checked(table: Mapping[str, Any], shape: Shape, file: str) -> dict[str, Any]:
    """``table`` with its values typed. Raises KnowledgeError with every mistake."""
    read, mistakes = typed(table, shape)
    if mistakes:
        raise KnowledgeError(tuple(f"{file}: {text}" for text in mistakes))
    return dict(read)


def typed(value: Any, shape: Shape, at: str = "") -> tuple[Any, list[str]]:
    """``value`` in its type and every mistake in it; where there is one, the value is worth nothing."""
    mistakes: list[str] = []
    return _read(value, shape, at, mistakes), mistakes


def _read(value: Any, shape: Shape, at: str, mistakes: list[str]) -> Any:
    match shape:
        case Each(inner):
            if isinstance(value, dict):
                return {name: _read(one, inner, _key(at, name), mistakes) for name, one in value.items()}
            wanted = "a table"
        case Keys(needed, may):
            if isinstance(value, dict):
                return _row(value, needed, may, at, mistakes)
            wanted = "a table"
        case ListOf(inner):
            if isinstance(value, list):
                return [_read(one, inner, f"{at}[{number}]", mistakes) for number, one in enumerate(value)]
            wanted = "a list"
        case _:
            if _is(value, shape):
                return shape(value)
            wanted = NAMES[shape]
    mistakes.append(f"`{at}` must be {wanted}, not {value!r}")
    return None


def _row(
    row: Mapping[str, Any], needed: Mapping[str, Shape], may: Mapping[str, Shape], at: str, mistakes: list[str]
) -> dict[str, Any]:
    known = {**needed, **may}
    mistakes += [f"`{_key(at, name)}` is missing" for name in needed if name not in row]
    mistakes += [f"`{_key(at, name)}` is not known here" for name in row if name not in known]
    return {name: _read(one, known[name], _key(at, name), mistakes) for name, one in row.items() if name in known}


def _is(value: Any, kind: type) -> bool:
    """Python takes True for 1, and TOML knows `nan` and `inf`: neither is a number that anything could rest on."""
    if kind is not float:
        return type(value) is kind
    if type(value) not in (int, float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _key(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
