"""Where the page of this start listens, and how its address is shown."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace

from sync.app.cli.command import Context
from sync.settings.config_file import ENCODING
from sync.settings.listening import ADDRESS_IN_SURROUNDINGS, ChosenAddress, choose_address, is_page_address

HIGHEST_PORT = 65_535


def page_arguments(parser: ArgumentParser) -> None:
    port_argument(parser)
    parser.add_argument("--lan", action="store_true")


def port_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=_port,
        metavar="PORT",
    )


def _port(typed: str) -> int:
    if not (typed.isdecimal() and 1 <= int(typed) <= HIGHEST_PORT):
        raise ArgumentTypeError(f"{typed!r}")
    return int(typed)


def at_the_address(context: Context, *, lan: bool) -> Context:
    """The same, with the config and the surroundings that the page's process needs to listen where it should.

    Says so where the config's own address stands against ``lan``.
    """
    chosen = _chosen(context, lan=lan)
    if chosen.refused:
        context.talk.say(context.text("run.lan_refused", address=chosen.address, path=context.config_path))
    if chosen.address == context.config.dashboard.address:
        return context
    listening = replace(context, environ={**context.environ, ADDRESS_IN_SURROUNDINGS: chosen.address})
    # A `cached_property`: the config that was read, with the address that counts.
    listening.__dict__["config"] = context.config.listening_at(chosen.address)
    return listening


def _chosen(context: Context, *, lan: bool) -> ChosenAddress:
    set_to = context.environ.get(ADDRESS_IN_SURROUNDINGS)
    if set_to and is_page_address(set_to):
        return ChosenAddress(set_to)
    path = context.config_path
    text = path.read_text(encoding=ENCODING, errors="replace") if path.exists() else None
    if text is not None and not _is_valid(text):
        from sync.settings.live_config import kept_text

        text = kept_text(context.home.settings_in_force, path)
    return choose_address(context.config.dashboard.address, text, lan=lan)


def _is_valid(text: str) -> bool:
    from sync.settings.config import ConfigMistakes, parse

    try:
        parse(text)
    except ConfigMistakes:
        return False
    return True
