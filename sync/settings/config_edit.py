"""One setting in the text of the config changed, everything else in it left as its writer left it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from sync.errors import PersonMustAct

OLD_COPY = "# springstep: every key with its default."
"""How a copy of the example begins. A first start used to write one, so what stands in it nobody need have chosen."""
FIRST = "athlete"
OTHERS = "athletes"
ADDRESS = re.compile(r"(?:https?|webcals?)://[^\s\"']+|[^\s\"']+/[^\s\"']*\.ics\b[^\s\"']*", re.IGNORECASE)
"""A calendar may be named without its scheme as well, by what its file is called."""
HOST_ALONE = re.compile(r"[a-z]+://[^/?#]+[/?#]?", re.IGNORECASE)
SettingValue = str | int | bool | None


def edited(text: str, section: str, changes: Mapping[str, Any], *, athlete: str | None = None) -> str:
    """``text`` with each key of ``changes`` set in ``[section]``; None takes a key out.

    ``athlete`` names the runner of ``[[athletes]]`` whose table is meant. Raises PersonMustAct for a text that is no
    TOML, and for a runner who is not in it.
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        raise PersonMustAct("settings.config_invalid") from None
    table: Any = _runner(document, athlete) if athlete is not None else document.get(section)
    if table is None:
        table = tomlkit.table()
        if document.as_string().strip():
            document.add(tomlkit.nl())
        document[section] = table
        table = document[section]
    for key, value in changes.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = _inline(value) if isinstance(value, list) else value
    return document.as_string()


def chosen(text: str, defaults: Mapping[str, Mapping[str, Any]]) -> frozenset[tuple[str, str]]:
    """Section and key of what a person wrote into the file.

    A value that equals its default in a copy of the example came with the copy, and counts as not set.
    """
    tree = tomllib.loads(text)
    copied = text.lstrip("\ufeff").startswith(OLD_COPY)
    return frozenset(
        (section, key)
        for section, values in tree.items()
        if isinstance(values, dict)
        for key, value in values.items()
        if not (copied and key in defaults.get(section, {}) and defaults[section][key] == value)
    )


def without_private_addresses(text: str) -> str:
    """``text`` without the calendar addresses that are as good as keys; what is no TOML loses every address."""
    try:
        named = tomllib.loads(text).get("calendar", {}).get("addresses", [])
        left = [one for one in named if "://" not in one]
        return text if left == named else edited(text, "calendar", {"addresses": left or None})
    except (tomllib.TOMLDecodeError, AttributeError, TypeError):
        return ADDRESS.sub("", text)


def without_addresses(text: str) -> str:
    """The same for a copy that leaves the config: whatever could be a calendar's address goes from the comments and
    from keys that nobody knows, too. A host alone and what another section is set to stay."""
    text = without_private_addresses(text)
    try:
        tree = {section: value for section, value in tomllib.loads(text).items() if section != "calendar"}
    except tomllib.TOMLDecodeError:
        return text
    used = tuple(_texts(tree))

    def left(found: re.Match[str]) -> str:
        stays = HOST_ALONE.fullmatch(found[0]) or any(found[0] in value for value in used)
        return found[0] if stays else ""

    return ADDRESS.sub(left, text)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for one in value.values() for text in _texts(one))
        case list():
            yield from (text for one in value for text in _texts(one))


def _inline(rows: list[Any]) -> Any:
    """Tables in one line, so that they stay inside the table that they belong to."""
    array = tomlkit.array()
    for row in rows:
        if isinstance(row, dict):
            one = tomlkit.inline_table()
            one.update(row)
            array.append(one)
        else:
            array.append(row)
    return array


def _runner(document: Any, athlete: str) -> Any:
    for table in document.get(OTHERS) or ():
        if table.get("id", "runner") == athlete:
            return table
    raise PersonMustAct("settings.no_runner", name=athlete, known=[])
