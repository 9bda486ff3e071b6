"""Changes of the household in the text of the config: a runner more, removed, back, or gone. Pure: text in, text out.

One who was removed keeps name and id in the file until what is theirs is purged, so that nobody new inherits it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from sync.errors import PersonMustAct
from sync.settings import config_edit
from sync.settings.config import Config, parse

NAME_LONGEST = 60
ID_LONGEST = 40
DEFAULT_ID = Config().first.id
"""Of a table that names none."""


def with_runner(text: str, config: Config, name: str) -> tuple[str, str]:
    """The text with one runner more, and their id. Raises PersonMustAct for a name that cannot be or is taken."""
    name = name.strip()
    if not name or not name.isprintable() or len(name) > NAME_LONGEST:
        raise PersonMustAct("settings.name_needed", most=NAME_LONGEST)
    everyone = (config.first, *config.others)
    if name.casefold() in {word.casefold() for one in everyone for word in (one.id, one.name)}:
        raise PersonMustAct("settings.name_taken", name=name)
    id_ = free_id(name, {one.id for one in everyone})
    document = tomlkit.parse(text)
    runners: Any = document.get(config_edit.OTHERS)
    if runners is None:
        document[config_edit.OTHERS] = tomlkit.aot()
        runners = document[config_edit.OTHERS]
    # Written as tables of their own, or as `athletes = [{…}]`.
    table: Any = tomlkit.table() if isinstance(runners, AoT) else tomlkit.inline_table()
    table.update({"id": id_, "name": name, "language": config.first.language, "units": config.first.units})
    runners.append(table)
    made = document.as_string()
    parse(made)
    return made, id_


def removed(text: str, config: Config, athlete: str) -> str:
    """The text with that runner removed. Raises PersonMustAct for the runner of [athlete]: one administrator stays."""
    if athlete == config.first.id:
        raise PersonMustAct("settings.last_administrator", name=config.first.name)
    return _parsed(config_edit.edited(text, config_edit.FIRST, {"removed": True}, athlete=athlete))


def brought_back(text: str, athlete: str) -> str:
    """The text with that runner as before they were removed."""
    return _parsed(config_edit.edited(text, config_edit.FIRST, {"removed": None}, athlete=athlete))


def without_runner(text: str, athlete: str) -> str:
    """The text without a word of that runner; as it is where it names no such one. Raises PersonMustAct for no TOML."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        raise PersonMustAct("settings.config_invalid") from None
    runners: Any = document.get(config_edit.OTHERS) or ()
    left = [one for one in runners if one.get("id", DEFAULT_ID) != athlete]
    if len(left) == len(runners):
        return text
    if not left:
        del document[config_edit.OTHERS]
    else:
        for number in reversed(range(len(runners))):
            if runners[number].get("id", DEFAULT_ID) == athlete:
                del runners[number]
    return document.as_string()


def whom_to_purge(config: Config, name: str, stored: Collection[str] | None = None) -> str:
    """The id of the runner who is meant: one who was removed, or one whom only the store knows.

    Raises PersonMustAct for one who still runs here, and, where ``stored`` tells whom there is anything of, for one of
    whom there is nothing.
    """
    wanted = name.strip().casefold()
    for one in config.removed:
        if wanted in (one.id, one.name.casefold()):
            return one.id
    for one in config.athletes:
        if wanted in (one.id, one.name.casefold()):
            if one == config.first:
                raise PersonMustAct("settings.last_administrator", name=one.name)
            raise PersonMustAct("settings.runner_not_removed", name=one.name)
    if stored is not None and wanted not in stored:
        raise PersonMustAct(
            "settings.no_runner", name=name, known=sorted({*stored, *(one.id for one in config.removed)})
        )
    return wanted


def _parsed(text: str) -> str:
    parse(text)
    return text


def free_id(name: str, taken: set[str]) -> str:
    """A short word made of the name, for files and tables; numbered where it is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: ID_LONGEST - 4] or "runner"
    numbered = (word if n == 1 else f"{word}-{n}" for n in range(1, len(taken) + 3))
    return next(one for one in numbered if one not in taken)
