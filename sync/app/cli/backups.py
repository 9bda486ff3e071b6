"""What outlives a machine: backups, and everything in files that other programs can read."""

from __future__ import annotations

import csv
import io
import json
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.app.cli.command import DONE, CliCommand, Context
from sync.app.cli.long_tasks import carry_out
from sync.errors import PersonMustAct

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sync.app.daemon.app import App
    from sync.service.client import Client
    from sync.wire.runs import RunLine
    from sync.wire.tasks import Task

EVER = (date(1970, 1, 1), date(2200, 1, 1))
PAGE = 500
DAY = re.compile(r"\d{4}-\d\d-\d\d")
Table = tuple[list[str], list[dict[str, Any]]]
"""Columns and rows."""


def _backup_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path)


def _backup(context: Context, given: Namespace) -> int:
    from sync.wire.tasks import BackupRequest

    to = given.file.expanduser().absolute()
    if to.is_dir() or not to.parent.is_dir():
        raise PersonMustAct("cli.backup_no_file", path=to)
    if not context.home.database.exists():
        raise PersonMustAct("cli.backup_nothing")

    def start(app: App) -> Task:
        return app.start_here("backup", BackupRequest(path=str(to)))

    carry_out(context, "backup", lambda client: client.start_backup(to), start)
    context.talk.answer(context.text("backup.done", file=to, size=context.words.size(to.stat().st_size)))
    return DONE


def _restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="DATE|FILE",
        type=Path,
    )


def _restore(context: Context, given: Namespace) -> int:
    from sync.service import lock
    from sync.storage import backup

    file = _named(context, given.file)
    context.home.make(*(athlete.id for athlete in context.config.athletes))

    def alone() -> Path | None:
        with lock.acquire(context.home.lock, "restore"):
            aside = backup.unpack(file, context.home)
        _leave_out_what_is_over(context)
        return aside

    aside = _chosen(lambda client: client.choose_copy(file), alone, context.client)
    context.talk.answer(context.text("restore.done", file=file))
    if aside is not None:
        context.talk.say(context.text("restore.aside", aside=aside))
    return DONE


def _named(context: Context, given: Path) -> Path:
    """The file, or the nightly copy of the day that was named. Raises PersonMustAct when there is no such thing."""
    from sync.storage.open import copy_days, copy_of

    file = given.expanduser().absolute()
    if DAY.fullmatch(str(given)) and not file.is_file():
        days = copy_days(context.home)
        if str(given) not in days:
            raise (
                PersonMustAct("cli.no_copy", day=given, days=", ".join(days))
                if days
                else PersonMustAct("cli.no_copies")
            )
        return copy_of(context.home, str(given))
    if not file.is_file():
        raise PersonMustAct("cli.no_file", path=file)
    return file


def _chosen(by_daemon: Callable[[Client], str | None], alone: Callable[[], Path | None], client: Client) -> Path | None:
    """By a daemon that waits for the choice, else in this process. Gives where what was replaced lies now."""
    from sync.errors import Unknown
    from sync.service.client import NobodyThere

    try:
        aside = by_daemon(client)
    except (NobodyThere, Unknown):
        # One that has a store knows no such order, and the lock says who it is.
        return alone()
    return None if aside is None else Path(aside)


def _start_empty(context: Context, _given: Namespace) -> int:
    from sync.errors import NoStore
    from sync.service import lock
    from sync.storage import backup
    from sync.storage.open import open_store

    def alone() -> Path | None:
        context.home.make(*(athlete.id for athlete in context.config.athletes))
        with lock.acquire(context.home.lock, "start-empty"):
            try:
                open_store(context.home, context.config, read_only=False).close()
            except NoStore:
                return backup.start_empty(context.home)
        raise PersonMustAct("cli.no_choice")

    aside = _chosen(lambda client: client.choose_empty(), alone, context.client)
    context.talk.answer(context.text("no_store.chosen_empty", originals=context.home.originals))
    if aside is not None:
        context.talk.say(context.text("no_store.aside", aside=aside))
    return DONE


def _leave_out_what_is_over(context: Context) -> None:
    """A backup holds what has been deleted since, because its days were over: it goes before anyone sees it."""
    from sync.app.daemon.app import open_app
    from sync.app.daemon.source_jobs import keep_retention
    from sync.runs.retention import wipe
    from sync.service.lock import LockHeld
    from sync.settings.config import Config, load_config

    # The config may have come with the backup.
    config = load_config(context.config_path) if context.config_path.exists() else Config()
    try:
        with open_app(context.home, config, "restore", role="busy", now=context.now) as app:
            keep_retention(app)
            wipe(app.store, app.home)
    except LockHeld:
        # A daemon that was waiting for the home does the same at its start.
        return


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path)


def _export(context: Context, given: Namespace) -> int:
    """Runs, diary, foot work and self-checks as CSV and JSON; the original files lie in the home's originals/."""
    from sync.settings.atomic_files import atomic_write

    folder = given.folder.expanduser().absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PersonMustAct("cli.folder_not_empty", path=folder)
    found = _everything(context)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, (columns, rows) in found.items():
        text = json.dumps(rows, ensure_ascii=False, indent=1)
        atomic_write(folder / f"{name}.json", text.encode())
        atomic_write(folder / f"{name}.csv", _csv(columns, rows).encode())
    counts = ", ".join(f"{name} {len(rows)}" for name, (_, rows) in found.items())
    context.talk.answer(context.text("export.done", folder=folder, counts=counts))
    return DONE


def _everything(context: Context) -> dict[str, Table]:
    from sync.wire.footwork import EntryView, FlagView, PrescriptionView, SessionView
    from sync.wire.runs import RunLine

    client = context.client
    runs: list[RunLine] = []
    while True:
        page = client.runs(limit=PAGE, offset=len(runs)).runs
        runs += page
        if len(page) < PAGE:
            break
    diary = client.diary(*EVER)
    days = sorted({run.day for run in runs} | {entry.day for entry in diary.entries})
    calendar = client.calendar(days[0], max(days[-1], context.now().date())) if days else None
    kept = calendar.days if calendar else []
    checks = list(client.plan().assessments)
    return {
        "runs": _table(RunLine, runs),
        "diary": _table(EntryView, diary.entries),
        "flags": _table(FlagView, diary.flags),
        "prescriptions": _table(PrescriptionView, [work for day in kept for work in day.work]),
        "sessions": _table(SessionView, [one for day in kept for one in day.sessions]),
        "self-checks": (list(checks[0]) if checks else [], checks),
    }


def _table(shape: type[BaseModel], values: Iterable[BaseModel]) -> Table:
    """The columns stand also above nothing, so that a program finds them."""
    return list(shape.model_fields), [value.model_dump(mode="json") for value in values]


def _csv(columns: list[str], rows: list[dict[str, Any]]) -> str:
    """A cell that is no plain value is JSON; a text that a spreadsheet would take for a formula is told apart."""
    out = io.StringIO()
    if columns:
        writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    match value:
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case str() if value[:1] in ("=", "+", "-", "@"):
            return f"'{value}"
        case _:
            return value


COMMANDS = (
    CliCommand("export", _export, _export_arguments),
    CliCommand("backup", _backup, _backup_arguments),
    CliCommand("restore", _restore, _restore_arguments),
    CliCommand("start-empty", _start_empty),
)
