"""What the runner typed while nobody owned the store: one JSON file a command, performed later exactly once.

A command carries its own id, so a file that was performed but not yet removed when the power went is harmless.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError

from rules.facts.problems import Problem
from sync.errors import CodedText, PersonMustAct, TryLater
from sync.settings.atomic_files import atomic_write, sync_folder
from sync.wire.commands import LogScore, PlanRun, Receipt, SwapDrill, TypedCommand

COMMANDS: TypeAdapter[Any] = TypeAdapter(TypedCommand)
BROKEN = "broken"
LARGEST_BYTES = 4 * 1024 * 1024
"""Of a command; whatever is larger was not written by `put`."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ingested:
    taken: int = 0
    set_aside: int = 0


def put(folder: Path, command: TypedCommand, *, clock_ns: Callable[[], int] = time.time_ns) -> Path:
    """Keeps the command; when this returns it outlives a power cut. File names sort by arrival."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{clock_ns():020d}-{_tail(command.command_id)}"
    atomic_write(path, COMMANDS.dump_json(command))
    return path


def paths(folder: Path) -> list[Path]:
    """What waits, in order of arrival."""
    return sorted(path for path in folder.glob("*.json") if not path.name.startswith("."))


def holds(folder: Path, command_id: str) -> bool:
    """Whether that command still waits."""
    return any(path.name.endswith(f"-{_tail(command_id)}") for path in paths(folder))


def _tail(command_id: str) -> str:
    return re.sub(r"[^0-9A-Za-z-]", "", command_id)[:64] + ".json"


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

    Whatever cannot be read or understood, be it a file or not, and what the store refuses, is told once and set aside
    in ``broken/``: it must not come again each minute. ``tell`` hears whose command it was, None for the first
    athlete's. When the store itself says "later", or the disk fails, everything stays where it is.
    """
    taken = set_aside = 0
    for path in paths(folder):
        command = _read(path)
        if command is None:
            continue
        if isinstance(command, Problem):
            refused: Problem | None = command
        else:
            try:
                refused = _refusal(_called(path, command), perform(command))
            except (TryLater, OSError):
                raise
            except Exception as error:
                if isinstance(error, PersonMustAct) and error.code == "settings.runner_removed":
                    # It waits for them to be brought back, or to be purged.
                    continue
                if isinstance(error, PersonMustAct):
                    log.warning("outbox.command_refused", file=_shown(path), command=command.name, reason=error.code)
                else:
                    log.exception("outbox.command_failed", file=_shown(path), command=command.name)
                refused = Problem(_called(path, command), "outbox_failed", type(error).__name__)
        if refused is None:
            path.unlink(missing_ok=True)
            taken += 1
            continue
        whose = None if isinstance(command, Problem) else command.athlete
        tell(refused, whose)
        if _set_aside(path, folder / BROKEN):
            set_aside += 1
        else:
            tell(Problem(name=_called(path, command), reason="outbox_stuck"), whose)
    if taken or set_aside:
        sync_folder(folder)
        log.info("outbox.ingested", taken=taken, set_aside=set_aside)
    return Ingested(taken, set_aside)


def _refusal(called: str, receipt: Receipt) -> Problem | None:
    """None for what was stored. The reason is kept as a code, so that each reader gets it in their language."""
    if receipt.refused is None:
        return None
    coded = CodedText.from_json(receipt.refused_code)
    return Problem(called, "outbox_refused", receipt.refused if coded is None else coded.to_text())


def _called(path: Path, command: Any) -> str:
    """What it was and when it was typed, for ``entry_names`` to say in the reader's language and time: "split, typed
    2026-11-23 02:17:01 UTC"; the file's name when nobody can read it."""
    if isinstance(command, Problem):
        return _shown(path)
    return f"{_entry(command)}, typed {command.typed_utc:%Y-%m-%d %H:%M:%S} UTC"


def _entry(command: Any) -> str:
    """A command's name, told apart where people have two words for what it does."""
    match command:
        case LogScore(what=what):
            return f"{command.name}-{what}"
        case PlanRun(kind=None):
            return f"{command.name}-removed"
        case PlanRun(kind="rest"):
            return f"{command.name}-rest"
        case SwapDrill(back=True):
            return f"{command.name}-back"
        case _:
            return str(command.name)


def _read(path: Path) -> Any:
    """The command, a Problem, or None when another reader was faster.

    A pipe would be waited for without end, so only a plain file is opened.
    """
    try:
        found = path.stat()
        if stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST_BYTES:
            return COMMANDS.validate_json(path.read_bytes())
    except ValidationError:
        return Problem(name=_shown(path), reason="outbox_unclear")
    except OSError:
        # A link that leads nowhere is there all the same.
        if not os.path.lexists(path):
            return None
    return Problem(name=_shown(path), reason="outbox_odd")


def _shown(path: Path) -> str:
    """Its name; bytes that are no UTF-8 are no name that anyone can store or print."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _set_aside(path: Path, aside: Path) -> bool:
    """Under a name that is free there; False when it must stay, as a folder that is mounted must."""
    try:
        if os.path.lexists(aside) and not aside.is_dir():
            aside.rename(_free(aside, aside.name))
        aside.mkdir(mode=0o700, exist_ok=True)
        path.rename(_free(aside / path.name, path.name))
    except OSError as error:
        log.warning("outbox.cannot_set_aside", file=_shown(path), error=type(error).__name__)
        return False
    return True


def _free(path: Path, name: str) -> Path:
    number = 1
    while os.path.lexists(path):
        number += 1
        path = path.with_name(f"{name}.{number}")
    return path
