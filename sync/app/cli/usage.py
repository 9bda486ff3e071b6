"""What argparse says of words that do not fit, as an error of ours: a code and values, so that it has a language."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from sync.errors import PersonMustAct

CHOICES = r"invalid choice: (?P<typed>.*?) \(choose from (?P<known>.*)\)"
QUOTED = re.compile(r"['\"]([^'\"]*)['\"]")
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("command", re.compile("argument COMMAND: " + CHOICES)),
    ("no_command", re.compile(r"the following arguments are required: COMMAND")),
    ("choice", re.compile("argument (?P<name>.*?): " + CHOICES)),
    ("missing", re.compile(r"the following arguments are required: (?P<names>.*)")),
    ("unknown", re.compile(r"unrecognized arguments: (?P<typed>.*)")),
    ("no_value", re.compile(r"argument (?P<name>.*?): expected .*argument.*")),
    ("both", re.compile(r"argument (?P<name>.*?): not allowed with argument (?P<other>.*)")),
    ("value", re.compile(r"argument (?P<name>.*?): (?P<typed>.*'.*'.*)")),
)  # fmt: skip
"""By the words of argparse in Python 3.11 to 3.14, which quotes the choices until 3.13; the first that fits counts."""
ALIKE = 0.6


def usage_error(message: str, command: str) -> PersonMustAct:
    """The error that argparse's ``message`` means for ``command``; the message itself where no form fits."""
    for form, pattern in FORMS:
        found = pattern.fullmatch(message)
        if found is None:
            continue
        values = {key: _bare(value) for key, value in found.groupdict().items()}
        if form == "command":
            likely = difflib.get_close_matches(values["typed"], values.pop("known").split(", "), 1, ALIKE)
            if likely:
                form, values["guess"] = "command_guess", f"{command} {likely[0]}"
        return PersonMustAct(f"cli.usage_{form}", **values, command=command)
    return PersonMustAct("cli.usage", problem=message, command=command)


def unknown(words: Sequence[str], *command: str) -> PersonMustAct:
    """Words that the command does not take."""
    return PersonMustAct("cli.usage_unknown", typed=" ".join(words), command=" ".join(command))


def missing(names: Sequence[str], *command: str) -> PersonMustAct:
    """Words that the command needs, by their names in its help."""
    return PersonMustAct("cli.usage_missing", names=", ".join(names), command=" ".join(command))


def _bare(value: str) -> str:
    """``'a', 'b'`` as ``a, b``; of a sentence with one quoted word the word; anything else as it is."""
    words = QUOTED.findall(value)
    return ", ".join(words) if words else value
