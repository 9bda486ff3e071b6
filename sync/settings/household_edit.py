"""Changes of the household in the text of the config: a runner more. Pure: text in, text out."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import tomlkit

from sync.errors import PersonMustAct
from sync.settings import config_edit
from sync.settings.config import Config, parse

NAME_LONGEST = 60
ID_LONGEST = 40


def with_runner(text: str, config: Config, name: str) -> tuple[str, str]:
    """The text with one runner more, and their id. Raises PersonMustAct for a name that cannot be or is taken."""
    name = name.strip()
    if not name or not name.isprintable() or len(name) > NAME_LONGEST:
        raise PersonMustAct("settings.name_needed", most=NAME_LONGEST)
    if name.casefold() in {word.casefold() for one in config.athletes for word in (one.id, one.name)}:
        raise PersonMustAct("settings.name_taken", name=name)
    id_ = free_id(name, {one.id for one in config.athletes})
    document = tomlkit.parse(text)
    runners: Any = document.get(config_edit.OTHERS)
    if runners is None:
        document[config_edit.OTHERS] = tomlkit.aot()
        runners = document[config_edit.OTHERS]
    table = tomlkit.table()
    table.update({"id": id_, "name": name, "language": config.first.language, "units": config.first.units})
    runners.append(table)
    made = document.as_string()
    parse(made)
    return made, id_


def free_id(name: str, taken: set[str]) -> str:
    """A short word made of the name, for files and tables; numbered where it is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: ID_LONGEST - 4] or "runner"
    numbered = (word if n == 1 else f"{word}-{n}" for n in range(1, len(taken) + 3))
    return next(one for one in numbered if one not in taken)
