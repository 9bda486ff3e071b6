"""Sources from a shell: link one, look at it now, ask what ails it, take it out again."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sync.app.cli.command import ACT, DONE, LATER, PROBLEMS, CliCommand, Context, json_flag
from sync.app.cli.long_tasks import carry_out
from sync.errors import CodedText, PersonMustAct

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sync.app.daemon.app import App
    from sync.wire.tasks import Task

SOURCES = ("garmin", "strava", "intervals")
LINKABLE = (*SOURCES, "calendar")


def _link_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", choices=LINKABLE, metavar="SOURCE")
    parser.add_argument("--tokens", metavar="DIR")


def _link(context: Context, given: Namespace) -> int:
    from sync.service.messages import NAMES_IN_ERRORS, in_words
    from sync.settings.credentials import CredentialStore
    from sync.sources.linking import AccountLinker, told_as_linking

    home, config = context.home, context.config
    home.make(*(athlete.id for athlete in config.athletes))
    vault = CredentialStore(home.secrets, config.secrets.keep_in)
    language, names = context.language, NAMES_IN_ERRORS

    def ask(key: str, secret: bool) -> str:
        return _ask(language.say(key) + " ", secret)

    def tell(key: str, **values: object) -> None:
        context.talk.say(language.say(key, **in_words(values, language, names)))

    linker = AccountLinker(vault, config, context.athlete, context.now, ask, tell, language.say)
    with told_as_linking():
        match given.source:
            case "garmin":
                linker.garmin(tokens=given.tokens or context.environ.get("GARTH_TOKEN"))
            case "strava":
                linker.strava()
            case "calendar":
                linker.calendar()
            case _:
                linker.intervals()
    return DONE


def _ask(text: str, secret: bool) -> str:
    """From the terminal, secrets unseen; from a pipe, one line each. Never from the command line."""
    if sys.stdin.isatty() and secret:
        return getpass.getpass(text)
    sys.stderr.write(text)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise PersonMustAct("cli.nothing_typed")
    return line.rstrip("\n")


def _sync_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("--source", choices=SOURCES, metavar="S")
    parser.add_argument("--full", action="store_true")


def _sync(context: Context, given: Namespace) -> int:
    from sync.app.cli.text_format import named_once
    from sync.service.messages import error_text
    from sync.wire.tasks import SyncRequest, SyncTaskResult

    request = SyncRequest(athlete=context.athlete.id, source=given.source, full=given.full)
    work = carry_out(
        context,
        "sync",
        lambda client: client.start_sync(given.source, full=given.full),
        lambda app: _begin(app, "sync", request),
    )
    result = SyncTaskResult.model_validate(work.result or {})
    _tell_redirects(context, [run["source"] for run in result.passes])
    if given.json:
        context.talk.answer_json(result)
    if not result.passes:
        raise PersonMustAct("cli.nothing_linked")
    if given.json:
        return _exit_code(result)
    for run in result.passes:
        title = context.language.say(f"source.name.{run['source']}")
        counts = run["counts"]
        if run["result"] == "ok":
            values = {"taken": counts.get("taken", 0), "requests": counts.get("requests", 0)}
            more = " " + context.text("sync.more") if run["more"] else ""
            context.talk.answer(context.text("sync.ok", source=title, **values) + more)
        else:
            error = CodedText.from_json(run.get("error")) or CodedText.rendered(run["says"], run["do_now"])
            context.talk.answer(named_once(title, error_text(error, context.language)))
    return _exit_code(result)


def _tell_redirects(context: Context, sources: Sequence[str]) -> None:
    """A forgotten redirect would look like a service that has nothing new."""
    for source in sources:
        address = getattr(context.config.testing, f"redirect_{source}")
        if address is not None:
            title = context.language.say(f"source.name.{source}")
            context.talk.say(context.language.say("source.redirected", source=title, address=address))


def _exit_code(result: BaseModel) -> int:
    results = {run["result"] for run in result.model_dump()["passes"]}
    if "act" in results:
        return ACT
    if "waiting" in results:
        return LATER
    failed = any(run["counts"].get("failed") for run in result.model_dump()["passes"])
    return PROBLEMS if failed else DONE


def _doctor_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--source", choices=SOURCES, metavar="S", required=True)


def _doctor(context: Context, given: Namespace) -> int:
    from sync.wire.tasks import DoctorRequest, DoctorResult

    _tell_redirects(context, [given.source])
    request = DoctorRequest(athlete=context.athlete.id, source=given.source)
    work = carry_out(
        context, "doctor", lambda client: client.start_doctor(given.source), lambda o: _begin(o, "doctor", request)
    )
    result = DoctorResult.model_validate(work.result)
    context.talk.answer("\n".join(result.lines))
    return DONE if result.ok else PROBLEMS


def _purge_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", nargs="?", choices=SOURCES, metavar="SOURCE")
    parser.add_argument("--runner", metavar="NAME")
    parser.add_argument("--yes", action="store_true")


def _purge(context: Context, given: Namespace) -> int:
    from sync.wire.tasks import PurgeRequest, PurgeResult

    if (given.source is None) == (given.runner is None):
        raise PersonMustAct("cli.purge_which")
    if given.runner is not None:
        return _purge_runner(context, given.runner, sure=given.yes)
    request = PurgeRequest(athlete=context.athlete.id, source=given.source)
    work = carry_out(
        context, "purge", lambda client: client.start_purge(given.source), lambda o: _begin(o, "purge", request)
    )
    result = PurgeResult.model_validate(work.result)
    title = context.language.say(f"source.name.{result.source}")
    context.talk.answer(context.text("purge.done", source=title, copies=result.copies))
    return DONE


def _purge_runner(context: Context, name: str, *, sure: bool) -> int:
    from sync.app.daemon.purge_runner import TASK, add_purge_runner
    from sync.app.daemon.settings_keeper import SettingsKeeper
    from sync.settings.household_edit import whom_to_purge
    from sync.settings.live_config import LiveConfig
    from sync.wire.tasks import PurgeRunnerRequest, PurgeRunnerResult

    runner = whom_to_purge(context.config, name)
    if not sure and context.talk.ask(context.text("purge.sure", name=name) + " ").casefold() != name.casefold():
        context.talk.answer(context.text("purge.kept"))
        return DONE

    def begin(app: App) -> Task:
        live = LiveConfig(context.config_path, kept=context.home.settings_in_force)
        add_purge_runner(app, SettingsKeeper(app, live))
        return app.start_here(TASK, PurgeRunnerRequest(runner=runner))

    work = carry_out(context, "purge", lambda client: client.start_purge_runner(runner), begin)
    result = PurgeRunnerResult.model_validate(work.result)
    context.talk.answer(context.text("purge.runner", name=name, rows=result.rows, originals=result.originals))
    for left in result.left:
        context.talk.say(context.text("purge.left", file=left))
    if result.named:
        context.talk.say(context.text("purge.named", path=context.config_path))
    return PROBLEMS if result.left or result.named else DONE


def _begin(app: App, name: str, request: BaseModel) -> Task:
    from sync.app.daemon.source_jobs import add_tasks

    add_tasks(app)
    return app.start_here(name, request)


COMMANDS = (
    CliCommand("link", _link, _link_arguments),
    CliCommand("sync", _sync, _sync_arguments),
    CliCommand(
        "doctor",
        _doctor,
        _doctor_arguments,
    ),
    CliCommand("purge", _purge, _purge_arguments),
)
