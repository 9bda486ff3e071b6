"""Foot work done, partly done or skipped, and how its single drills went."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from rules.facts.answers import DrillAnswer, SkipReason
from sync.app.cli import dates
from sync.app.cli.command import DONE, CliCommand, Context, json_flag
from sync.app.cli.entries import ID, send
from sync.app.cli.strength import STRENGTH, strength_done
from sync.errors import PersonMustAct, TryLater

if TYPE_CHECKING:
    from sync.wire.footwork import PrescriptionView
    from sync.wire.pages import Today

SKIPS = tuple(one.value for one in SkipReason)
DRILL_ANSWERS = tuple(one.value for one in DrillAnswer)
LENGTHS = ("short", "planned", "longer")
LONGEST_MIN = 240
LATELY = timedelta(days=28)


def _done_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument(
        "prescription",
        metavar="ID",
        nargs="?",
    )
    parser.add_argument("--minutes", type=_minutes, metavar="N")
    parser.add_argument("--at", metavar="TIME")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--partial", action="store_true")
    how.add_argument("--skip", choices=SKIPS, metavar="REASON")
    parser.add_argument(
        "--drill",
        action="append",
        default=[],
        metavar="NAME=ANSWER",
    )


def _minutes(typed: str) -> float:
    try:
        minutes = float(typed.replace(",", "."))
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes <= LONGEST_MIN:
        raise ArgumentTypeError(f"{typed!r}")
    return minutes


def _done(context: Context, given: Namespace) -> int:
    from rules.knowledge.thresholds import thresholds
    from sync.app.cli.answers import pain_command
    from sync.service.safety_notice import asks_where
    from sync.wire.commands import LogSession, RateDrills

    if given.prescription == STRENGTH:
        return strength_done(context, given)
    now = context.now()
    at_utc = dates.instant_utc(given.at, now, context.athlete.zone)
    drills = _drills(context, given.drill)
    told = _told_already(context, given) if drills else None
    command: LogSession | RateDrills
    if told is not None:
        command = RateDrills(typed_utc=now, session_id=told, drills=drills)
    else:
        command = LogSession(
            typed_utc=now,
            at_utc=at_utc,
            prescription_id=_prescription(context, given.prescription),
            state="skipped" if given.skip else "partial" if given.partial else "done",
            minutes=given.minutes,
            reason=SkipReason(given.skip) if given.skip else None,
            drills=drills,
        )
    code = send(context, command, given)
    if code == DONE and not given.json and asks_where(command, thresholds(context.config.rules)):
        context.talk.answer(pain_command())
    return code


def _drills(context: Context, typed: Sequence[str]) -> dict[str, DrillAnswer]:
    """By the drill's id, which may be typed as its name or the beginning of either; today's drills come first."""
    from rules.knowledge.loader import knowledge

    if not typed:
        return {}
    try:
        today = {drill.drill for work in _of_today(context.client.today()) for drill in work.drills}
    except TryLater:
        today = set()
    found: dict[str, DrillAnswer] = {}
    for word in typed:
        name, _, answer = word.rpartition("=")
        if answer not in DRILL_ANSWERS:
            raise PersonMustAct("cli.no_drill_answer", typed=word, known=", ".join(DRILL_ANSWERS))
        names = {drill: (drill, context.language.say(f"drill.{drill}.name").lower()) for drill in knowledge().drills}
        wanted = name.strip().lower()
        fits = [drill for drill, known in names.items() if wanted in known]
        fits = fits or [drill for drill, known in names.items() if any(one.startswith(wanted) for one in known)]
        here = [drill for drill in fits if drill in today] if len(fits) > 1 else fits
        if len(here) != 1 or not wanted:
            raise PersonMustAct("cli.no_drill", typed=name, known=", ".join(sorted(here or fits or names)))
        found[here[0]] = DrillAnswer(answer)
    return found


def _told_already(context: Context, given: Namespace) -> str | None:
    """The session that drills are rated of when the foot work they belong to is stored as done already."""
    if given.partial or given.skip or given.minutes is not None or given.at is not None:
        return None
    try:
        today = context.client.today()
    except TryLater:
        return None
    every = _of_today(today)
    if given.prescription is None and any(work.session is None for work in today.work):
        return None
    named = [
        work for work in every if given.prescription is None or work.prescription_id.startswith(given.prescription)
    ]
    told = [work.session for work in named if work.session is not None and work.session.state != "skipped"]
    return max(told, key=lambda session: session.at_utc).session_id if told else None


def _of_today(today: Today) -> list[PrescriptionView]:
    """All foot work that today's answer shows."""
    single: Iterable[PrescriptionView | None] = (today.before_next, today.primer)
    return [*today.work, *(work for work in single if work is not None), *today.ahead]


def _prescription(context: Context, named: str | None) -> str | None:
    """The prescription that is meant: by the beginning of its id, else the one still open today.

    None when nothing is open: then the work counts by itself. Raises PersonMustAct when several are.
    """
    try:
        today = context.client.today()
    except TryLater:
        # What was done must not be lost because nobody can say just now which prescription it was.
        return named
    every = _of_today(today)
    if named is not None:
        if not any(work.prescription_id.startswith(named) for work in every):
            days = context.client.calendar(today.day - LATELY, today.day).days
            every += [work for day in days for work in day.work]
        found = {work.prescription_id for work in every if work.prescription_id.startswith(named)}
        if len(found) == 1:
            return found.pop()
        if len(found) > 1:
            raise PersonMustAct("cli.many_prescriptions", typed=named, count=len(found))
        if ID.fullmatch(named) is None:
            raise PersonMustAct("cli.no_prescription", typed=named)
        return named
    undone = [work for work in today.work if work.session is None]
    # What was skipped may still be done: the later word stands.
    undone = undone or [work for work in today.work if work.session is not None and work.session.state == "skipped"]
    if not today.work and today.primer is not None and today.primer.session is None:
        undone = [today.primer]
    if len(undone) > 1:
        lines = "\n".join(f"  {work.prescription_id[:8]}  {work.title}" for work in undone)
        raise PersonMustAct("cli.which_prescription", choices=lines)
    return undone[0].prescription_id if undone else None


def _choose_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("length", metavar="LENGTH", choices=LENGTHS)


def _choose(context: Context, given: Namespace) -> int:
    from sync.wire.commands import ChooseLength

    now = context.now()
    day = dates.local_day(now, context.athlete.zone)
    return send(context, ChooseLength(typed_utc=now, day=day, length=given.length), given)


def _swap_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("drill", metavar="DRILL")
    parser.add_argument("--back", action="store_true")


def _swap(context: Context, given: Namespace) -> int:
    from sync.wire.commands import SwapDrill

    now = context.now()
    (drill,) = _drills(context, [f"{given.drill}={DrillAnswer.RIGHT}"])
    day = dates.local_day(now, context.athlete.zone)
    return send(context, SwapDrill(typed_utc=now, drill=drill, day=day, back=given.back), given)


COMMANDS = (
    CliCommand("done", _done, _done_arguments),
    CliCommand("length", _choose, _choose_arguments),
    CliCommand("swap", _swap, _swap_arguments),
)
