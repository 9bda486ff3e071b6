"""What every command is made of, and what it is given to work with."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pydantic import BaseModel

    from rules.text import Language
    from sync.app.cli.text_format import TextFormat
    from sync.service.client import Client
    from sync.settings.config import Athlete, Config
    from sync.settings.paths import DataDir

DONE, PROBLEMS, ACT, LATER = 0, 1, 2, 3
"""Exit codes: done, problems were recorded, the person must act, try later."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Answers go to ``out``, which a program may read; everything else is talk and goes to ``err``."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    given: TextIO = field(default_factory=lambda: sys.stdin)

    def answer(self, text: str) -> None:
        self.out.write(text.rstrip("\n") + "\n")
        self.out.flush()

    def answer_json(self, value: BaseModel | list[BaseModel]) -> None:
        plain = (
            [one.model_dump(mode="json") for one in value] if isinstance(value, list) else value.model_dump(mode="json")
        )
        self.answer(json.dumps(plain, ensure_ascii=False, indent=2))

    def say(self, text: str) -> None:
        self.err.write(text + "\n")
        self.err.flush()

    def ask(self, question: str) -> str:
        """What the person typed, without blanks at its ends. Raises PersonMustAct when nobody is there to answer."""
        from sync.errors import PersonMustAct

        self.err.write(question)
        self.err.flush()
        line = self.given.readline()
        if not line:
            raise PersonMustAct("cli.nobody_answers")
        return line.strip()

    def progress(self, text: str) -> None:
        """One line that is written over; only a person at a terminal sees it."""
        if self.err.isatty():
            self.err.write(f"\r\x1b[K{text}")
            self.err.flush()


def now_utc() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Context:
    """Where the command works and for whom; the config is read when it is first needed."""

    home: DataDir
    config_path: Path
    athlete_name: str | None
    talk: Talk = field(default_factory=Talk)
    now: Callable[[], datetime] = now_utc
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @cached_property
    def config(self) -> Config:
        """Raises ConfigMistakes; no file at all is a sound config."""
        from sync.settings.config import Config, load_config

        return load_config(self.config_path) if self.config_path.exists() else Config()

    @property
    def athlete(self) -> Athlete:
        return self.config.athlete(self.athlete_name)

    @property
    def client(self) -> Client:
        from sync.service.client import Client

        return Client(self.home, athlete=self.athlete.id, now=self.now, config=self.config, environ=self.environ)

    @cached_property
    def language(self) -> Language:
        from rules.text import load_language

        return load_language(self.athlete.language)

    @cached_property
    def words(self) -> TextFormat:
        from sync.app.cli.text_format import TextFormat

        return TextFormat(self.language, self.athlete.units, self.athlete.clock)

    def text(self, key: str, /, **values: object) -> str:
        """The command line's own text ``cli.<key>``."""
        return self.language.say(f"cli.{key}", **values)


@dataclass(frozen=True, slots=True)
class CliCommand:
    """``run`` returns the exit code, or raises one of the three errors. What ``--help`` says of it and of its
    arguments are texts: ``help.NAME``."""

    name: str
    run: Callable[[Context, Namespace], int]
    arguments: Callable[[ArgumentParser], None] = lambda _parser: None


def start_logs(context: Context, name: str, *, quiet: bool) -> None:
    """``quiet`` leaves stderr to the talk with a person; a home that does not exist yet gets no log file."""
    from sync.settings import logging

    folder = context.home.log if context.home.log.is_dir() else None
    quiet = quiet and not (name == "daemon" and logging.under_systemd(context.environ))
    logging.configure(name, folder, context.config.logs, environ=context.environ, quiet=quiet)


def json_flag(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")
