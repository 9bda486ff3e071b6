"""What is coming: the week ahead, a run that is planned, the days of the foot work."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Literal

from rules.facts.kinds import Kind
from sync.app.cli import dates
from sync.app.cli.command import DONE, CliCommand, Context, json_flag
from sync.app.cli.entries import KINDS, RACE, send
from sync.app.cli.text_format import wrapped
from sync.app.cli.usage import missing
from sync.errors import PersonMustAct

if TYPE_CHECKING:
    from sync.wire.pages import DayAhead

WEEKDAYS, ANY_DAY = "weekdays", "any"
"""`plan weekdays mon wed fri` names the days of the foot work, `plan weekdays any` leaves them to the plan."""
TIME = re.compile(r"\d{1,2}:\d{2}")
CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


def _arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument(
        "kind",
        metavar="KIND",
        nargs="?",
        choices=(*KINDS, RACE, "rest", "nothing", WEEKDAYS),
    )
    parser.add_argument(
        "day",
        metavar="DAY",
        nargs="*",
    )
    parser.add_argument("--at", metavar="HH:MM")


def _plan(context: Context, given: Namespace) -> int:
    from sync.wire.commands import PlanRun, SetPreference

    if given.kind is None and given.at is None:
        return _week(context, given)
    days, at = _clock(given)
    if given.kind is None or not days:
        raise missing(["DAY"] if given.kind else ["KIND", "DAY"], "springstep", given.command)
    now = context.now()
    if given.kind == WEEKDAYS:
        chosen = [] if days == [ANY_DAY] else sorted({dates.weekday(one) for one in days})
        return send(context, SetPreference(typed_utc=now, key=WEEKDAYS, value=chosen), given)
    if len(days) > 1:
        raise PersonMustAct("cli.not_a_day", typed=" ".join(days))
    today = dates.local_day(now, context.athlete.zone)
    day = dates.day(days[0], today)
    if day < today:
        # Said at once, also while nobody is there to refuse it.
        raise PersonMustAct("cli.plan_over", day=day)
    command = PlanRun(
        typed_utc=now,
        day=day,
        kind=_planned_kind(given.kind),
        start_local=at.zfill(5) if at else None,
        race=given.kind == RACE,
    )
    return send(context, command, given)


def _clock(given: Namespace) -> tuple[list[str], str | None]:
    """The days, and the time: behind ``--at``, or after the day, as people write it."""
    days, at = list(given.day), given.at
    if at is None and given.kind != WEEKDAYS and len(days) == 2 and TIME.fullmatch(days[1]):
        at = days.pop()
    if at is not None and CLOCK.fullmatch(at) is None:
        raise PersonMustAct("cli.not_a_clock_time", typed=at)
    return days, at


def _planned_kind(typed: str) -> Kind | Literal["rest"] | None:
    match typed:
        case "nothing":
            return None
        case "rest":
            return "rest"
        case _:
            return Kind.TEMPO if typed == RACE else Kind(typed)


def _week(context: Context, given: Namespace) -> int:
    ahead = context.client.plan().ahead
    if given.json:
        context.talk.answer_json([*ahead])
    else:
        context.talk.answer("\n\n".join(_day(one, context) for one in ahead))
    return DONE


def _day(one: DayAhead, context: Context) -> str:
    text = context.text
    lines = [" · ".join(part for part in (run.title, run.start_local, run.says) if part) for run in one.runs]
    lines += [text("plan.work", title=work.title, minutes=context.words.minutes(work.minutes)) for work in one.work]
    if one.paused:
        lines.append(text("plan.paused", why=one.paused))
    what = text("plan.training") if one.training else " · ".join(one.care)
    if one.says:
        lines.append(f"{what[:1].upper()}{what[1:]}. {one.says}" if what else one.says)
    return "\n".join([context.words.day(one.day), *(wrapped(line, 2) for line in lines or [text("plan.free")])])


COMMANDS = (CliCommand("plan", _plan, _arguments),)
