"""A mistake in the config, said in the file's words: its section, its key, what it must be, what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

NAMES_OF_PLAIN_TYPES: Mapping[Any, str] = {
    bool: "true or false",
    str: "text in quotes",
    Path: "a path in quotes",
    float: "a number",
    int: "a whole number",
}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known spelling closest to ``word``, or None when none is close."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def sentences(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """One sentence a mistake, in the order of the file's sections; the same key is named once."""
    seen: set[str] = set()
    for mistake in error.errors():
        where, key, field, siblings = _locate(model, mistake["loc"])
        if key is None and mistake["type"] == "value_error":
            yield str(mistake["ctx"]["error"])
            continue
        place = f"{where} {key}".strip()
        if place in seen:
            continue
        seen.add(place)
        match mistake["type"]:
            case "extra_forbidden":
                yield _stranger(where, str(key), siblings, is_section=isinstance(mistake["input"], dict | list))
            case "value_error":
                yield f"{place} {mistake['ctx']['error']}"
            case _:
                yield f"{place} must be {_wanted(field, whole=not key)}, not {_shown(mistake['input'])}"


def _stranger(where: str, key: str, siblings: Iterable[str], *, is_section: bool) -> str:
    guess = nearest(key, siblings)
    if not where:
        if not is_section:
            return f"`{key}` stands outside of any section"
        return f"there is no section [{key}]" + (f"; did you mean [{guess}]?" if guess else "")
    return f"{where} has no `{key}`" + (f"; did you mean `{guess}`?" if guess else "")


def _locate(
    model: type[BaseModel], loc: tuple[int | str, ...]
) -> tuple[str, str | None, FieldInfo | None, tuple[str, ...]]:
    """The section's heading, the key, its field, and the keys that may stand beside it."""
    where, key, field = "", None, None
    inside: type[BaseModel] | None = model
    fields = _by_key(model)
    for part in loc:
        if not isinstance(part, str):
            continue
        if inside is None:
            if field is not None and get_origin(field.annotation) is dict and not where:
                where, key = f"[{key}]", part
            continue
        here = _by_key(inside)
        if key is not None:
            many = field is not None and _is_many(field.annotation)
            where, key = (f"[[{key}]]" if many else f"[{key}]"), None
        key, field, fields = part, here.get(part), here
        inside = _model_of(field.annotation) if field is not None else None
    is_section = field is not None and (inside is not None or get_origin(field.annotation) is dict)
    if key is not None and not where and is_section:
        where, key = f"[{key}]", ""
    return where, key, field, tuple(fields)


def _by_key(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _is_many(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _model_of(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for part in get_args(kind) if (found := _model_of(part)) is not None), None)


def _wanted(field: FieldInfo | None, *, whole: bool) -> str:
    """``whole`` says that the mistake is in the field itself, not in one entry of a table of free keys."""
    if field is None:
        return "something else"
    if get_origin(field.annotation) is dict and not whole:
        return _phrase(get_args(field.annotation)[1])
    return _phrase(field.annotation, field.metadata)


def _phrase(kind: Any, metadata: Iterable[Any] = ()) -> str:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *more = get_args(kind)
        return _phrase(inner, _flat(more))
    if origin is Literal:
        return " or ".join(f'"{value}"' for value in get_args(kind))
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_phrase(part, metadata) for part in get_args(kind) if part is not NoneType))
    if origin is tuple:
        inner = get_args(kind)[0]
        if _model_of(inner) is not None:
            return "a section in double brackets"
        return f"a list [{_phrase(inner)}, …]"
    if _model_of(kind) is not None or origin is dict:
        return "a section"
    limits = list(_flat(metadata))
    low = next((limit.ge for limit in limits if isinstance(limit, Ge)), None)
    high = next((limit.le for limit in limits if isinstance(limit, Le)), None)
    longest = next((limit.max_length for limit in limits if isinstance(limit, MaxLen)), None)
    shortest = next((limit.min_length for limit in limits if isinstance(limit, MinLen)), None)
    name = NAMES_OF_PLAIN_TYPES.get(kind, "something else")
    if low is not None and high is not None:
        return f"{name} from {low} to {high}"
    if low is not None:
        return f"{name} from {low} up"
    if high is not None:
        return f"{name} up to {high}"
    if longest is not None:
        return f"{name}, {shortest or 0} to {longest} letters long"
    return name


def _flat(metadata: Iterable[Any]) -> Iterator[Any]:
    for entry in metadata:
        yield from entry.metadata if isinstance(entry, FieldInfo) else (entry,)


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case dict():
            return "a section"
        case list():
            return "a list"
        case _:
            return str(value)
