"""Who may see whose page."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace

from sync.app.cli.command import DONE, CliCommand, Context
from sync.errors import PersonMustAct


def _password_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME")
    parser.add_argument("--remove", action="store_true")


def _password(context: Context, given: Namespace) -> int:
    from sync.settings import passwords
    from sync.settings.credentials import CredentialStore

    config, say = context.config, context.talk.say
    athlete = config.athlete(given.name or context.athlete_name)
    context.home.make(*(one.id for one in config.athletes))
    vault = CredentialStore(context.home.secrets, config.secrets.keep_in)
    if given.remove:
        passwords.remove(vault, athlete.id)
        say(context.text("password.removed", name=athlete.name))
        return DONE
    passwords.put(vault, athlete.id, _typed(context, athlete.name))
    say(context.text("password.stored", name=athlete.name))
    if not config.dashboard.passwords:
        say(context.text("password.off"))
    elif without := [one.name for one in config.athletes if not passwords.is_set(vault, one.id)]:
        say(context.text("password.without", names=", ".join(without)))
    return DONE


def _typed(context: Context, name: str) -> str:
    """Twice and unseen at a terminal, one line from a pipe; never from the command line, which others can read."""
    if not sys.stdin.isatty():
        return context.talk.ask(context.text("password.new", name=name))
    first = getpass.getpass(context.text("password.new", name=name))
    if getpass.getpass(context.text("password.again")) != first:
        raise PersonMustAct("cli.passwords_differ")
    return first


COMMANDS = (CliCommand("password", _password, _password_arguments),)
