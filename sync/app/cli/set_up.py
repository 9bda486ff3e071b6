"""Another code for the first browser."""

from __future__ import annotations

from argparse import Namespace

from sync.app.cli.command import DONE, CliCommand, Context


def _set_up(context: Context, _given: Namespace) -> int:
    from sync.service.set_up_code import new_code_text
    from sync.settings.interfaces import urls_of
    from sync.settings.page_note import as_served, read_page_note

    home, note = context.home, read_page_note(context.home)
    config = as_served(context.config, home)
    if not config.dashboard.beyond_loopback:
        context.talk.say(context.text("set_up.here"))
        return DONE
    home.make()
    urls = note.urls if note else urls_of(config, config.dashboard.port, context.environ)
    said = new_code_text(config, home, context.now(), context.language, urls)
    context.talk.say(said or context.text("set_up.done"))
    return DONE


COMMANDS = (CliCommand("set-up", _set_up),)
