"""What runs until it is stopped: daemon, dashboard, both, and the demo."""

from __future__ import annotations

import os
import signal
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.app.cli.command import DONE, CliCommand, Context, start_logs
from sync.app.cli.page_address import at_the_address, page_arguments, port_argument
from sync.errors import PersonMustAct

if TYPE_CHECKING:
    from sync.app.daemon.app import App
    from sync.settings.config import Config


SERVE = frozenset(("run", "daemon", "dashboard"))
"""What goes on with the last valid settings where an edit of the config is invalid."""


def as_it_is(config: Config) -> Config:
    return config


@contextmanager
def until_told() -> Iterator[threading.Event]:
    """An event that SIGTERM, SIGINT and SIGHUP set: what is under way ends in order."""
    stop = threading.Event()
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _run(context: Context, given: Namespace) -> int:
    settle_in(context)
    return serve(at_the_address(context, lan=given.lan), "run", port=given.port)


def serve(
    context: Context,
    doing: str,
    *,
    port: int | None = None,
    adapt: Callable[[Config], Config] = as_it_is,
    when_ready: Callable[[App], None] = lambda _owner: None,
) -> int:
    """Daemon and page together, until Ctrl-C. ``adapt`` changes the file's settings for the daemon alone."""
    from sync.app.daemon import source_jobs
    from sync.app.daemon.daemon import run_daemon
    from sync.app.daemon.dashboard_process import DashboardProcess
    from sync.service.messages import error_text
    from sync.service.set_up_code import SetUpNotice, new_code_text
    from sync.settings import certificate
    from sync.settings.interfaces import urls_of
    from sync.settings.live_config import LiveConfig

    talk, home = context.talk, context.home
    listening = context.config.dashboard.address

    def of_this_run(from_file: Config) -> Config:
        return adapt(from_file.listening_at(listening))

    settings = LiveConfig(context.config_path, adapt=of_this_run, kept=home.settings_in_force)
    config = settings.look()
    start_logs(context, "daemon", quiet=True)
    page = DashboardProcess(home, config, context.config_path, context.environ, port=port)

    def addresses() -> tuple[str, ...]:
        return urls_of(config, page.port, context.environ)

    code = SetUpNotice(
        settings.look,
        home,
        context.now,
        lambda now_utc: new_code_text(settings.look(), home, now_utc, context.language, addresses()),
        talk.say,
    )
    with until_told() as stop:

        def show_page(app: App) -> None:
            when_ready(app)
            start_page()

        def show_choice() -> None:
            talk.say(context.text("run.choice"))
            start_page()

        def start_page() -> None:
            if page.pid is not None:
                return
            if page.start(still_wanted=lambda: not stop.is_set()):
                if page.port != page.wanted_port:
                    talk.say(context.text("run.port_taken", port=page.wanted_port))
                talk.say(context.text("run.ready", url=addresses()[0]))
                code.begin()
            elif not stop.is_set():
                talk.say(context.text("run.page_late", log=home.log / "dashboard.log"))
                try:
                    certificate.check(config.dashboard)
                except PersonMustAct as error:
                    talk.say(error_text(error, context.language))

        def each_tick() -> None:
            page.look_after()
            if page.pid is not None:
                code.look_after()

        try:
            run_daemon(
                home,
                config,
                now=context.now,
                stop=stop,
                environ=context.environ,
                doing=doing,
                more_jobs=source_jobs.jobs,
                on_ready=show_page,
                on_waiting=show_choice,
                each_tick=each_tick,
                settings=settings,
            )
        finally:
            page.stop()
    talk.say(context.text("run.stopped"))
    return DONE


def _daemon(context: Context, _given: Namespace) -> int:
    from sync.app.daemon import source_jobs
    from sync.app.daemon.daemon import run_daemon
    from sync.settings.live_config import LiveConfig

    settle_in(context)
    start_logs(context, "daemon", quiet=False)
    with until_told() as stop:
        run_daemon(
            context.home,
            context.config,
            now=context.now,
            stop=stop,
            environ=context.environ,
            more_jobs=source_jobs.jobs,
            settings=LiveConfig(context.config_path, kept=context.home.settings_in_force),
        )
    return DONE


def _dashboard(context: Context, given: Namespace) -> int:
    from sync.app.daemon.dashboard_process import environment, free_port
    from sync.settings import certificate
    from sync.settings.interfaces import urls_of
    from sync.settings.listening import bind_address

    context = at_the_address(context, lan=given.lan)
    certificate.check(context.config.dashboard)
    context.home.make(*(athlete.id for athlete in context.config.athletes))
    wanted = given.port or context.config.dashboard.port
    port = free_port(bind_address(context.config.dashboard.address), wanted)
    if port != wanted:
        context.talk.say(context.text("run.port_taken", port=wanted))
    context.talk.say(context.text("run.page", url=urls_of(context.config, port, context.environ)[0]))
    command = [sys.executable, "-m", "dashboard", "--port", str(port), "--say-code"]
    os.chdir(context.home.root)
    os.execve(sys.executable, command, environment(context.home, context.config_path, context.environ))


def settle_in(context: Context) -> None:
    """Without a config one is written that holds nothing but where to read what can be set."""
    from sync.settings.atomic_files import atomic_write
    from sync.settings.config_example import example_path

    context.home.make()
    if not context.config_path.exists():
        if context.config_path.parent != context.home.root and not context.config_path.parent.is_dir():
            raise PersonMustAct("cli.no_config_folder", path=context.config_path.parent)
        starter = context.text("run.config_starter", example=example_path())
        atomic_write(context.config_path, starter.encode())
        context.talk.say(context.text("run.config_copied", path=context.config_path))


def in_force(context: Context) -> Context:
    """The same; with the last valid settings, and a word of it, where the config is invalid now.

    Raises ConfigMistakes or PersonMustAct where it never was valid.
    """
    from sync.service.messages import error_text
    from sync.settings.live_config import LiveConfig

    live = LiveConfig(context.config_path, kept=context.home.settings_in_force)
    if live.unreadable is None:
        return context
    going_on = replace(context)
    # A `cached_property`: the settings that count.
    going_on.__dict__["config"] = live.look()
    context.talk.say(error_text(live.unreadable, going_on.language))
    context.talk.say(going_on.text("run.last_valid"))
    return going_on


def _demo_arguments(parser: ArgumentParser) -> None:
    port_argument(parser)
    parser.add_argument("--reset", action="store_true")


def _demo(context: Context, given: Namespace) -> int:
    from sync.app.demo import home as demo_home
    from sync.app.demo import new_run, play

    home = context.home
    if given.reset:
        gone = demo_home.reset(home)
        context.talk.say(context.text("demo.gone" if gone else "demo.none", home=home.root))
        return DONE

    def progress(done: int, total: int) -> None:
        context.talk.progress("" if done == total else f"{round(100 * done / total)} %")

    if not home.database.exists():
        context.talk.say(context.text("demo.making"))
    play.prepare(home, context.now(), progress)
    # The first start has just written the config.
    at = replace(context)
    at.talk.say(at.text("demo.made_up", home=home.root))
    with new_run.garmin(home, at.config, at.now) as (adapt, when_ready):
        return serve(at, "demo", port=given.port, adapt=adapt, when_ready=when_ready)


COMMANDS = (
    CliCommand("demo", _demo, _demo_arguments),
    CliCommand("run", _run, page_arguments),
    CliCommand("daemon", _daemon),
    CliCommand("dashboard", _dashboard, page_arguments),
)
