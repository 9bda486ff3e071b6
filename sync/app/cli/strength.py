"""The strength card from a terminal: wished for or not, how the week stands, done or skipped."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date

from rules.facts.answers import SkipReason
from sync.app.cli import dates
from sync.app.cli.command import DONE, CliCommand, Context, json_flag
from sync.app.cli.entries import send
from sync.app.cli.text_format import wrapped
from sync.errors import PersonMustAct, TryLater

STRENGTH = "strength"
"""`done strength`, in place of a prescription."""
ON, OFF = "on", "off"


def _strength_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument(
        "wish",
        metavar="on|off",
        nargs="?",
        choices=(ON, OFF),
    )


def _strength(context: Context, given: Namespace) -> int:
    from sync.wire.commands import SetPreference

    if given.wish is not None:
        wish = SetPreference(typed_utc=context.now(), key=STRENGTH, value=given.wish == ON)
        return send(context, wish, given)
    if given.json:
        card = context.client.today().strength
        context.talk.answer_json([card] if card is not None else [])
    else:
        context.talk.answer(wrapped(context.client.plan().strength_says or context.text("strength.is_off")))
    return DONE


def strength_done(context: Context, given: Namespace) -> int:
    """``done strength``, with ``--skip`` and ``--at`` alone: it has no minutes and no answers by drill."""
    from sync.app.cli.answers import pain_command
    from sync.wire.commands import AnswerCard

    if given.drill or given.minutes is not None:
        raise PersonMustAct("cli.strength_plain")
    now, zone = context.now(), context.athlete.zone
    day = dates.local_day(dates.instant_utc(given.at, now, zone), zone) if given.at else _today(context)
    said = f"skipped:{given.skip}" if given.skip else "done"
    code = send(context, AnswerCard(typed_utc=now, card_id=f"{STRENGTH}:{day}", answer=said), given)
    if code == DONE and not given.json and given.skip == SkipReason.PAIN:
        context.talk.answer(pain_command())
    return code


def _today(context: Context) -> date:
    """The day where the runner is; home's when nobody can say just now."""
    try:
        return context.client.today().day
    except TryLater:
        return dates.local_day(context.now(), context.athlete.zone)


COMMANDS = (CliCommand("strength", _strength, _strength_arguments),)
