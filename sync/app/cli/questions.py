"""Questions: what is there, what was it, what now."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from typing import TYPE_CHECKING

from sync.app.cli import dates
from sync.app.cli.command import ACT, DONE, CliCommand, Context, json_flag
from sync.app.cli.entries import KINDS

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sync.wire.runs import RunLine

SHOWN = 20
PAGE = 500


def _today(context: Context, given: Namespace) -> int:
    answer = context.client.today()
    if given.json:
        context.talk.answer_json(answer)
    else:
        from sync.app.cli.today_text import today_text

        context.talk.answer(today_text(answer, context))
    return DONE


def _runs_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("--limit", type=_count, metavar="N")
    parser.add_argument("--since", metavar="DAY")
    parser.add_argument("--until", metavar="DAY")
    parser.add_argument("--kind", metavar="KIND", choices=KINDS)


def _count(typed: str) -> int:
    if not typed.isdecimal():
        raise ArgumentTypeError(f"{typed!r}")
    return int(typed)


def _runs(context: Context, given: Namespace) -> int:
    from sync.app.cli.runs_text import runs_text

    today = dates.local_day(context.now(), context.athlete.zone)
    first = dates.day(given.since, today, past=True) if given.since else None
    last = dates.day(given.until, today, past=True) if given.until else None
    limit = given.limit if given.limit is not None else (None if given.json else SHOWN)
    found, total = _pages(context, limit, first=first, last=last, kind=given.kind)
    if given.json:
        # By id, so that two stores with the same runs give the same bytes whatever order they arrived in.
        in_order: list[BaseModel] = [*sorted(found, key=lambda run: run.id)]
        context.talk.answer_json(in_order)
    else:
        asked_for_some = bool(given.since or given.until or given.kind)
        context.talk.answer(runs_text(found, total, context, asked_for_some=asked_for_some))
    return DONE


def _pages(
    context: Context, limit: int | None, *, first: date | None, last: date | None, kind: str | None
) -> tuple[list[RunLine], int]:
    found: list[RunLine] = []
    total = 0
    while True:
        page = PAGE if limit is None else min(PAGE, limit - len(found))
        if page <= 0:
            return found, total
        answer = context.client.runs(limit=page, offset=len(found), first=first, last=last, kind=kind)
        total = answer.total
        found += answer.runs
        if len(answer.runs) < page:
            return found, total


def _why_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument(
        "run",
        metavar="RUN",
        nargs="?",
        default="last",
    )


def _why(context: Context, given: Namespace) -> int:
    answer = context.client.run(given.run)
    if given.json:
        context.talk.answer_json(answer)
    else:
        from sync.app.cli.runs_text import why_text

        context.talk.answer(why_text(answer, context))
    return DONE


def _status(context: Context, given: Namespace) -> int:
    from sync.errors import NoStore
    from sync.service.messages import choice_text

    try:
        answer = context.client.status()
    except NoStore as lost:
        if given.json:
            known = {"store": lost.why, "detail": lost.detail, "copies": lost.copies, "originals": lost.originals}
            context.talk.answer(json.dumps(known, ensure_ascii=False, indent=2))
        else:
            context.talk.answer(choice_text(lost, context.language))
        return ACT
    if given.json:
        context.talk.answer_json(answer)
    else:
        from sync.app.cli.status_text import status_text

        context.talk.answer(status_text(answer, context))
    return DONE


COMMANDS = (
    CliCommand("today", _today, json_flag),
    CliCommand("runs", _runs, _runs_arguments),
    CliCommand("why", _why, _why_arguments),
    CliCommand("status", _status, json_flag),
)
