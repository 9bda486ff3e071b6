"""The command line: argv in, one exit code out; nobody ever sees a traceback."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sync.app.cli import (
    answers,
    backups,
    done,
    entries,
    feet,
    long_tasks,
    password,
    plan,
    questions,
    serve,
    set_up,
    sources,
    strength,
)
from sync.app.cli.command import CliCommand, Context, Talk, start_logs
from sync.app.cli.spoken import spoken
from sync.app.cli.take_in import take_in
from sync.app.cli.usage import unknown, usage_error
from sync.errors import DISK_FULL, INTERNAL, PersonMustAct, SpringstepError, TryLater, unforeseen

if TYPE_CHECKING:
    from rules.text import Language

COMMANDS: tuple[CliCommand, ...] = (
    *serve.COMMANDS,
    *long_tasks.COMMANDS,
    *questions.COMMANDS,
    *entries.COMMANDS[:1],
    *done.COMMANDS,
    *entries.COMMANDS[1:],
    *plan.COMMANDS,
    *answers.COMMANDS,
    *strength.COMMANDS,
    *feet.COMMANDS,
    *backups.COMMANDS,
    *sources.COMMANDS,
    *password.COMMANDS,
    *set_up.COMMANDS,
)
TAKES_IN = frozenset(
    (
        "today",
        "runs",
        "why",
        "log",
        "done",
        "label",
        "plan",
        "answer",
        "length",
        "swap",
        "step",
        "strength",
        "assess",
        "pause",
        "resume",
        "merge",
        "split",
    )
)
"""Commands that first store what waits in the outbox while nobody owns the store."""
INTERRUPTED = 130


class Parser(ArgumentParser):
    speaks: Callable[[], Language]
    """In which language its help is; asked only when help is wanted."""

    def error(self, message: str) -> NoReturn:
        """Raises PersonMustAct: what did not fit, that nothing was changed, and where the choices are."""
        raise usage_error(message, self.prog)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Raises PersonMustAct for words that nobody takes, with the command that was asked to."""
        given, left = self.parse_known_args(args, namespace)
        if left:
            raise unknown(left, self.prog, given.command)
        return given

    def format_help(self) -> str:
        from sync.app.cli.help_text import put_into_words

        put_into_words(self, self.speaks())
        return super().format_help()


def english() -> Language:
    from rules.knowledge.languages import FALLBACK
    from rules.text import load_language

    return load_language(FALLBACK)


def parser(speaks: Callable[[], Language] = english) -> Parser:
    """Every command that works; those that do not are not there."""
    shared = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    _global_flags(shared)
    top = Parser(prog="springstep")
    top.speaks = speaks
    _global_flags(top)
    top.add_argument("--version", action="version", version=f"springstep {version('springstep')}")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        # The global flags may stand on either side of the command.
        one = subparsers.add_parser(command.name, help="", parents=[shared])
        one.speaks = speaks
        command.arguments(one)
    return top


def _global_flags(to: ArgumentParser) -> None:
    to.add_argument("--home", metavar="DIR")
    to.add_argument("--config", metavar="FILE")
    to.add_argument("--athlete", metavar="NAME")


def main(argv: Sequence[str] | None = None) -> int:
    os.umask(0o077)
    if argv is None:
        _leave_out_what_is_slow()
    talk = Talk()
    context: Context | None = None
    try:
        given = parser(lambda: spoken(_context_of_words(argv, talk), os.environ)).parse_args(argv)
    except PersonMustAct as wrong:
        talk.say(f"springstep: {_says(wrong, _context_of_words(argv, talk))}")
        return wrong.exit_code
    command = next(command for command in COMMANDS if command.name == given.command)
    try:
        context = _context(given, talk)
        if command.name in serve.SERVE:
            context = serve.in_force(context)
        start_logs(context, "commands", quiet=True)
        if command.name in TAKES_IN:
            take_in(context, command.name)
        return command.run(context, given)
    except SpringstepError as error:
        says = _says(error, _context_of_words(argv, talk) if context is None else context)
        talk.say(says if "\n" in says else f"springstep: {says}")
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the answer has seen enough (`springstep runs | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as bug:
        return _last_resort(bug, given, context, talk)


def _says(error: SpringstepError, context: Context | None) -> str:
    from sync.service.messages import error_text

    return error_text(error, spoken(context, os.environ))


def _leave_out_what_is_slow() -> None:
    """What would be imported because it is there, and is a tenth of a short command's time.

    DuckDB and pyarrow take pandas, when it is there, to look at what they are given; structlog takes rich for colours,
    which our logs do not use; pydantic reads of every installed package whether it brings a plugin. All three do
    without. Only in a process of our own; the page's process, whose Streamlit may want them, is another one. And what
    is imported stays: looking for garbage after every 700 new objects finds none.
    """
    gc.set_threshold(20_000)
    sys.meta_path.insert(0, _NotThere())
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"


class _NotThere:
    def find_spec(self, name: str, *_: object) -> None:
        if name in ("pandas", "rich"):
            raise ModuleNotFoundError(name)


def _context(given: Namespace, talk: Talk) -> Context:
    from sync.settings import paths

    if given.command == "demo":
        # Nothing of the real home is read or written, its config included.
        from sync.app.demo import home as demo_home

        at = demo_home.find(given.home, os.environ)
        return Context(home=at, config_path=at.config, athlete_name=None, talk=talk)
    at = paths.find(given.home, os.environ)
    named = given.config or os.environ.get("SPRINGSTEP_CONFIG")
    path = Path(named).expanduser().absolute() if named else at.config
    if given.config and not path.exists() and given.command != "run":
        raise PersonMustAct("cli.no_config", path=path)
    return Context(home=at, config_path=path, athlete_name=given.athlete, talk=talk)


def _context_of_words(argv: Sequence[str] | None, talk: Talk) -> Context | None:
    """For the language of the answer: the home and config that ``argv`` names, the home's own config where the named
    one is missing; None where there are none."""
    flags = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    _global_flags(flags)
    try:
        named, _ = flags.parse_known_args(argv)
        given = Namespace(**{"home": None, "config": None, "athlete": None, "command": "", **vars(named)})
        try:
            return _context(given, talk)
        except PersonMustAct:
            of_home = _context(Namespace(**{**vars(given), "config": None}), talk)
            return of_home if of_home.config_path.exists() else None
    except (SpringstepError, OSError):
        return None


def _last_resort(bug: Exception, given: Namespace, context: Context | None, talk: Talk) -> int:
    """One line for the person, the rest for the log."""
    where = "and the log could not be written"
    if context is not None:
        try:
            import structlog

            context.home.make()
            start_logs(context, "commands", quiet=True)
            structlog.get_logger().error("command.failed", command=given.command, exc_info=bug)
            where = f"{context.home.log / 'commands.log'} has the details"
        except Exception:
            # What is broken may be the home itself: the sentence below must come out all the same.
            pass
    if (told := unforeseen(bug)).code != INTERNAL:
        kind = TryLater if told.code == DISK_FULL else PersonMustAct
        talk.say(f"springstep: {_says(kind.of(told), context)}")
        return kind.exit_code
    talk.say(f"springstep: something went wrong inside ({type(bug).__name__}); {where}.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
