"""What the runner typed while nobody owned the store: one JSON file a command, taken in later exactly once.

A command carries its own id, so a file that was taken in but not yet removed when the power went is harmless.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError

from rules.facts import Problem
from sync.errors import TryLater
from sync.files import sync_folder, write_durably
from sync.wire import Receipt, TypedCommand

COMMANDS: TypeAdapter[Any] = TypeAdapter(TypedCommand)
BROKEN = "broken"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ingested:
    taken: int = 0
    set_aside: int = 0


def put(folder: Path, command: TypedCommand, *, clock_ns: Callable[[], int] = time.time_ns) -> Path:
    """Keeps the command; when this returns it outlives a power cut. File names sort by arrival."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tail = re.sub(r"[^0-9A-Za-z-]", "", command.command_id)[:64]
    path = folder / f"{clock_ns():020d}-{tail}.json"
    write_durably(path, COMMANDS.dump_json(command))
    return path


def paths(folder: Path) -> list[Path]:
    """What waits, in order of arrival."""
    return sorted(path for path in folder.glob("*.json") if not path.name.startswith("."))


def waiting(folder: Path) -> list[TypedCommand]:
    """The commands that wait, in order of arrival; broken files are left out, `ingest` reports them."""
    found = []
    for path in paths(folder):
        command = _read(path)
        if not isinstance(command, Problem) and command is not None:
            found.append(command)
    return found


def ingest(
    folder: Path, *, perform: Callable[[TypedCommand], Receipt], tell: Callable[[Problem, str | None], None]
) -> Ingested:
    """Performs what waits, in order of arrival, and removes it.

    A file that cannot be understood, or that the store refuses, is told once and set aside in ``broken/``: it must not
    come again each minute. ``tell`` hears whose command it was, None for the first athlete's. When the store itself
    says "later", or the disk fails, everything stays where it is.
    """
    taken = set_aside = 0
    for path in paths(folder):
        command = _read(path)
        if command is None:
            continue
        if isinstance(command, Problem):
            refused: str | None = command.reason
        else:
            try:
                refused = perform(command).refused
            except (TryLater, OSError):
                raise
            except Exception as error:
                log.exception("outbox.command_failed", file=path.name, command=command.name)
                refused = f"it could not be stored ({type(error).__name__})"
        if refused is None:
            path.unlink(missing_ok=True)
            taken += 1
        else:
            whose = None if isinstance(command, Problem) else command.athlete
            tell(Problem(name=_called(path, command), reason=refused), whose)
            aside = folder / BROKEN
            aside.mkdir(mode=0o700, exist_ok=True)
            path.replace(aside / path.name)
            set_aside += 1
    if taken or set_aside:
        sync_folder(folder)
        log.info("outbox.ingested", taken=taken, set_aside=set_aside)
    return Ingested(taken, set_aside)


def _called(path: Path, command: Any) -> str:
    """As a runner would call it: "split, typed 2026-11-23 02:17:01 UTC"; the file's name when nobody can read it."""
    if isinstance(command, Problem):
        return path.name
    return f"{command.name}, typed {command.typed_utc:%Y-%m-%d %H:%M:%S} UTC"


def _read(path: Path) -> Any:
    """The command, a Problem, or None when another reader was faster."""
    try:
        return COMMANDS.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        return Problem(
            name=path.name, reason="it waited in the outbox but cannot be understood; it lies in outbox/broken"
        )
