"""What the runner tells: stiffness, soreness and signs, and what a run was."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rules.facts.answers import Place, Side, When
from rules.facts.kinds import Hills, Intensity, Kind, Surface
from sync.app.cli import dates
from sync.app.cli.command import ACT, DONE, CliCommand, Context, json_flag
from sync.app.cli.text_format import wrapped
from sync.errors import PersonMustAct, Unknown

if TYPE_CHECKING:
    from sync.wire.commands import TypedCommand

PLACES = tuple(one.value for one in Place)
SIDES = tuple(one.value for one in Side)
WHENS = tuple(one.value for one in When)
KINDS = tuple(one.value for one in Kind)
RACE = "race"
INTENSITIES = tuple(one.value for one in Intensity)
HILLS = tuple(one.value for one in Hills)
SURFACES = tuple(one.value for one in Surface)
FLAGS_BACK_DAYS = 3650
ID = re.compile(r"[0-9a-f]{4,}")
"""What may be the id, or its beginning, of something that today's answers do not show."""
WORD = "sport:"
"""Before a word for a sport, in place of a run."""


def send(context: Context, command: TypedCommand, given: Namespace) -> int:
    """Hands it in and says what was stored, or that it waits."""
    receipt = context.client.send(command)
    if given.json:
        context.talk.answer_json(receipt)
    elif receipt.refused is None:
        context.talk.answer(receipt.says)
    if receipt.refused is not None:
        context.talk.say(receipt.refused)
        return ACT
    return DONE


def _log_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument(
        "what",
        choices=("stiffness", "soreness", "flag"),
        metavar="stiffness|soreness|flag",
    )
    parser.add_argument(
        "value",
        metavar="0..10 | NAME",
        nargs="?",
    )
    parser.add_argument("--where", choices=PLACES, metavar="PLACE")
    parser.add_argument("--side", choices=SIDES, metavar="SIDE")
    parser.add_argument("--when", choices=WHENS, metavar="WHEN")
    parser.add_argument("--at", metavar="TIME")
    parser.add_argument("--note", metavar="TEXT")
    parser.add_argument("--clear", choices=("seen", "gone"))


def _log(context: Context, given: Namespace) -> int:
    if given.what == "flag":
        return _flag(context, given)
    if given.clear is not None:
        raise PersonMustAct("cli.clear_is_for_flags")
    if given.value is None or not given.value.isdecimal() or int(given.value) > 10:
        raise PersonMustAct("cli.not_a_score", what=given.what)
    return _score(context, given)


def _flag(context: Context, given: Namespace) -> int:
    """Raises a red flag, which stops the drills, or clears one that was raised."""
    from sync.wire.commands import ClearFlag, RaiseFlag

    now = context.now()
    today = dates.local_day(now, context.athlete.zone)
    diary = context.client.diary(today - timedelta(days=FLAGS_BACK_DAYS), today)
    if given.value is None and given.json:
        context.talk.answer_json([*diary.signs])
        return DONE
    if given.value is None:
        context.talk.answer("\n".join(wrapped(f"{sign.flag}: {sign.says}", hanging=2) for sign in diary.signs))
        return DONE
    if given.clear is not None:
        raised = [flag for flag in diary.flags if flag.flag == given.value]
        if not raised:
            raise PersonMustAct("cli.flag_not_raised", name=given.value)
        codes = [
            send(context, ClearFlag(typed_utc=now, flag_id=one.flag_id, because=given.clear), given) for one in raised
        ]
        return max(codes)
    names = {sign.flag: sign for sign in diary.signs}
    if given.value not in names:
        from sync.settings.config_errors import nearest

        guess = nearest(given.value, names)
        if guess is not None:
            raise PersonMustAct("cli.no_flag_guess", name=given.value, guess=guess)
        raise PersonMustAct("cli.no_flag", name=given.value)
    at_utc = dates.instant_utc(given.at, now, context.athlete.zone)
    return send(context, RaiseFlag(typed_utc=now, flag=given.value, at_utc=at_utc), given)


def _score(context: Context, given: Namespace) -> int:
    from rules.facts.answers import Place, Side, When
    from sync.wire.commands import LogScore

    now = context.now()
    command = LogScore(
        typed_utc=now,
        what=given.what,
        score=int(given.value),
        at_utc=dates.instant_utc(given.at, now, context.athlete.zone),
        place=Place(given.where) if given.where else None,
        side=Side(given.side) if given.side else None,
        when=When(given.when) if given.when else None,
        note=given.note,
    )
    return send(context, command, given)


def _label_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument(
        "run",
        metavar="RUN",
    )
    parser.add_argument(
        "kind",
        metavar="KIND",
        nargs="?",
        choices=(*KINDS, "run", "not-a-run"),
    )
    parser.add_argument("--intensity", choices=INTENSITIES, metavar="X")
    parser.add_argument("--long", choices=("yes", "no"), metavar="yes|no")
    parser.add_argument("--hills", choices=HILLS, metavar="X")
    parser.add_argument("--surface", choices=SURFACES, metavar="S")
    parser.add_argument("--right", action="store_true")
    parser.add_argument("--undo", action="store_true")


def _label(context: Context, given: Namespace) -> int:
    from rules.facts.kinds import Intensity, Kind, Surface
    from sync.wire.commands import CorrectRun, UndoCorrection

    said: dict[str, Any] = {
        "is_run": {"run": True, "not-a-run": False}.get(given.kind),
        "kind": Kind(given.kind) if given.kind in KINDS else None,
        "intensity": Intensity(given.intensity) if given.intensity else None,
        "long": {"yes": True, "no": False}.get(given.long),
        "hills": given.hills,
        "surface": Surface(given.surface) if given.surface else None,
        "confirm": given.right,
    }
    says_something = given.right or any(value is not None for name, value in said.items() if name != "confirm")
    if given.undo == says_something:
        raise PersonMustAct("cli.label_says_nothing")
    if given.run.startswith(WORD):
        return _label_word(context, given)
    now, wanted = context.now(), run_id(context, given.run)
    if given.undo:
        return send(context, UndoCorrection(typed_utc=now, run_id=wanted), given)
    return send(context, CorrectRun(typed_utc=now, run_id=wanted, **said), given)


def _label_word(context: Context, given: Namespace) -> int:
    """Whether the activities of a word are runs: the same answer as that of the word's card."""
    from sync.runs.sport_rules import CARD
    from sync.wire.commands import AnswerCard

    answer = {"run": "yes", "not-a-run": "no"}.get(given.kind)
    if answer is None:
        raise PersonMustAct("cli.label_word_says_nothing", word=given.run)
    card_id = f"{CARD}{given.run.removeprefix(WORD)}"
    return send(context, AnswerCard(typed_utc=context.now(), card_id=card_id, answer=answer), given)


def run_id(context: Context, named: str) -> str:
    """The whole id. One that is no run just now is passed on: it may be an activity that was said to be none."""
    try:
        return context.client.run(named).run.id
    except Unknown:
        if ID.fullmatch(named) is None:
            raise
        return named


COMMANDS = (
    CliCommand("log", _log, _log_arguments),
    CliCommand("label", _label, _label_arguments),
)
