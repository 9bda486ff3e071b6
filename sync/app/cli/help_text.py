"""What ``--help`` says, in the runner's language: the texts under ``help``, put to commands and flags."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter, _SubParsersAction
from functools import partial
from typing import Any

from rules.text import Language
from sync.app.cli.examples import EXAMPLES

EVERYWHERE = "all"
"""Flags that every command has."""


class _Form(RawDescriptionHelpFormatter):
    def __init__(self, *, usage_word: str, **more: Any) -> None:
        super().__init__(**more)
        self._usage_word = usage_word

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, f"{self._usage_word}: " if prefix is None else prefix)


def put_into_words(parser: ArgumentParser, language: Language) -> None:
    """Each action of ``parser`` gets its text, which argparse prints. Raises KeyError for one that has none."""
    command = parser.prog.partition(" ")[2]
    parser.formatter_class = partial(_Form, usage_word=language.say("help.usage"))
    parser._positionals.title = language.say("help.positional")
    parser._optionals.title = language.say("help.options")
    parser.description = language.say(f"help.{command}.does" if command else "help.top")
    parser.epilog = _below(command, language)
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for choice in action._choices_actions:
                choice.help = language.say(f"help.{choice.dest}.does")
            continue
        own = f"help.{command}.{action.dest}"
        key = own if own in language else f"help.{EVERYWHERE}.{action.dest}"
        choices = ", ".join(map(str, action.choices or ()))
        action.help = language.say(key, choices=choices).replace("%", "%%")


def _below(command: str, language: Language) -> str | None:
    """The examples of a command as lines, where it has any; below all commands what every one of them keeps to."""
    if not command:
        return f"{language.say('help.more')}\n\n{language.say('help.codes')}\n"
    lines = EXAMPLES.get(command)
    return None if lines is None else "\n  ".join((language.say("help.examples"), *lines))
