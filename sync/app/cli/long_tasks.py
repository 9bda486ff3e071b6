"""Long tasks from a shell: import, rebuild and map, by the daemon when one runs, else in this process, by one code."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sync.app.cli import dates
from sync.app.cli.command import DONE, PROBLEMS, CliCommand, Context, json_flag, start_logs
from sync.errors import CodedText, PersonMustAct, TryLater

if TYPE_CHECKING:
    from sync.app.daemon.app import App
    from sync.service.client import Client
    from sync.wire.tasks import ImportCounts, Task

LOOK_AGAIN_S = 0.2
INTERRUPTED = 130


def _import_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--day", metavar="DAY")


def _import(context: Context, given: Namespace) -> int:
    from sync.wire.tasks import ImportCounts

    paths = [path.expanduser().absolute() for path in given.paths]
    for path in paths:
        try:
            str(path).encode()
        except UnicodeEncodeError:
            raise PersonMustAct("cli.path_not_utf8") from None
        if not path.exists():
            raise PersonMustAct("cli.no_file_or_folder", path=path)
    day = (
        None
        if given.day is None
        else dates.day(given.day, dates.local_day(context.now(), context.athlete.zone), past=True)
    )
    work = carry_out(
        context,
        "import",
        lambda client: client.start_import(paths, day),
        lambda app: _start_import(app, context, paths, day),
    )
    counts = ImportCounts.model_validate(work.result or {})
    if given.json:
        context.talk.answer_json(counts)
    else:
        context.talk.answer(counts_text(counts, context))
    if not given.json or given.verbose:
        for problem in counts.problems:
            context.talk.say(context.text("import.problem", name=problem.name, reason=problem.reason))
        named = tuple(f"{path.name}: " for path in paths if path.is_file())
        for ignored in counts.ignored_names:
            # Whoever names a file expects something of it.
            if given.verbose or ignored.startswith(named):
                context.talk.say(context.text("import.ignored", name=ignored))
    return PROBLEMS if counts.problem or counts.problems else DONE


def _start_import(app: App, context: Context, paths: list[Path], day: date | None) -> Task:
    from sync.wire.tasks import ImportRequest

    return app.start_here(
        "import", ImportRequest(athlete=context.athlete.id, paths=[str(path) for path in paths], day=day)
    )


def counts_text(counts: ImportCounts, context: Context) -> str:
    """Two lines that add up, one for each table of how it was read, and the words for sports that nobody knows."""
    return "\n".join(
        (
            *(table.says for table in counts.tables),
            context.text(
                "import.files", **counts.model_dump(include={"found", "read", "duplicate", "ignored", "problem"})
            ),
            context.text("import.recordings", **counts.model_dump(include={"recordings", "runs", "joined", "other"})),
            *counts.unknown_words,
        )
    )


def _rebuild(context: Context, given: Namespace) -> int:
    from sync.wire.tasks import RebuildRequest

    def start(app: App) -> Task:
        return app.start_here("rebuild", RebuildRequest(athlete=context.athlete.id))

    work = carry_out(context, "rebuild", lambda client: client.start_rebuild(), start)
    if given.json:
        context.talk.answer_json(work)
    else:
        context.talk.answer(context.text("rebuild.done"))
    return DONE


def carry_out(context: Context, what: str, ask: Callable[[Client], Task], start: Callable[[App], Task]) -> Task:
    """By the daemon, or in this process for as long as it takes. Raises the reason when it failed."""
    from sync.service.client import NobodyThere

    client = context.client
    try:
        work = ask(client)
    except NobodyThere:
        return _ended(context, _as_owner(context, what, start))
    try:
        while not work.ended:
            _show(context, work)
            time.sleep(LOOK_AGAIN_S)
            work = client.task(work.work_id)
    except KeyboardInterrupt:
        context.talk.progress("")
        context.talk.say(context.text("work.goes_on"))
        raise
    return _ended(context, work)


def _as_owner(context: Context, what: str, start: Callable[[App], Task]) -> Task:
    """In this process; whoever asks meanwhile is answered over the same socket as by the daemon."""
    from sync.app.daemon import api
    from sync.app.daemon.app import open_app

    home, config = context.home, context.config
    with open_app(home, config, what, role="busy", now=context.now) as app:
        start_logs(context, "commands", quiet=True)
        with api.serve(app, home.make_socket_path(context.environ)):
            work = start(app)
            try:
                while not work.ended:
                    _show(context, work)
                    work = app.tasks.wait(work.work_id, LOOK_AGAIN_S)
            except KeyboardInterrupt:
                context.talk.progress("")
                context.talk.say(context.text("work.stopped"))
                raise
        return work


def _show(context: Context, work: Task) -> None:
    from sync.app.cli.status_text import work_line

    context.talk.progress(work_line(work, context))


def _ended(context: Context, work: Task) -> Task:
    context.talk.progress("")
    if work.failed is not None:
        coded = CodedText.from_json(work.failed_code) or CodedText.rendered(work.failed)
        raise (PersonMustAct if work.must_act else TryLater).of(coded)
    return work


def _map_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path)
    parser.add_argument("--remove", action="store_true")


def _map(context: Context, given: Namespace) -> int:
    """Only this machine is asked: the file comes from wherever the person got it."""
    from sync.runs.ground_map.extract import require_reader
    from sync.wire.tasks import MapRequest, MapResult

    if (given.file is None) != given.remove:
        raise PersonMustAct("cli.map_which")
    extract: Path | None = None if given.remove else given.file.expanduser().absolute()
    if extract is not None:
        require_reader()
        if not extract.is_file():
            raise PersonMustAct("cli.no_file", path=extract)
    request = MapRequest(path=None if extract is None else str(extract))
    work = carry_out(
        context, "map", lambda client: client.start_map(extract), lambda app: app.start_here("map", request)
    )
    result = MapResult.model_validate(work.result or {})
    if given.json:
        context.talk.answer_json(result)
    elif given.remove:
        context.talk.answer(context.text("map.removed" if result.removed else "map.none"))
    else:
        size = context.words.size(result.size_bytes)
        context.talk.answer(context.text("map.done", ways=context.words.number(result.ways), size=size, n=result.runs))
        context.talk.answer(context.text("map.licence"))
    return DONE


COMMANDS = (
    CliCommand("import", _import, _import_arguments),
    CliCommand("rebuild", _rebuild, json_flag),
    CliCommand("map", _map, _map_arguments),
)
